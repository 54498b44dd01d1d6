"""`gongkai import organs|people|cases|tallies|reports FILE`: how a real office starts. All rows or none.

Tables come as XLSX or CSV; whole annual reports as JSON in the shape `gongkai report compile --json` prints.
"""

from __future__ import annotations

import argparse
import json
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


REPORTS = "reports"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, from which file, and whether only to try."""
    kinds = "、".join(f"{key} {table.title}" for key, table in TABLES.items())
    parser.add_argument(
        "kind", choices=[*TABLES, REPORTS], metavar="内容", help=f"{kinds}、{REPORTS} 整份年度报告"
    )
    parser.add_argument("file", type=Path, metavar="文件", help="XLSX 或 CSV；年度报告为 JSON")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--template", action="store_true", help="生成一份空表写入“文件”，供填写")


def run(args: argparse.Namespace) -> int:
    """Import, or with ``--dry-run`` say what would happen; 2 with one line per mistake when a row is not good."""
    if args.kind == REPORTS and args.template:
        raise UsageError("整份年度报告没有空表；格式同 gongkai report compile --json 的输出。")
    if args.template:
        return _write_template(args.file, TABLES[args.kind])
    if not args.file.is_file():
        raise UsageError(f"找不到文件 {args.file}。")
    if args.kind == REPORTS:
        return _import_report(args.file, dry_run=args.dry_run)
    return _import_table(args.file, TABLES[args.kind], dry_run=args.dry_run)


def _write_template(file: Path, table: Table) -> int:
    from gongkai.base.tables import xlsx_bytes

    module = import_module(table.module)
    required, optional = getattr(module, table.required), getattr(module, table.optional)
    if file.exists() or file.suffix != ".xlsx":
        raise UsageError(f"{file} 已存在，或者不是 .xlsx 文件名；请换一个文件名。")
    file.write_bytes(xlsx_bytes([*(f"{name}*" for name in required), *optional], [], table.title))
    print(f"空表已写入 {file}；带 * 的列必填。")
    return 0


def _import_table(file: Path, table: Table, *, dry_run: bool) -> int:
    from gongkai.base.tables import TableError, read
    from gongkai.organs.actors import system

    module = import_module(table.module)
    try:
        rows = read(
            file,
            file.name,
            required=getattr(module, table.required),
            optional=getattr(module, table.optional),
        )
        report: Report = getattr(module, table.function)(rows, by=system("import"), dry_run=dry_run)
    except TableError as error:
        raise UsageError(f"{file}：{error}") from error
    return _tell(report, table.title)


def _import_report(file: Path, *, dry_run: bool) -> int:
    """One report, kept as it came. Raises UsageError for what is no report, ValidationError for its figures."""
    from django.db import transaction

    from gongkai.annualreport.actions import import_report
    from gongkai.organs.actors import system
    from gongkai.organs.queries import by_any_name
    from gongkai.organs.refusals import Refused

    try:
        content = json.loads(file.read_text("utf-8-sig"))
        organ, year, tables = (
            content["organ"],
            int(content["report_year"]),
            content if content["table3"] else {},
        )
    except (ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"{file} 不是年度报告的 JSON；格式同 gongkai report compile --json 的输出。"
        ) from error
    with transaction.atomic():
        try:
            version = import_report(
                by=system("import"),
                organ=by_any_name(str(organ)),
                year=year,
                tables=tables,
                source=f"导入：{file.name}"[:200],
                scope=content.get("scope"),
            )
        except Refused as refused:
            raise UsageError(str(refused)) from refused
        failing = [finding for finding in version.findings if finding.get("result") == "fails"]
        transaction.set_rollback(dry_run)
    print(f"{organ} {year} 年度报告：{'检查通过，未写入（--dry-run）' if dry_run else '已导入'}。")
    for finding in failing:
        print(f"　[{finding['severity']}] {finding['rule']} {finding['message']}")
    return 0


def _tell(report: Report, title: str) -> int:
    if not report.ok:
        for error in report.errors:
            print(error, file=sys.stderr)
        more = "（错误太多，其余行未检查）" if report.cut_short else ""
        print(f"发现 {len(report.errors)} 处错误，没有导入任何内容{more}。", file=sys.stderr)
        return 2
    print(f"{title}：{report.rows} 行{'已导入' if report.kept else '检查通过，未写入（--dry-run）'}。")
    return 0
