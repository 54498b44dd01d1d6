"""Tables and files that wait for the worker: on disk, sealed, under a random name. They are read through an unlinked
file, so that no plain copy outlives the process."""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from gongkai.base import crypto

KEPT_SECONDS = 14 * 24 * 3600
_PIECE = 4 * 1024 * 1024  # bytes sealed at a time
_TOKEN = re.compile(r"[0-9a-f]{48}")


def put(chunks: Iterator[bytes]) -> str:
    """Put by what comes in pieces; returns the token."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token = secrets.token_hex(24)
    with (folder / token).open("xb") as out:
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                sealed = crypto.seal(chunk[start : start + _PIECE])
                out.write(struct.pack(">I", len(sealed)) + sealed)
    return token


@contextlib.contextmanager
def taken(token: str) -> Iterator[Callable[[], IO[bytes]]]:
    """What opens it, as often as one likes, while the block lasts. Raises FileNotFoundError when it is no longer there."""
    if not _TOKEN.fullmatch(token):
        raise FileNotFoundError(token)
    with (_folder() / token).open("rb") as sealed, tempfile.TemporaryFile() as plain:
        while head := sealed.read(4):
            plain.write(crypto.unseal(sealed.read(struct.unpack(">I", head)[0])))
        plain.flush()
        yield lambda: io.BufferedReader(_View(plain.fileno()))


def drop(*tokens: str) -> None:
    """They are no longer needed."""
    for token in tokens:
        if _TOKEN.fullmatch(token):
            (_folder() / token).unlink(missing_ok=True)


def sweep() -> None:
    """What nobody came back for goes."""
    folder = _folder()
    if folder.is_dir():
        for path in folder.iterdir():
            if _TOKEN.fullmatch(path.name) and path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.HOME.path) / "imports" / "documents"


class _View(io.RawIOBase):
    """A file read from its beginning, whoever else reads it at the same time."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._at = descriptor, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: os.fstat(self._descriptor).st_size}[
            whence
        ]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at
