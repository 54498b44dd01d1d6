"""Tables read row by row, in every format, and refused where they cannot be."""

from __future__ import annotations

import csv
import io
import itertools
import json
import tracemalloc
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base import packages, tables
from gongkai.base.tables import TableError, xlsx_bytes
from gongkai.documents.bulk import reading
from gongkai.documents.bulk.columns import COLUMNS, HEADERS, PROBLEM, ROW
from tests.documents.bulk.support import PLAIN, csv_of, read

EXPECTED = [(2, PLAIN)]
_HEADER = [HEADERS[key] for key in PLAIN]
_STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def _xlsx(rows: list[list[object]]) -> bytes:
    """As Excel saves it: every text once, in a table of shared strings. openpyxl writes texts where they stand."""
    book, strings = openpyxl.Workbook(), list(dict.fromkeys(str(cell) for row in rows for cell in row))
    out = io.BytesIO()
    book.save(out)
    number = {text: at for at, text in enumerate(strings)}
    listed = (
        f'<row r="{at}">{"".join(f"""<c t="s"><v>{number[str(cell)]}</v></c>""" for cell in row)}</row>'
        for at, row in enumerate(rows, start=1)
    )
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{name}"><sheetData>{"".join(listed)}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{name}">{"".join(f"<si><t>{text}</t></si>" for text in strings)}</sst>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        types = source.read("[Content_Types].xml").decode()
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{_STRINGS}</Types>")
        for member in source.namelist():
            if member not in parts:
                archive.writestr(member, source.read(member))
        for member, text in parts.items():
            archive.writestr(member, text)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_the_day(encoding: str) -> None:
    assert read(csv_of([PLAIN]).decode().encode(encoding), "表.csv") == EXPECTED


def test_xlsx_with_shared_and_with_inline_strings() -> None:
    rows: list[list[object]] = [_HEADER, list(PLAIN.values())]
    assert read(_xlsx(rows), "表.xlsx") == EXPECTED
    assert read(xlsx_bytes(_HEADER, [list(PLAIN.values())]), "表.xlsx") == EXPECTED


def test_json_as_array_and_as_lines() -> None:
    objects = [{HEADERS[key]: text for key, text in PLAIN.items()}, dict(PLAIN)]
    expected = [(1, PLAIN), (2, PLAIN)]
    assert read(json.dumps(objects, ensure_ascii=False, indent=1).encode(), "表.json") == expected
    lines = "\n".join(json.dumps(one) for one in objects)
    assert read(lines.encode(), "表.jsonl") == expected
    assert read(("\ufeff" + lines).encode(), "表.json") == expected


def test_json_lists_fill_a_cell() -> None:
    row = {**PLAIN, "annexes": ["甲.pdf", "乙.pdf"], "released_on": ["2020-01-01", "2020-01-02"]}
    ((_number, found),) = read(json.dumps([row]).encode(), "表.json")
    assert found["annexes"] == "甲.pdf;乙.pdf"
    assert found["released_on"] == "2020-01-01\n2020-01-02"


def test_a_title_above_the_header_and_our_own_columns_are_passed_over() -> None:
    sheet = [["单位文件登记表"], [], [ROW, PROBLEM, *(f"{title}*" for title in _HEADER)]]
    sheet.append(["7", "成文日期有误", *PLAIN.values()])
    out = io.StringIO(newline="")
    csv.writer(out).writerows(sheet)
    assert read(out.getvalue().encode(), "表.csv") == [(4, PLAIN)]


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), min_size=1, max_size=30)
)
def test_json_in_pieces_is_json(texts: list[str]) -> None:
    rows = [{**PLAIN, "title": f"题{text}"} for text in texts]
    content = json.dumps(rows, ensure_ascii=False).encode()
    before = reading._STEP
    try:
        reading._STEP = 7  # pieces cut through everything
        found = read(content, "表.json")
    finally:
        reading._STEP = before
    assert [row["title"] for _number, row in found] == [f"题{text}".strip() for text in texts]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "空的"),
        (b"x", "a.pdf", "只能导入"),
        (b"x", "a.xls", "旧版表格"),
        (b"a,b\nc,d\n", "a.csv", "没有找到表头"),
        ("标题,类型\n甲,乙\n".encode(), "a.csv", "缺少列：机关、成文日期"),
        ("机关,标题,类型,成文日期,奇怪\n".encode(), "a.csv", "不认识的列：奇怪"),
        ("机关,标题,标题,类型,成文日期\n".encode(), "a.csv", "重复的列：标题"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "损坏"),
        (b"\0\1\2", "a.csv", "不是 CSV"),
        ('机关,标题,类型,成文日期\n甲,"乙'.encode(), "a.csv", "引号"),
        (b"[1]", "a.json", "不是一个对象"),
        (b'[{"organ": ', "a.json", "读不下去"),
        (b'[{"organ": "a"}]', "a.json", "缺少：类型、标题、成文日期"),
        (b'[{"nothing": "a"}]', "a.json", "不认识的列"),
        (b"[" * 200_000, "a.json", "JSON"),
        ('[{"organ": "\udcff"}]'.encode(errors="surrogateescape"), "a.json", "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(content: bytes, name: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(content, name)


def test_an_xlsx_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    with pytest.raises(TableError, match="压缩炸弹"):
        read(out.getvalue(), "a.xlsx")


def test_an_xlsx_with_entities_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "xl/sharedStrings.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'
        )
    with pytest.raises(TableError, match="不安全"):
        read(out.getvalue(), "a.xlsx")


_TYPED = '<!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/sharedStrings.xml", ("\ufeff" + _TYPED).encode("utf-16-le")),
        ("xl/sharedStrings.xml", ("\ufeff" + _TYPED).encode("utf-16-be")),
        ("xl/sharedStrings.xml", f"<!--{' ' * 5000}-->{_TYPED}".encode()),
        ("xl/sharedStrings.xml", f"<!--{' ' * 2_000_000}--><sst/>".encode()),
        ("xl/strings.dat", _TYPED.encode()),
    ],
)
def test_a_declared_type_is_found_wherever_it_hides(name: str, content: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("docProps/thumbnail.jpeg", b"\xff\xd8\xff" + bytes(range(256)))
        archive.writestr(name, content)
    with pytest.raises(TableError, match="不安全"):
        read(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("told", [2_500, 1])
def test_a_package_of_too_many_parts_is_not_listed(told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither when its end record tells the number, nor when that lies."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_500):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    content = bytearray(out.getvalue())
    content[-14:-10] = told.to_bytes(2, "little") * 2
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(TableError, match="压缩炸弹"):
        read(bytes(content), "a.xlsx")


def test_a_row_that_claims_to_be_the_billionth_is_not_waited_for() -> None:
    book = zipfile.ZipFile(io.BytesIO(_xlsx([_HEADER, list(PLAIN.values())])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in book.infolist():
            text = book.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(b'<row r="2"', b'<row r="2000000000"').replace(b'2"', b'2"')
            archive.writestr(member.filename, text)
    with pytest.raises(TableError, match=r"超过 1048576 行|损坏"):
        read(out.getvalue(), "a.xlsx")


def _lines(count: int) -> Iterator[bytes]:
    yield csv_of([PLAIN])
    for number in range(count):
        yield f"city,政务信息,信息{number}{'长' * 200},2021-03-01\r\n".encode()


class _Endless(io.RawIOBase):
    """A table that is never in memory as a whole."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pieces, self._left = _lines(count), b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        assert (offset, whence) == (0, io.SEEK_SET)
        self._pieces, self._left = _lines(self._count), b""
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while len(self._left) < len(buffer) and (piece := next(self._pieces, b"")):
            self._left += piece
        found, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)


def test_memory_holds_rows_not_tables() -> None:
    """Five times the rows, the same memory."""
    peaks = []
    for count in (6_000, 30_000):
        tracemalloc.start()
        found = sum(
            1 for _row in reading.read(lambda count=count: io.BufferedReader(_Endless(count)), "表.csv")
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == count + 1
    assert peaks[1] < peaks[0] * 1.2 + 200_000


def test_shared_strings_lie_on_disk() -> None:
    """A sheet of 4 MB of different texts is read with a fraction of it in memory."""
    rows: list[list[object]] = [_HEADER]
    rows += [["city", "政务信息", f"{n}{'题' * 250}", "2021-03-01"] for n in range(6_000)]
    content = _xlsx(rows)
    tracemalloc.start()
    base = tracemalloc.get_traced_memory()[0]
    found = sum(1 for _row in reading.read(lambda: io.BytesIO(content), "表.xlsx"))
    peak = tracemalloc.get_traced_memory()[1] - base
    tracemalloc.stop()
    assert found == 6_000
    assert peak < 3_500_000 + len(content)


def test_every_column_has_a_header_and_a_word_of_help() -> None:
    assert len({column.header for column in COLUMNS}) == len({column.key for column in COLUMNS})
    assert all(str(column.help) for column in COLUMNS)


def test_a_damaged_xlsx_is_said_to_be_damaged_wherever_the_damage_is() -> None:
    """Every byte that may be off: read as it is all the same, or refused in a sentence; nothing else."""
    whole = _xlsx([_HEADER, *(["city", "政务信息", f"信息{n}", "2021-03-01"] for n in range(5))])
    refused = 0
    for place in range(0, len(whole), 7):
        content = bytearray(whole)
        content[place] ^= 0x11 + place % 200
        for read_it in (lambda data: read(data, "表.xlsx"), lambda data: list(tables.read(data, "表.xlsx"))):
            try:
                read_it(bytes(content))
            except TableError:
                refused += 1
    assert refused > 500


def test_one_long_string_in_every_row_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small as a file, small unpacked: what swells is the rows."""
    row = [*PLAIN.values(), "字" * 30_000]
    content = _xlsx([[*_HEADER, "正文"], *([row] * 400)])
    assert len(content) < 30_000
    monkeypatch.setattr(packages, "LARGE", 5_000_000)
    rows = reading.read(lambda: io.BytesIO(content), "表.xlsx")
    assert len(list(itertools.islice(rows, 100))) == 100
    with pytest.raises(TableError, match="压缩炸弹"):
        list(rows)


def test_half_a_character_in_json_is_left_out() -> None:
    """Written as an escape it is JSON, but no database keeps it."""
    ((_number, row),) = read(json.dumps([{**PLAIN, "title": "信\ud800息\0"}]).encode(), "表.json")
    assert row["title"] == "信息"
