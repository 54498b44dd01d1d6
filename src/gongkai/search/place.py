"""Which index this installation asks and writes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongkai.search.embedded import EmbeddedReader, Folder
from gongkai.search.engine import Reader


def folder() -> Folder:
    """The folder of this installation's indexes."""
    return Folder(Path(settings.SEARCH_FOLDER))


def reader() -> Reader:
    """The reader of this process."""
    return _reader(str(settings.SEARCH_FOLDER))


@lru_cache(maxsize=4)
def _reader(path: str) -> Reader:
    return EmbeddedReader(Folder(Path(path)))
