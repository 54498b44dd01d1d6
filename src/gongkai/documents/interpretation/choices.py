"""Which documents need an interpretation, and within how many working days: what the nearest organ had set when the document
was first released decides, so a new setting leaves the years before as they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import or_

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
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
    """The setting at `path` and below from `since` to the day before `until`, as far as no organ below has its own; "" for the
    defaults."""

    path: str
    kinds: tuple[str, ...]
    marked: bool
    days: int
    since: dt.date
    basis: str
    until: dt.date | None = None

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
        self._by_path: dict[str, list[Rule]] = {}
        for row in sorted(rows, key=lambda one: one.since):
            self._by_path.setdefault(row.path, []).append(Rule.of(row))
        for path, dated in self._by_path.items():
            ended = [replace(one, until=following.since) for one, following in pairwise(dated)]
            self._by_path[path] = [*ended, dated[-1]]

    @classmethod
    def read(cls) -> Rules:
        """As they stand. One query."""
        return cls(InterpretationSettings.objects.all())

    def at(self, path: str, day: dt.date) -> Rule:
        """The rule of an organ for what is first released on `day`; before the first it is the first, which asks nothing yet."""
        above = (path[: end + 1] for end in range(len(path) - 1, -1, -1) if path[end] == ".")
        dated = next((self._by_path[one] for one in above if one in self._by_path), [self._default])
        return next((one for one in reversed(dated) if one.since <= day), dated[0])

    def all(self) -> list[tuple[Rule, Q]]:
        """Each rule with the condition on path and day of release of the documents it decides for."""
        return [(rule, self._territory(rule.path) & self._days(rule)) for rule in self._every()]

    def earliest(self) -> dt.date:
        """The first day on which any of them asks for interpretations."""
        return min(rule.since for rule in self._every())

    def _every(self) -> list[Rule]:
        return [self._default, *(rule for dated in self._by_path.values() for rule in dated)]

    def _days(self, rule: Rule) -> Q:
        days = Q()
        if rule.path and rule != self._by_path[rule.path][0]:
            days &= Q(first_released_on__gte=rule.since)
        return days & Q(first_released_on__lt=rule.until) if rule.until else days

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
    released = document.first_released_on or day
    rule = (rules or Rules.read()).at(document.path, released)
    if released < rule.since or document.kind == Kind.INTERPRETATION:
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
    """Set for `organ` and all below it that set nothing themselves, for what is first released from `since` on. An organ's
    first setting may reach back; a further one begins today or later. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    if set(kinds) - {key for key, _label in explicable()}:
        raise ValidationError({"kinds": _("请从列出的文件类型中选择。")})
    if not 0 <= days <= LONGEST:
        raise ValidationError({"days": _("请填写0到%(most)d之间的工作日数。") % {"most": LONGEST}})
    if not basis.strip():
        raise ValidationError({"basis": _("请写明依据。")})
    dated = list(InterpretationSettings.objects.select_for_update().filter(organ=organ))
    if dated and since < clock.today():
        raise ValidationError({"since": _("从今天或者以后的日期起；以前公开的文件仍按当时的设置。")})
    row = next((one for one in dated if one.since == since), InterpretationSettings(organ=organ, since=since))
    row.kinds, row.marked, row.days, row.basis = sorted(kinds), marked, days, basis.strip()
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
