"""What a page of the figures browser was asked: measure, organ, years, dimension values. All of it through scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from gongkai.base import clock, measures
from gongkai.base.measures import Measure
from gongkai.desk.figures import words
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, Viewer

SHOWN_YEARS = 5
_BACK = 15  # how far back one may leaf


@dataclass(frozen=True)
class Asked:
    """A question put to a measure. `own` asks for the organ alone, without those below it."""

    measure: Measure
    organ: Organ
    year: int
    dims: dict[str, str]
    own: bool
    bar: forms.Form

    @property
    def years(self) -> list[int]:
        """The years shown, the asked one last."""
        return list(range(self.year - SHOWN_YEARS + 1, self.year + 1))

    def query(self, **changed: Any) -> str:
        """The same question for an address, with something changed (None leaves it out)."""
        parts: dict[str, Any] = {"organ": self.organ.code, "year": self.year, **self.dims, **changed}
        found = QueryDict(mutable=True)
        found.update({name: str(value) for name, value in parts.items() if value not in (None, "")})
        return found.urlencode()


def organs_seen(who: Viewer) -> QuerySet[Organ]:
    """The organs whose figures `who` may see, in tree order."""
    return scope.organs_for(who, "figures").filter(kind__in=Organ.REPORTING_KINDS).order_by("path")


def ask(request: DeskRequest, key: str) -> Asked:
    """Read the address. Whatever it names that there is not, or not for this person: 404."""
    try:
        measure = measures.get(key)
    except LookupError:
        raise Http404 from None
    default = organs_seen(request.focus).first() or organs_seen(request.viewer).first()
    if default is None:
        raise Http404
    given = request.GET.copy()
    given.setdefault("organ", default.code)
    given.setdefault("year", str(clock.today().year - 1))
    bar = _bar(measure, request.viewer, given)
    if not bar.is_valid():
        raise Http404
    data = bar.cleaned_data
    dims = {name: data[name] for name in measure.dimensions if data[name]}
    return Asked(measure, data["organ"], int(data["year"]), dims, "own" in request.GET, bar)


def _bar(measure: Measure, who: Viewer, given: QueryDict) -> forms.Form:
    this_year = clock.today().year
    fields: dict[str, forms.Field] = {
        "organ": ScopedChoice(
            Organ,
            label=_("机关（含下级）"),
            rows=lambda viewer, record: organs_seen(viewer),
            to_field_name="code",
            empty_label=None,
        ),
        "year": forms.ChoiceField(
            label=_("截至年度"),
            choices=[(str(year), str(year)) for year in range(this_year, this_year - _BACK, -1)],
        ),
    }
    for name in measure.dimensions:
        fields[name] = forms.ChoiceField(
            label=words.dimension_title(measure, name),
            choices=[("", _("全部")), *words.choices(measure, name)],
            required=False,
        )
    bar = type("AskedBar", (forms.Form,), fields)(given)
    bar.fields["organ"].bind_to(who, None, "figures", VIEW)
    return bar
