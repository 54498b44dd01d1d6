"""Typefaces and styles of the Word document."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FANGSONG, HEITI, KAITI, XIAOBIAOSONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LATIN = "Times New Roman"
# What to take where a typeface is not installed: the word processor looks through these.
_INSTEAD = {
    FANGSONG: "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    HEITI: "SimHei,STHeiti,Noto Sans CJK SC",
    KAITI: "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    XIAOBIAOSONG: "宋体,SimSun,STSong,Noto Serif CJK SC",
}


def font(run: Run, family: str, size: float) -> None:
    """Set Chinese in `family`, figures and Latin letters in Times New Roman."""
    run.font.size = Pt(size)
    _families(run._element.get_or_add_rPr(), family)


def plain_style(style: ParagraphStyle, family: str, size: float, line: Length) -> None:
    """A paragraph style in black upright letters on lines of equal height."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _families(style.element.get_or_add_rPr(), family)
    made = style.paragraph_format
    made.line_spacing, made.space_before, made.space_after = line, Pt(0), Pt(0)


def _families(properties: object, family: str) -> None:
    known = properties.find(qn("w:rFonts"))  # type: ignore[attr-defined]
    if known is not None:
        properties.remove(known)  # type: ignore[attr-defined] # names of the template's theme
    fonts = OxmlElement("w:rFonts")
    for kind, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", family), ("cs", LATIN)):
        fonts.set(qn(f"w:{kind}"), name)
    fonts.set(qn("w:hint"), "eastAsia")
    properties.insert(0, fonts)  # type: ignore[attr-defined]


def page_field(paragraph: Paragraph, size: float) -> None:
    """The number of the page."""
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)
    run = paragraph.add_run("1")
    font(run, FANGSONG, size)
    number.append(run._r)


def chinese(file: Document) -> None:
    """Tell the word processor that the text is Chinese: its rules of line breaking and spacing depend on it."""
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def declare_fonts(file: Document) -> None:
    """Write the table of typefaces, with what may stand in for each."""
    entries = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/>"
        '<w:charset w:val="86"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
        for name, others in _INSTEAD.items()
    )
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{nsmap["w"]}">{entries}</w:fonts>'
    for part in file.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = table.encode()
