"""``gongkai report read`` and ``gongkai report check``: any published report on the command line, without an installation.

One JSON object per line with ``--json``; what cannot be read gives ``{"source", "error"}``, the others are still read,
and the exit status is 2 at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TextIO

from gongkai.forms.values import State

from .checking import check_report, findings_json, findings_text
from .files import STDIN, find_files, read_file, shown
from .opening import Unreadable
from .processes import each
from .report import Report

COMMANDS = ("read", "check")
BAD_INPUT = 2
_MAX_JOBS = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser of ``gongkai report`` the commands on files."""
    add_commands(
        parser.add_subparsers(
            title="命令", dest="report_command", metavar="命令", required=True, parser_class=type(parser)
        )
    )


def add_commands(commands: Any) -> None:
    """Add both commands to those ``gongkai report`` has already."""
    reading = commands.add_parser(
        "read",
        help="读取已发布的年度报告",
        description="把网页、Word、PDF、纯文本形式的年度报告读成数据。读不出的项留空，不猜测。",
    )
    checking = commands.add_parser(
        "check",
        help="核对已发布的年度报告",
        description="读取年度报告并核对勾稽关系、文字与表格、结构和格式；区分发布错误、读取缺损和存疑。",
    )
    for parser in (reading, checking):
        parser.add_argument("files", nargs="+", metavar="文件", help="文件或文件夹；- 表示标准输入")
        parser.add_argument("--json", action="store_true", help="每份报告输出一行 JSON")
        parser.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="同时使用的进程数，默认 1")
    checking.add_argument("--previous", metavar="文件", help="同一机关上一年度的报告，用于跨年核对")


def run(args: argparse.Namespace) -> int:
    """Carry out a parsed command; returns the exit status."""
    work: Callable[[str], dict[str, Any]] = partial(_read, as_json=args.json)
    if args.report_command == "check":
        previous = None
        if args.previous is not None:
            try:
                previous = read_file(args.previous)
            except Unreadable as problem:
                print(f"上一年度的报告（{shown(args.previous)}）：{problem}", file=sys.stderr)
                return BAD_INPUT
        work = partial(_check, as_json=args.json, previous=previous)
    names = list(find_files(args.files))
    if not names:
        print("文件夹中没有可以读取的文件。", file=sys.stderr)
        return BAD_INPUT
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Standard input belongs to this process alone.
    jobs = 1 if STDIN in names else args.jobs
    return _print(each(work, names, jobs, _lost), len(names), args.json)


def _print(results: Iterable[dict[str, Any]], count: int, as_json: bool) -> int:
    progress = _Progress(count, sys.stderr)
    failed = False
    for result in results:
        failed = failed or "error" in result
        progress.clear()
        if as_json:
            print(json.dumps(result, ensure_ascii=False), flush=not sys.stdout.isatty())
        elif "error" in result:
            print(f"{result['source']}：{result['error']}", file=sys.stderr)
        else:
            print(result["text"])
        progress.step()
    progress.clear()
    return BAD_INPUT if failed else 0


class _Progress:
    """A line on a terminal that says how far the work is; nothing anywhere else."""

    def __init__(self, count: int, stream: TextIO) -> None:
        self.count, self.done, self.stream = count, 0, stream
        self.shown = count > 1 and stream.isatty()

    def step(self) -> None:
        """One more file is done."""
        self.done += 1
        if self.shown and self.done < self.count:
            filled = 30 * self.done // self.count
            bar = "█" * filled + "░" * (30 - filled)
            self.stream.write(f"\r{bar} {self.done}/{self.count}")
            self.stream.flush()

    def clear(self) -> None:
        """Make room for a line of output."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def _read(name: str, as_json: bool) -> dict[str, Any]:
    try:
        report = read_file(name)
    except Unreadable as problem:
        return {"source": shown(name), "error": str(problem)}
    return report.as_json() if as_json else {"source": report.source, "text": _summary(report)}


def _lost(name: str) -> dict[str, Any]:
    """For a file that took its process with it."""
    return {"source": shown(name), "error": "读取这个文件时进程意外终止或超时，没有读取。"}


def _check(name: str, as_json: bool, previous: Report | None) -> dict[str, Any]:
    try:
        report = read_file(name)
    except Unreadable as problem:
        return {"source": shown(name), "error": str(problem)}
    findings = check_report(report, previous)
    if as_json:
        return {
            "source": report.source,
            "organ": report.organ,
            "report_year": report.year,
            "format": report.form.key,
            **findings_json(findings),
            "damage": [str(note) for note in report.damage],
        }
    return {"source": report.source, "text": f"{_head(report)}\n{findings_text(report, findings)}"}


def _summary(report: Report) -> str:
    counts = dict.fromkeys((State.KNOWN, State.BLANK, State.INFERRED, State.UNREAD), 0)
    for cell in report.cells.values():
        counts[cell.state] += 1
    words = ("读出", "空白", "推定", "未读出")
    cells = "，".join(f"{word}{count}格" for word, count in zip(words, counts.values(), strict=True) if count)
    return "\n".join([_head(report), f"  {cells}", *(f"  缺损：{note}" for note in report.damage)])


def _head(report: Report) -> str:
    form = "2019年格式" if report.form.key == "fmt2019" else "2021年格式"
    year = f"{report.year}年" if report.year else "年度不详"
    return f"{report.source}：{report.organ or '机关不详'} {year}（{form}）"


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_JOBS):
        raise argparse.ArgumentTypeError(f"进程数应为 1 到 {_MAX_JOBS} 的整数。")
    return int(text)
