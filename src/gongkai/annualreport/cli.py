"""``gongkai report``: compiling a report's tables and findings to standard output, and printing signed ones."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.forms.findings import Finding, Result
from gongkai.forms.values import number_text
from gongkai.organs.queries import by_any_name
from gongkai.reading import cli as reading

from . import checking, exports
from .compile import Compiled, compile
from .models import Scope
from .rendering import cli as printing

BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser of ``gongkai report`` its commands."""
    commands = parser.add_subparsers(
        title="命令", dest="report_command", metavar="命令", required=True, parser_class=type(parser)
    )
    compiling = commands.add_parser(
        "compile", help="由记录生成年度报告", description="由记录生成年度报告的各表并核对勾稽关系。"
    )
    compiling.add_argument("--organ", required=True, metavar="机关", help="机关的现名、曾用名或代码")
    compiling.add_argument("--year", required=True, metavar="年度", help="报告年度，如 2022")
    compiling.add_argument(
        "--scope",
        choices=Scope.values,
        help="own 本机关，consolidated 汇总；不写时政府汇总，部门和办公室只报本机关",
    )
    compiling.add_argument("--json", action="store_true", help="输出 JSON")
    printing.add_command(commands)
    reading.add_commands(commands)  # listed here; the console command runs them without an installation


def run(args: argparse.Namespace) -> int:
    """Carry out ``gongkai report compile`` or ``print``. Exit status 2 and one sentence on bad input."""
    if args.report_command == "print":
        return printing.run(args)
    try:
        compiled = _compile(args.organ, args.year, args.scope)
    except ValidationError as error:
        print("".join(error.messages), file=sys.stderr)
        return BAD_INPUT
    findings = checking.check(compiled.figures, compiled)
    if args.json:
        content: Any = exports.to_cli_json(compiled, findings)
        print(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        print(_summary(compiled, findings))
    return 0


def _compile(name: str, year: str, scope: str | None) -> Compiled:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise ValidationError(f"年度“{year}”写法不对，应为四位数字，如 2022。")
    if int(year) > clock.today().year:
        raise ValidationError(f"{year}年度尚未开始，没有可以汇总的记录。")
    return compile(by_any_name(name), int(year), scope)


def _summary(compiled: Compiled, findings: list[Finding]) -> str:
    """For people: every figure that is not 0, then the findings that do not hold."""
    scope = Scope(compiled.scope).label
    lines = [f"{compiled.own.label} {compiled.year}年度报告（{scope}，{compiled.form.key}）"]
    for cell in compiled.form.cells():
        value = compiled.figures[cell.path]
        if value.number is None:
            least = "" if value.at_least is None else f"，至少{number_text(value.at_least)}"
            lines.append(f"{cell.label}\t未知{least}")
        elif value.number:
            lines.append(f"{cell.label}\t{number_text(value.number)}")
    lines.extend(
        f"[{finding.severity.value}] {finding.rule} {finding.message}"
        for finding in findings
        if finding.result is not Result.HOLDS
    )
    return "\n".join(lines)
