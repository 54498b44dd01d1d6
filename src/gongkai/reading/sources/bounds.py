"""Bounds on what a hostile or broken PDF can make the libraries do: a few hundred bytes can ask for gigabytes.

The libraries believe whatever lengths a file states. Ranges of codes and compressed streams are bounded here, before
and inside them.
"""

from __future__ import annotations

import re
import types
import zlib
from collections.abc import Callable
from contextlib import suppress

from pdfminer import cmapdb, lzw, pdfdocument, pdffont, pdftypes, runlength

from ..opening import Unreadable

_LONGEST_RANGE = 1 << 20  # no font has more characters, no report more objects
_LARGEST_STREAM = 64 * 1024 * 1024
# Real reports have some 100 kB a page of words and lines; pictures and fonts are not counted.
_MOST_CONTENT = 24 * 1024 * 1024
# All streams together, pictures too: looking at them must not itself become the work of a bomb.
_MOST_UNPACKED = 320 * 1024 * 1024
_LONGEST_PACKED = 2 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_NO_CONTENT = re.compile(rb"/Image|/Length1|/FontFile|/Type1C|/CIDFontType0C|/OpenType|/Metadata")
_DICTIONARY = 600  # bytes before a stream in which its dictionary stands
_BOMB = "PDF 文件解压后过大，疑似压缩炸弹，没有读取。"


def refuse_bombs(data: bytes) -> None:
    """Raise :class:`Unreadable` for a PDF whose streams unpack to more than any report has."""
    content, total, view = 0, 0, memoryview(data)
    for match in _STREAM.finditer(data):
        size = _unpacked(view[match.end() :])
        total += size
        if size > _LARGEST_STREAM or total > _MOST_UNPACKED:
            raise Unreadable(_BOMB)
        if not _NO_CONTENT.search(data, max(match.start() - _DICTIONARY, 0), match.start()):
            content += size
    if content > _MOST_CONTENT:
        raise Unreadable(_BOMB)


def _unpacked(data: memoryview) -> int:
    """How large a stream is unpacked, as far as it is allowed to be; 0 when it is not compressed so."""
    if data[:1] not in (b"\x78", b"\x58", b"\x48", b"\x68", b"\x38", b"\x28", b"\x18", b"\x08"):
        return 0
    unpack, size, start = zlib.decompressobj(), 0, 0
    try:
        while not unpack.eof and start < len(data) and size <= _LARGEST_STREAM:
            size += len(unpack.decompress(data[start : start + 65536]))
            start += 65536
    except zlib.error:
        pass
    return size


def _bounded_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise ValueError("a range no real file has")
    return found


def _decompress(data: bytes) -> bytes:
    unpack = zlib.decompressobj()
    content = unpack.decompress(data, _LARGEST_STREAM)
    _refuse_rest(unpack)
    if not unpack.eof:
        raise zlib.error("incomplete stream")
    return content


def _decompress_corrupted(data: bytes) -> bytes:
    """What a stream holds whose end, or whose sum at the end, is damaged; any other damage is an error."""
    unpack = zlib.decompressobj()
    content = unpack.decompress(data[:-4], _LARGEST_STREAM)
    _refuse_rest(unpack)
    with suppress(zlib.error):
        content += unpack.decompress(data[-4:], _LARGEST_STREAM)
    return content


def _refuse_rest(unpack: zlib._Decompress) -> None:
    if unpack.unconsumed_tail:
        raise ValueError("a stream no real file has")


def _short(decode: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A decoder of an older way of packing, for as much as it is still used for."""

    def decoded(data: bytes) -> bytes:
        if len(data) > _LONGEST_PACKED:
            raise ValueError("a stream no real file has")
        return decode(data)

    return decoded


# The library's modules look these names up in themselves first.
for _module in (cmapdb, pdfdocument, pdffont):
    vars(_module)["range"] = _bounded_range
vars(pdftypes).update(
    zlib=types.SimpleNamespace(decompress=_decompress, error=zlib.error),
    decompress_corrupted=_decompress_corrupted,
    lzwdecode=_short(lzw.lzwdecode),
    rldecode=_short(runlength.rldecode),
)
