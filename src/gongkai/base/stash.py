"""What people bring and nobody has read yet: on disk under the home's ``imports/``, sealed, under a random name, gone once it
was read, given up or too old. No plain copy of it outlives the process that reads it."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import re
import secrets
import struct
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from gongkai.base import crypto

_PIECE = 4 * 1024 * 1024  # bytes sealed at a time
_TOKEN = re.compile(r"[0-9a-f]{48}")


class Stash:
    """One such place, a folder of its own. `keep`: how long something waits at most."""

    def __init__(self, name: str, keep: dt.timedelta) -> None:
        self._name, self.keep = name, keep

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return Path(settings.HOME.path) / "imports" / self._name

    def put(self, content: bytes | Iterable[bytes]) -> str:
        """Put by; what is long comes in pieces. Returns the token. Nothing is left of what could not be put by whole."""
        folder, token = self.folder, secrets.token_hex(24)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with (folder / token).open("xb") as out:
                for chunk in [content] if isinstance(content, bytes) else content:
                    for start in range(0, len(chunk), _PIECE):
                        sealed = crypto.seal(chunk[start : start + _PIECE])
                        out.write(struct.pack(">I", len(sealed)) + sealed)
        except BaseException:
            self.drop(token)
            raise
        return token

    @contextlib.contextmanager
    def taken(self, token: str) -> Iterator[Callable[[], IO[bytes]]]:
        """What opens it, as often as one likes, while the block lasts. Raises FileNotFoundError when it is no longer
        there."""
        with tempfile.TemporaryFile() as plain:
            for piece in self._pieces(token):
                plain.write(piece)
            plain.flush()
            yield lambda: io.BufferedReader(_View(plain.fileno()))

    def get(self, token: str) -> bytes | None:
        """The whole of it, None when it is no longer there."""
        try:
            return b"".join(self._pieces(token))
        except FileNotFoundError:
            return None

    def drop(self, *tokens: str) -> None:
        """They are no longer needed."""
        for token in tokens:
            if _TOKEN.fullmatch(token):
                (self.folder / token).unlink(missing_ok=True)

    def sweep(self) -> None:
        """What nobody came back for goes: it may hold names."""
        if not self.folder.is_dir():
            return
        oldest = time.time() - self.keep.total_seconds()
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # somebody else is sweeping, or has just read it
                if _TOKEN.fullmatch(path.name) and path.stat().st_mtime < oldest:
                    path.unlink()

    def _pieces(self, token: str) -> Iterator[bytes]:
        if not _TOKEN.fullmatch(token):
            raise FileNotFoundError(token)
        with (self.folder / token).open("rb") as sealed:
            while head := sealed.read(4):
                yield crypto.unseal(sealed.read(struct.unpack(">I", head)[0]))


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
