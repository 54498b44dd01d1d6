"""One file's bytes read and checked, as plain data. No Django here: worker processes import nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gongkai.forms.figures import Figures
from gongkai.forms.layout import form_by_key
from gongkai.forms.shape import Form
from gongkai.forms.values import State
from gongkai.reading.cells import CellRead
from gongkai.reading.checking import Verdict, check_report, findings_json
from gongkai.reading.opening import Unreadable
from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Paragraph, Report
from gongkai.reading.variants import FMT2021, FMT2021_ONE_OTHER

LARGEST = 50 * 1024 * 1024  # bytes of one report; the largest real ones are scans of some dozen megabytes
BROKEN = "读取时发生错误，文件可能已损坏。"

_ONE_OTHER = "table3.other.total"


class NotKept(Exception):
    """This file does not enter the library; the text is the one sentence that says why."""


@dataclass(frozen=True)
class Parsed:
    """A report as read, ready to be kept. `counts`: how many cells were read, blank, inferred and unread."""

    sha256: str
    size: int
    organ: str
    year: int | None
    form: str
    cells: dict[str, Any]
    places: dict[str, str]
    sections: dict[str, str]
    damage: list[str]
    findings: list[dict[str, Any]]
    faults: int
    counts: Mapping[State, int] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Before:
    """Last year's report as it is kept, for the checks across years. `doubtful` cells stood in damaged rows: what does
    not agree with them is nobody's fault."""

    organ: str
    year: int
    form: str
    cells: Mapping[str, Any]
    sections: Mapping[str, str]
    doubtful: frozenset[str] = frozenset()


def form_of(key: str, cells: Mapping[str, Any]) -> Form:
    """The form that was really printed: the key alone does not tell a form of 2021 with one （六） row from the full one."""
    return FMT2021_ONE_OTHER if key == FMT2021.key and _ONE_OTHER in cells else form_by_key(key)


def digest(content: bytes) -> str:
    """By what identical bytes are recognised."""
    return hashlib.sha256(content).hexdigest()


def parse(content: bytes, source: str, before: Before | None = None) -> Parsed:
    """Read and check. `before` is last year's report of the same organ. Raises NotKept."""
    if len(content) > LARGEST:
        raise NotKept(f"文件超过{LARGEST // 2**20} MB，没有读取。")
    try:
        report = read_bytes(content, source)
        # The one before is the same organ's by our own matching, whatever name it printed then.
        findings = check_report(report, _as_read(before, report.organ) if before else None)
    except Unreadable as problem:
        raise NotKept(str(problem)) from None
    except (Exception, RecursionError, MemoryError) as error:  # one broken file must not stop the others
        raise NotKept(BROKEN) from error
    counts = dict.fromkeys((State.KNOWN, State.BLANK, State.INFERRED, State.UNREAD), 0)
    for cell in report.cells.values():
        counts[cell.state] += 1
    told = findings_json(findings)
    return Parsed(
        sha256=digest(content),
        size=len(content),
        organ=report.organ[:120],
        year=report.year,
        form=report.form.key,
        cells=report.figures.to_cells(),
        places={path: cell.at for path, cell in report.cells.items() if cell.at},
        sections={key: text for key, text in report.sections.items() if text},
        damage=[str(note) for note in report.damage],
        findings=[*told["findings"], *told["confirmed"]],
        faults=sum(finding.verdict is Verdict.FAULT for finding in findings),
        counts=counts,
        doubtful=tuple(path for path, cell in report.cells.items() if cell.doubtful),
    )


def _as_read(before: Before, organ: str) -> Report:
    """A kept report in the reader's own shape."""
    kept = Figures.from_cells(form_of(before.form, before.cells), before.cells)
    return Report(
        source="",
        organ=organ,
        year=before.year,
        form=kept.form,
        cells={
            path: CellRead(value.state, value.number, proof=value.proof, doubtful=path in before.doubtful)
            for path, value in kept.items()
        },
        paragraphs={
            key: tuple(Paragraph(line, "") for line in text.split("\n"))
            for key, text in before.sections.items()
        },
    )


@dataclass(frozen=True)
class Loaded:
    """Bytes at hand, as a source; `index` is the caller's own mark."""

    name: str
    index: int
    content: bytes

    def load(self) -> bytes:
        """Its bytes."""
        return self.content


class Loadable(Protocol):
    """Whatever has a name and bytes."""

    @property
    def name(self) -> str: ...

    def load(self) -> bytes: ...


def parse_source(source: Loadable, before: Before | None) -> Parsed | str:
    """A reading, or the sentence why there is none: what a worker process hands back."""
    try:
        return parse(source.load(), source.name, before)
    except NotKept as problem:
        return str(problem)


def parse_task(task: tuple[Loadable, Before | None]) -> Parsed | str:
    """The same for a pair, as it is sent to a process."""
    return parse_source(*task)
