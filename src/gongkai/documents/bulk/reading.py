"""A table of documents read row by row, however long it is: CSV, XLSX, JSON and JSON lines. Memory holds one row.

Rows come as ``(number, {key: text})``, the number as a spreadsheet shows it (for JSON: the number of the object).
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from gongkai.base import packages
from gongkai.base.tables import TableError, cell_text, check_package, plain_cell, unless_damaged
from gongkai.documents.bulk import columns, spooled
from gongkai.documents.bulk.columns import HeaderError

Row = tuple[int, dict[str, str]]
Opener = Callable[[], IO[bytes]]  # opens the table anew, from its beginning
LARGEST_CELL = (
    8 * 1024 * 1024
)  # characters of one cell that are looked at; longer ones are refused with their row
LARGEST_READ = (
    64 * 1024 * 1024
)  # characters of one cell or JSON object beyond which the file cannot be read on
MOST_PARTS = 2_000  # files inside an XLSX
LARGEST_UNPACKED = (
    4 * 1024**3
)  # bytes of an XLSX once unpacked, and characters of its rows; it is never unpacked as a whole
MOST_COLUMNS = 200
MOST_ROWS = 1_048_576  # of a spreadsheet; other files may have more
HEADER_WITHIN = 10
TOO_LONG = "\x00too long"  # stands for a cell that was not taken in
SUFFIXES = (".csv", ".txt", ".xlsx", ".json", ".jsonl", ".ndjson")
_csv_limit = threading.Lock()


def read(source: Opener, name: str, *, organ_given: bool = False) -> Iterator[Row]:
    """The rows of a table called `name`; with `organ_given` it need not say whose they are. Raises TableError, also while
    iterating."""
    suffix = PurePath(name).suffix.lower()
    with source() as stream:
        if not stream.read(1):
            raise TableError(_("文件是空的。"))
    if suffix in (".json", ".jsonl", ".ndjson"):
        return _json_rows(source, organ_given)
    if suffix in (".csv", ".txt"):
        return _rows(_csv_lines(source), organ_given)
    if suffix == ".xlsx":
        return _rows(_xlsx_lines(source), organ_given)
    if suffix in (".xls", ".et"):
        raise TableError(_("不能读取旧版表格（%(kind)s）；请另存为 .xlsx 后再导入。") % {"kind": suffix})
    raise TableError(_("只能导入 .csv、.xlsx、.json 或者 .jsonl 文件。"))


def _rows(lines: Iterator[tuple[int, Sequence[str]]], organ_given: bool) -> Iterator[Row]:
    keys: list[str] | None = None
    for number, cells in lines:
        if not any(cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise TableError(_("表格超过 %(most)d 列。") % {"most": MOST_COLUMNS})
        if keys is None:
            if columns.looks_like_header(cells):
                try:
                    keys = columns.keys_of(cells, organ_given=organ_given)
                except HeaderError as error:
                    raise TableError(str(error)) from error
            elif number >= HEADER_WITHIN:
                break
            continue
        if any(cells[len(keys) :]):
            raise TableError(
                _("第 %(row)d 行有一格没有表头：“%(text)s”。")
                % {"row": number, "text": next(cell for cell in cells[len(keys) :] if cell)[:20]}
            )
        row = {key: plain_cell(cell) for key, cell in zip(keys, cells, strict=False) if key and cell}
        if row:
            yield number, row
    if keys is None:
        raise TableError(_("没有找到表头；第一行请写列名，可以先取模板。"))


def _csv_lines(source: Opener) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(source)
    with io.TextIOWrapper(source(), encoding=encoding, newline="") as stream:
        first = stream.readline(1_000_000)
        stream.seek(0)
        delimiter = "\t" if "\t" in first and "," not in first else ","
        with _csv_limit:  # the module keeps one limit for the whole process; ours is never lowered again
            csv.field_size_limit(max(csv.field_size_limit(), LARGEST_READ))
        number = 0
        try:
            for cells in csv.reader(stream, delimiter=delimiter, strict=True):
                number += 1
                yield number, [_fitting(cell.strip()) for cell in cells]
        except csv.Error as error:
            raise TableError(
                _(
                    "第 %(row)d 行的引号或分隔符有误，或者有一格过长，从这一行起读不下去；请用表格软件另存后导入。"
                )
                % {"row": number + 1}
            ) from error
        except UnicodeDecodeError as error:
            raise TableError(_("CSV 文件中途换了编码，请另存为 UTF-8 后导入。")) from error


def _encoding(source: Opener) -> str:
    """UTF-8 or GB 18030, told from the whole file: a mistake in the last line would be as bad as one in the first."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source() as stream:
            while block := stream.read(1 << 20):
                if b"\0" in block:
                    raise TableError(_("这不是 CSV 文本文件。"))
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _fitting(cell: str) -> str:
    """A cell no longer than one is looked at, without the one character no database holds."""
    return TOO_LONG if len(cell) > LARGEST_CELL else cell.replace("\0", "")


def _xlsx_lines(source: Opener) -> Iterator[tuple[int, list[str]]]:
    with source() as stream, contextlib.ExitStack() as opened:
        size = stream.seek(0, io.SEEK_END)
        check_package(stream, most_parts=MOST_PARTS, largest=LARGEST_UNPACKED, too_large=_bomb())
        rows = unless_damaged(lambda: opened.enter_context(spooled.first_sheet(stream)))
        number = text = 0
        while (values := unless_damaged(lambda: next(rows, None))) is not None:
            number += 1
            if number > MOST_ROWS:  # a row that says it is the billionth would be waited for
                raise TableError(_("表格超过 %(most)d 行，请分成几份导入。") % {"most": MOST_ROWS})
            cells = [_fitting(cell_text(value)) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            text += sum(map(len, cells))  # one string of the file may be the text of every row
            if text > LARGEST_UNPACKED or packages.swells(text, size):
                raise TableError(_bomb())
            yield number, cells


def _bomb() -> str:
    return _("表格解压后过大，可能是压缩炸弹，不能导入；大批数据请用 CSV 或者 JSON。")


_SPACE = re.compile(r"[\s,]*")
_HALF = re.compile("[\ud800-\udfff]")  # half a character: an escape may write it, and nothing can keep it
_STEP = 1 << 16


def _json_rows(source: Opener, organ_given: bool) -> Iterator[Row]:
    for number, value in enumerate(_json_values(source), start=1):
        if not isinstance(value, dict):
            raise TableError(_("第 %(row)d 项不是一个对象；每份文件写成一个 JSON 对象。") % {"row": number})
        row: dict[str, str] = {}
        for name, one in value.items():
            key = columns.key_of(name)
            if key is None:
                raise TableError(
                    _("第 %(row)d 项有不认识的列：%(name)s。") % {"row": number, "name": name[:40]}
                )
            if key and (text := _json_text(one, lines=columns.BY_KEY[key].lines)):
                row[key] = _fitting(_HALF.sub("", text))
        if number == 1 and (missing := columns.missing_from(row, organ_given=organ_given)):
            raise TableError(_("第 1 项缺少：%(columns)s。") % {"columns": "、".join(missing)})
        if row:
            yield number, row


def _json_text(value: Any, *, lines: bool) -> str:
    if isinstance(value, list):
        return ("\n" if lines else ";").join(_json_text(one, lines=lines) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return cell_text(value)


def _json_values(source: Opener) -> Iterator[Any]:
    """The objects of an array, or of lines one after another, read piece by piece."""
    decoder = json.JSONDecoder()
    with io.TextIOWrapper(source(), encoding="utf-8-sig") as stream:
        buffer, at, ended, wanted = "", 0, False, _STEP
        opened: bool | None = None
        while True:
            at = _SPACE.match(buffer, at).end()  # type: ignore[union-attr]
            if opened is None and at < len(buffer):
                opened = buffer[at] == "["
                at += opened
                continue
            if at < len(buffer) and opened and buffer[at] == "]":
                return
            try:
                if at >= len(buffer):
                    raise ValueError
                value, at = decoder.raw_decode(buffer, at)
            except RecursionError as error:
                raise TableError(_("JSON 嵌套过深，不能导入。")) from error
            except ValueError as error:
                if ended:
                    if at >= len(buffer) and not opened:
                        return
                    raise TableError(_("JSON 有误，读不下去；请核对文件是否完整。")) from error
                buffer, at = buffer[at:], 0
                if len(buffer) > LARGEST_READ:
                    raise TableError(_("JSON 有误，或者有一项过大，读不下去。")) from error
                more = _more(stream, wanted)
                wanted = min(wanted * 2, LARGEST_READ) if buffer else _STEP
                ended = len(more) == 0
                buffer += more
                continue
            wanted = _STEP
            yield value
            if at > _STEP * 4:
                buffer, at = buffer[at:], 0


def _more(stream: io.TextIOWrapper, size: int) -> str:
    try:
        return stream.read(size)
    except UnicodeDecodeError as error:
        raise TableError(_("JSON 文件请用 UTF-8 编码。")) from error
