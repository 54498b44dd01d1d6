"""A small PDF that asks for gigabytes is refused in one sentence, quickly, and without taking them."""

from __future__ import annotations

import io
import resource
import time
import zlib

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.reading.opening import Unreadable
from gongkai.reading.reader import read_bytes
from tests.reading import published

_MANY = b"9" * 12


_WORDS = b"BT /F1 12 Tf 100 700 Td <0001000200030004000500060007000800090010> Tj ET"


def pdf(content: bytes = _WORDS, font: bytes = b"") -> bytes:
    """A PDF of one page with a font made to order."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        content
        if content.startswith(b"<<")
        else b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        + font
        + b">>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def packed(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    data = zlib.compress(content, 9)
    return b"<</Filter %s/Length %d>>stream\n%s\nendstream" % (filters, len(data), data)


BOMBS = {
    "widths of a font": pdf(font=b"/W[0 " + _MANY + b" 500]"),
    "widths of a font set upright": pdf(font=b"/W2[0 " + _MANY + b" 1 2 3]"),
    "a page": pdf(packed(b" " * 200_000_000)),
    "a page packed twice": pdf(packed(zlib.compress(b" " * 200_000_000, 9), b"[/FlateDecode/FlateDecode]")),
    "many pictures": pdf().replace(
        b"xref\n0 7",
        b"".join(
            b"%d 0 obj\n%s\nendobj\n" % (number, packed(b"0" * 60_000_000, b"/FlateDecode/Subtype/Image"))
            for number in range(7, 19)
        )
        + b"xref\n0 7",
    ),
    "many objects": pdf().replace(b"xref\n0 7", b"xref\n0 " + _MANY),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name):
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(Unreadable) as refused:
        read_bytes(BOMBS[name])
    assert str(refused.value).endswith("。")
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB


def test_a_drawing_of_many_lines_is_no_table():
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for number in range(3000):
        canvas.rect(10 + number % 500, 10 + number % 700, 5, 5)
        canvas.line(number % 590, 0, number % 400, 800)
    canvas.drawString(100, 100, "a map of something, with many words")
    canvas.save()
    start = time.process_time()
    with pytest.raises(Unreadable):
        read_bytes(stream.getvalue())
    assert time.process_time() - start < 5


@pytest.mark.parametrize("line", ["- 6 - 5 5 " * 1200, "- 6 - " * 1200 + "\t1"])
def test_a_line_of_page_numbers_longer_than_python_goes_down_into_itself_is_read(line):
    text = published.path("LYO22").read_text(encoding="utf-8")
    heading = "三、收到和处理政府信息公开申请情况"
    assert heading in text
    read = read_bytes(text.replace(heading, f"{heading}\n{line}", 1).encode())
    assert read.year == 2022
