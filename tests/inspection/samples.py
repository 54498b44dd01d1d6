"""Files with something hidden in them, made with the programs' own libraries."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pypdfium2 as pdfium
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas

ID = "11010519491231002X"


def xlsx(change: Callable[[Any], None] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "公示"
    book.active.append(["项目", "金额"])
    book.active.append(["道路", 12])
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def hidden_sheet(book: Any) -> None:
    sheet = book.create_sheet("底稿")
    sheet.append(["身份证", ID])
    sheet.sheet_state = "hidden"


def hidden_sheet_in_use(book: Any) -> None:
    hidden_sheet(book)
    book["公示"]["C2"] = "=底稿!B1"


def hidden_row(book: Any) -> None:
    book["公示"].row_dimensions[2].hidden = True


def hidden_column(book: Any) -> None:
    book["公示"].column_dimensions["B"].hidden = True


def comment(book: Any) -> None:
    book["公示"]["A1"].comment = Comment("此项先不要公开", "王科长")


def author(book: Any) -> None:
    book.properties.creator = "王科长"


def document(change: Callable[[Any], None] = lambda paper: None) -> bytes:
    paper = docx.Document()
    paper.core_properties.author = ""
    paper.core_properties.comments = ""
    paper.add_paragraph("关于道路施工的通告")
    change(paper)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def tracked(paper: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paper.paragraphs[0]._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="7" w:author="王科长"><w:r><w:delText>补偿八百万</w:delText></w:r></w:del>'
        )
    )


def vanishing(paper: Any) -> None:
    paper.paragraphs[0].add_run("不公开的一句").font.hidden = True


def blackened(paper: Any) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    paper.paragraphs[0].add_run("张三").font.highlight_color = WD_COLOR_INDEX.BLACK


def commented(paper: Any) -> None:
    paper.add_comment(paper.paragraphs[0].runs, text="领导未同意", author="王科长", initials="王")


def pdf(draw: Callable[[Canvas], None] = lambda page: None, **properties: str) -> bytes:
    written = io.BytesIO()
    page = Canvas(written, pageCompression=0)
    page.setAuthor(properties.get("author", ""))
    page.setTitle(properties.get("title", ""))
    page.setSubject("")
    page.drawString(72, 760, "Public notice")
    draw(page)
    page.showPage()
    page.save()
    return written.getvalue()


def under_a_box(page: Canvas) -> None:
    page.drawString(72, 700, "Zhang San 13812345678")
    page.setFillColor(black)
    page.rect(70, 695, 200, 16, stroke=0, fill=1)


def on_a_box(page: Canvas) -> None:
    """A table's head: the colour lies under the words."""
    page.setFillColor(black)
    page.rect(70, 695, 200, 16, stroke=0, fill=1)
    page.setFillColor(white)
    page.drawString(72, 700, "Head of the table")


def under_a_picture(page: Canvas) -> None:
    from reportlab.lib.utils import ImageReader

    page.drawString(72, 700, "Li Si 110105194912310")
    page.drawImage(ImageReader(Image.new("RGB", (20, 4), "black")), 70, 695, 200, 16)


def in_a_form(page: Canvas) -> None:
    """The box stands in a form object that is moved and scaled."""
    page.drawString(72, 700, "Wang Wu 13812345678")
    page.beginForm("box")
    page.setFillColor(black)
    page.rect(0, 0, 100, 8, stroke=0, fill=1)
    page.endForm()
    page.saveState()
    page.transform(2, 0, 0, 2, 70, 695)
    page.doForm("box")
    page.restoreState()


def note(page: Canvas) -> None:
    page.textAnnotation("领导未同意", [100, 100, 120, 120])


def highlight(page: Canvas) -> None:
    page.drawString(72, 700, "Covered by an annotation")
    page.highlightAnnotation("x", [70, 695, 200, 712], [70, 712, 200, 712, 70, 695, 200, 695])


def with_attachment() -> bytes:
    document = pdfium.PdfDocument(pdf())
    attached = document.new_attachment("名单.txt")
    attached.set_data("张三 13812345678".encode())
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


def saved_twice() -> bytes:
    once = pdf()
    return once + b"\n% changed afterwards\n%%EOF\n"


def jpeg(**more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(written, "JPEG", **more)
    return written.getvalue()


def located_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Wang"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 37.0, 11.0), 3: "E", 4: (112.0, 27.0, 1.0)})
    return jpeg(exif=exif, comment="taken by Wang")


def png(**text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, value in text.items():
        info.add_text(name, value)
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(written, "PNG", pnginfo=info)
    return written.getvalue()


def packed(**parts: bytes | str) -> bytes:
    """A zip of parts; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return written.getvalue()


def repacked(data: bytes, **replaced: bytes) -> bytes:
    """The package with parts replaced or added."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): content for name, content in replaced.items()}
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in wanted:
                target.writestr(name, source.read(name))
        for name, content in wanted.items():
            target.writestr(name, content)
    return written.getvalue()


def ofd(*, author: str = "王科长", signed: bool = False, annotated: bool = False) -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    sign = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>" if signed else ""
    root = (
        f"<ofd:OFD {space}><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID><ofd:Author>{author}</ofd:Author>"
        f"</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{sign}</ofd:DocBody></ofd:OFD>"
    )
    parts: dict[str, bytes | str] = {
        "OFD_dot_xml": root,
        "Doc_0__Document_dot_xml": f"<ofd:Document {space}/>",
        "Doc_0__Content_dot_xml": f"<ofd:Page {space}><ofd:TextCode>通告</ofd:TextCode></ofd:Page>",
    }
    if annotated:
        parts["Doc_0__Annot_dot_xml"] = f'<ofd:PageAnnot {space}><ofd:Annot Type="Stamp"/></ofd:PageAnnot>'
    return packed(**parts)
