"""``gongkai report print``: make the archived files of a signed report that are not there yet, and hand them out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.core.exceptions import ValidationError

from gongkai.annualreport import queries
from gongkai.annualreport.models import ReportVersion, Scope
from gongkai.organs.actors import system
from gongkai.organs.queries import by_any_name

from . import prints

NOT_WHOLE, BAD_INPUT = 1, 2


def add_command(commands: argparse._SubParsersAction) -> None:
    """Give ``gongkai report`` the command ``print``."""
    command = commands.add_parser(
        "print",
        help="生成已签发报告的 Word 和 PDF 存档文件",
        description="为已签发的报告补制还没有的存档文件。",
    )
    command.add_argument("organ", metavar="机关", help="机关的代码、现名或曾用名")
    command.add_argument("year", type=int, metavar="年度", help="报告年度，如 2022")
    command.add_argument(
        "--scope", choices=Scope.values, help="own 本机关，consolidated 汇总；不写时两种都做"
    )
    command.add_argument("--to", type=Path, metavar="文件夹", help="另存一份到这个文件夹")


def run(args: argparse.Namespace) -> int:
    """Make what is missing, say what there is. 1 when a file could not be made, 2 when there is no such report."""
    try:
        organ = by_any_name(args.organ)
    except ValidationError as error:
        print("".join(error.messages), file=sys.stderr)
        return BAD_INPUT
    versions = ReportVersion.objects.select_related("report__organ").filter(
        report__organ=organ, report__year=args.year, state__in=queries.FINAL
    )
    if args.scope:
        versions = versions.filter(report__scope=args.scope)
    found = list(versions.order_by("report__scope", "number"))
    if not found:
        print(f"{organ.name}{args.year}年度没有已签发的报告。", file=sys.stderr)
        return BAD_INPUT
    return max(_print(version, args.to) for version in found)


def _print(version: ReportVersion, folder: Path | None) -> int:
    from .fonts import NoFont  # loads the typesetter, which no other command needs

    status = 0
    for wanted in prints.Format.values:
        try:
            made = prints.make(by=system("print"), version=version, wanted=wanted)
        except NoFont as missing:
            print(missing, file=sys.stderr)
            status = NOT_WHOLE
            continue
        name = prints.file_name(version, wanted)
        print(f"{name}\t{made.size} 字节\tSHA-256 {made.sha256}")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(prints.content(made))
    return status
