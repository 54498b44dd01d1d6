"""Whose report is it, and of which year? By the printed name and year alone; what is not certain waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.forms.layout import NoForm, form_for
from gongkai.organs.models import Organ, OrganName
from gongkai.organs.queries import by_any_name, name_on

from .models import ExternalOrgan

_SHORTEST = 3  # a name of two characters is a torn one


@dataclass(frozen=True)
class Match:
    """An organ of ours, an external organ, or the reason why neither can be said. `through` is the external organ that a
    person matched to the organ of ours."""

    subject: Organ | None = None
    external: ExternalOrgan | None = None
    reason: str = ""
    through: ExternalOrgan | None = None

    @property
    def is_found(self) -> bool:
        return self.subject is not None or self.external is not None


@dataclass
class Matcher:
    """Looks names up for one library; a name is looked up once, however many reports bear it."""

    library: Organ
    _ours: dict[str, Organ | str | None] = field(default_factory=dict)

    def match(self, printed: str, year: int | None) -> Match:
        """By what the report prints. An external organ of that name is made when there is none yet."""
        if reason := missing(printed, year):
            return Match(reason=reason)
        external = (
            ExternalOrgan.objects.select_related("matched").filter(organ=self.library, name=printed).first()
        )
        if external is not None and external.matched is not None:
            return Match(subject=external.matched, through=external)
        if printed not in self._ours:
            self._ours[printed] = ours(printed)
        found = self._ours[printed]
        if isinstance(found, str):
            return Match(reason=found)
        if found is not None:
            return Match(subject=found)
        return Match(external=external or ExternalOrgan.objects.create(organ=self.library, name=printed))


def missing(printed: str, year: int | None) -> str:
    """What keeps a report from being filed: "" when it names an organ and a year there is a form for."""
    if len(printed.strip()) < _SHORTEST:
        return _("没有认出是哪个机关的报告。")
    return wrong_year(year)


def wrong_year(year: int | None) -> str:
    """Why no report can be filed under this year, "" when one can."""
    if year is None:
        return _("没有认出是哪个年度的报告。")
    if year > clock.today().year:
        return _("%(year)s年度尚未开始。") % {"year": year}
    try:
        form_for(year)
    except NoForm as error:
        return str(error)
    return ""


def ours(printed: str) -> Organ | str | None:
    """The organ of our tree called so, None when there is none, the reason when several are."""
    organs = Organ.objects.exclude(kind=Organ.Kind.UNIT)
    try:
        return by_any_name(printed, organs)
    except ValidationError as error:
        several = OrganName.objects.filter(name=printed, organ__in=organs).exists()
        return "".join(error.messages)[:200] if several else None


def name_in(subject: Organ, year: int) -> str:
    """The organ's official name at the end of the year."""
    return name_on(subject, dt.date(year, 12, 31))
