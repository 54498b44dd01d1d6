"""ZIP archives nobody vouches for: what can be said of one before it is trusted to a reader (how many entries it has, how it
swells, whether its XML declares a document type, behind which entities hide), and its members by name and within bounds.

No Django: worker processes load from here.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

_END, _END64, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x01\x02"
_END_SIZE, _LOCATOR_SIZE, _END64_SIZE, _ENTRY_SIZE = 22, 20, 56, 46
_LONGEST_COMMENT = 0xFFFF
_STEP = 1 << 16
LONGEST_PROLOG = 1 << 20  # bytes before the root element; spreadsheets have a line
SWELLS = 200  # a member so many times its packed size is a bomb; small ones may
SMALL = 1024 * 1024
PACKAGE_SWELLS, LARGE = 400, 64 * 1024 * 1024  # the same of a whole package, whose XML packs well


class NotUnpacked(Exception):
    """A member that is left where it is; the text is the sentence that says why."""


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


def swells(unpacked: int, packed: int) -> bool:
    """Whether a package as a whole is a bomb: large once unpacked, and out of all proportion to what it is packed."""
    return unpacked > LARGE and unpacked > PACKAGE_SWELLS * max(packed, 1)


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


def member_name(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: archives made on Chinese Windows carry GB 18030 without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def is_hidden(name: str) -> bool:
    """Whether a system or an editor put it there, not a person."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$"))


def leads_outside(name: str) -> bool:
    """Whether the name points elsewhere than below the place the archive would be unpacked in."""
    path = PurePosixPath(name)
    return not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in name


def trouble(member: zipfile.ZipInfo, largest: int) -> str:
    """Why a member is not unpacked, by its own account of itself; "" when it may be. `largest` in bytes."""
    if leads_outside(member_name(member)):
        return "压缩包内的文件名指向压缩包以外，没有读取。"
    if member.flag_bits & 0x1:
        return "文件已加密，请先去除密码。"
    if member.file_size > largest:
        return f"文件超过{largest // 2**20} MB，没有读取。"
    if member.file_size > SMALL and member.file_size > SWELLS * max(member.compress_size, 1):
        return "文件解开后膨胀过大，可能是压缩炸弹，没有读取。"
    return ""


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """A member unpacked, never more than its own account and `most` bytes. Raises NotUnpacked."""
    allowed = min(member.file_size, most)
    out = io.BytesIO()
    try:
        with archive.open(member) as stream:
            while out.tell() <= allowed and (block := stream.read(_STEP)):
                out.write(block)
    except Exception as error:  # each way of packing has its own, none of them ours
        raise NotUnpacked("压缩包里的这个文件已损坏或加密，无法读取。") from error
    if out.tell() > allowed:
        raise NotUnpacked("文件解开后比压缩包所写的大，可能是压缩炸弹，没有读取。")
    return out.getvalue()


class _Enough(Exception):
    """What was asked is known."""


class _Found:
    typed = False
