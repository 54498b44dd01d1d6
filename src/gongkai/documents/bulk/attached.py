"""The files a table of documents speaks of: in a folder, or in a zip. A name in the table only ever finds what lies there.

Nothing is written by a name, nothing outside the folder is listed, links are not followed; members of a zip that are
encrypted, too large or swell beyond measure are refused, each with its own sentence.
"""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import files, packages

MOST_FILES = 500_000


class Missing(ValidationError):
    """A file the table names and that cannot be had; the text is a sentence."""


class Files(Protocol):
    """Files by the names a table may give them: the path below the top, or the bare name where only one has it."""

    def load(self, name: str) -> bytes:
        """Its bytes. Raises Missing."""

    def close(self) -> None:
        """Nothing more is asked."""


class NoFiles:
    """A table that came alone."""

    def load(self, name: str) -> bytes:
        raise Missing(_("没有附件文件夹，找不到“%(name)s”。") % {"name": name[:80]})

    def close(self) -> None:
        return


def _too_many() -> ValidationError:
    """More files than are taken at once."""
    return ValidationError(_("附件超过%(most)d个，请分成几批导入。") % {"most": MOST_FILES})


class _Named:
    """Names to places: exact paths first, bare names where they are unique."""

    def __init__(self) -> None:
        self._by_path: dict[str, int] = {}
        self._by_name: dict[str, int] = {}  # -1: several have it

    def add(self, path: str, place: int) -> None:
        if len(self._by_path) >= MOST_FILES:
            raise _too_many()
        self._by_path[_key(path)] = place
        name = _key(path).rpartition("/")[2]
        self._by_name[name] = -1 if name in self._by_name else place

    def find(self, name: str) -> int:
        key = _key(name)
        place = self._by_path.get(key)
        if place is None and "/" not in key:
            place = self._by_name.get(key)
        if place is None:
            raise Missing(_("附件中没有“%(name)s”。") % {"name": name[:80]})
        if place < 0:
            raise Missing(_("附件中有几个“%(name)s”，请写明在哪个文件夹。") % {"name": name[:80]})
        return place


class Folder:
    """A folder on this machine."""

    def __init__(self, top: Path) -> None:
        self._top, self._paths, self._named = top, list[str](), _Named()
        for folder, below, names in os.walk(top, followlinks=False):
            below.sort()
            for name in sorted(names):
                full = os.path.join(folder, name)
                if not os.path.islink(full) and not packages.is_hidden(name):
                    self._named.add(os.path.relpath(full, top), len(self._paths))
                    self._paths.append(full)

    def load(self, name: str) -> bytes:
        path = self._paths[self._named.find(name)]
        try:
            if os.path.getsize(path) > files.LARGEST:
                raise Missing(_("“%(name)s”超过 10 MB。") % {"name": name[:80]})
            return Path(path).read_bytes()
        except OSError as error:
            raise Missing(_("“%(name)s”无法读取。") % {"name": name[:80]}) from error

    def close(self) -> None:
        return


class Zip:
    """A zip archive, whose members are unpacked one at a time when a row asks for them."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        self._named = _Named()
        try:
            _check_count(source)
            self._archive = zipfile.ZipFile(source)
            self._members = self._archive.infolist()
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise ValidationError(_("附件压缩包已损坏，或者不是 ZIP。")) from error
        for place, member in enumerate(self._members):
            name = packages.member_name(member)
            if not (member.is_dir() or packages.is_hidden(name) or packages.leads_outside(name)):
                self._named.add(name, place)

    def load(self, name: str) -> bytes:
        member = self._members[self._named.find(name)]
        try:
            if said := packages.trouble(member, files.LARGEST):
                raise packages.NotUnpacked(said)
            return packages.member_bytes(self._archive, member, files.LARGEST)
        except packages.NotUnpacked as problem:
            raise Missing(_("“%(name)s”：%(why)s") % {"name": name[:80], "why": problem}) from problem

    def close(self) -> None:
        self._archive.close()


def _check_count(source: Path | IO[bytes]) -> None:
    """Before a list of a hundred million entries is built in memory."""
    with source.open("rb") if isinstance(source, Path) else contextlib.nullcontext(source) as stream:
        if packages.has_more_entries(stream, MOST_FILES):
            raise _too_many()
        stream.seek(0)


def source_of(place: Path | None) -> Files:
    """The files at `place`, a folder or a zip; none when there is no place. Raises ValidationError."""
    if place is None:
        return NoFiles()
    if place.is_dir():
        return Folder(place)
    if place.is_file():
        return Zip(place)
    raise ValidationError(_("找不到附件 %(place)s。") % {"place": place})


@contextlib.contextmanager
def opened(place: Path | None) -> Iterator[Files]:
    """The files at `place`, while the block lasts."""
    found = source_of(place)
    try:
        yield found
    finally:
        found.close()


def _key(path: str) -> str:
    return path.strip().replace("\\", "/").removeprefix("./")
