"""What a check says: the rule, the sentence, how sure, and where."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gongkai.forms.findings import Severity
from gongkai.forms.values import Number


class Verdict(StrEnum):
    """Whose doing it is."""

    FAULT = "publisher_fault"  # the report contradicts itself, on figures that were surely read
    LOSS = "reading_loss"  # something was lost on the way to us; nobody is blamed
    DOUBT = "doubt"  # odd or not as the form asks; needs an explanation, need not be wrong
    HOLDS = "holds"  # checked and right


VERDICT_WORDS = {
    Verdict.FAULT: "发布错误",
    Verdict.LOSS: "读取缺损",
    Verdict.DOUBT: "存疑",
    Verdict.HOLDS: "相符",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """One smallest change that would put a contradiction right: cell → number."""

    cells: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``quote`` and ``at`` give the text it is about, ``mend`` the smallest changes that would mend it."""

    rule: str
    verdict: Verdict
    severity: Severity
    message: str
    cells: tuple[str, ...] = ()
    expected: Number | None = None
    found: Number | None = None
    quote: str = ""
    at: str = ""
    mend: tuple[Mend, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as ``gongkai report check --json`` prints it."""
        return {
            "rule": self.rule,
            "verdict": self.verdict.value,
            "severity": self.severity.value,
            "message": self.message,
            "cells": list(self.cells),
            "expected": _json(self.expected),
            "found": _json(self.found),
            "quote": self.quote,
            "at": self.at,
            "mend": [{path: _json(number) for path, number in mend.cells} for mend in self.mend],
        }


def _json(number: Number | None) -> int | str | None:
    return format(number, "f") if isinstance(number, Decimal) else number
