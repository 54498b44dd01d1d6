"""The value lists documents are classified by: shipped as data, kept as dated entries, changed by the operator."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.documents.models import Classification
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import COMMON

SHIPPED_FROM = dt.date(2008, 5, 1)  # the day the regulation first took effect


def ensure_shipped(model: Any = Classification) -> int:
    """Add the shipped entries whose code no list has yet; what an office changed stays. Returns how many."""
    known = {(row.scheme, row.code): row for row in model.objects.all()}
    text = (resources.files("gongkai.documents") / "data" / "classifications.json").read_text("utf-8")
    added = 0
    for line in json.loads(text):
        place = (line["scheme"], line["code"])
        if place in known:
            continue
        known[place] = model.objects.create(
            scheme=line["scheme"],
            code=line["code"],
            name=line["name"],
            parent=known.get((line["scheme"], line.get("parent", ""))),
            valid_from=SHIPPED_FROM,
        )
        added += 1
    return added


def in_use(day: dt.date, scheme: str = "") -> QuerySet[Classification]:
    """The entries that may be given on `day`, of one list or of all."""
    rows = Classification.objects.filter(dated(day))
    return rows.filter(scheme=scheme) if scheme else rows


def dated(day: dt.date) -> Q:
    """The condition that an entry may be given on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


@transaction.atomic
def add_classification(
    *,
    by: Actor,
    scheme: str,
    code: str,
    name: str,
    valid_from: dt.date,
    parent: Classification | None = None,
) -> Classification:
    """A new entry, or the next wording of a code whose present one ends the day before. Raises Refused or
    ValidationError."""
    authority.require(by, authority.MANAGE, "classifications", COMMON)
    if parent is not None and parent.scheme != scheme:
        raise ValidationError({"parent": _("上级分类应在同一张分类表中。")})
    entry = Classification(
        scheme=scheme, code=code.strip(), name=name.strip(), parent=parent, valid_from=valid_from
    )
    entry.clean_fields(exclude=["parent"])
    for present in Classification.objects.filter(scheme=scheme, code=entry.code):
        if present.valid_from >= valid_from or (present.valid_to and present.valid_to >= valid_from):
            raise ValidationError({"code": _("这个代码在该日期已有分类，请先写明它使用到哪一天。")})
        if present.valid_to is None:
            present.valid_to = valid_from - dt.timedelta(days=1)
            present.save(update_fields=["valid_to"])
    entry.save()
    _log(by, "classification.add", entry, code=entry.code, name=entry.name)
    return entry


@transaction.atomic
def end_classification(entry: Classification, *, by: Actor, on: dt.date) -> Classification:
    """Give the entry no longer after the day `on`; documents that have it keep it. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "classifications", COMMON)
    entry = Classification.objects.select_for_update().get(pk=entry.pk)
    if entry.valid_to is not None:
        raise Refused(_("该分类使用到%(day)s。") % {"day": entry.valid_to.isoformat()})
    if on < entry.valid_from:
        raise ValidationError({"on": _("停用日期不能早于启用日期。")})
    entry.valid_to = on
    entry.save(update_fields=["valid_to"])
    _log(by, "classification.end", entry, on=on.isoformat())
    return entry


def _log(by: Actor, verb: str, entry: Classification, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=entry, path=COMMON, detail=detail)
