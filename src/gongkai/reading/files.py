"""Reading files from disk: which files, how large, and what to say when one cannot be read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .opening import MAX_BYTES, Unreadable, refuse_size
from .reader import read_bytes
from .report import Report

STDIN = "-"
# Inside a folder only what can be a report is tried; a file that is named is always tried.
_SUFFIXES = frozenset(
    [
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".pdf",
        ".txt",
        ".md",
        ".markdown",
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
        ".bmp",
    ]
)
_BROKEN = "读取时发生错误，文件可能已损坏。"


def find_files(names: Sequence[str]) -> Iterator[str]:
    """The named files and, below named folders, all that can be reports, in the order of their names."""
    for name in names:
        if name != STDIN and os.path.isdir(name):
            for folder, folders, files in os.walk(name):
                folders.sort()
                for file in sorted(files):
                    if Path(file).suffix.lower() in _SUFFIXES and not file.startswith((".", "~$")):
                        yield os.path.join(folder, file)
        else:
            yield name


def read_file(name: str) -> Report:
    """Read a file, or standard input for ``-``. Raises :class:`Unreadable` with the sentence to show."""
    try:
        return read_bytes(_content(name), shown(name))
    except Unreadable:
        raise
    except (Exception, RecursionError, MemoryError) as error:  # one broken file must not stop the others
        raise Unreadable(_BROKEN) from error


def shown(name: str) -> str:
    """A file name that can be printed, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _content(name: str) -> bytes:
    if name == STDIN:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        refuse_size(len(data))
        return data
    try:
        information = os.stat(name)
        if not stat.S_ISREG(information.st_mode):
            raise Unreadable("这不是文件。")
        refuse_size(information.st_size)
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise Unreadable("文件不存在。") from None
    except PermissionError:
        raise Unreadable("没有读取这个文件的权限。") from None
    except OSError as error:
        raise Unreadable(f"文件无法读取（{error.strerror}）。") from error
