"""What moved since a report was frozen: cell by cell the figure then and now, and the records that came or went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.forms.values import Value

from . import queries
from .compile import Compiled, compile, evidence
from .models import ReportEvidence, ReportVersion

Counted = frozenset[tuple[str, int]]  # measure and key of a record, or "tally" and the tally's key
TALLY = "tally"


@dataclass(frozen=True)
class Moved:
    """A cell that today's compile would fill otherwise, or from other records. `lines` name the parts of a
    consolidated report whose figure differs; `added` and `removed` are records of the organ's own part."""

    cell: str
    label: str
    frozen: Value
    now: Value
    added: tuple[tuple[str, int], ...]
    removed: tuple[tuple[str, int], ...]
    lines: tuple[str, ...]


def moved(version: ReportVersion) -> list[Moved]:
    """The cells of a frozen version that moved since, in printed order. An imported report rests on no records."""
    if version.origin == ReportVersion.Origin.IMPORTED:
        return []
    report = version.report
    compiled = compile(report.organ, report.year, report.scope)
    frozen = queries.figures_of(version)
    then = _counted(ReportEvidence.objects.filter(version=version))
    now = _counted(evidence(compiled))
    lines = _moved_lines(version, compiled)
    found = []
    for cell in compiled.form.cells():
        before, after = then.get(cell.path, frozenset()), now.get(cell.path, frozenset())
        if before == after and _same(frozen[cell.path], compiled.figures[cell.path]):
            continue
        found.append(
            Moved(
                cell=cell.path,
                label=cell.label,
                frozen=frozen[cell.path],
                now=compiled.figures[cell.path],
                added=tuple(sorted(after - before)),
                removed=tuple(sorted(before - after)),
                lines=lines.get(cell.path, ()),
            )
        )
    return found


def _same(then: Value, now: Value) -> bool:
    return then.number == now.number and then.is_known == now.is_known


def _counted(rows: object) -> dict[str, Counted]:
    found: dict[str, set[tuple[str, int]]] = {}
    for row in rows:  # type: ignore[attr-defined]
        keys = found.setdefault(row.cell, set())
        keys.update((row.measure, record_key(record)) for record in row.records)
        keys.update((TALLY, tally) for tally, _value in row.tallies)
    return {cell: frozenset(keys) for cell, keys in found.items()}


def record_key(record: int | list[int | str]) -> int:
    """The key of a counted record, kept bare or with its amount."""
    return int(record[0]) if isinstance(record, list) else record


def _moved_lines(version: ReportVersion, compiled: Compiled) -> Mapping[str, tuple[str, ...]]:
    """Cell → the names of the lines whose figure is another now, or that came or went."""
    then = {line["organ"]: line for line in version.contributions}
    now = {line.organ_id: line.as_json() for line in compiled.lines}
    found: dict[str, list[str]] = {}
    for organ in [*then, *(organ for organ in now if organ not in then)]:
        before = then[organ]["cells"] if organ in then else {}
        after = now[organ]["cells"] if organ in now else {}
        label = (now.get(organ) or then[organ])["label"]
        for cell in compiled.form.paths:
            if before.get(cell, 0) != after.get(cell, 0):
                found.setdefault(cell, []).append(label)
    return {cell: tuple(labels) for cell, labels in found.items()}
