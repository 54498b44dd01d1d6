"""The findings as the report page groups them: what to put right, what to explain, what to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.models import FindingAcceptance
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import Form

_CELLS_NAMED = 4

_GROUPS: tuple[tuple[str, str | Promise, str, Callable[[Finding], bool]], ...] = (
    ("errors", _("错误"), "over", lambda one: _fails(one, Severity.ERROR)),
    ("warnings", _("提示"), "soon", lambda one: _fails(one, Severity.WARNING)),
    ("information", _("供参考"), "open", lambda one: _fails(one, Severity.INFORMATION)),
    ("unjudged", _("暂不能核对"), "unknown", lambda one: one.result is Result.CANNOT_BE_JUDGED),
    ("holding", _("相符"), "done", lambda one: one.result is Result.HOLDS),
)


@dataclass(frozen=True)
class Noted:
    """A finding with the cells it speaks of and the reason it was accepted with. `form` explains it, if that can be
    done now."""

    finding: Finding
    cells: list[tuple[str, str]]
    more: int
    accepted: FindingAcceptance | None
    by: str
    form: Any


@dataclass(frozen=True)
class Group:
    """The findings of one kind; `folded` ones need nobody's attention."""

    key: str
    title: str | Promise
    shape: str
    findings: list[Noted]
    folded: bool


def groups(
    found: Iterable[Finding],
    form: Form,
    address: str,
    accepted: dict[str, FindingAcceptance],
    names: dict[str, str],
    explain: Callable[[Finding], Any],
) -> list[Group]:
    """Every kind that has findings. `explain` makes the form to accept one, or None."""
    everything = list(found)
    made = []
    for key, title, shape, belongs in _GROUPS:
        noted = [
            _noted(one, form, address, accepted.get(one.key), names, explain)
            for one in everything
            if belongs(one)
        ]
        if noted:
            made.append(Group(key, title, shape, noted, key in ("unjudged", "holding")))
    return made


def _fails(finding: Finding, severity: Severity) -> bool:
    return finding.result is Result.FAILS and finding.severity is severity


def _noted(
    finding: Finding,
    form: Form,
    address: str,
    accepted: FindingAcceptance | None,
    names: dict[str, str],
    explain: Callable[[Finding], Any],
) -> Noted:
    known = [cell for cell in finding.cells if cell in form]
    named = [(form.cell(cell).label, f"{address}cells/{cell}/") for cell in known[:_CELLS_NAMED]]
    explained = explain(finding) if finding.result is Result.FAILS and accepted is None else None
    return Noted(
        finding,
        named,
        len(known) - len(named),
        accepted,
        names.get(accepted.actor, "") if accepted else "",
        explained,
    )
