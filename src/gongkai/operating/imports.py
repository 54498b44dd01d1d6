"""`gongkai import organs|people|cases|tallies|reports FILE`: how a real office starts. All rows or none."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.operating.console import UsageError

if TYPE_CHECKING:
    from gongkai.base.imports import Report


@dataclass(frozen=True)
class Table:
    """What can be imported: the module with its REQUIRED and OPTIONAL columns, and the function that takes the rows."""

    title: str
    module: str
    function: str
    required: str = "REQUIRED"
    optional: str = "OPTIONAL"


TABLES = {
    "organs": Table("机关", "gongkai.organs.imports", "import_organs", "ORGAN_REQUIRED", "ORGAN_OPTIONAL"),
    "people": Table(
        "人员和岗位", "gongkai.organs.imports", "import_people", "PEOPLE_REQUIRED", "PEOPLE_OPTIONAL"
    ),
    "cases": Table("在办申请", "gongkai.requests.imports", "import_cases"),
    "tallies": Table("期初数和填报数", "gongkai.organs.tally_import", "import_tallies"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, from which file, and whether only to try."""
    kinds = "、".join(f"{key} {table.title}" for key, table in TABLES.items())
    parser.add_argument("kind", choices=TABLES, metavar="内容", help=kinds)
    parser.add_argument("file", type=Path, metavar="文件", help="XLSX 或 CSV；列名见 docs/operating.md")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")


def run(args: argparse.Namespace) -> int:
    """Import, or with ``--dry-run`` say what would happen; 2 with one line per mistake when a row is not good."""
    from gongkai.base.tables import TableError, read
    from gongkai.organs.actors import system

    if not args.file.is_file():
        raise UsageError(f"找不到文件 {args.file}。")
    table = TABLES[args.kind]
    module = import_module(table.module)
    try:
        rows = read(
            args.file,
            args.file.name,
            required=getattr(module, table.required),
            optional=getattr(module, table.optional),
        )
        report: Report = getattr(module, table.function)(rows, by=system("import"), dry_run=args.dry_run)
    except TableError as error:
        raise UsageError(f"{args.file}：{error}") from error
    return _tell(report, table.title)


def _tell(report: Report, title: str) -> int:
    if not report.ok:
        for error in report.errors:
            print(error, file=sys.stderr)
        more = "（错误太多，其余行未检查）" if report.cut_short else ""
        print(f"发现 {len(report.errors)} 处错误，没有导入任何内容{more}。", file=sys.stderr)
        return 2
    print(f"{title}：{report.rows} 行{'已导入' if report.kept else '检查通过，未写入（--dry-run）'}。")
    return 0
