"""Scanned pages through the ``ocr`` extra; without it, one clear sentence.

A page is looked at twice, in two sizes. A figure is taken only where both times the same was seen in the same place;
any other becomes a sign that cannot be read as one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..normal import half_width
from ..opening import Scanned, Unreadable
from ..stream import Row, text_row

_MISSING = "这是扫描件，需要文字识别组件；安装 gongkai[ocr] 后再读取，或使用含文字的网页、Word、PDF。"
_SCALES = (2.5, 3.2)  # about 180 and 230 dots per inch, where small figures are still recognised
_LARGEST = 40_000_000  # pixels; a page of A4 at 600 dots per inch has 35 million
_MAX_PAGES = 60
_SURE = 0.5  # how sure the engine has to be, both times
_OPAQUE = "?"
_DIGITS = re.compile(r"[0-9]")
_FIGURE_AT_END = re.compile(r"[0-9][0-9,.]*$")
_PAGE = re.compile(r"\s*[-—–－·一_~.]*\s*[0-9]{1,3}\s*[-—–－·一_~.]+\s*")


@dataclass(frozen=True, slots=True)
class Word:
    """What was recognised and where, in the units of the first look; ``left``, ``top``, ``right``, ``bottom``."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


def read_scan(data: bytes, is_pdf: bool) -> list[Row]:
    """The rows of a scan: a PDF without text, or a picture. Raises :class:`Scanned` without the extra."""
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError as error:
        raise Scanned(_MISSING) from error
    engine = RapidOCR()
    rows: list[Row] = []
    for page, images in enumerate(_images(data, is_pdf), 1):
        first, second = (list(_words(engine(image)[0] or [], scale)) for image, scale in images)
        rows.extend(_rows(agreed(first, second), page))
    return rows


def _images(data: bytes, is_pdf: bool) -> Iterator[list[tuple[Any, float]]]:
    """For each page two pictures, each with its size beside the first."""
    import numpy
    from PIL import Image, UnidentifiedImageError

    if is_pdf:
        import pypdfium2

        document = pypdfium2.PdfDocument(data)
        try:
            for number in range(min(len(document), _MAX_PAGES)):
                page = document[number]
                if page.get_width() * page.get_height() * _SCALES[-1] ** 2 > _LARGEST:
                    raise Unreadable("扫描件的页面过大，没有读取。")
                yield [
                    (numpy.asarray(page.render(scale=scale).to_pil().convert("RGB")), scale / _SCALES[0])
                    for scale in _SCALES
                ]
        finally:
            document.close()
        return
    try:
        opened = Image.open(io.BytesIO(data))
        if opened.width * opened.height > _LARGEST:
            raise Unreadable("图片过大，没有读取。")
        image = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Unreadable("图片已损坏，无法打开。") from error
    factor = _SCALES[-1] / _SCALES[0]
    larger = image.resize((int(image.width * factor), int(image.height * factor)))
    yield [(numpy.asarray(image), 1.0), (numpy.asarray(larger), factor)]


def _words(result: Iterable[Any], scale: float) -> Iterator[Word]:
    for box, text, score in result:
        xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
        yield Word(half_width(text).strip(), float(score), min(xs), min(ys), max(xs), max(ys))


def agreed(first: list[Word], second: list[Word]) -> list[Word]:
    """What was seen the first time, every figure replaced that was not seen likewise, and surely, the second time."""
    return [
        word
        if not _DIGITS.search(word.text) or _is_confirmed(word, second)
        else replace(word, text=_without_figure(word.text))
        for word in first
    ]


def _is_confirmed(word: Word, others: list[Word]) -> bool:
    return word.score >= _SURE and any(
        other.text == word.text
        and other.score >= _SURE
        and other.holds(word.middle)
        and word.holds(other.middle)
        for other in others
    )


def _without_figure(text: str) -> str:
    """A label keeps its number; a figure, alone or behind a label, is not known."""
    if _PAGE.fullmatch(text):
        return ""
    if not re.search(r"[\u4e00-\u9fff]", text):
        return _OPAQUE
    return _FIGURE_AT_END.sub(f" {_OPAQUE}", text)


def _rows(words: list[Word], page: int) -> Iterator[Row]:
    """Words of one height are one line."""
    line: list[Word] = []
    count = 0
    for word in sorted(words, key=lambda word: word.middle[1]):
        if line and word.middle[1] - line[0].middle[1] > 0.6 * (line[0].bottom - line[0].top):
            count += 1
            yield _line(line, page, count)
            line = []
        line.append(word)
    if line:
        yield _line(line, page, count + 1)


def _line(words: list[Word], page: int, number: int) -> Row:
    text = " ".join(word.text for word in sorted(words, key=lambda word: word.left))
    text = "" if _PAGE.fullmatch(text) else text
    return replace(text_row(text, f"第{page}页第{number}行（识别）"), recognised=True)
