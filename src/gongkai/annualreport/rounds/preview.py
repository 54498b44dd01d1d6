"""What the organ above will count from a unit: its figures cell by cell, what is taken out there, and what changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.annualreport import compile as compiling
from gongkai.annualreport import queries as annual
from gongkai.annualreport.compile import EliminationLine
from gongkai.annualreport.models import ReportVersion
from gongkai.forms.figures import Figures
from gongkai.forms.layout import form_for
from gongkai.forms.shape import Form
from gongkai.forms.values import Value

from . import queries
from .models import Duty, RoundFact


@dataclass(frozen=True)
class Change:
    """A cell that is another than in the version handed in before."""

    cell: str
    label: str
    before: Value
    now: Value


@dataclass(frozen=True)
class Preview:
    """`version` holds the figures: the last signed one, else the draft, else what was taken in for the unit; None when they
    are compiled from the records as they are. `taken_out` are the adjustments above for cases that this unit's
    figures count as well; `earlier` is the version handed in before."""

    form: Form
    figures: Figures
    version: ReportVersion | None
    signed: bool
    taken_out: tuple[EliminationLine, ...]
    earlier: ReportVersion | None
    changes: tuple[Change, ...]

    @property
    def unknown(self) -> int:
        """How many cells have no number."""
        return sum(value.number is None for value in self.figures.values())


def of(duty: Duty) -> Preview:
    """What the collecting organ counts from this one: one compile of its report. Raises ValidationError where none can be
    made."""
    above = compiling.compile(duty.round.organ, duty.round.year)
    line = next((one for one in above.children if one.organ_id == duty.organ_id), None)
    if line is None:  # moved under another organ since it was asked
        raise ValidationError(
            _("%(year)d年度%(organ)s已不是%(above)s的直接下级，不计入它的汇总报告。")
            % {"year": duty.round.year, "organ": duty.organ.name, "above": duty.round.organ.name}
        )
    form = form_for(duty.round.year)
    version = _shown(duty)
    figures = line.figures if version is None else annual.figures_of(version)
    earlier = _earlier(duty, version)
    return Preview(
        form=form,
        figures=figures,
        version=version,
        signed=version is not None and version.state in annual.FINAL,
        taken_out=tuple(one for one in above.eliminations if duty.path in one.parts),
        earlier=earlier,
        changes=_changes(form, annual.figures_of(earlier), figures) if earlier else (),
    )


def _shown(duty: Duty) -> ReportVersion | None:
    """What would count if it was handed in now: the last signed version, else the draft, else what was taken in."""
    return queries.ready(duty) or _draft(duty) or queries.on_paper(duty)


def _draft(duty: Duty) -> ReportVersion | None:
    return (
        ReportVersion.objects.select_related("report__organ")
        .filter(
            report__organ=duty.organ_id,
            report__year=duty.round.year,
            report__scope=compiling.statutory_scope(duty.organ),
            state__in=annual.OPEN,
        )
        .first()
    )


def _earlier(duty: Duty, version: ReportVersion | None) -> ReportVersion | None:
    """The last version handed in that is not the one shown."""
    handed = RoundFact.objects.filter(duty=duty, kind=RoundFact.Kind.SUBMITTED).order_by("-pk")
    for fact in handed.select_related("version__report__organ"):
        if fact.version is not None and (version is None or fact.version_id != version.pk):
            return fact.version
    return None


def _changes(form: Form, before: Figures, now: Figures) -> tuple[Change, ...]:
    return tuple(
        Change(cell.path, cell.label, before[cell.path], now[cell.path])
        for cell in form.cells()
        if before[cell.path] != now[cell.path]
    )
