"""An XLSX sheet of any length: its table of shared strings lies in an unlinked file, not in memory."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

_CACHED = 2_000  # strings kept at hand: those of a column of few values come again and again


@contextmanager
def first_sheet(stream: IO[bytes]) -> Iterator[Iterator[Sequence[Any]]]:
    """The rows of the first sheet as plain values. Raises what openpyxl raises."""
    reader = _Reader(stream, read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
        sheet = reader.wb.worksheets[0]
        sheet.reset_dimensions()  # the file's own claim about its size is not to be trusted
        yield sheet.iter_rows(values_only=True)
    finally:
        reader.close()


class _Reader(ExcelReader):
    """openpyxl's reader with its strings spooled."""

    spool: _Strings | None = None

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            self.spool = _Strings(source)
        self.shared_strings = self.spool  # type: ignore[assignment]

    def close(self) -> None:
        if self.spool is not None:
            self.spool.close()
        self.archive.close()


class _Strings:
    """Shared strings by number, on disk."""

    def __init__(self, source: IO[bytes]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the reader
        self._ends = array("Q", [0])
        self._cache: dict[int, str] = {}
        item = f"{{{SHEET_MAIN_NS}}}si"
        end = 0
        root = None
        # the caller has refused every package that declares entities
        for event, node in iterparse(source, events=("start", "end")):  # noqa: S314
            if root is None:
                root = node
            if event == "end" and node.tag == item:
                found = Text.from_tree(node)
                raw = (found.content if found else "").replace("x005F_", "").encode()
                root.clear()  # what was read stays in no tree
                self._file.write(raw)
                end += len(raw)
                self._ends.append(end)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        found = self._cache.get(number)
        if found is None:
            start, end = self._ends[number], self._ends[number + 1]
            self._file.seek(start)
            found = self._file.read(end - start).decode()
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[number] = found
        return found

    def close(self) -> None:
        self._file.close()
