"""Which documents need an interpretation, and within how many working days: the nearest organ's setting decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.base.fields import within
from gongkai.documents.interpretation.models import (
    ImportantPolicy,
    InterpretationPlan,
    InterpretationSettings,
)
from gongkai.documents.kinds import RULES, Kind
from gongkai.documents.models import STANDING, Document
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

CHOICES = ("kinds", "marked", "days", "since", "basis")
LONGEST = 60


def explicable() -> list[tuple[str, str]]:
    """The types of document that may be interpreted, with their words."""
    return [
        (kind.value, str(kind.label)) for kind in Kind if RULES[kind].public and kind != Kind.INTERPRETATION
    ]


@dataclass(frozen=True)
class Rule:
    """The setting in force at `path` and below, as far as no organ below has its own; "" for the defaults."""

    path: str
    kinds: tuple[str, ...]
    marked: bool
    days: int
    since: dt.date
    basis: str

    @classmethod
    def of(cls, row: InterpretationSettings) -> Rule:
        return cls(row.path, tuple(row.kinds), row.marked, row.days, row.since, row.basis)

    def wants(self) -> Q:
        """The documents this rule asks an interpretation of, wherever they are."""
        kinds = Q(kind__in=self.kinds)
        if self.marked:
            marked = Exists(ImportantPolicy.objects.filter(document=OuterRef("pk")))
            kinds |= Q(marked) & Q(kind__in=[key for key, _label in explicable()])
        return Q(first_released_on__gte=self.since) & kinds


class Rules:
    """Every rule of the installation, read once; they are few."""

    def __init__(self, rows: Iterable[InterpretationSettings]) -> None:
        self._default = Rule.of(InterpretationSettings())
        self._by_path = {row.path: Rule.of(row) for row in rows if row.path}

    @classmethod
    def read(cls) -> Rules:
        """As they stand. One query."""
        return cls(InterpretationSettings.objects.all())

    def at(self, path: str) -> Rule:
        """The rule of an organ."""
        above = (path[: end + 1] for end in range(len(path) - 1, -1, -1) if path[end] == ".")
        return next((self._by_path[one] for one in above if one in self._by_path), self._default)

    def all(self) -> list[tuple[Rule, Q]]:
        """Each rule with the condition on `path` of the records it decides for."""
        return [(rule, self._territory(rule.path)) for rule in (self._default, *self._by_path.values())]

    def earliest(self) -> dt.date:
        """The first day on which any of them asks for interpretations."""
        return min(rule.since for rule in (self._default, *self._by_path.values()))

    def _territory(self, path: str) -> Q:
        nested = [one for one in self._by_path if one != path and one.startswith(path)]
        inside = within("path", path) if path else Q()
        return reduce(lambda found, one: found & ~within("path", one), nested, inside)


def required(rules: Rules) -> Q:
    """The released documents that need an interpretation: those the rules ask one of, without the exempt."""
    asked = reduce(or_, (territory & rule.wants() for rule, territory in rules.all()))
    return STANDING & asked & ~exempt()


def exempt() -> Q:
    """The documents whose newest plan says that they need none."""
    plans = InterpretationPlan.objects.filter(edition__document=OuterRef("pk"), exempt=True)
    later = InterpretationPlan.objects.filter(
        edition__document=OuterRef("edition__document"), pk__gt=OuterRef("pk")
    )
    return Q(Exists(plans.filter(~Exists(later))))


def asks(document: Document, day: dt.date, rules: Rules | None = None) -> bool:
    """Whether the rules ask an interpretation of this document, released or about to be on `day`; exempt or not."""
    rule = (rules or Rules.read()).at(document.path)
    if (document.first_released_on or day) < rule.since or document.kind == Kind.INTERPRETATION:
        return False
    if document.kind in rule.kinds:
        return True
    return rule.marked and ImportantPolicy.objects.filter(document=document).exists()


@transaction.atomic
def set_choices(
    *,
    by: Actor,
    organ: Organ,
    kinds: Sequence[str],
    marked: bool,
    days: int,
    since: dt.date,
    basis: str,
) -> InterpretationSettings:
    """Set for `organ` and all below it that set nothing themselves. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    if set(kinds) - {key for key, _label in explicable()}:
        raise ValidationError({"kinds": _("请从列出的文件类型中选择。")})
    if not 0 <= days <= LONGEST:
        raise ValidationError({"days": _("请填写0到%(most)d之间的工作日数。") % {"most": LONGEST}})
    if not basis.strip():
        raise ValidationError({"basis": _("请写明依据。")})
    known = InterpretationSettings.objects.select_for_update().filter(organ=organ).first()
    row = known or InterpretationSettings(organ=organ)
    row.kinds, row.marked, row.days = sorted(kinds), marked, days
    row.since, row.basis = since, basis.strip()
    row.clean_fields(exclude=["organ", "path"])
    row.save()
    audit.record(
        actor=by.key,
        post=by.post,
        verb="interpretation.set_choices",
        subject=row,
        path=organ.path,
        detail={"kinds": row.kinds, "marked": marked, "days": days, "since": since.isoformat()},
    )
    return row
