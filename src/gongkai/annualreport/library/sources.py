"""Where reports lie before they are read: files, folders and zip archives. No Django: worker processes load from here.

A zip is walked member by member, with limits on count, size and swelling; names that lead elsewhere, encrypted members
and archives inside archives are refused, each with one line.
"""

from __future__ import annotations

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from gongkai.reading.files import find_files, shown

from .parsing import LARGEST, NotKept

MOST_MEMBERS = 60_000
MOST_UNPACKED = 20 * 1024**3  # of all members, by their own account and as counted while unpacking
SWELLS = 200  # a member so many times its packed size is a bomb; small ones may
SMALL = 1024 * 1024
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar")
_HIDDEN = ("__MACOSX/", ".", "~$")


@dataclass(frozen=True)
class Source:
    """One report to read: a file, or a member of a zip. `trouble`: why it is not read at all."""

    path: str
    member: str = ""
    trouble: str = ""
    index: int = -1
    label: str = ""

    @property
    def name(self) -> str:
        """What it is called on the page and in the report: below the named folder, not where that lies on the machine."""
        own = self.label or shown(Path(self.path).name)
        return f"{own}/{self.member}" if self.member else own

    def load(self) -> bytes:
        """Its bytes. Raises NotKept."""
        if self.trouble:
            raise NotKept(self.trouble)
        try:
            if self.index < 0:
                return _file(self.path)
            with zipfile.ZipFile(self.path) as archive:
                return member_bytes(archive, archive.infolist()[self.index])
        except OSError as error:
            raise NotKept(f"文件无法读取（{error.strerror or type(error).__name__}）。") from error
        except (zipfile.BadZipFile, IndexError) as error:
            raise NotKept("压缩包已损坏。") from error


def find(paths: Sequence[str]) -> Iterator[Source]:
    """Everything below the named files, folders and zips, in the order of names. What does not exist says so."""
    for path in paths:
        if os.path.isdir(path):
            above = Path(path).resolve().parent
            for name in _in_folder(path):
                yield from _of_file(name, shown(os.path.relpath(os.path.abspath(name), above)))
        else:
            yield from _of_file(path)


def _in_folder(path: str) -> Iterator[str]:
    """Reports and zips below a folder. A zip is told by its name: a .docx is one too, and is a report."""
    reports = find_files([path])
    archives = (
        os.path.join(folder, file)
        for folder, _folders, files in os.walk(path)
        for file in sorted(files)
        if file.lower().endswith(".zip") and not file.startswith(".")
    )
    yield from reports
    yield from archives


def _of_file(path: str, label: str = "") -> Iterator[Source]:
    if not path.lower().endswith(".zip"):
        yield Source(path, label=label)
        return
    try:
        with open(path, "rb") as stream:
            yield from (
                Source(path, member, trouble, index, label) for index, member, trouble in members(stream)
            )
    except OSError as error:
        yield Source(path, label=label, trouble=f"文件无法读取（{error.strerror or type(error).__name__}）。")
    except NotKept as problem:
        yield Source(path, trouble=str(problem), label=label)


def members(stream: IO[bytes]) -> Iterator[tuple[int, str, str]]:
    """Each file in a zip: its index, its name, and why it is not read, "" when it is. Raises NotKept for the whole."""
    try:
        with zipfile.ZipFile(stream) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_MEMBERS:
                raise NotKept(f"压缩包里的文件超过{MOST_MEMBERS}个，没有读取。")
            if sum(member.file_size for member in listed) > MOST_UNPACKED:
                raise NotKept("压缩包解开后过大，没有读取。")
            for index, member in enumerate(listed):
                name = member_name(member)
                if member.is_dir() or _is_hidden(name):
                    continue
                yield index, name, _trouble(member, name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise NotKept("压缩包已损坏或不是ZIP文件，没有读取。") from error


def member_name(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: archives made on Chinese Windows carry GBK without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = member.filename
    return name.replace("\\", "/")


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$"))


def _trouble(member: zipfile.ZipInfo, name: str) -> str:
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in name:
        return "压缩包内的文件名指向压缩包以外，没有读取。"
    if path.suffix.lower() in _ARCHIVES:
        return "压缩包里还有压缩包，没有读取；请先解开。"
    if member.flag_bits & 0x1:
        return "文件已加密，请先去除密码。"
    if member.file_size > LARGEST:
        return f"文件超过{LARGEST // 2**20} MB，没有读取。"
    if member.file_size > SMALL and member.file_size > SWELLS * max(member.compress_size, 1):
        return "文件解开后膨胀过大，可能是压缩炸弹，没有读取。"
    return ""


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member unpacked, never more than its own account and our limit. Raises NotKept."""
    allowed = min(member.file_size, LARGEST)
    out = io.BytesIO()
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(65536):
                out.write(chunk)
                if out.tell() > allowed:
                    raise NotKept("文件解开后比压缩包所写的大，可能是压缩炸弹，没有读取。")
    except (zlib.error, lzma.LZMAError) as error:
        raise NotKept("压缩包里的这个文件已损坏，无法读取。") from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise NotKept("压缩包里的这个文件已损坏或加密，无法读取。") from error
    return out.getvalue()


def _file(path: str) -> bytes:
    if not os.path.exists(path):
        raise NotKept("文件不存在。")
    if not os.path.isfile(path):
        raise NotKept("这不是文件。")
    if os.path.getsize(path) > LARGEST:
        raise NotKept(f"文件超过{LARGEST // 2**20} MB，没有读取。")
    return Path(path).read_bytes()
