"""The findings as the report page groups them: what to put right, what to explain, what to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport import lint
from gongkai.annualreport.marking import Offer
from gongkai.annualreport.models import FindingAcceptance
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import Form

_CELLS_NAMED = 4

_GROUPS: tuple[tuple[str, str | Promise, str, Callable[[Finding], bool]], ...] = (
    ("errors", _("错误"), "over", lambda one: _fails(one, Severity.ERROR)),
    ("warnings", _("提示"), "soon", lambda one: _fails(one, Severity.WARNING) and not is_unwritten(one)),
    ("unwritten", _("还没有写"), "open", lambda one: one.result is Result.FAILS and is_unwritten(one)),
    ("information", _("供参考"), "open", lambda one: _fails(one, Severity.INFORMATION)),
    ("unjudged", _("暂不能核对"), "unknown", lambda one: one.result is Result.CANNOT_BE_JUDGED),
    ("holding", _("相符"), "done", lambda one: one.result is Result.HOLDS),
)


def is_unwritten(finding: Finding) -> bool:
    """Whether it only says that a box is empty."""
    return finding.rule == lint.UNWRITTEN


@dataclass(frozen=True)
class Noted:
    """A finding with the cells it speaks of and the reason it was accepted with. `form` explains it, if that can be
    done now. One on words has `said` and leads to its box; `offer` is the chip for the number that was typed."""

    finding: Finding
    cells: list[tuple[str, str]]
    more: int
    accepted: FindingAcceptance | None
    by: str
    form: Any
    said: lint.Told | None
    box: tuple[str, str] | None
    offer: Offer | None

    @property
    def fails(self) -> bool:
        return self.finding.result is Result.FAILS

    @property
    def shape(self) -> str:
        """The shape of its state word."""
        if not self.fails or self.accepted:
            return "done"
        return {Severity.ERROR: "over", Severity.WARNING: "soon"}.get(self.finding.severity, "open")

    @property
    def word(self) -> str | Promise:
        if not self.fails:
            return _("相符")
        if self.accepted:
            return _("已说明")
        return {Severity.ERROR: _("错误"), Severity.WARNING: _("提示")}.get(
            self.finding.severity, _("供参考")
        )


@dataclass(frozen=True)
class Desk:
    """What the page knows beside the findings: where it is, the boxes by name, and what may be done."""

    form: Form
    address: str
    boxes: Mapping[str, tuple[str, str]]  # title and address of the editor
    accepted: Mapping[str, FindingAcceptance]
    names: Mapping[str, str]
    offers: Mapping[str, Offer]
    explain: Callable[[Finding], Any]


@dataclass(frozen=True)
class Group:
    """The findings of one kind; `folded` ones need nobody's attention."""

    key: str
    title: str | Promise
    shape: str
    findings: list[Noted]
    folded: bool


def groups(found: Iterable[Finding], desk: Desk) -> list[Group]:
    """Every kind that has findings."""
    everything = list(found)
    made = []
    for key, title, shape, belongs in _GROUPS:
        listed = [noted(one, desk) for one in everything if belongs(one)]
        if listed:
            made.append(Group(key, title, shape, listed, key in ("unwritten", "unjudged", "holding")))
    return made


def of_box(found: Iterable[Finding], desk: Desk) -> list[Noted]:
    """What is shown beside a box: what fails there, and where a typed number could be a chip."""
    return [noted(one, desk) for one in found if one.result is Result.FAILS or one.key in desk.offers]


def _fails(finding: Finding, severity: Severity) -> bool:
    return finding.result is Result.FAILS and finding.severity is severity


def noted(finding: Finding, desk: Desk) -> Noted:
    """One finding as shown."""
    known = [cell for cell in finding.cells if cell in desk.form]
    named = [(desk.form.cell(cell).label, f"{desk.address}cells/{cell}/") for cell in known[:_CELLS_NAMED]]
    accepted = desk.accepted.get(finding.key)
    explained = desk.explain(finding) if finding.result is Result.FAILS and accepted is None else None
    said = lint.told(finding)
    return Noted(
        finding,
        named,
        len(known) - len(named),
        accepted,
        desk.names.get(accepted.actor, "") if accepted else "",
        explained,
        said,
        desk.boxes.get(said.place) if said else None,
        desk.offers.get(finding.key),
    )
