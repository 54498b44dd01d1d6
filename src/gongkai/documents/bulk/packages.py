"""What can be said of an archive before it is trusted to a reader: how many entries it has, and whether its XML declares
a document type, behind which entities hide."""

from __future__ import annotations

import os
import struct
from typing import IO
from xml.parsers import expat

_END, _END64, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x01\x02"
_END_SIZE, _LOCATOR_SIZE, _END64_SIZE, _ENTRY_SIZE = 22, 20, 56, 46
_LONGEST_COMMENT = 0xFFFF
_STEP = 1 << 16
LONGEST_PROLOG = 1 << 20  # bytes before the root element; spreadsheets have a line


def has_more_entries(stream: IO[bytes], most: int) -> bool:
    """Whether a ZIP has more than `most` entries: by what its end record says, and by counting the directory itself, which
    the record may belie, one entry at a time. False for what is no ZIP: its reader says so."""
    stream.seek(0, os.SEEK_END)
    length = stream.tell()
    tail_at = max(0, length - _END_SIZE - _LONGEST_COMMENT)
    stream.seek(tail_at)
    tail = stream.read()
    end = len(tail) - _END_SIZE if tail[-_END_SIZE:].startswith(_END) else tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        return False
    told, size = struct.unpack_from("<HL", tail, end + 10)
    begin = tail_at + end - size
    at64 = tail_at + end - _LOCATOR_SIZE - _END64_SIZE
    if at64 >= 0:
        stream.seek(at64)
        record = stream.read(_END64_SIZE)
        if record.startswith(_END64):
            told, size = struct.unpack_from("<QQ", record, 32)
            begin = at64 - size
    return told > most or (begin >= 0 and _counts_above(stream, begin, size, most))


def _counts_above(stream: IO[bytes], begin: int, size: int, most: int) -> bool:
    if size // _ENTRY_SIZE <= most:
        return False
    stream.seek(begin)
    gone = number = 0
    while gone < size:
        entry = stream.read(_ENTRY_SIZE)
        if len(entry) < _ENTRY_SIZE or not entry.startswith(_ENTRY):
            return False  # broken, as its reader will say
        more = sum(struct.unpack_from("<HHH", entry, 28))
        stream.seek(more, os.SEEK_CUR)
        gone += _ENTRY_SIZE + more
        number += 1
        if number > most:
            return True
    return False


def declares_a_type(part: IO[bytes]) -> bool:
    """Whether XML in any encoding declares a document type, or hides its root behind more than `LONGEST_PROLOG`. Asked of
    the parser that will read it, not of the bytes; False for what is no XML."""
    parser, found = expat.ParserCreate(), _Found()

    def typed(*_given: object) -> None:
        found.typed = True
        raise _Enough

    def rooted(*_given: object) -> None:
        raise _Enough

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = typed, rooted
    for _block in range(LONGEST_PROLOG // _STEP):
        block = part.read(_STEP)
        try:
            parser.Parse(block, not block)
        except _Enough:
            return found.typed
        except (expat.ExpatError, LookupError, ValueError):
            return False
        if not block:
            return False
    return True


class _Enough(Exception):
    """What was asked is known."""


class _Found:
    typed = False
