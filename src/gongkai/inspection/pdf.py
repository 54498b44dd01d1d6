"""PDF: what is drawn over text, notes, layers, older versions, properties, scripts and attached files."""

from __future__ import annotations

import ctypes
import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from .finding import Finding, Kind, Refusal, Weight

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it narrates every oddity of a broken file

MOST_PAGES = 2000
MOST_OBJECTS = 400_000
MOST_PAIRS = 2_000_000
_MOST_TEXT = 400_000
_DEEPEST = 8
_SMALLEST = 20.0  # square points: smaller boxes are rules and dots
_MOSTLY = 0.6  # of a character must be covered
_TELLING = {"Author": "作者", "Subject": "主题", "Keywords": "关键词", "Title": "标题"}
_NOTES = frozenset({raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_POPUP})
_PLAIN = frozenset({raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET})
_ATTACHED = frozenset({raw.FPDF_ANNOT_FILEATTACHMENT, raw.FPDF_ANNOT_SOUND, raw.FPDF_ANNOT_MOVIE})

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class _Looked:
    """What one pass over the pages saw."""

    text: list[str] = field(default_factory=list)
    covered: list[tuple[int, str]] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    notes: int = 0
    drawn: int = 0
    attached: int = 0
    widgets: int = 0
    objects: int = 0
    pairs: int = 0
    characters: int = 0
    incomplete: bool = False


def inspect(data: bytes) -> tuple[list[Finding], str]:
    """The findings and the text. Raises Refusal."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Refusal("文件既是 PDF 又是压缩包，内容与扩展名不符，没有打开。")
    with closing(_opened(data)) as document:
        looked = _look(document)
        catalogue = _catalogue(data)
        hidden = _hidden_layers(catalogue)
        signed = raw.FPDF_GetSignatureCount(document.raw) > 0
        locked = raw.FPDF_GetSecurityHandlerRevision(document.raw) >= 0
        # Writing the pages anew would reveal what a layer or a drawn box hides, break a signature, lose a form.
        renewable = not (hidden or looked.drawn or signed or locked or looked.widgets or looked.incomplete)
        found = [
            *_properties(document, catalogue, renewable),
            *_attachments(document, catalogue, looked, renewable),
            *_layers(hidden),
            *_versions(data, signed, renewable),
            *_on_pages(looked, renewable),
        ]
    return found, "\n".join(looked.text)[:_MOST_TEXT]


def clean(data: bytes) -> bytes:
    """The pages in a new file: properties, attached files, scripts and older versions stay behind; notes are removed."""
    with closing(_opened(data)) as document, closing(pdfium.PdfDocument.new()) as renewed:
        renewed.import_pages(document)
        for number in range(len(renewed)):
            with closing(renewed[number]) as page:
                for index in reversed(range(raw.FPDFPage_GetAnnotCount(page.raw))):
                    if _subtype(page, index) in _NOTES:
                        raw.FPDFPage_RemoveAnnot(page.raw, index)
        written = io.BytesIO()
        renewed.save(written)
    return written.getvalue()


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).casefold():
            raise Refusal("文件已加密，不能检查，请去除密码后重新上传。") from error
        raise Refusal("文件已损坏，打不开，请重新生成后再上传。") from error
    if len(document) > MOST_PAGES:
        document.close()
        raise Refusal(f"文件超过{MOST_PAGES}页，不能检查，请拆分后上传。")
    if len(document) == 0:
        document.close()
        raise Refusal("文件没有可看的页面，请重新生成后再上传。")
    return document


# --- pages -----------------------------------------------------------------------------------------------------------


def _look(document: pdfium.PdfDocument) -> _Looked:
    looked = _Looked()
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            looked.incomplete = True
            continue
        with closing(page):
            _annotations(page, looked)
            _page(page, number + 1, looked)
    return looked


def _annotations(page: pdfium.PdfPage, looked: _Looked) -> None:
    count = raw.FPDFPage_GetAnnotCount(page.raw)
    for index in range(min(count, 20_000)):
        kind = _subtype(page, index)
        if kind in _NOTES:
            looked.notes += 1
        elif kind in _ATTACHED:
            looked.attached += 1
        elif kind == raw.FPDF_ANNOT_WIDGET:
            looked.widgets += 1
        elif kind not in _PLAIN:
            looked.drawn += 1


def _subtype(page: pdfium.PdfPage, index: int) -> int:
    annotation = raw.FPDFPage_GetAnnot(page.raw, index)
    if not annotation:
        return int(raw.FPDF_ANNOT_UNKNOWN)
    try:
        return int(raw.FPDFAnnot_GetSubtype(annotation))
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


@dataclass(frozen=True)
class _Text:
    order: int
    address: int
    box: Box


def _page(page: pdfium.PdfPage, number: int, looked: _Looked) -> None:
    texts: list[_Text] = []
    covers: list[tuple[int, Box]] = []
    unseen = False
    width, height = page.get_size()
    for order, (item, matrix) in enumerate(_walk(page, looked)):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            if raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
                unseen = True
            elif (box := _box(item, matrix)) is not None:
                texts.append(_Text(order, _address(item), box))
        elif texts and (box := _box(item, matrix)) is not None and _area(box) >= _SMALLEST:
            if kind == raw.FPDF_PAGEOBJ_IMAGE and _area(box) >= 0.9 * width * height:
                unseen = True  # a scan laid over its own recognised text
            elif kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_PATH and _is_filled(item)):
                covers.append((order, box))
    if unseen:
        looked.unseen.append(number)
    suspects = _suspects(texts, covers, looked)
    textpage = page.get_textpage()
    with closing(textpage):
        if sum(map(len, looked.text)) < _MOST_TEXT:
            looked.text.append(textpage.get_text_range())
        if suspects:
            covered = _covered_characters(textpage, suspects, looked)
            if covered:
                looked.covered.append((number, covered))


def _walk(page: pdfium.PdfPage, looked: _Looked) -> Iterator[tuple[Any, Matrix]]:
    """Every object in the order it is painted, with the matrix that puts it on the page."""
    count = raw.FPDFPage_CountObjects(page.raw)
    for index in range(max(0, count)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        if item:
            yield from _within(item, _IDENTITY, 0, looked)
        if looked.incomplete:
            return


def _within(item: Any, matrix: Matrix, depth: int, looked: _Looked) -> Iterator[tuple[Any, Matrix]]:
    looked.objects += 1
    if looked.objects > MOST_OBJECTS or depth > _DEEPEST:
        looked.incomplete = True
        return
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
        yield item, matrix
        return
    own = raw.FS_MATRIX()
    inner = matrix
    if raw.FPDFPageObj_GetMatrix(item, own):
        inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    for index in range(max(0, raw.FPDFFormObj_CountObjects(item))):
        part = raw.FPDFFormObj_GetObject(item, index)
        if part:
            yield from _within(part, inner, depth + 1, looked)
        if looked.incomplete:
            return


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _box(item: Any, matrix: Matrix) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    placed = [
        (x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5])
        for x, y in corners
    ]
    xs, ys = [x for x, _y in placed], [y for _x, y in placed]
    return min(xs), min(ys), max(xs), max(ys)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    return _area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def _is_filled(item: Any) -> bool:
    """Whether a path is filled with an opaque colour, whichever."""
    mode, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return True  # a pattern
    return alpha.value >= 230


def _suspects(texts: list[_Text], covers: list[tuple[int, Box]], looked: _Looked) -> dict[int, list[Box]]:
    """Texts, by address, over which something opaque was painted later."""
    found: dict[int, list[Box]] = {}
    for order, cover in covers:
        for text in texts:
            looked.pairs += 1
            if looked.pairs > MOST_PAIRS:
                looked.incomplete = True
                return found
            if text.order < order and _overlap(text.box, cover) > 0:
                found.setdefault(text.address, []).append(cover)
    return found


def _covered_characters(textpage: pdfium.PdfTextPage, suspects: dict[int, list[Box]], looked: _Looked) -> str:
    """The characters that lie mostly under a box."""
    covered: list[str] = []
    count = textpage.count_chars()
    for index in range(count):
        looked.characters += 1
        if looked.characters > MOST_PAIRS:
            looked.incomplete = True
            break
        boxes = suspects.get(_address(raw.FPDFText_GetTextObject(textpage.raw, index)))
        if boxes is None:
            continue
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not raw.FPDFText_GetCharBox(textpage.raw, index, left, right, bottom, top):
            continue
        own = (left.value, bottom.value, right.value, top.value)
        if _area(own) and any(_overlap(own, box) >= _MOSTLY * _area(own) for box in boxes):
            covered.append(chr(raw.FPDFText_GetUnicode(textpage.raw, index) or 32))
    return "".join(covered).strip()


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0 if item else 0


def _on_pages(looked: _Looked, renewable: bool) -> Iterator[Finding]:
    for number, text in looked.covered:
        yield Finding(
            Kind.COVERED_TEXT,
            Weight.BLOCK,
            f"第{number}页有{len(text)}个字只用色块或图片盖住，选中复制就能看到。请删除文字后重新生成 PDF，不要只盖住。",
            where=f"第{number}页",
        )
    if looked.unseen:
        yield Finding(
            Kind.HIDDEN_TEXT,
            Weight.WARN,
            f"{len(looked.unseen)}页带有看不见的文字层（多为扫描件的识别文字）。图上涂黑的地方，文字层里可能还在，请核对。",
            where=f"第{looked.unseen[0]}页",
        )
    if looked.notes:
        yield Finding(Kind.COMMENTS, Weight.BLOCK, f"有{looked.notes}条批注。", cleanable=renewable)
    if looked.drawn:
        yield Finding(
            Kind.COMMENTS,
            Weight.BLOCK,
            f"有{looked.drawn}处画上去的标注（线框、涂抹、图章、高亮等）。标注可以移开，下面的内容会露出来，请重新生成不带标注的 PDF。",
        )
    if looked.widgets:
        yield Finding(
            Kind.HIDDEN_TEXT, Weight.WARN, f"有{looked.widgets}个可填写的表单域，请核对其中的内容。"
        )
    if looked.incomplete:
        yield Finding(
            Kind.NOT_INSPECTED, Weight.BLOCK, "页面内容过于复杂或者有损坏，没有检查完，请重新生成 PDF。"
        )


# --- the file --------------------------------------------------------------------------------------------------------


def _catalogue(data: bytes) -> dict[str, Any]:
    try:
        found = PDFDocument(PDFParser(io.BytesIO(data))).catalog
    except Exception:  # whatever a broken file makes the parser stumble over; pdfium has opened it
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _resolved(value: Any) -> Any:
    try:
        return resolve1(value)
    except Exception:  # as above
        return None


def _hidden_layers(catalogue: dict[str, Any]) -> bool:
    layers = _resolved(catalogue.get("OCProperties"))
    standard = _resolved(layers.get("D")) if isinstance(layers, dict) else None
    if not isinstance(standard, dict):
        return False
    base = str(getattr(_resolved(standard.get("BaseState")), "name", ""))
    return bool(_resolved(standard.get("OFF"))) or base == "OFF"


def _layers(hidden: bool) -> Iterator[Finding]:
    if hidden:
        yield Finding(
            Kind.HIDDEN_LAYER,
            Weight.BLOCK,
            "有默认不显示的图层，打开图层面板就能看到。请删除图层后重新生成。",
        )


def _properties(
    document: pdfium.PdfDocument, catalogue: dict[str, Any], renewable: bool
) -> Iterator[Finding]:
    known = document.get_metadata_dict(skip_empty=True)
    said = [f"{label}：{known[name]}" for name, label in _TELLING.items() if known.get(name, "").strip()]
    if said:
        yield Finding(
            Kind.METADATA,
            Weight.WARN,
            "文件属性里写着编制人等信息。",
            "；".join(said)[:200],
            cleanable=renewable,
        )
    if "Metadata" in catalogue or "PieceInfo" in catalogue:
        yield Finding(Kind.METADATA, Weight.NOTE, "带有编辑软件写入的附加属性（XMP）。", cleanable=renewable)


def _attachments(
    document: pdfium.PdfDocument, catalogue: dict[str, Any], looked: _Looked, renewable: bool
) -> Iterator[Finding]:
    count = max(0, raw.FPDFDoc_GetAttachmentCount(document.raw))
    if count:
        yield Finding(Kind.EMBEDDED, Weight.BLOCK, f"带有{count}个附件文件。", cleanable=renewable)
    if looked.attached:
        yield Finding(
            Kind.EMBEDDED, Weight.BLOCK, f"页面上钉着{looked.attached}个附件或音像，请删除后重新生成。"
        )
    action = _resolved(catalogue.get("OpenAction"))
    scripted = isinstance(action, dict) and "JS" in action
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or scripted or "AA" in catalogue:
        yield Finding(Kind.SCRIPT, Weight.BLOCK, "带有打开时运行的脚本。", cleanable=renewable)


def _versions(data: bytes, signed: bool, renewable: bool) -> Iterator[Finding]:
    """A file saved by adding to its end still holds what was before."""
    ends = data.count(b"%%EOF")
    linearised = b"/Linearized" in data[:2048]
    if ends - linearised > 1 and not signed:
        yield Finding(
            Kind.REVISIONS,
            Weight.BLOCK,
            "文件里还留着修改以前的版本，可以恢复出来。",
            cleanable=renewable,
        )
    elif signed:
        yield Finding(
            Kind.METADATA,
            Weight.NOTE,
            "文件带有电子签名或电子印章，不能代为清理，需要清理的请重新生成后再签。",
        )
