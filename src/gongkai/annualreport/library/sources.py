"""Where reports lie before they are read: files, folders and zip archives. No Django: worker processes load from here.

A zip is walked member by member, with limits on count, size and swelling; names that lead elsewhere, encrypted members
and archives inside archives are refused, each with one line.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from gongkai.base import packages
from gongkai.reading.files import find_files, shown

from .parsing import LARGEST, NotKept

MOST_MEMBERS = 60_000
MOST_UNPACKED = 20 * 1024**3  # of all members, by their own account and as counted while unpacking
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar")


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
        if packages.has_more_entries(stream, MOST_MEMBERS):  # before a list of them is built
            raise NotKept(f"压缩包里的文件超过{MOST_MEMBERS}个，没有读取。")
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            listed = archive.infolist()
            if sum(member.file_size for member in listed) > MOST_UNPACKED:
                raise NotKept("压缩包解开后过大，没有读取。")
            for index, member in enumerate(listed):
                name = packages.member_name(member)
                if member.is_dir() or packages.is_hidden(name):
                    continue
                yield index, name, _trouble(member, name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise NotKept("压缩包已损坏或不是ZIP文件，没有读取。") from error


def _trouble(member: zipfile.ZipInfo, name: str) -> str:
    if not packages.leads_outside(name) and PurePosixPath(name).suffix.lower() in _ARCHIVES:
        return "压缩包里还有压缩包，没有读取；请先解开。"
    return packages.trouble(member, LARGEST)


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member unpacked, never more than its own account and our limit. Raises NotKept."""
    try:
        return packages.member_bytes(archive, member, LARGEST)
    except packages.NotUnpacked as problem:
        raise NotKept(str(problem)) from problem


def _file(path: str) -> bytes:
    if not os.path.exists(path):
        raise NotKept("文件不存在。")
    if not os.path.isfile(path):
        raise NotKept("这不是文件。")
    if os.path.getsize(path) > LARGEST:
        raise NotKept(f"文件超过{LARGEST // 2**20} MB，没有读取。")
    return Path(path).read_bytes()
