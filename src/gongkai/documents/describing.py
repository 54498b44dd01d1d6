"""The catalogue data of a document (05 §7.3), the organs that issue it jointly, and the posts it fills."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import classifying
from gongkai.documents.common import authorised, log
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import Appointment, Classification, CoOrgan, Document, Openness
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

FIELDS = (
    "theme",
    "genre",
    "group",
    "summary",
    "keywords",
    "source",
    "effective_on",
    "valid_until",
    "openness",
)
_SCHEMES = {"theme": "theme", "genre": "genre", "group": "group"}
_MOST_LINES = 60
_PARTS = re.compile(r"[\s，,、；;]+")


@dataclass(frozen=True)
class Filled:
    """One line of 人事任免, as given."""

    person: str
    action: str
    position: str


@transaction.atomic
def describe(document: Document, *, by: Actor, **data: Any) -> Document:
    """Set catalogue data; a name not given stays as it is, None or "" empties it. The audit log keeps what changed.

    Raises Refused or ValidationError by field.
    """
    document = authorised(by, document)
    if strangers := set(data) - set(FIELDS):
        raise TypeError(f"not catalogue data: {', '.join(sorted(strangers))}")
    before = {name: _plain(getattr(document, name)) for name in data}
    for name, value in data.items():
        setattr(document, name, value.strip() if isinstance(value, str) else value)
    document.openness = [str(tag) for tag in document.openness or []]
    check_described(document, data)
    document.save(update_fields=[*data, "path"])
    after = {name: _plain(getattr(document, name)) for name in data}
    changed = sorted(name for name in data if before[name] != after[name])
    log(by, "document.describe", document, before={n: before[n] for n in changed}, fields=changed)
    return document


@transaction.atomic
def set_co_organs(document: Document, *, by: Actor, names: Sequence[str]) -> list[CoOrgan]:
    """The organs that issue the document jointly, in order; the document's own organ leads and alone proposes its
    attribute (S023). A name that is an organ's here leads to its page. Raises Refused or ValidationError."""
    document = authorised(by, document)
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    check_co_organs(document, wanted)
    known = {organ.name: organ for organ in Organ.objects.filter(name__in=wanted)}
    document.co_organs.all().delete()
    rows = []
    for seq, name in enumerate(wanted, start=1):
        row = CoOrgan(document=document, seq=seq, organ=known.get(name), name=name)
        row.clean_fields(exclude=["document", "organ"])
        row.save()
        rows.append(row)
    log(by, "document.co_organs", document, names=wanted)
    return rows


def check_co_organs(document: Document, names: Sequence[str]) -> None:
    """How many may issue together, and that the lead is not named again. Raises ValidationError."""
    if len(names) > _MOST_LINES:
        raise ValidationError({"names": _("联合发文机关最多%(most)d个。") % {"most": _MOST_LINES}})
    if document.organ.name in names:
        raise ValidationError({"names": _("主办机关就是登记机关，不必再列入联合发文机关。")})


@transaction.atomic
def set_appointments(document: Document, *, by: Actor, lines: Iterable[Filled]) -> list[Appointment]:
    """Who is appointed to or removed from which post, in order. Only for 人事任免, and not once it is public. Raises
    Refused or ValidationError."""
    document = authorised(by, document)
    if not rules_of(document.kind).appointments:
        raise Refused(_("只有人事任免类文件登记任免事项。"))
    if document.first_released_on is not None:
        raise Refused(_("该文件已公开；任免事项有误的，请另发更正。"))
    document.appointments.all().delete()
    rows = []
    for seq, line in enumerate(lines, start=1):
        row = Appointment(
            document=document,
            seq=seq,
            person=line.person.strip(),
            action=line.action,
            position=line.position.strip(),
        )
        row.clean_fields(exclude=["document"])
        row.save()
        rows.append(row)
    log(by, "document.appointments", document, lines=len(rows))
    return rows


def parse_appointments(text: str) -> list[Filled]:
    """Lines as people write them: ``张某某 任命 市教育局局长``. Raises ValidationError naming the line."""
    words = {str(label): value for value, label in Appointment.Action.choices}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = _PARTS.split(line.strip(), maxsplit=2)
        if len(parts) < 3 or parts[1] not in words:
            raise ValidationError(
                {"lines": _("第%(n)d行请写作“姓名 任命 职务”或者“姓名 免去 职务”。") % {"n": number}}
            )
        found.append(Filled(parts[0], words[parts[1]], parts[2]))
    if len(found) > _MOST_LINES * 10:
        raise ValidationError({"lines": _("任免事项太多，请分成几份文件登记。")})
    return found


def issuers(document: Document) -> list[str]:
    """The issuing organs by name, the lead first."""
    return [document.organ.name, *(row.name for row in document.co_organs.all())]


def check_described(document: Document, data: Mapping[str, Any]) -> None:
    """What catalogue data must hold; `data`: what is set. Asks no database. Raises ValidationError by field."""
    document.clean_fields(exclude=["organ", "path", *_SCHEMES])
    for name, scheme in _SCHEMES.items():
        entry = getattr(document, name) if name in data else None
        if isinstance(entry, Classification) and entry.scheme != scheme:
            raise ValidationError({name: _("请从对应的分类表中选择。")})
    if strange := [tag for tag in document.openness if tag not in Openness.values]:
        raise ValidationError({"openness": _("没有“%(tag)s”这一类五公开标签。") % {"tag": strange[0]}})
    if document.effective_on and document.effective_on < document.made_on:
        raise ValidationError({"effective_on": _("实施日期不能早于成文日期。")})
    if document.valid_until and document.valid_until < (document.effective_on or document.made_on):
        raise ValidationError({"valid_until": _("有效期不能在实施以前届满。")})
    if document.valid_until and not rules_of(document.kind).validity:
        raise ValidationError({"valid_until": _("这类文件不登记有效期。")})


def offered(scheme: str) -> Any:
    """The entries of a list one may choose today."""
    return classifying.in_use(clock.today(), scheme)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.pk if isinstance(value, Classification) else value
