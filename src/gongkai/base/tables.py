"""Tables people bring and take away: XLSX and CSV in, row by row as plain text; cells made safe on the way out.

What is read looks the same whichever format it came in: a row number as the spreadsheet shows it, and a dict from
header to text ("" when blank; dates as 2019-05-15; whole numbers without ".0").
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any, TypeVar

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gongkai.base import packages

LARGEST = 50 * 1024 * 1024  # bytes of the file
LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of everything in an XLSX once unpacked
MOST_PARTS = 1000  # files inside an XLSX
MOST_ROWS = 500_000
MOST_COLUMNS = 200
HEADER_WITHIN = 10  # a title or two may stand above the header
XLSX_MOST = 1_048_575  # rows an XLSX holds below its header
_PIECE = 64 * 1024  # characters of a CSV that go out together

Row = tuple[int, dict[str, str]]
T = TypeVar("T")


class TableError(Exception):
    """The file as a whole cannot be read; the text is the sentence for the page."""


def read(
    source: bytes | Path,
    name: str,
    *,
    required: Collection[str] = (),
    optional: Collection[str] | None = None,
) -> Iterator[Row]:
    """The rows below the header of `source`, a file called `name`; blank rows are skipped.

    The header is the first row that holds every `required` column. With `optional`, a column that is in neither is
    refused, so that a misspelt header is not silently dropped. Raises TableError, also while iterating.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".xlsx":
        lines = _xlsx_lines(source)
    elif suffix in (".csv", ".txt"):
        lines = _csv_lines(source)
    elif suffix in (".xls", ".et"):
        raise TableError(_("不能读取旧版表格（%(kind)s）；请另存为 .xlsx 后再导入。") % {"kind": suffix})
    else:
        raise TableError(_("只能导入 .xlsx 或 .csv 表格。"))
    return _rows(lines, required, optional)


def _rows(
    lines: Iterator[Sequence[str]], required: Collection[str], optional: Collection[str] | None
) -> Iterator[Row]:
    header_at, header = _header(lines, required)
    _check_header(header, required, optional)
    for number, cells in enumerate(lines, start=header_at + 1):
        if number > MOST_ROWS:
            raise TableError(_("表格超过 %(most)d 行，请分成几份导入。") % {"most": MOST_ROWS})
        if not any(cells):
            continue
        row = {title: "" for title in header if title}
        for title, text in zip_longest(header, cells, fillvalue=""):
            if title:
                row[title] = text
            elif text:
                raise TableError(
                    _("第 %(row)d 行有一格没有表头：“%(text)s”。") % {"row": number, "text": text[:20]}
                )
        yield number, row


def _header(lines: Iterator[Sequence[str]], required: Collection[str]) -> tuple[int, list[str]]:
    closest: list[str] | None = None
    for number, cells in enumerate(lines, start=1):
        titles = [_title(cell) for cell in cells]
        if any(titles):
            if set(required) <= set(titles):
                return number, titles
            if closest is None or len(set(required) & set(titles)) > len(set(required) & set(closest)):
                closest = titles
        if number >= HEADER_WITHIN:
            break
    if closest is None:
        raise TableError(_("表格是空的。"))
    missing = "、".join(title for title in required if title not in closest)
    raise TableError(_("表格缺少列：%(columns)s。请用模板的表头。") % {"columns": missing})


def _title(cell: str) -> str:
    """A header without the marks people add to it: required stars, spaces, line breaks."""
    return "".join(cell.split()).strip("*＊")


def _check_header(header: list[str], required: Collection[str], optional: Collection[str] | None) -> None:
    titles = [title for title in header if title]
    if twice := sorted({title for title in titles if titles.count(title) > 1}):
        raise TableError(_("表头有重复的列：%(columns)s。") % {"columns": "、".join(twice)})
    if optional is None:
        return
    if unknown := [title for title in titles if title not in required and title not in optional]:
        raise TableError(_("不认识的列：%(columns)s。请核对表头。") % {"columns": "、".join(unknown)})


def _xlsx_lines(source: bytes | Path) -> Iterator[list[str]]:
    _check_size(source)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with stream:
        check_package(
            stream,
            most_parts=MOST_PARTS,
            largest=LARGEST_UNPACKED,
            too_large=_("表格解压后过大，不能导入；请删去无关的工作表和图片，或分成几份。"),
        )
        rows = unless_damaged(lambda: _first_sheet(stream))
        while (cells := unless_damaged(lambda: next(rows, None))) is not None:
            yield _checked([cell_text(value) for value in cells])


def _first_sheet(stream: IO[bytes]) -> Iterator[Sequence[Any]]:
    sheet = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False).worksheets[0]
    sheet.reset_dimensions()  # the file's own claim about its size is not to be trusted
    return iter(sheet.iter_rows(values_only=True))


def unless_damaged(do: Callable[[], T]) -> T:
    """What comes of a step of reading an XLSX. Raises TableError whatever went wrong: a byte that is off is found by the
    zip, the unpacking, the XML or openpyxl, each with errors of its own."""
    try:
        return do()
    except TableError:
        raise
    except Exception as error:
        raise TableError(_("这个 .xlsx 文件已损坏、加密或不是表格，请重新另存后导入。")) from error


def check_package(stream: IO[bytes], *, most_parts: int, largest: int, too_large: str) -> None:
    """Refuse a bomb, entities and what is no package, before anything is unpacked. `largest` in bytes unpacked; `too_large`
    is the sentence for more. Raises TableError."""
    if unless_damaged(lambda: packages.has_more_entries(stream, most_parts)):
        raise TableError(too_large)
    stream.seek(0)
    unless_damaged(lambda: _check_parts(stream, largest, too_large))
    stream.seek(0)


def _check_parts(stream: IO[bytes], largest: int, too_large: str) -> None:
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > largest or packages.swells(unpacked, sum(part.compress_size for part in parts)):
            raise TableError(too_large)
        for part in parts:
            with archive.open(part) as opened:  # whatever its name: the package says which parts are XML
                if packages.declares_a_type(opened):
                    raise TableError(_("表格含有不安全的内容，不能导入。"))


def _csv_lines(source: bytes | Path) -> Iterator[list[str]]:
    _check_size(source)
    text = _decoded(source if isinstance(source, bytes) else source.read_bytes())
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield _checked([cell.strip() for cell in cells])
    except csv.Error as error:
        raise TableError(_("CSV 文件的引号或分隔符有误，请用表格软件另存后导入。")) from error


def _decoded(raw: bytes) -> str:
    if b"\0" in raw:
        raise TableError(_("这不是 CSV 文本文件。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(_("认不出 CSV 文件的编码，请另存为 UTF-8 后导入。"))


def _check_size(source: bytes | Path) -> None:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size == 0:
        raise TableError(_("文件是空的。"))
    if size > LARGEST:
        raise TableError(_("文件超过 %(most)d MB，请分成几份导入。") % {"most": LARGEST // 1024**2})


def _checked(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise TableError(_("表格超过 %(most)d 列。") % {"most": MOST_COLUMNS})
    return cells


def cell_text(value: Any) -> str:
    """A cell of any kind as plain text: "" when blank, dates as 2019-05-15, whole numbers without ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return str(value).strip()


_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


def parse_date(text: str) -> dt.date | None:
    """The date written as 2019-05-15, 2019/5/15, 2019.5.15, 2019年5月15日 or 20190515; None for blank.

    Raises ValueError with a sentence for anything else.
    """
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) for part in found.groups() if part)
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(_("“%(text)s”不是日期，请写作 2019-05-15。") % {"text": text[:20]}) from None


def parse_yes(text: str, blank: bool = False) -> bool:
    """是 or 否; `blank` when the cell is blank. Raises ValueError with a sentence."""
    answers = {"": blank, "是": True, "有": True, "否": False, "无": False}
    if text not in answers:
        raise ValueError(_("“%(text)s”应填“是”或者“否”。") % {"text": text[:20]})
    return answers[text]


_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠|%](?=.)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


def safe_cell(value: Any) -> Any:
    """`value` as it may stand in an exported cell: text a spreadsheet would run as a formula is quoted.

    Numbers and dates stay what they are; control characters that no spreadsheet can hold are dropped.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal, dt.date)) and not isinstance(value, bool):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", cell_text(value) if isinstance(value, bool) else str(value))
    return f"'{text}" if _runs(text) else text


def plain_cell(text: str) -> str:
    """What :func:`safe_cell` made `text` of: the quote it put before a formula is taken off again, no other."""
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet would run it."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file in pieces, for a streamed download: UTF-8 with the mark Excel needs, every cell safe."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    for cells in _chain(header, rows):
        writer.writerow([safe_cell(cell) for cell in cells])
        if out.tell() > _PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "Sheet1") -> bytes:
    """An XLSX file of one sheet, every cell safe."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet1")
    for cells in _chain(header, rows):
        sheet.append([safe_cell(cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def too_many_rows() -> str:
    """The sentence for more than `XLSX_MOST` rows: they are refused, not cut off."""
    return _("超过%(most)s件，请改用CSV或者其他格式导出。") % {"most": f"{XLSX_MOST:,}"}


def _chain(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows
