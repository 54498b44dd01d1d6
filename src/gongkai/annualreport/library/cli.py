"""``gongkai library import|export``: whole folders of published reports into a library, and out as tables.

Reading is spread over processes; what is kept is kept one report at a time. A run that was cut off is simply started
again: what is in the library already is recognised by its bytes and not read a second time.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.db import reset_queries

from gongkai.base import files
from gongkai.organs.actors import Actor, system
from gongkai.organs.models import Organ
from gongkai.organs.queries import by_any_name
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import SYSTEM
from gongkai.reading import processes

from . import actions, apart, dictionary, exporting, fetching, parsing
from .lines import ORIGINS, Asked, each
from .lines import count as reports
from .matching import Matcher
from .models import ReadVersion
from .parsing import Before, NotKept, Parsed
from .sources import Source, find

NOT_ALL = 2
_MAX_JOBS = 64
NEW, NEXT, KNOWN, UNCLAIMED, FAILED = "new", "next", "known", "unclaimed", "failed"
_WORDS = {
    NEW: "新入库 {} 份",
    NEXT: "其中新的版本 {} 份",
    UNCLAIMED: "其中待认领 {} 份",
    KNOWN: "库中已有 {} 份",
    FAILED: "没有读成 {} 份",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands and their options."""
    commands = parser.add_subparsers(
        title="命令", dest="library_command", metavar="命令", required=True, parser_class=type(parser)
    )
    importing = commands.add_parser(
        "import",
        help="把已发布的年度报告导入年报库",
        description="读取文件、文件夹、ZIP 压缩包或网址中的年度报告，连同原件存入年报库。中断后重新运行即可接着导入。",
    )
    importing.add_argument("paths", nargs="*", metavar="路径", help="文件、文件夹或 ZIP")
    importing.add_argument("--urls", type=Path, metavar="文件", help="网址清单，每行一个，# 开头的行不计")
    importing.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="同时读取的进程数，默认 1")
    importing.add_argument("--dry-run", action="store_true", help="只读取，不入库")
    exporting_ = commands.add_parser(
        "export", help="导出年报库", description="导出读到的和本平台公布的年度报告，并附数据字典。"
    )
    exporting_.add_argument(
        "--format", choices=exporting.FORMATS, default=exporting.CSV, help="格式，默认 csv"
    )
    exporting_.add_argument(
        "--shape", choices=exporting.SHAPES, default=exporting.LONG, help="long 长表（默认）、wide 宽表"
    )
    exporting_.add_argument("--out", type=Path, required=True, metavar="文件", help="写到哪里")
    exporting_.add_argument("--years", metavar="年度", help="如 2021 或 2019-2022；不写为全部")
    exporting_.add_argument("--origin", choices=ORIGINS, help="read 只要读到的，published 只要本平台公布的")
    for one in (importing, exporting_):
        one.add_argument(
            "--organ", metavar="机关", help="年报库属于哪个机关（代码或名称）；只有一个最上级机关时可不写"
        )


def run(args: argparse.Namespace) -> int:
    """Carry out a parsed command. 2 when something could not be read; ValidationError for a bad command."""
    if args.library_command == "export":
        return _export(args)
    if not args.paths and args.urls is None:
        raise ValidationError("请写明要导入的文件、文件夹、ZIP，或者用 --urls 指定网址清单。")
    return Import(_library(args.organ), args.jobs, args.dry_run).run(args.paths, args.urls)


@dataclass
class Import:
    """One run. `counts` is the report at its end."""

    library: Organ
    jobs: int
    dry_run: bool = False
    by: Actor = field(default_factory=lambda: system("library"))
    out: TextIO = field(default_factory=lambda: sys.stdout)
    counts: Counter[str] = field(default_factory=Counter)
    _again: dict[int, None] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def run(self, paths: list[str], urls: Path | None) -> int:
        """Import everything, then check the new reports across years; returns the exit status."""
        self.matcher = Matcher(self.library)
        read = _reader(self.jobs)
        for source, parsed in read(self._tasks(find(paths))):
            kind = ReadVersion.Source.ARCHIVE if source.member else ReadVersion.Source.FILE
            self._take(source.name, kind, source, parsed)
        if urls is not None:
            self._fetch(urls)
        self._check_across_years(read)
        self._report()
        return NOT_ALL if self.counts[FAILED] else 0

    def _tasks(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Before | None]]:
        """What is not in the library yet; the rest is counted here."""
        for source in sources:
            reset_queries()
            try:
                sha256 = parsing.digest(source.load())
            except NotKept as problem:
                self._failed(source.name, str(problem))
                continue
            if not self._is_known(sha256):
                yield source, None

    def _is_known(self, sha256: str) -> bool:
        if sha256 in self._seen or actions.known(self.library, sha256) is not None:
            self.counts[KNOWN] += 1
            return True
        self._seen.add(sha256)
        return False

    def _take(self, name: str, kind: str, source: Source, parsed: Parsed | str) -> None:
        if isinstance(parsed, str):
            self._failed(name, parsed)
            return
        try:
            content = source.load()
            if parsing.digest(content) != parsed.sha256:
                raise NotKept("文件在读取时被改动，没有入库。")
        except NotKept as problem:
            self._failed(name, str(problem))
            return
        self._keep(name, kind, content, parsed)

    def _keep(self, name: str, kind: str, content: bytes, parsed: Parsed) -> None:
        if self.dry_run:
            self.counts[NEW] += 1
            return
        kept = actions.keep(
            by=self.by,
            library=self.library,
            content=content,
            parsed=parsed,
            name=name,
            kind=kind,
            matcher=self.matcher,
        )
        if not kept.is_new:
            self.counts[KNOWN] += 1
            return
        self.counts[NEW] += 1
        self.counts[NEXT] += kept.version.number > 1
        self.counts[UNCLAIMED] += not kept.version.is_claimed
        for version in actions.to_check_again(kept.version):
            self._again[version.pk] = None

    def _fetch(self, urls: Path) -> None:
        """Addresses one by one: the network is slower than the reader."""
        good, bad = fetching.addresses_in(_text(urls))
        for line in bad:
            self._failed(line[:200], "不是完整的 http 或 https 网址。")
        for address in good:
            reset_queries()
            try:
                content = fetching.fetch(address)
                if not self._is_known(parsing.digest(content)):
                    self._keep(address, ReadVersion.Source.ADDRESS, content, apart.parse(content, address))
            except NotKept as problem:
                self._failed(address, str(problem))

    def _check_across_years(self, read: Any) -> None:
        """Read again what has got last year's report beside it in this run."""
        for task, parsed in read(self._kept_again()):
            if isinstance(parsed, Parsed):
                version = ReadVersion.objects.select_related("organ").get(pk=task.index)
                with contextlib.suppress(Refused):
                    actions.take_reading(by=self.by, version=version, parsed=parsed)

    def _kept_again(self) -> Iterator[tuple[parsing.Loaded, Before | None]]:
        for pk in self._again:
            reset_queries()
            version = ReadVersion.objects.select_related("file", "report").get(pk=pk)
            with contextlib.suppress(FileNotFoundError):
                yield parsing.Loaded(version.source, pk, files.read(version.file)), actions.before(version)

    def _failed(self, name: str, reason: str) -> None:
        self.counts[FAILED] += 1
        print(f"{name}：{reason}", file=sys.stderr)

    def _report(self) -> None:
        told = [
            words.format(self.counts[key]) for key, words in _WORDS.items() if self.counts[key] or key == NEW
        ]
        tail = "（--dry-run，没有入库）" if self.dry_run else ""
        print(f"{self.library.name}年报库：{'，'.join(told)}{tail}。", file=self.out)


Task = tuple[Any, Before | None]
Read = Callable[[Iterable[Task]], Iterator[tuple[Any, Parsed | str]]]


def _reader(jobs: int) -> Read:
    """A function that reads tasks with processes of its own; only a few results wait at a time, and a file that kills its
    process costs that file alone. Spawned, not forked: a copy of our database connection must not exist in them."""

    def read(tasks: Iterable[Task]) -> Iterator[tuple[Any, Parsed | str]]:
        begun: deque[Any] = deque()

        def noted() -> Iterator[Task]:
            for task in tasks:
                begun.append(task[0])
                yield task

        for result in processes.spread(parsing.parse_task, noted(), jobs, _lost, spawn=True):
            yield begun.popleft(), result

    return read


def _lost(_task: Task) -> str:
    return parsing.BROKEN


def _export(args: argparse.Namespace) -> int:
    if args.format == exporting.PARQUET and (reason := exporting.parquet_refusal()):
        raise ValidationError(reason)
    if not args.out.parent.is_dir():
        raise ValidationError(f"文件夹 {args.out.parent} 不存在。")
    asked = Asked(years=_years(args.years), origins=(args.origin,) if args.origin else ORIGINS)
    library = _library(args.organ) if args.organ else None
    found = partial(each, SYSTEM, asked, library=library)
    count = exporting.write(exporting.table(found, args.shape), args.format, args.out)
    words = args.out.with_name(f"{args.out.stem}.dictionary.csv")
    dictionary.write(words)
    print(f"已导出 {reports(SYSTEM, asked, library)} 份报告、{count} 行到 {args.out}，数据字典在 {words}。")
    return 0


def _library(named: str | None) -> Organ:
    """The organ whose library it is. Raises ValidationError."""
    if named:
        return by_any_name(named, Organ.objects.exclude(kind=Organ.Kind.UNIT))
    roots = list(Organ.objects.filter(parent=None)[:2])
    if len(roots) == 1:
        return roots[0]
    raise ValidationError(
        "请用 --organ 指明年报库属于哪个机关。" if roots else "还没有机关，请先运行 gongkai init。"
    )


def _years(text: str | None) -> tuple[int, ...]:
    if not text:
        return ()
    first, _, last = text.partition("-")
    if (
        not (first.isdecimal() and (last or first).isdecimal())
        or not 2000 <= int(first) <= int(last or first) <= 2100
    ):
        raise ValidationError(f"“{text}”不是年度，应写作 2021 或 2019-2022。")
    return tuple(range(int(first), int(last or first) + 1))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValidationError(f"网址清单 {path} 无法读取，应为 UTF-8 文本文件。") from error


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_JOBS):
        raise argparse.ArgumentTypeError(f"进程数应为 1 到 {_MAX_JOBS} 的整数。")
    return int(text)
