"""``gongkai documents import|export``: a register's documents in from a table with a folder of files, and out again.

A run that was cut off is simply started again: the table is known by its bytes, and what is in the register is recognised.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import itertools
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from gongkai.base.fields import within
from gongkai.base.tables import TableError, parse_date
from gongkai.documents.bulk import attached, batches, exporting, reading
from gongkai.documents.bulk.exporting import Troubled
from gongkai.documents.bulk.importing import (
    Counts,
    Import,
    Overtaken,
    Trouble,
    hear,
    not_kept,
    sentence,
)
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Document
from gongkai.organs.actors import system
from gongkai.organs.models import Organ
from gongkai.organs.queries import by_any_name

BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands and their options."""
    commands = parser.add_subparsers(
        title="命令", dest="documents_command", metavar="命令", required=True, parser_class=type(parser)
    )
    importing = commands.add_parser(
        "import",
        help="从表格和附件文件夹导入文件",
        description="读取 CSV、XLSX、JSON 或 JSON lines 表格，连同附件登记为文件。"
        "没有问题的行都导入，有问题的行写入问题表；中断后原样再运行一次，接着没有导完的继续。",
    )
    importing.add_argument("table", type=Path, metavar="表格", help=".csv、.xlsx、.json 或 .jsonl")
    importing.add_argument("--files", type=Path, metavar="位置", help="附件所在的文件夹或者 ZIP")
    importing.add_argument(
        "--organ", metavar="机关", help="表格没有“机关”列时，文件属于哪个机关（代码或名称）"
    )
    importing.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    importing.add_argument("--problems", type=Path, metavar="文件", help="把有问题的行写入这个 CSV")
    importing.add_argument("--template", action="store_true", help="生成一份空表写入“表格”，供填写")
    out = commands.add_parser(
        "export", help="导出文件", description="按导入的列导出文件；带附件的导出为 ZIP。"
    )
    out.add_argument("out", type=Path, metavar="文件", help="写到哪里：.csv、.xlsx、.jsonl；带附件的 .zip")
    out.add_argument("--format", choices=exporting.FORMATS, help="ZIP 里的表格用哪种格式，默认 csv")
    out.add_argument("--organ", metavar="机关", help="只要这个机关和它下级的（代码或名称）")
    out.add_argument("--kind", metavar="类型", help="只要这一类，如 通知公告")
    out.add_argument("--since", metavar="日期", help="成文日期从哪天起")
    out.add_argument("--until", metavar="日期", help="成文日期到哪天止")


def run(args: argparse.Namespace) -> int:
    """Carry out a parsed command. 2 when a row had a problem; ValidationError for a bad command."""
    if args.documents_command == "export":
        return _export(args)
    if args.template:
        return _template(args.table)
    return _import(args)


def _import(args: argparse.Namespace) -> int:
    table: Path = args.table
    if not table.is_file():
        raise ValidationError(f"找不到文件 {table}。")
    organ = by_any_name(args.organ) if args.organ else None
    bar = _Bar(table, sys.stderr)
    try:
        with attached.opened(args.files) as files, bar.running():
            rows = reading.read(bar.open, table.name, organ_given=organ is not None)
            if args.dry_run:
                return _try(args, rows, files, organ, bar)
            return _take(args, rows, files, organ, bar)
    except TableError as error:
        raise ValidationError(f"{table}：{error}") from error


def _try(args: argparse.Namespace, rows: Any, files: attached.Files, organ: Organ | None, bar: _Bar) -> int:
    troubles: list[Trouble] = []
    tell = partial(hear, troubles)
    job = Import(by=system("import"), organ=organ, files=files, tell=tell, progress=bar.show)
    try:
        job.run(rows)
    finally:
        job.close()
    bar.clear()
    _tell(args.problems, troubles, job.counts)
    print(f"{sentence(job.counts, done=False)}。没有写入（--dry-run）。")
    return BAD_INPUT if job.counts.wrong else 0


def _take(args: argparse.Namespace, rows: Any, files: attached.Files, organ: Organ | None, bar: _Bar) -> int:
    by = system("import")
    batch = batches.begin(by=by, organ=organ or _top(), name=args.table.name, sha256=_digest(args.table))
    if batch.position:
        print(f"上次导入到第 {batch.position} 行，接着导入。", file=sys.stderr)
    job = Import(by=by, organ=organ, files=files, batch=batch, progress=bar.show)
    try:
        job.run(rows)
    except TableError as error:
        batches.interrupt(batch, str(error))
        raise
    except Overtaken:
        raise ValidationError("另一个进程正在导入同一张表格。") from None
    batches.finish(batch)
    bar.clear()
    _tell(args.problems, batch.problems.order_by("row").iterator(chunk_size=500), job.counts)
    print(f"{sentence(job.counts, done=True)}。")
    return BAD_INPUT if job.counts.wrong else 0


def _top() -> Organ:
    """Under whose name a batch of several organs' documents is kept."""
    found = Organ.objects.filter(parent=None).order_by("path").first()
    if found is None:
        raise ValidationError("还没有机关；请先用 gongkai init 或者 gongkai import organs 建立。")
    return found


def _tell(path: Path | None, troubles: Iterable[Troubled], counts: Counts) -> None:
    """The rows in trouble: into a file, which there is only where there are some; or the first to standard error."""
    if not counts.wrong + counts.mended:
        return
    if path is None:
        for one in itertools.islice((one for one in troubles if not one.kept), 20):
            print(f"第 {one.row} 行：{one.words!s}", file=sys.stderr)
        return
    with path.open("wb") as out:
        exporting.save(exporting.problem_pieces(troubles), out)
    if more := not_kept(counts):
        print(more, file=sys.stderr)


def _template(path: Path) -> int:
    if path.exists() or path.suffix != ".xlsx":
        raise ValidationError(f"{path} 已存在，或者不是 .xlsx 文件名；请换一个文件名。")
    with path.open("wb") as out:
        exporting.save(exporting.template(), out)
    print(f"空表已写入 {path}；带 * 的列必填，第二张工作表是填写说明。")
    return 0


def _export(args: argparse.Namespace) -> int:
    suffix = args.out.suffix.lower().lstrip(".")
    if suffix not in (*exporting.FORMATS, "zip"):
        raise ValidationError(f"{args.out} 的扩展名应是 .csv、.xlsx、.jsonl 或者 .zip。")
    if args.format and suffix != "zip" and args.format != suffix:
        raise ValidationError("--format 只用于导出 ZIP；其他格式由文件的扩展名决定。")
    rows = _asked(args)
    began, partial = time.monotonic(), args.out.with_name(args.out.name + ".part")
    kind, counted = args.format or exporting.CSV, _Counted(exporting.lines(rows))
    found = (
        exporting.zip_pieces(kind, counted, exporting.attachments_of(rows))
        if suffix == "zip"
        else exporting.pieces(suffix, counted)
    )
    try:
        with partial.open("wb") as out:
            size = exporting.save(found, out)
        partial.replace(args.out)
    finally:
        partial.unlink(missing_ok=True)
    seconds = time.monotonic() - began
    print(f"已导出 {counted.number:,} 件文件，{size / 1024**2:.1f} MB，{seconds:.0f} 秒：{args.out}")
    return 0


class _Counted:
    """Rows on their way out, counted as they pass."""

    def __init__(self, rows: Iterable[exporting.Cells]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[exporting.Cells]:
        for cells in self._rows:
            self.number += 1
            yield cells


def _asked(args: argparse.Namespace) -> QuerySet[Document]:
    rows = Document.objects.filter(STANDING).order_by("pk")
    if args.organ:
        rows = rows.filter(within("path", by_any_name(args.organ).path))
    if args.kind:
        kinds = {str(name): kind.value for kind in Kind for name in (kind.value, kind.label)}
        if args.kind not in kinds:
            raise ValidationError(f"没有“{args.kind}”这一类文件。")
        rows = rows.filter(kind=kinds[args.kind])
    if since := _day(args.since):
        rows = rows.filter(made_on__gte=since)
    if until := _day(args.until):
        rows = rows.filter(made_on__lte=until)
    return rows


def _day(text: str | None) -> dt.date | None:
    try:
        return parse_date(text or "")
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Bar:
    """How far a run is, on a terminal: by the bytes read where these tell, else by rows."""

    def __init__(self, path: Path, stream: Any) -> None:
        self._path, self._stream = path, stream
        self._size = path.stat().st_size if path.is_file() else 0
        self._told = path.suffix.lower() != ".xlsx"  # whose parts are not read in order
        self._shown = bool(stream.isatty())
        self._reading: IO[bytes] | None = None
        self._began = time.monotonic()

    def open(self) -> IO[bytes]:
        self._reading = self._path.open("rb")
        return self._reading

    @contextmanager
    def running(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.clear()

    def show(self, counts: Counts) -> None:
        if not self._shown:
            return
        speed = counts.rows / max(time.monotonic() - self._began, 0.001)
        text = f"{counts.rows:,} 行  {speed:,.0f} 行/秒"
        if self._told and self._size and self._reading is not None and not self._reading.closed:
            share = min(1.0, self._reading.tell() / self._size)
            filled = int(30 * share)
            text = f"{'█' * filled}{'░' * (30 - filled)} {share:4.0%}  {text}"
        self._stream.write(f"\r{text}\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
