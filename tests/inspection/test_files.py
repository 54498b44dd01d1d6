"""Files before release: what is hidden is said, what can be taken out is, what is hostile is refused in one sentence."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from PIL import Image

from gongkai.inspection import Kind, NotCleanable, Weight, clean, inspect
from gongkai.inspection.finding import Inspection
from tests.inspection import samples


def kinds(inspection: Inspection) -> set[Kind]:
    assert not inspection.refused
    return {finding.kind for finding in inspection.findings if finding.weight is not Weight.NOTE}


@pytest.mark.parametrize(
    ("data", "name", "kind", "blocked", "cleanable"),
    [
        (samples.xlsx(samples.hidden_sheet), "a.xlsx", Kind.HIDDEN_SHEET, True, True),
        (samples.xlsx(samples.hidden_sheet_in_use), "a.xlsx", Kind.HIDDEN_SHEET, True, False),
        (samples.xlsx(samples.hidden_row), "a.xlsx", Kind.HIDDEN_CELLS, True, False),
        (samples.xlsx(samples.hidden_column), "a.xlsx", Kind.HIDDEN_CELLS, True, False),
        (samples.xlsx(samples.comment), "a.xlsx", Kind.COMMENTS, True, True),
        (samples.xlsx(samples.author), "a.xlsx", Kind.METADATA, False, True),
        (samples.document(samples.tracked), "a.docx", Kind.REVISIONS, True, False),
        (samples.document(samples.vanishing), "a.docx", Kind.HIDDEN_TEXT, True, True),
        (samples.document(samples.blackened), "a.docx", Kind.COVERED_TEXT, True, False),
        (samples.document(samples.commented), "a.docx", Kind.COMMENTS, True, True),
        (samples.pdf(samples.under_a_box), "a.pdf", Kind.COVERED_TEXT, True, False),
        (samples.pdf(samples.under_a_picture), "a.pdf", Kind.COVERED_TEXT, True, False),
        (samples.pdf(samples.in_a_form), "a.pdf", Kind.COVERED_TEXT, True, False),
        (samples.pdf(samples.note), "a.pdf", Kind.COMMENTS, True, True),
        (samples.pdf(samples.highlight), "a.pdf", Kind.COMMENTS, True, False),
        (samples.pdf(author="Wang"), "a.pdf", Kind.METADATA, False, True),
        (samples.with_attachment(), "a.pdf", Kind.EMBEDDED, True, True),
        (samples.saved_twice(), "a.pdf", Kind.REVISIONS, True, True),
        (samples.located_jpeg(), "a.jpg", Kind.LOCATION, True, True),
        (samples.png(Author="Wang"), "a.png", Kind.METADATA, False, True),
        (samples.jpeg() + b"secret list", "a.jpg", Kind.EMBEDDED, True, True),
        (samples.ofd(), "a.ofd", Kind.METADATA, False, True),
        (samples.ofd(signed=True), "a.ofd", Kind.METADATA, False, False),
        (samples.ofd(author="", annotated=True), "a.ofd", Kind.COMMENTS, True, False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", Kind.NOT_INSPECTED, True, False),
        (samples.packed(a_dot_txt="x"), "a.zip", Kind.NOT_INSPECTED, True, False),
        (b"\0\1\2\3", "a.bin", Kind.NOT_INSPECTED, True, False),
    ],
    ids=lambda value: value.value if isinstance(value, Kind) else "",
)
def test_what_is_hidden_is_found(data: bytes, name: str, kind: Kind, blocked: bool, cleanable: bool) -> None:
    inspection = inspect(data, name)
    of_kind = [finding for finding in inspection.findings if finding.kind is kind]
    assert of_kind, inspection
    assert any(finding.cleanable for finding in of_kind) is cleanable
    assert any(finding.weight is Weight.BLOCK for finding in of_kind) is blocked
    assert all(finding.message.endswith("。") for finding in inspection.findings)


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (samples.xlsx(), "a.xlsx", "道路\t12"),
        (samples.document(), "a.docx", "关于道路施工的通告"),
        (samples.pdf(samples.on_a_box), "a.pdf", "Head of the table"),
        (samples.ofd(author=""), "a.ofd", "通告"),
        ("通告".encode("gb18030"), "a.txt", "通告"),
        ("通告".encode("utf-16"), "a.txt", "通告"),
    ],
)
def test_the_text_is_given_for_the_prescreen(data: bytes, name: str, text: str) -> None:
    inspection = inspect(data, name)
    assert text in inspection.text
    assert not {f.kind for f in inspection.findings} & {Kind.COVERED_TEXT, Kind.HIDDEN_TEXT}
    assert not inspection.blocked


def test_text_in_hidden_sheets_is_screened_too() -> None:
    assert samples.ID in inspect(samples.xlsx(samples.hidden_sheet), "a.xlsx").text


CLEANED = [
    (samples.xlsx(samples.hidden_sheet), "a.xlsx"),
    (samples.xlsx(samples.comment), "a.xlsx"),
    (samples.xlsx(samples.author), "a.xlsx"),
    (samples.document(samples.vanishing), "a.docx"),
    (samples.document(samples.commented), "a.docx"),
    (samples.pdf(samples.note), "a.pdf"),
    (samples.pdf(author="Wang", title="草稿"), "a.pdf"),
    (samples.with_attachment(), "a.pdf"),
    (samples.saved_twice(), "a.pdf"),
    (samples.located_jpeg(), "a.jpg"),
    (samples.jpeg() + b"secret list", "a.jpg"),
    (samples.png(Author="Wang") + b"secret list", "a.png"),
    (samples.ofd(), "a.ofd"),
]


@pytest.mark.parametrize(("data", "name"), CLEANED)
def test_cleaning_leaves_nothing_to_clean_and_what_a_reader_sees(data: bytes, name: str) -> None:
    before, after = inspect(data, name), inspect(clean(data, name), name)
    assert before.cleanable
    assert not after.findings
    assert not after.blocked
    seen = [line for line in after.text.splitlines() if line]
    assert all(line in before.text for line in seen)
    if name == "a.jpg":
        assert not seen


def test_a_cleaned_workbook_opens_with_its_other_sheets_and_names() -> None:
    def change(book: object) -> None:
        samples.hidden_sheet(book)
        samples.comment(book)
        last = book.create_sheet("附表")  # type: ignore[attr-defined]
        last.append(["乡镇", 3])
        last.print_title_rows = "1:1"

    cleaned = clean(samples.xlsx(change), "a.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(cleaned))
    assert book.sheetnames == ["公示", "附表"]
    assert book["附表"]["B1"].value == 3
    assert book["附表"].print_title_rows == "$1:$1"
    assert book["公示"]["A1"].comment is None
    assert book["公示"]["A2"].value == "道路"


def test_a_cleaned_photograph_keeps_its_pixels_and_how_it_is_turned() -> None:
    data = samples.located_jpeg()
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(clean(data, "a.jpg"))) as after:
        assert before.tobytes() == after.tobytes()
        assert after.getexif()[0x0112] == 6


def test_cleaning_a_pdf_never_uncovers_anything() -> None:
    def draw(page: object) -> None:
        samples.note(page)  # type: ignore[arg-type]
        samples.highlight(page)  # type: ignore[arg-type]

    with pytest.raises(NotCleanable, match="没有可以自动清理"):
        clean(samples.pdf(draw, author="Wang"), "a.pdf")


def bomb() -> bytes:
    return samples.repacked(
        samples.xlsx(), xl__sharedStrings_dot_xml=b"<sst>" + b" " * 30_000_000 + b"</sst>"
    )


def packed_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", b"\0" * 40_000_000)
    return written.getvalue()


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    page = Canvas(written, encrypt=StandardEncryption("secret"))
    page.drawString(72, 700, "x")
    page.save()
    return written.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(samples.document())
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    return bytes(data)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.pdf", "空的"),
        (samples.pdf(), "a.docx", "与扩展名不符"),
        (samples.document(), "a.xlsx", "与扩展名不符"),
        (samples.jpeg(), "a.png", "与扩展名不符"),
        (b"MZ\x90\0" * 40, "a.pdf", "与扩展名不符"),
        (samples.pdf() + samples.document(), "a.pdf", "既是 PDF 又是压缩包"),
        (samples.jpeg() + samples.packed(a="x"), "a.jpg", "既是图片又是压缩包"),
        (b"PK\x03\x04junk" + samples.document(), "a.docx", "夹带"),
        (samples.repacked(samples.document(), word__document_dot_xml=ENTITY), "a.docx", "实体"),
        (
            samples.repacked(samples.document(), word__document_dot_xml=ENTITY.decode().encode("utf-16")),
            "a.docx",
            "实体",
        ),
        (samples.repacked(samples.xlsx(), xl__worksheets__sheet1_dot_xml=ENTITY), "a.xlsx", "实体"),
        (samples.packed(OFD_dot_xml=ENTITY), "a.ofd", "实体"),
        (packed_bomb(), "a.docx", "压缩炸弹"),
        (bomb(), "a.xlsx", "压缩炸弹"),
        (encrypted_zip(), "a.docx", "已加密"),
        (encrypted_pdf(), "a.pdf", "已加密"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
            "a.doc",
            "已加密",
        ),
        (samples.packed(**{"..__evil": "x", "word__document_dot_xml": "<x/>"}), "a.docx", "不正常"),
        (b"%PDF-1.7\nnothing", "a.pdf", "损坏"),
        (b"\xff\xd8\xff\xe0", "a.jpg", "损坏"),
    ],
)
def test_what_is_hostile_is_refused_in_one_sentence(data: bytes, name: str, said: str) -> None:
    inspection = inspect(data, name)
    assert said in inspection.refused
    assert inspection.refused.endswith("。")
    assert inspection.blocked
    assert not inspection.cleanable
    with pytest.raises(NotCleanable, match=said):
        clean(data, name)


def test_a_sheet_of_ten_thousand_rows_is_read_whole() -> None:
    def change(book: object) -> None:
        for number in range(10_000):
            book.active.append([number, f"第{number}行", "道路"])  # type: ignore[attr-defined]
        book.active.row_dimensions[9_000].hidden = True  # type: ignore[attr-defined]

    inspection = inspect(samples.xlsx(change), "a.xlsx")
    assert Kind.HIDDEN_CELLS in kinds(inspection)
    assert "第9999行" in inspection.text
