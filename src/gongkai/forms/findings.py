"""What comes out of a check: one finding per rule, or per place where a rule fails."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .values import Number, number_text


class Severity(StrEnum):
    """How much a failing rule matters."""

    ERROR = "E"  # blocks submission
    WARNING = "W"  # blocks submission until explained in writing
    INFORMATION = "I"  # a question worth asking, blocks nothing


class Result(StrEnum):
    """Unknown is not zero: a rule that lacks an operand neither holds nor fails."""

    HOLDS = "holds"
    FAILS = "fails"
    CANNOT_BE_JUDGED = "cannot_be_judged"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a rule.

    ``cells`` are the cells of the report concerned: of the failing place, or those that lack a number. ``operands``
    are the names and numbers judged; they make the ``key``. ``waiting_for`` names children without a final report.
    """

    rule: str
    severity: Severity
    result: Result
    message: str
    cells: tuple[str, ...] = ()
    expected: Number | None = None
    found: Number | None = None
    operands: tuple[tuple[str, str], ...] = ()
    waiting_for: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Stays the same as long as the rule judges the same cells with the same numbers."""
        return finding_key(self.rule, self.cells, self.operands)

    def as_json(self) -> dict[str, Any]:
        """The finding for exports and commands."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "result": self.result.value,
            "cells": list(self.cells),
            "message": self.message,
        }


def finding_key(rule: str, cells: tuple[str, ...], values: tuple[tuple[str, str], ...]) -> str:
    """Fingerprint of a finding: a reason accepted under it holds while rule, cells and values are unchanged."""
    content = json.dumps([rule, sorted(cells), sorted(values)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def value_text(number: Number | None) -> str:
    """A number as it enters a fingerprint; "?" for one that is not known."""
    return "?" if number is None else number_text(number)
