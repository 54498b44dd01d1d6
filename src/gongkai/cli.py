"""The console command ``gongkai``. Parsing only; what is done stands in the module each command names.

A command's module is imported when the command is used, and Django is set up only for the commands that need it, so
`gongkai law` answers at once and without a home. Exit status: 0 done, 1 something is not whole, 2 bad input.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from gongkai.home import HomeError
from gongkai.law.cli import CourteousParser
from gongkai.operating.console import UsageError, setup_django


@dataclass(frozen=True)
class Command:
    """One subcommand: its module offers ``add_arguments(parser)`` and ``run(args) -> int | None``."""

    help: str
    module: str
    django: bool = True


COMMANDS = {
    "demo": Command("载入演示数据并启动服务", "gongkai.operating.demo", django=False),
    "init": Command(
        "建立正式环境：数据目录、数据库、本级机关和首个运维账号", "gongkai.operating.init", django=False
    ),
    "import": Command("从 XLSX/CSV 导入机关、人员、在办申请、数据和年度报告", "gongkai.operating.imports"),
    "serve": Command("启动服务", "gongkai.operating.serve"),
    "work": Command("执行待办的后台任务（serve 会自动启动）", "gongkai.operating.work"),
    "migrate": Command("升级数据库结构", "gongkai.operating.migrate"),
    "backup": Command("备份数据库、文件和密钥（服务不必停止）", "gongkai.operating.backup"),
    "restore": Command("把备份恢复到空的数据目录", "gongkai.operating.restore", django=False),
    "health": Command("检查运行状况", "gongkai.operating.health"),
    "verify": Command("核对全部记录、审计日志和文件是否完整", "gongkai.operating.verify"),
    "documents": Command("批量导入和导出文件", "gongkai.documents.bulk.cli"),
    "search": Command("检索索引：重建、查看状况、与数据库核对", "gongkai.search.cli"),
    "rotate-keys": Command("更换加密密钥（分三步：new、apply、drop）", "gongkai.operating.rotate"),
    "report": Command("编制年度报告", "gongkai.annualreport.cli"),
    "library": Command("年报库：导入各地已发布的年度报告，导出数据", "gongkai.annualreport.library.cli"),
    "law": Command("期限和收费计算（不需要数据库）", "gongkai.law.cli", django=False),
    "manage": Command("直接使用 Django 管理命令", "gongkai.operating.manage"),
}

# The commands of `gongkai report` that read files anyone published; they know no installation.
REPORT_FILES = Command("读取和核对已发布的年度报告", "gongkai.reading.cli", django=False)


def today() -> dt.date:
    """``GONGKAI_TODAY`` when set, else the date in Shanghai; for the commands that know no installation.

    Raises UsageError when the variable holds no date.
    """
    asked = os.environ.get("GONGKAI_TODAY")
    if not asked:
        return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        raise UsageError(f"GONGKAI_TODAY={asked} 不是日期，应写作 2022-12-30。") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 2


def _run(arguments: list[str]) -> int:
    words = [word for word in arguments if not word.startswith("-")]
    named = words[0] if words else ""
    chosen = REPORT_FILES if words[:2] in (["report", "read"], ["report", "check"]) else COMMANDS.get(named)
    if chosen is not None and chosen.django:
        setup_django()
    parser = CourteousParser(prog="gongkai", description="公开：政府信息公开工作平台")
    commands = parser.add_subparsers(title="命令", metavar="命令", dest="command", required=True)
    module: Any = None
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.help, description=command.help)
        if name == named and chosen is not None:
            module = import_module(chosen.module)
            module.add_arguments(sub)
    args = parser.parse_args(arguments, argparse.Namespace(clock=today))
    return int(module.run(args) or 0)


def _sentence(error: Exception) -> str | None:
    """What to tell the operator about a mistake of theirs or an unusable installation; None for a fault of ours."""
    if isinstance(error, UsageError | HomeError):
        return str(error)
    if "django" not in sys.modules:
        return None
    from dj_database_url import ParseError, UnknownSchemeError
    from django.core.exceptions import ImproperlyConfigured, ValidationError
    from django.db import OperationalError, ProgrammingError

    if isinstance(error, ParseError | UnknownSchemeError):
        return (
            "GONGKAI_DATABASE_URL 写法不对，应如 postgres://用户:密码@主机:5432/库名，或不设（用 SQLite）。"
        )
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, ValidationError):
        return "；".join(error.messages)
    if isinstance(error, OperationalError | ProgrammingError):
        reason = " ".join(str(error).split())
        return f"数据库无法使用（{reason}）。先运行 gongkai migrate，或用 gongkai health 检查。"
    return None


if __name__ == "__main__":
    sys.exit(main())
