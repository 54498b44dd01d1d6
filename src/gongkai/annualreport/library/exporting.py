"""Taking reports away: long form (a line per cell) and wide form (a line per report), as CSV, XLSX or Parquet.

What is not known stays empty and says why; it is never 0. Rows are streamed report by report, so that memory stays flat.
"""

from __future__ import annotations

import csv
import importlib.util
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base.tables import csv_bytes, safe_cell
from gongkai.forms.values import State, Value, number_text

from . import dictionary
from .dictionary import LONG_COLUMNS, WIDE_COLUMNS
from .indicators import all_cells
from .lines import PUBLISHED, Line

LONG, WIDE = "long", "wide"
SHAPES = (LONG, WIDE)
CSV, XLSX, PARQUET = "csv", "xlsx", "parquet"
FORMATS = (CSV, XLSX, PARQUET)
SHEET_ROWS = 1_000_000  # a sheet ends at 1,048,576 rows; then another begins
_CHUNK = 65536
WORDS = {
    State.KNOWN: "read",
    State.BLANK: "blank",
    State.INFERRED: "inferred",
    State.UNREAD: "unread",
    State.UNKNOWN: "unknown",
}


def parquet_refusal() -> str:
    """Why no Parquet can be written, "" when it can."""
    if importlib.util.find_spec("duckdb") is not None:
        return ""
    return _("没有安装 duckdb。请运维岗运行 pip install 'gongkai[analytics]' 后再导出 Parquet。")


@dataclass(frozen=True)
class Table:
    """What is exported: the columns with their kinds (text, integer or decimal), and a function that gives the rows."""

    columns: Sequence[tuple[str, str]]
    rows: Callable[[], Iterator[Sequence[Any]]]

    @property
    def header(self) -> list[str]:
        return [name for name, _kind in self.columns]


def table(found: Callable[[], Iterable[Line]], shape: str) -> Table:
    """The reports in one of the shapes; `found` gives them anew each time the rows are asked for."""
    if shape == WIDE:
        cells = tuple((path, "decimal") for path in _paths())
        return Table([*WIDE_COLUMNS, *cells], lambda: (_wide(line) for line in found()))
    return Table(LONG_COLUMNS, lambda: (row for line in found() for row in _long(line)))


def _paths() -> list[str]:
    return [cell.path for cell in all_cells()]


def _head(line: Line) -> list[Any]:
    origin = "published" if line.origin == PUBLISHED else "read"
    return [line.name, line.code, line.year, line.form.key, origin, line.number, line.address, line.sha256]


def _long(line: Line) -> Iterator[list[Any]]:
    head = _head(line)
    for cell in line.form.cells():
        value = line.figures[cell.path]
        least = "" if value.at_least is None else number_text(value.at_least)
        yield [
            *head,
            cell.path,
            cell.row_label,
            cell.column_label,
            dictionary.UNITS[cell.unit],
            WORDS[value.state],
            _number(value),
            least,
            value.proof,
        ]


def _wide(line: Line) -> list[Any]:
    figures = line.figures
    missing = [
        f"{path}={WORDS[value.state]}" for path, value in figures.items() if value.state is not State.KNOWN
    ]
    numbers = [_number(figures[path]) if path in line.form else "" for path in _paths()]
    return [*_head(line), ";".join(missing), *numbers]


def _number(value: Value) -> str:
    return "" if value.number is None else number_text(value.number)


def csv_stream(what: Table) -> Iterator[bytes]:
    """A CSV file in pieces, safe to open in a spreadsheet."""
    return csv_bytes(what.header, what.rows())


def write(what: Table, format_: str, out: Path) -> int:
    """Write a file; returns the rows written. Raises ValidationError for Parquet without duckdb."""
    counted = _Counted(what)
    if format_ == CSV:
        with out.open("wb") as stream:
            for piece in csv_bytes(what.header, counted.rows()):
                stream.write(piece)
    elif format_ == XLSX:
        _write_xlsx(what, counted.rows(), out)
    else:
        _write_parquet(what, counted.rows(), out)
    return counted.count


@contextmanager
def written(what: Table, format_: str) -> Iterator[Iterator[bytes]]:
    """A file in pieces from a temporary place, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        out = Path(folder) / f"out.{format_}"
        write(what, format_, out)
        yield _pieces(out)


def stream(what: Table, format_: str) -> Iterator[bytes]:
    """A file of any format in pieces, for a download."""
    if format_ == CSV:
        yield from csv_stream(what)
        return
    with written(what, format_) as pieces:
        yield from pieces


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


class _Counted:
    """Rows, counted as they go by."""

    def __init__(self, what: Table) -> None:
        self.what, self.count = what, 0

    def rows(self) -> Iterator[Sequence[Any]]:
        for row in self.what.rows():
            self.count += 1
            yield row


def _write_xlsx(what: Table, rows: Iterable[Sequence[Any]], out: Path) -> None:
    """Sheets of figures, numbers as numbers, and the data dictionary on the last one."""
    book = openpyxl.Workbook(write_only=True)
    numeric = [kind != "text" for _name, kind in what.columns]
    sheet: Any = None
    for count, row in enumerate(rows):
        if count % SHEET_ROWS == 0:
            sheet = book.create_sheet(
                _("数据") if count == 0 else _("数据%(n)s") % {"n": count // SHEET_ROWS + 1}
            )
            sheet.append(what.header)
        sheet.append([_cell(value, is_number) for value, is_number in zip(row, numeric, strict=True)])
    if sheet is None:
        book.create_sheet(_("数据")).append(what.header)
    words = book.create_sheet(_("数据字典"))
    words.append(dictionary.HEADER)
    for line in dictionary.rows():
        words.append([safe_cell(cell) for cell in line])
    book.save(out)


def _cell(value: Any, is_number: bool) -> Any:
    if is_number and isinstance(value, str):
        if not value:
            return None
        return float(value) if "." in value else int(value)
    return safe_cell(value)


_TYPES: Mapping[str, str] = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(38,10)"}


def _write_parquet(what: Table, rows: Iterable[Sequence[Any]], out: Path) -> None:
    """Through a plain temporary CSV, which duckdb turns into typed columns without holding it in memory."""
    if reason := parquet_refusal():
        raise ValidationError(reason)
    import duckdb

    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        plain = Path(folder) / "rows.csv"
        with plain.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(what.header)
            writer.writerows(rows)
        names = ", ".join(_column(name, kind) for name, kind in what.columns)
        types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in what.header)
        # No value of a report stands in the statement: columns are declared above, both paths are ours and quoted.
        with duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}) as base:
            base.execute(
                f"COPY (SELECT {names} FROM read_csv({_quoted(str(plain))}, header=true, auto_detect=false, "  # noqa: S608 - see above
                f"delim=',', quote='\"', escape='\"', strict_mode=true, max_line_size=20000000, columns={{{types}}})) "
                f"TO {_quoted(str(out))} (FORMAT parquet, COMPRESSION zstd)"
            )


def _column(name: str, kind: str) -> str:
    """An empty cell is null, in text as well as in numbers."""
    ident = '"' + name.replace('"', '""') + '"'
    return f"CAST(nullif({ident}, '') AS {_TYPES[kind]}) AS {ident}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
