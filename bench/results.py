"""What was measured, one line each, and the table they make."""

from __future__ import annotations

import json
import statistics
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """One line: `median` and `worst` of `runs` in `unit`. `against` is a ratio with its aim, or an aim alone."""

    database: str
    what: str
    size: int
    unit: str
    median: float
    worst: float
    runs: int
    queries: str = ""
    against: str = ""

    def as_line(self) -> str:
        """For the pipe between the processes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Result:
        return cls(**json.loads(line))


def times(
    database: str, what: str, size: int, seconds: list[float], queries: str = "", against: str = ""
) -> Result:
    """A result in milliseconds: the lower the better."""
    found = sorted(1000 * one for one in seconds)
    return Result(
        database, what, size, "ms", statistics.median(found), found[-1], len(found), queries, against
    )


def rates(database: str, what: str, size: int, each: list[float]) -> Result:
    """A result per second: the higher the better."""
    return Result(database, what, size, "/s", statistics.median(each), min(each), len(each))


HEADINGS = ("database", "what", "size", "median", "worst", "unit", "runs", "queries", "aim / ratio")


def table(results: Iterable[Result]) -> str:
    """A Markdown table, also legible as plain text."""
    rows = [HEADINGS, *(_cells(one) for one in results)]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(_padded(c, w) for c, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cells(one: Result) -> tuple[str, ...]:
    number = "{:,.0f}" if one.median >= 100 else "{:,.1f}"
    return (
        one.database,
        one.what,
        f"{one.size:,}" if one.size else "",
        number.format(one.median),
        number.format(one.worst),
        one.unit,
        str(one.runs),
        one.queries,
        one.against,
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
