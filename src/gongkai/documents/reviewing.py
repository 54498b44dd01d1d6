"""A wording of a document as the review room sees it: what would be published, its hash, and what steps depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.documents import companions
from gongkai.documents.attachments import public_files
from gongkai.documents.kinds import public_choices, rules_of
from gongkai.documents.models import Appointment, Edition
from gongkai.organs.actors import Actor
from gongkai.review.actions import withhold
from gongkai.review.subjects import Subject

KIND = "documents.edition"


class EditionSubject:
    """The adapter of :class:`Edition`; the key is its primary key."""

    kind = KIND
    label = _("文件")

    def sorts(self) -> list[tuple[str, str]]:
        return public_choices()

    def load(self, key: str) -> Subject | None:
        """The edition as it stands; None for one that is gone or whose document was struck out."""
        rows = Edition.objects.select_related("document__organ").filter(document__struck_at__isnull=True)
        edition = rows.filter(pk=key).first() if key.isdigit() else None
        return subject_of(edition) if edition is not None else None


def subject_of(edition: Edition) -> Subject:
    """An edition to submit to review."""
    document = edition.document
    facts = set()
    if edition.attribute != Edition.Attribute.OPEN:
        facts.add("not_open")
    if rules_of(document.kind).policy:
        facts.add("policy")
    if document.co_organs.exists():
        facts.add("joint")
    if document.source and document.source != document.organ.name:
        facts.add("other_organs")  # whoever it was obtained from is asked first (art. 10, 11)
    content: dict[str, Any] = {
        "title": edition.title,
        "body": edition.body,
        "attribute": edition.attribute,
        "attribute_reason": edition.attribute_reason,
    }  # not the 发文字号: it is given when everybody has signed
    files = tuple(one.file for one in public_files(edition).select_related("file__organ"))
    appointed = list(document.appointments.all())
    # what is not there adds nothing: a plain edition keeps the hash it had
    more: dict[str, Any] = {
        "rich": edition.rich,
        "summary": document.summary,
        "appointments": [[one.person, one.action, one.position] for one in appointed],
    }
    beside = companions.of(edition)
    more |= {name: dict(one.content) for name, one in beside.items()}
    content |= {name: value for name, value in more.items() if value}
    return Subject(
        kind=KIND,
        key=str(edition.pk),
        organ=document.organ,
        title=edition.title,
        text=edition.body,
        content=content,
        files=files,
        facts=frozenset(facts),
        sort=document.kind,
        attribute="" if edition.attribute == Edition.Attribute.OPEN else edition.attribute,
        reason=edition.attribute_reason,
        told=(*_told(edition, appointed), *(line for one in beside.values() for line in one.told)),
        lacking=tuple(sentence for one in beside.values() for sentence in one.lacking),
    )


def _told(edition: Edition, appointed: Sequence[Appointment]) -> Iterator[tuple[str, str]]:
    """What is published with the text, in words."""
    document = edition.document
    yield _g("公开属性"), "：".join(filter(None, [edition.get_attribute_display(), edition.attribute_reason]))
    if document.summary:
        yield _g("内容概述"), document.summary
    lines = [f"{one.get_action_display()} {one.person} {one.position}" for one in appointed]
    if lines:
        yield _g("人事任免"), "\n".join(lines)


def keep_inside(edition: Edition, *, by: Actor) -> None:
    """A final wording that is not 主动公开 is kept inside, and looked at again from time to time (art. 18)."""
    if edition.attribute != Edition.Attribute.OPEN:
        subject = subject_of(edition)
        withhold(
            by=by, subject=subject, attribute=subject.attribute, reason=subject.reason, since=clock.today()
        )
