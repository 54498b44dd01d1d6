"""Scanned pages through the ``ocr`` extra; without it, one clear sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ..opening import Scanned
from ..stream import Row, text_row

_MISSING = "这是扫描件，需要文字识别组件；安装 gongkai[ocr] 后再读取，或使用含文字的网页、Word、PDF。"
_SCALE = 2.5  # about 180 dots per inch, where small figures are still recognised
_MAX_PAGES = 60
_SURE = 0.9  # a recognised figure below this confidence is not used


def read_scan(data: bytes, is_pdf: bool) -> list[Row]:
    """The rows of a scan: a PDF without text, or a picture. Raises :class:`Scanned` without the extra."""
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError as error:
        raise Scanned(_MISSING) from error
    engine = RapidOCR()
    return [
        row
        for page, image in enumerate(_images(data, is_pdf), 1)
        for row in _rows(engine(image)[0] or [], page)
    ]


def _images(data: bytes, is_pdf: bool) -> Iterator[Any]:
    import numpy
    from PIL import Image

    if not is_pdf:
        yield numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(min(len(document), _MAX_PAGES)):
            yield numpy.asarray(document[number].render(scale=_SCALE).to_pil().convert("RGB"))
    finally:
        document.close()


def _rows(result: Any, page: int) -> Iterator[Row]:
    """Words of one height are one line; a doubtful figure is replaced by a sign that cannot be read as one."""
    words = [
        (float(box[0][1] + box[2][1]) / 2, float(box[0][0]), float(abs(box[2][1] - box[0][1])), text, score)
        for box, text, score in result
    ]
    words.sort()
    line: list[Any] = []
    count = 0
    for word in words:
        if line and word[0] - line[0][0] > 0.6 * line[0][2]:
            count += 1
            yield _line(line, page, count)
            line = []
        line.append(word)
    if line:
        yield _line(line, page, count + 1)


def _line(words: list[Any], page: int, number: int) -> Row:
    words = sorted(words, key=lambda word: word[1])
    texts = [
        "?" if any(c.isdigit() for c in text) and score < _SURE else text for _, _, _, text, score in words
    ]
    return text_row(" ".join(texts), f"第{page}页第{number}行（识别）")
