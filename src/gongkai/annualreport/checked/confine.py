"""Has a stranger's file read in a process of its own, so that no file, however made, holds a worker or takes its memory.

Why a process and not a thread: only a process can be ended by the clock, and only a process can be given less memory than
its parent (docs/decisions/0017).
"""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

import gongkai
from gongkai.reading.confined import PREVIOUS, REPORT

CONFINED = "gongkai.reading.confined"
_COMMAND = (sys.executable, "-P", "-m")
MEMORY = 512 * 1024 * 1024
# Readings at once in one process, a stranger's or our own; whoever comes to a page then is asked to wait, and the other
# pages stay quick.
_AT_ONCE = BoundedSemaphore(2)
# For people of the house, who may bring scans: recognising one takes a minute and gigabytes.
STAFF_SECONDS, STAFF_MEMORY = 240, 4 * 1024**3


class NotChecked(Exception):
    """No result; the text is the sentence for the page, `of` says which file it is about (``report``, ``previous``)."""

    def __init__(self, sentence: str, of: str = REPORT) -> None:
        super().__init__(sentence)
        self.of = of


class Busy(NotChecked):
    """Others are being served; the same file may be sent again."""

    def __init__(self) -> None:
        super().__init__(_("现在读取报告的人比较多，您的文件没有读取。请过一分钟再试。"))


class TooSlow(NotChecked):
    """The process was ended by the clock."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            _("%(seconds)s秒内没有读完，已停止读取。年报一般很快就能读完，请检查文件，或者换一种格式。")
            % {"seconds": math.ceil(seconds)}
        )


class Lost(NotChecked):
    """The process gave no answer: a file broke it."""

    def __init__(self) -> None:
        super().__init__(_("读取时发生错误，文件可能已损坏。"))


def check(
    report: bytes, source: str, previous: bytes | None = None, *, memory: int = MEMORY
) -> dict[str, Any]:
    """What ``gongkai.reading.confined`` answers for a file and, if given, last year's. Raises NotChecked."""
    files = {REPORT: report} if previous is None else {REPORT: report, PREVIOUS: previous}
    asked = {"source": source}
    return ask(CONFINED, asked, files, seconds=settings.CHECK_SECONDS, memory=memory, wait=False)


def read(report: bytes) -> dict[str, Any]:
    """A report that somebody of the house brings to a page, words and all; scans too, where that component is installed.
    Raises NotChecked."""
    asked = {"source": "", "words": True, "scans": True}
    return ask(CONFINED, asked, {REPORT: report}, seconds=STAFF_SECONDS, memory=STAFF_MEMORY, wait=False)


def ask(
    module: str,
    asked: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    seconds: float,
    memory: int,
    wait: bool,
) -> dict[str, Any]:
    """The answer of a module that reads files under limits of its own: a line of JSON and the files go in, one JSON object
    comes out. Where others are being read, `wait` until there is room or be told; a page never waits. Raises NotChecked,
    whether it has no answer or answers with an error."""
    if not _AT_ONCE.acquire(blocking=wait):
        raise Busy
    try:
        answer = _answer(module, asked, files, seconds, memory)
    finally:
        _AT_ONCE.release()
    if "error" in answer:
        raise NotChecked(answer["error"], answer.get("of", REPORT))
    return answer


def _answer(
    module: str, asked: Mapping[str, Any], files: Mapping[str, bytes], seconds: float, memory: int
) -> dict[str, Any]:
    limits = {"seconds": max(1, math.ceil(seconds)), "memory": memory}
    head = {**asked, **limits, "sizes": {part: len(data) for part, data in files.items()}}
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and module; the file goes in as data
            (*_COMMAND, module),
            input=b"".join([json.dumps(head).encode(), b"\n", *files.values()]),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint may quote the file
            timeout=seconds,
            env=_environment(),
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(seconds) from None
    if done.returncode == -signal.SIGXCPU:
        raise TooSlow(seconds)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Lost from None
    return answer


def _environment() -> dict[str, str]:
    """Where the package is, and nothing this process knows: no address of a database, no keys."""
    return {
        "PYTHONPATH": str(Path(gongkai.__file__).parents[1]),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
