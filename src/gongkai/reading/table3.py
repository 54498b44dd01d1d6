"""Table 3: which row of figures is which line of the form, by its label and by its place between known lines."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from gongkai.forms.figures import Figures
from gongkai.forms.identities import column_balance, outcome_totals, row_totals
from gongkai.forms.inference import infer
from gongkai.forms.relations import evaluate
from gongkai.forms.shape import Form

from .align import UNTOLD, Aligned, Table3
from .cells import AlteredLabel, CellRead, Damage, TableRead, blank, read, unread
from .labels import LINES, Found, Match, recognise
from .normal import Printed, label
from .rows import Columns, ValueRow, value_rows
from .stream import Kind, Row
from .variants import FMT2019, FMT2021, FMT2021_ONE_OTHER

_WIDTH = 7
_NAMES = {line.key: line.label for form in (FMT2019, FMT2021) for line in form.data_lines}
_HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_NEW_LINES = frozenset({"other_correction_lapsed", "other_fee_unpaid", "other_misc"})
# A row without a label is only taken for a line when it is nearly complete.
_LEAST_UNLABELLED = 5


@dataclass
class _Line:
    """A row of figures and the line it was found to be."""

    row: ValueRow
    found: Found
    key: str = ""
    placed: bool = False  # found by its place between others, not by its label


@dataclass
class Table3Rows:
    """The rows of figures of table 3, before it is known which form they are of."""

    lines: list[_Line]
    trailing: str  # words after the last figures
    damage: list[Damage] = field(default_factory=list)

    def prints(self, key: str) -> bool:
        """Whether a row with figures carries the label of this line."""
        return any(line.found.key == key and line.row.has_figures for line in self.lines)


def table3_rows(rows: Sequence[Row]) -> Table3Rows:
    """Gather the rows of figures."""
    damage: list[Damage] = []
    found, trailing = value_rows(rows, _WIDTH, _columns(rows))
    lines = [_Line(row, recognise(row.text[-80:], row.piece)) for row in found]
    return Table3Rows(_joined(lines), trailing, damage)


def form_of(rows: Table3Rows, by_table2: str, by_year: str) -> Form:
    """The form the table is printed in; ``by_table2`` and ``by_year`` are the form's key as others tell it, or ""."""
    key = by_table2
    if any(rows.prints(new) for new in _NEW_LINES):
        return FMT2021
    if not key:
        key = by_year or ("fmt2021" if len(rows.lines) == len(FMT2021.data_lines) else "fmt2019")
    if key == "fmt2019":
        return FMT2019
    one_row = rows.prints("other") or len(rows.lines) == len(FMT2021_ONE_OTHER.data_lines)
    return FMT2021_ONE_OTHER if one_row else FMT2021


def read_table3(rows: Table3Rows, form: Form) -> TableRead:
    """The cells of table 3."""
    keys = [line.key for line in form.data_lines]
    result = TableRead(damage=list(rows.damage))
    _assign(rows, keys, result)
    taken: dict[str, _Line] = {}
    conflicting: set[str] = set()
    for line in rows.lines:
        if not line.key:
            continue
        other = taken.get(line.key)
        if other is None:
            taken[line.key] = line
        elif [v.text for v in other.row.values] != [v.text for v in line.row.values]:
            conflicting.add(line.key)
    for key in conflicting:
        result.note(f"表三“{_NAMES[key]}”出现两行不同的数字，均未采用。", taken.pop(key).row.at)
    for key, line in taken.items():
        if line.found == Found(key, Match.LIKE):
            result.labels.append(AlteredLabel(line.row.piece, _NAMES[key], line.row.at))
    _read_cells(form, keys, taken, result)
    return result


def _columns(rows: Sequence[Row]) -> dict[int, Columns]:
    """For each real table where the seven columns of figures stand: by the headings, else by the usual row."""
    columns: dict[int, tuple[int, ...]] = {}
    usual: dict[int, Counter[tuple[int, ...]]] = {}
    ends: dict[int, Counter[int]] = {}
    heads: dict[int, dict[str, int]] = {}
    for row in rows:
        if row.kind is not Kind.GRID:
            continue
        for cell in row.cells:
            name = label(cell.text)
            if name in _HEADS:
                places = heads.setdefault(row.table, {})
                # "其他" and "总计" head a column only; as labels of lines they carry a number.
                places.setdefault(name, cell.column)
        if len(row.cells) > _WIDTH:
            last = tuple(cell.column for cell in row.cells[-_WIDTH:])
            usual.setdefault(row.table, Counter())[last] += 1
            ends.setdefault(row.table, Counter())[row.cells[-1].column + row.cells[-1].width] += 1
    for table, places in heads.items():
        starts = tuple(places[name] for name in _HEADS if name in places)
        if len(starts) == _WIDTH and list(starts) == sorted(set(starts)):
            columns[table] = starts
    for table, votes in usual.items():
        if table not in columns:
            best, count = votes.most_common(1)[0]
            if count * 2 > votes.total():
                columns[table] = best
    return {
        table: Columns(starts, ends[table].most_common(1)[0][0])
        for table, starts in columns.items()
        if table in ends
    }


def _joined(lines: list[_Line]) -> list[_Line]:
    """A row of a real table cut by a page break is one row again; rows that only continue a label vanish."""
    joined: list[_Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and before.row.exact and line.row.exact and not before.row.has_figures:
            whole = _continues(before, line)
            if whole and line.row.has_figures:
                joined[-1] = _Line(replace(line.row, text=whole), Found(before.found.key, Match.WHOLE))
                continue
        if line.row.exact and not line.row.has_figures and line.found.match is Match.NONE:
            continue
        joined.append(line)
    return joined


def _continues(before: _Line, line: _Line) -> str:
    """The whole label, when the second row's words are the rest of the first row's cut label."""
    if before.found.match is not Match.CUT or line.found.match is Match.WHOLE:
        return ""
    whole = before.row.piece + line.row.piece
    return whole if any(name.startswith(whole) for name in LINES[before.found.key]) else ""


def _assign(rows: Table3Rows, keys: list[str], result: TableRead) -> None:
    """Give each row of figures its line, or none."""
    lines = [line for line in rows.lines if line.row.has_figures or line.row.exact]
    order = {key: number for number, key in enumerate(keys)}
    firm = _increasing(
        [(n, order[x.found.key]) for n, x in enumerate(lines) if _is_firm(x) and x.found.key in order]
    )
    loose = [
        (n, order[x.found.key])
        for n, x in enumerate(lines)
        if not _is_firm(x) and x.found.match is Match.WHOLE and x.found.key in order
    ]
    if _labels_lead(lines, rows.trailing):
        firm = _with_loose(lines, keys, firm, loose)
    for number, place in firm:
        lines[number].key = keys[place]
    _fill_between(lines, keys, firm, result)
    for line in lines:
        if not line.key and len(line.row.values) >= 3 and line.row.has_figures:
            result.note("表三有一行数字无法确定属于哪一项，没有采用。", line.row.at)


def _is_firm(line: _Line) -> bool:
    """The label stands on the row itself."""
    return line.row.here and line.found.match is not Match.NONE


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part in which lines follow one another as on the form; a line printed twice stays twice."""
    best: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    places = [place for _, place in pairs]
    for number, place in enumerate(places):
        at = bisect_left([places[end] for end in ends], place)
        before.append(ends[at - 1] if at else None)
        if at == len(ends):
            ends.append(number)
        else:
            ends[at] = number
    last: int | None = ends[-1] if ends else None
    while last is not None:
        best.append(last)
        last = before[last]
    kept = set(best)
    kept_places = {places[number] for number in kept}
    # Twice the same line: both are kept, so that a contradiction between them is seen.
    kept |= {number for number, place in enumerate(places) if place in kept_places}
    return [pairs[number] for number in sorted(kept)]


def _labels_lead(lines: list[_Line], trailing: str) -> bool:
    """Whether labels on lines of their own stand before their figures, not after them."""
    if not lines or (not lines[0].found.key and not lines[0].row.here):
        return False
    return not any(trailing.endswith(name) for names in LINES.values() for name in names if len(name) > 3)


def _with_loose(
    lines: list[_Line], keys: list[str], firm: list[tuple[int, int]], loose: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Take labels on lines of their own where nothing speaks against them.

    Between two firm rows they are believed only when every row there has one, none is left over and they rise.
    """
    result = list(firm)
    by_row = dict(loose)
    for (start, first), (end, last) in _gaps(firm, len(lines), len(keys)):
        inside = range(start + 1, end)
        places = [by_row.get(number) for number in inside]
        known = [place for place in places if place is not None]
        if not known or len(known) != len(places):
            continue
        rising = all(a < b for a, b in zip([first, *known], [*known, last], strict=True))
        if rising and not any(
            _orphans(lines[number].row.text) for number in (*inside, end) if number < len(lines)
        ):
            result.extend(zip(inside, known, strict=True))
    return sorted(result)


def _orphans(text: str) -> bool:
    """Whether the words before figures name a line that has no figures, besides the line at their end."""
    names = [numbered for numbered, _ in LINES.values() if numbered in text]
    return sum(not any(name != other and name in other for other in names) for name in names) > 1


def _gaps(
    firm: list[tuple[int, int]], rows: int, places: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    bounds = [(-1, -1), *firm, (rows, places)]
    return list(pairwise(bounds))


def _fill_between(
    lines: list[_Line], keys: list[str], firm: list[tuple[int, int]], result: TableRead
) -> None:
    """Rows between two known lines are the missing lines in order, when there are as many of both."""
    for (start, first), (end, last) in _gaps(firm, len(lines), len(keys)):
        between = [n for n in range(start + 1, end) if len(lines[n].row.values) >= _LEAST_UNLABELLED]
        missing = keys[first + 1 : last]
        if not between or len(between) != len(missing):
            continue
        named = [(lines[n].found, key) for n, key in zip(between, missing, strict=True)]
        if any(found.match is Match.WHOLE and found.key != key for found, key in named):
            continue
        words = [lines[n].row.piece for n in between if lines[n].row.piece]
        if len(set(words)) < len(words):
            continue  # one line printed twice, and another lost
        for number, key in zip(between, missing, strict=True):
            lines[number].key, lines[number].placed = key, True
        result.note(
            f"表三有{len(missing)}行没有可用的行名，按其在前后两行之间的位置确定。", lines[between[0]].row.at
        )


def _read_cells(form: Form, keys: list[str], taken: dict[str, _Line], result: TableRead) -> None:
    _drop_rows_that_may_be_shifted(taken, result)
    solved = Table3(
        form,
        {key: line.row.values for key, line in taken.items()},
        {key: line.row.first for key, line in taken.items()},
    ).solve()
    for key in keys:
        line, aligned = taken.get(key), solved.get(key)
        if line is None:
            result.note(f"表三“{_NAMES[key]}”没有找到。", "")
        elif line.row.exact:
            pass
        elif len(line.row.values) != _WIDTH or line.row.merged:
            result.note(_count_note(key, line.row), line.row.at)
        for number, column in enumerate(form.applicants):
            path = f"table3.{key}.{column.key}"
            result.cells[path] = _cell(line, aligned, number)
    _distrust(form, taken, result)


def _drop_rows_that_may_be_shifted(taken: dict[str, _Line], result: TableRead) -> None:
    """Where a figure may have been added, a row with seven may have gained one and lost another.

    So it may where other rows have one too many, where blanks stand beside the figures, or where these stand on lines of
    their own. Its own sum then tells: if it
    fails, or cannot be judged for a blank, the row is not read.
    """
    loose = {key: line.row for key, line in taken.items() if not line.row.exact}
    added = any(len(row.values) > _WIDTH for row in loose.values())
    for key, row in loose.items():
        numbers = [value.number for value in row.values]
        if len(numbers) != _WIDTH or not (added or row.padded or row.spread):
            continue
        known = [number for number in numbers if number is not None]
        if (added and len(known) < _WIDTH) or (len(known) == _WIDTH and sum(known[:-1]) != known[-1]):
            result.note(f"表三“{_NAMES[key]}”的数字可能错位，没有采用。", row.at)
            del taken[key]


def _count_note(key: str, row: ValueRow) -> str:
    count = sum(not value.is_empty for value in row.values)
    if row.merged:
        return f"表三“{_NAMES[key]}”的数字分在几行，合并为一行读取。"
    return f"表三“{_NAMES[key]}”有{count}个数，应为{_WIDTH}个，按勾稽关系对位。"


def _cell(line: _Line | None, aligned: Aligned | None, number: int) -> CellRead:
    if line is None or aligned is None or not aligned.takes:
        return unread()
    take = aligned.takes[number]
    if take is None or take == UNTOLD:
        return unread(line.row.at)
    value, place = line.row.values[take], line.row.places[take]
    whole = len(line.row.values) == _WIDTH and not line.row.merged
    doubtful = not (line.row.exact or whole or number in aligned.firm)
    return of_printed(value, place, doubtful)


def of_printed(value: Printed, place: str, doubtful: bool = False) -> CellRead:
    """A cell from what is printed in its place."""
    if value.number is not None:
        return read(value.number, place, value.note, value.text, doubtful)
    if value.is_blank:
        return blank(place, value.text)
    return unread(place)


def _distrust(form: Form, taken: dict[str, _Line], result: TableRead) -> None:
    """Cells of damaged rows are believed only where the sums they enter hold: of their line and of their column.

    Those of rows found by their place are, unless such a sum fails.
    """
    loose = {key: line.row for key, line in taken.items() if not line.row.exact}
    sizes = [len(row.values) for row in loose.values()]
    aligned = {
        key
        for key, row in loose.items()
        if row.merged
        or row.shifted
        or len(row.values) != _WIDTH
        or (row.padded and any(v.is_empty for v in row.values))
    }
    placed = {key for key, line in taken.items() if line.placed}
    if not aligned and not placed:
        return
    lost = any(size < _WIDTH for size in sizes) or len(taken) < len(form.data_lines)
    shuffled = any(size > _WIDTH for size in sizes) and lost
    padded = {key for key, row in loose.items() if row.padded}
    numbers = {path: cell.number for path, cell in result.cells.items() if cell.number is not None}
    proved = infer(Figures(form, {path: cell.number for path, cell in result.cells.items()}))
    # A line that is missing altogether follows from the very sums it should confirm.
    numbers.update({p.path: p.value for p in proved if p.path.split(".")[1] in taken})
    doubted: set[str] = set()
    for relation in (*outcome_totals(form), *column_balance(form), *row_totals(form)):
        holds = evaluate(relation, numbers).holds
        if holds:
            continue
        rows = set(loose) if shuffled and aligned else aligned
        if holds is False:
            rows = rows | placed | (padded if aligned else set())
        doubted.update(path for path in relation.operands if path.split(".")[1] in rows)
    for path in doubted:
        result.cells[path] = unread(result.cells[path].at)
