"""Photographs and pictures: where and by whom they were taken, comments, and what hangs behind the picture's end."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ExifTags, Image, UnidentifiedImageError

from .finding import Finding, Kind, Refusal, Weight

MOST_PIXELS = 200_000_000
_BROKEN = "图片已损坏，打不开，请重新生成后再上传。"
_GPS = 0x8825
_TELLING = {
    0x010E: "图片说明",
    0x013B: "作者",
    0x8298: "版权",
    0x9C9B: "标题",
    0x9C9C: "备注",
    0x9C9D: "作者",
    0x9C9E: "关键词",
    0xA430: "机主",
    0xA431: "机身编号",
    0x010F: "相机",
    0x0110: "相机型号",
    0x0132: "拍摄时间",
    0x9286: "用户注释",
}
_ORIENTATION = 0x0112
_PNG_TEXT = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_PNG_START = b"\x89PNG\r\n\x1a\n"


def inspect(data: bytes, kind: str) -> tuple[list[Finding], str]:
    """The findings; a picture has no text. Raises Refusal."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Refusal("文件既是图片又是压缩包，内容与扩展名不符，没有打开。")
    return [*_exif(data, cleanable=kind != "tiff"), *_parts(data, kind)], ""


def clean(data: bytes, kind: str) -> bytes:
    """The same pixels, bit for bit, without the words around them; how a photograph is turned stays. Raises Refusal."""
    return _clean_jpeg(data) if kind == "jpeg" else _clean_png(data)


def _exif(data: bytes, cleanable: bool) -> Iterator[Finding]:
    how = "" if cleanable else "请另存为 JPG 或 PNG 后上传，"
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("图片像素过多，疑似压缩炸弹，没有打开。")
            exif = picture.getexif()
            located = bool(exif.get_ifd(_GPS))
            inner = exif.get_ifd(ExifTags.IFD.Exif)
    except Refusal:
        raise
    except Image.DecompressionBombError as error:
        raise Refusal("图片像素过多，疑似压缩炸弹，没有打开。") from error
    except UnidentifiedImageError as error:
        raise Refusal(_BROKEN) from error
    except Exception as error:  # whatever a broken header makes the library stumble over
        raise Refusal(_BROKEN) from error
    if located:
        yield Finding(
            Kind.LOCATION, Weight.BLOCK, f"照片里记着拍摄地点的坐标。{how}".rstrip("，"), cleanable=cleanable
        )
    labels = list(dict.fromkeys(label for tag, label in _TELLING.items() if exif.get(tag) or inner.get(tag)))
    if labels:
        yield Finding(
            Kind.METADATA,
            Weight.WARN,
            f"图片属性里有{'、'.join(labels)}。{how}".rstrip("，"),
            cleanable=cleanable,
        )


def _parts(data: bytes, kind: str) -> Iterator[Finding]:
    if kind == "jpeg":
        segments, end = _jpeg(data)
        texts = sum(s.marker == 0xFE or s.marker == 0xED or s.is_xmp(data) for s in segments)
    elif kind == "png":
        chunks, end = _png(data)
        texts = sum(name in _PNG_TEXT[:4] for name, _start, _end in chunks)
    else:
        return
    if texts:
        yield Finding(Kind.METADATA, Weight.WARN, "图片里夹有文字说明或编辑信息。", cleanable=True)
    if data[end:].strip(b"\0"):
        yield Finding(
            Kind.EMBEDDED, Weight.BLOCK, f"图片后面夹带了{len(data) - end}字节别的内容。", cleanable=True
        )


@dataclass(frozen=True)
class _Segment:
    marker: int
    start: int
    end: int

    def is_xmp(self, data: bytes) -> bool:
        return self.marker == 0xE1 and data[self.start + 4 : self.start + 32].startswith(
            b"http://ns.adobe.com"
        )

    def is_exif(self, data: bytes) -> bool:
        return self.marker == 0xE1 and data[self.start + 4 : self.start + 8] == b"Exif"


def _jpeg(data: bytes) -> tuple[list[_Segment], int]:
    """The segments before the picture's own data, and where the picture ends. Raises Refusal."""
    position, segments = 2, []
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise Refusal(_BROKEN)
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        (length,) = struct.unpack(">H", data[position + 2 : position + 4])
        if length < 2:
            raise Refusal(_BROKEN)
        segments.append(_Segment(marker, position, position + 2 + length))
        position += 2 + length
        if marker == 0xDA:
            return segments, _end_of_scans(data, position)
    raise Refusal(_BROKEN)


def _end_of_scans(data: bytes, position: int) -> int:
    """Just behind the end marker; further scans of a progressive picture are passed over."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            return len(data)
        marker = data[position + 1]
        if marker == 0xD9:
            return position + 2
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD7:
            position += 1 if marker == 0xFF else 2
            continue
        if position + 4 > len(data):
            return len(data)
        (length,) = struct.unpack(">H", data[position + 2 : position + 4])
        position += 2 + max(2, length)


def _clean_jpeg(data: bytes) -> bytes:
    segments, end = _jpeg(data)
    orientation = _orientation(data)
    kept = [data[:2]]
    if orientation > 1:
        kept.append(_exif_segment(orientation))
    for segment in segments:
        # APP0 (JFIF), APP2 (colour profile) and APP14 (colour transform) say how to draw; all other APPn and comments go
        if segment.marker == 0xFE or (
            0xE0 <= segment.marker <= 0xEF and segment.marker not in (0xE0, 0xE2, 0xEE)
        ):
            continue
        if segment.marker == 0xE2 and data[segment.start + 4 : segment.start + 8] == b"MPF\0":
            continue  # an index of further pictures behind the end, which go
        kept.append(data[segment.start : segment.end])
    kept.append(data[segments[-1].end : end])
    return b"".join(kept)


def _orientation(data: bytes) -> int:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            value = picture.getexif().get(_ORIENTATION, 1)
    except Exception as error:  # as above
        raise Refusal(_BROKEN) from error
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _exif_segment(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    body = exif.tobytes()
    body = body if body.startswith(b"Exif") else b"Exif\0\0" + body
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> tuple[list[tuple[bytes, int, int]], int]:
    """The chunks, and where the picture ends. Raises Refusal."""
    position, chunks = len(_PNG_START), []
    while position + 12 <= len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        name, end = data[position + 4 : position + 8], position + 12 + length
        if end > len(data):
            raise Refusal(_BROKEN)
        chunks.append((name, position, end))
        position = end
        if name == b"IEND":
            return chunks, position
    raise Refusal(_BROKEN)


def _clean_png(data: bytes) -> bytes:
    chunks, _end = _png(data)
    kept = [_PNG_START]
    for name, start, end in chunks:
        if name in _PNG_TEXT:
            continue
        body = data[start + 8 : end - 4]
        kept.append(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
    return b"".join(kept)
