"""What can be done with documents: register, edit, correct. Releases and validity: :mod:`.releasing`, :mod:`.validity`,
offered here under one roof."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.attachments import attach, carry_over, clean_attachment, detach
from gongkai.documents.channel_tallies import count_releases
from gongkai.documents.channels import add_channel, close_account, correct_account, end_channel, open_account
from gongkai.documents.checks import check_edition, check_record, number_of_another, number_taken
from gongkai.documents.classifying import add_classification, end_classification
from gongkai.documents.cleaning import close_clean_up, conclude, open_clean_up
from gongkai.documents.common import authorised, log, required
from gongkai.documents.describing import describe, set_appointments, set_co_organs
from gongkai.documents.index_numbers import keep_index_no
from gongkai.documents.models import Document, Edition
from gongkai.documents.offers import adopt, offer, take_back, turn_down
from gongkai.documents.projection import project
from gongkai.documents.releasing import (
    correct_release,
    release,
    void_release,
    withdraw_everywhere,
    withdraw_release,
)
from gongkai.documents.reviewing import keep_inside
from gongkai.documents.scheduling import cancel_plan, plan_release
from gongkai.documents.series import Keepers, allot_number, close_series, explain_gap, open_series
from gongkai.documents.validity import change_validity, correct_validity, void_validity
from gongkai.documents.writing import write
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

__all__ = [
    "add_channel",
    "add_classification",
    "add_document",
    "adopt",
    "allot_number",
    "attach",
    "cancel_plan",
    "change_validity",
    "clean_attachment",
    "close_account",
    "close_clean_up",
    "close_edition",
    "close_series",
    "conclude",
    "correct_account",
    "correct_document",
    "correct_release",
    "correct_validity",
    "count_releases",
    "describe",
    "detach",
    "edit_edition",
    "end_channel",
    "end_classification",
    "explain_gap",
    "keep_index_no",
    "offer",
    "open_account",
    "open_clean_up",
    "open_edition",
    "open_series",
    "plan_release",
    "release",
    "set_appointments",
    "set_co_organs",
    "strike_document",
    "take_back",
    "turn_down",
    "void_release",
    "void_validity",
    "withdraw_everywhere",
    "withdraw_release",
    "write",
]


@transaction.atomic
def add_document(
    *,
    by: Actor,
    organ: Organ,
    kind: str,
    title: str,
    made_on: dt.date,
    number: str = "",
    body: str = "",
    attribute: str = Edition.Attribute.OPEN,
    attribute_reason: str = "",
) -> Document:
    """Register a document with its first edition, open for editing. Rules only where the organ makes rules.

    Raises Refused or ValidationError.
    """
    authority.require(by, authority.WORK, "documents", organ.path)
    document = Document(
        organ=organ,
        path=organ.path,
        kind=kind,
        number=number.strip(),
        made_on=made_on,
        title=title.strip(),
        entered_by=by.key,
        recorded_at=clock.now(),
    )
    _check(document)
    document.save()
    _new_edition(document, title, body, attribute, attribute_reason)
    log(by, "document.add", document, kind=kind, made_on=made_on.isoformat())
    return document


@transaction.atomic
def correct_document(
    document: Document,
    *,
    by: Actor,
    reason: str,
    kind: str | None = None,
    number: str | None = None,
    made_on: dt.date | None = None,
) -> Document:
    """Correct how a document was registered; the audit log keeps what it said before. Raises Refused or
    ValidationError."""
    document = authorised(by, document)
    required(reason)
    wanted = {"kind": kind, "number": number, "made_on": made_on}
    changes = {name: value for name, value in wanted.items() if value is not None}
    before = {name: str(getattr(document, name)) for name in changes}
    for name, value in changes.items():
        setattr(document, name, value)
    _check(document)
    for edition in document.editions.all():
        check_edition(edition)
    _check_dates_follow(document)
    document.save(update_fields=[*changes, "path"])
    after = {name: str(value) for name, value in changes.items()}
    log(by, "document.correct", document, before=before, after=after, reason=reason)
    return document


@transaction.atomic
def strike_document(document: Document, *, by: Actor, reason: str) -> Document:
    """Strike out a document that should not have been registered (entered twice, another organ's)."""
    document = authorised(by, document)
    required(reason)
    document.struck_at = clock.now()
    document.save(update_fields=["struck_at", "path"])
    log(by, "document.strike", document, reason=reason)
    return document


@transaction.atomic
def open_edition(
    document: Document,
    *,
    by: Actor,
    title: str | None = None,
    body: str | None = None,
    attribute: str | None = None,
    attribute_reason: str | None = None,
) -> Edition:
    """Begin a new wording, starting from the last one. Raises Refused while one is open."""
    document = authorised(by, document)
    last = document.editions.order_by("seq").last()
    if last is None or not last.closed:
        raise Refused(_("该文件有一个版本正在编辑，请先定稿。"))
    edition = _new_edition(
        document,
        last.title if title is None else title,
        last.body if body is None else body,
        attribute or last.attribute,
        last.attribute_reason if attribute_reason is None else attribute_reason,
        last.rich if body is None else "",
    )
    carry_over(last, edition)
    project(document)
    log(by, "edition.open", document, edition=edition.seq)
    return edition


@transaction.atomic
def edit_edition(
    edition: Edition,
    *,
    by: Actor,
    title: str | None = None,
    body: str | None = None,
    attribute: str | None = None,
    attribute_reason: str | None = None,
) -> Edition:
    """Change the open wording. Raises Refused once it is closed."""
    document = authorised(by, edition.document)
    edition = document.editions.get(pk=edition.pk)
    edition.document = document
    if edition.closed:
        raise Refused(_("该版本已定稿，不能再改；需要修改时请新建一个版本。"))
    wanted = {"title": title, "body": body, "attribute": attribute, "attribute_reason": attribute_reason}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if edition.rich and body is not None and _lines(body) != _lines(edition.body):
        raise ValidationError({"body": _("正文带有格式，请在“编辑正文”页上修改。")})
    for name, value in changes.items():
        setattr(edition, name, value)
    check_edition(edition)
    edition.save()
    project(document)
    log(by, "edition.edit", document, edition=edition.seq, fields=sorted(changes))
    return edition


@transaction.atomic
def close_edition(edition: Edition, *, by: Actor) -> Edition:
    """The wording is final. Raises Refused when it is already."""
    document = authorised(by, edition.document)
    edition = document.editions.get(pk=edition.pk)
    if edition.closed:
        raise Refused(_("该版本已经定稿。"))
    edition.closed = True
    edition.save(update_fields=["closed"])
    keep_inside(edition, by=by)
    log(by, "edition.close", document, edition=edition.seq)
    return edition


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").strip().split("\n")


def _new_edition(
    document: Document, title: str, body: str, attribute: str, attribute_reason: str, rich: str = ""
) -> Edition:
    edition = Edition(
        rich=rich,
        document=document,
        seq=document.editions.count() + 1,
        title=title.strip(),
        body=body,
        attribute=attribute,
        attribute_reason=attribute_reason.strip(),
    )
    check_edition(edition)
    edition.save()
    return edition


def _check(document: Document) -> None:
    check_record(document)
    if document.number:
        twins = Document.objects.filter(path=document.path, number=document.number, struck_at__isnull=True)
        if twins.exclude(pk=document.pk).exists():
            raise number_taken(document.number)
        if keeper := Keepers([document.number]).other(document.number, document.path):
            raise number_of_another(document.number, keeper)


def _check_dates_follow(document: Document) -> None:
    """A document is released and ended on or after the day it was made; else the stocks of the years would not add up."""
    days = [day for day in (document.first_released_on, document.ended_on) if day is not None]
    if days and document.made_on > min(days):
        raise ValidationError({"made_on": _("成文日期不能晚于已登记的公开日期或废止、失效日期。")})
