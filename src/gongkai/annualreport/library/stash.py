"""Bytes that wait to be read by the worker: on disk, encrypted, under a random name, gone once they were read."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path

from django.conf import settings

from gongkai.base import crypto

KEPT_SECONDS = 7 * 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{48}")


def put(content: bytes) -> str:
    """Put by; returns the token."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token = secrets.token_hex(24)
    (folder / token).write_bytes(crypto.seal(content))
    return token


def get(token: str) -> bytes | None:
    """What was put by, None if it is no longer there."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        return crypto.unseal((_folder() / token).read_bytes())
    except FileNotFoundError:
        return None


def drop(token: str) -> None:
    """It was read, or given up."""
    if _TOKEN.fullmatch(token):
        (_folder() / token).unlink(missing_ok=True)


def sweep() -> None:
    """What nobody read in a week goes."""
    folder = _folder()
    if folder.is_dir():
        for path in folder.iterdir():
            if _TOKEN.fullmatch(path.name) and path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.HOME.path) / "imports" / "library"
