"""What was measured, one line each, and the table they make."""

from __future__ import annotations

import json
import statistics
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Result:
    """One line: `median` and `worst` of `runs` in `unit`. `processor` is the median of the processor time our own process
    took, which a busy machine hardly changes; None where another process does the work. `against` is a ratio with its
    aim, or an aim alone."""

    database: str
    what: str
    size: int
    unit: str
    median: float
    worst: float
    runs: int
    queries: str = ""
    against: str = ""
    processor: float | None = None

    def as_line(self) -> str:
        """For the pipe between the processes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Result:
        return cls(**json.loads(line))


@dataclass
class Stopwatch:
    """Seconds of each run: on the wall clock, and of the processor in this process."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def run(self) -> Iterator[None]:
        """Time one run."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.processor.append(time.process_time() - processor)


def times(
    database: str,
    what: str,
    size: int,
    taken: Stopwatch,
    queries: str = "",
    against: str = "",
    *,
    elsewhere: bool = False,
) -> Result:
    """A result in milliseconds: the lower the better. `elsewhere`: another process does the work."""
    return Result(
        database,
        what,
        size,
        "ms",
        1000 * statistics.median(taken.wall),
        1000 * max(taken.wall),
        len(taken.wall),
        queries,
        against,
        None if elsewhere else 1000 * statistics.median(taken.processor),
    )


def rates(database: str, what: str, size: int, each: list[float]) -> Result:
    """A result per second: the higher the better."""
    return Result(database, what, size, "/s", statistics.median(each), min(each), len(each))


HEADINGS = (
    "database",
    "what",
    "size",
    "median",
    "worst",
    "unit",
    "processor",
    "runs",
    "queries",
    "aim / ratio",
)


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
        "" if one.processor is None else number.format(one.processor),
        str(one.runs),
        one.queries,
        one.against,
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
