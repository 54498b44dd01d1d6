"""机构简介: an organ's profile in one shape for all (S070), from its entry in the tree and what it says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.catalogue import queries
from gongkai.catalogue.models import ProfileVersion
from gongkai.catalogue.statements import LABELS
from gongkai.organs.models import Organ
from gongkai.organs.queries import official_names
from gongkai.portal import public_organs


@dataclass(frozen=True)
class Profile:
    """Everything art. 20(2) asks for: 职能、机构设置、地址、时间、联系方式、负责人."""

    facts: Sequence[tuple[str, str]]
    functions: str
    leaders: Sequence[dict[str, str]]
    units: Sequence[str]
    former: Sequence[str]
    below: int
    version: ProfileVersion | None


def profile(organ: Organ, day: dt.date) -> Profile:
    """The profile on `day`. Four queries."""
    said = queries.profile(organ, day)
    inside = Organ.objects.filter(public_organs.in_being(day), parent=organ)
    units = inside.filter(kind=Organ.Kind.UNIT).order_by("path").values_list("name", flat=True)
    names = [row.name for row in official_names(organ) if row.name != organ.name]
    return Profile(
        facts=_facts(organ),
        functions=said.functions if said else "",
        leaders=said.leaders if said else [],
        units=list(units),
        former=list(dict.fromkeys(names)),
        below=inside.filter(~Q(kind=Organ.Kind.UNIT)).count(),
        version=said,
    )


def _facts(organ: Organ) -> list[tuple[str, str]]:
    name, *particulars = [(label, getattr(organ, key)) for key, label in LABELS.items() if key != "leader"]
    listed = [
        name,
        (_("机构类型"), f"{organ.get_tier_display()}{organ.get_kind_display()}"),
        (_("统一社会信用代码"), organ.credit_code),
        *particulars,
    ]
    return [(str(label), text) for label, text in listed if text]
