"""One report read and checked in a process of its own: ``python -m gongkai.reading.confined``.

For pages that take files from anybody. A line of JSON on standard input names the limits and the lengths of what follows:
the report and, if there is one, last year's. One JSON object comes back. The process sets its limits on itself before it
looks at a file; whoever starts it ends it when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO

from .checking import Finding, check_report, findings_json
from .opening import Scanned, Unreadable
from .reader import read_bytes
from .report import Report

REPORT, PREVIOUS = "report", "previous"

_BROKEN = "读取时发生错误，文件可能已损坏。"
_TOO_MUCH = "文件内容过多或过于复杂，读取时用尽了允许的内存，没有核对。"
_SCANNED = "这是扫描件或图片，里面没有文字；请换用网页、Word 或者含文字的 PDF，也可以把文字复制后粘贴进来。"

# What one answer may carry; real reports stay far below.
_MOST_FINDINGS = 300
_MOST_NOTES = 100
_LONGEST = 400  # characters of a message, a quotation, a note


def main() -> None:
    """Read from standard input, answer on standard output."""
    answers = answer_stream()
    asked = json.loads(sys.stdin.buffer.readline())
    scans = bool(asked.get("scans"))
    confine(asked["seconds"], asked["memory"], scans=scans)
    files = {part: sys.stdin.buffer.read(size) for part, size in asked["sizes"].items()}
    try:
        answer = check(files, asked["source"], words=bool(asked.get("words")), scans=scans)
    except MemoryError:
        answer = {"error": _TOO_MUCH, "of": REPORT}
    answers.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    answers.flush()


def confine(seconds: int, memory: int, *, scans: bool = False) -> None:
    """Give this process so many seconds of computing and bytes of memory; it may write no file and leave no image behind.
    Scans are recognised only where `scans` says so."""
    import resource

    # The second more lets the system say that it was the time; at the hard limit it ends a process without a word.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)  # whoever reads the site's pages goes first
    if not scans:  # it takes minutes and gigabytes: not here, even where the component is installed
        sys.modules["rapidocr_onnxruntime"] = None  # type: ignore[assignment]


def check(
    files: dict[str, bytes], source: str, *, words: bool = False, scans: bool = False
) -> dict[str, Any]:
    """The report with its tables, cells, damage and findings, and with `words` its text; or ``error`` and which file
    (``of``) it is about."""
    read: dict[str, Report] = {}
    for part, data in files.items():
        try:
            read[part] = _read(data, source if part == REPORT else "", scans)
        except Unreadable as problem:
            return {"error": str(problem), "of": part}
    report, previous = read[REPORT], read.get(PREVIOUS)
    findings = check_report(report, previous)
    return {
        **_tables(report, words),
        "previous": previous and {"organ": previous.organ[:_LONGEST], "report_year": previous.year},
        **_findings(findings),
    }


def _read(data: bytes, source: str, scans: bool) -> Report:
    try:
        return read_bytes(data, source)
    except Scanned as problem:
        if scans:
            raise
        raise Unreadable(_SCANNED) from problem
    except (Unreadable, MemoryError):
        raise
    except (Exception, RecursionError) as error:
        raise Unreadable(_BROKEN) from error


def _tables(report: Report, words: bool) -> dict[str, Any]:
    """As ``gongkai report read --json`` prints it; without the text, unless it is asked for."""
    shown = report.as_json()
    if not words:
        del shown["sections"]
    shown["organ"] = shown["organ"][:_LONGEST]
    shown["damage"] = [note[:_LONGEST] for note in shown["damage"][:_MOST_NOTES]]
    return shown


def _findings(findings: Sequence[Finding]) -> dict[str, Any]:
    lists = findings_json(findings)
    return {
        **{name: [_short(finding) for finding in found[:_MOST_FINDINGS]] for name, found in lists.items()},
        "left_off": sum(max(len(found) - _MOST_FINDINGS, 0) for found in lists.values()),
    }


def _short(finding: dict[str, Any]) -> dict[str, Any]:
    """Bounded: real findings are far shorter."""
    return {
        **finding,
        "message": finding["message"][:_LONGEST],
        "quote": finding["quote"][:_LONGEST],
        "at": finding["at"][:_LONGEST],
    }


def answer_stream() -> BinaryIO:
    """Standard output for the answer alone: what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
