"""`gongkai verify`: recompute what can be recomputed and say what is not whole.

Each room that keeps projections offers ``gongkai.<room>.verify`` with ``problems()``, an iterable of sentences. The
database file, the audit chain and the files are checked here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

SHOWN = 200  # sentences printed per check; a systematic fault would print one per record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Print one line per check and one sentence per problem; 1 when anything is not whole."""
    found = 0
    for title, check in checks():
        problems = list(check())
        found += len(problems)
        print(f"{title}：{f'{len(problems)} 个问题' if problems else '完整'}", flush=True)
        for sentence in problems[:SHOWN]:
            print(f"　{sentence}")
        if len(problems) > SHOWN:
            print(f"　…… 另有 {len(problems) - SHOWN} 个")
    if number := len(list(orphans())):
        print(f"文件目录另有 {number} 个没有登记的文件（中断的上传留下的），不影响使用。")
    print(f"共发现 {found} 个问题。" if found else "全部完整。")
    return 1 if found else 0


def checks() -> Iterator[tuple[str, Callable[[], Iterable[str]]]]:
    """Every check of this installation, with its title."""
    from django.apps import apps

    from gongkai.base import audit

    yield "数据库结构", _schema
    yield "数据库文件", _database
    for config in apps.get_app_configs():
        if config.name.startswith("gongkai.") and find_spec(f"{config.name}.verify"):
            yield str(config.verbose_name), import_module(f"{config.name}.verify").problems
    yield "审计日志", audit.broken_seals
    yield "文件", damaged_files


def _schema() -> Iterator[str]:
    from gongkai.operating import migrate

    for name in migrate.unapplied():
        yield f"缺少迁移 {name}，请运行 gongkai migrate"


def _database() -> Iterator[str]:
    """SQLite's own check of the file and of every reference; PostgreSQL guards both itself."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for (line,) in cursor.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                yield f"数据库文件损坏：{line}"
        for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
            yield f"{table} 第 {row} 行指向 {parent} 中不存在的记录"


def damaged_files() -> Iterator[str]:
    """Stored files that are missing, unreadable or altered."""
    from gongkai.base import files
    from gongkai.base.models import StoredFile

    for stored in StoredFile.objects.defer("name").order_by("pk").iterator(chunk_size=500):
        if reason := files.damage(stored):
            yield f"文件 {stored.pk}：{reason}"


def orphans(age: dt.timedelta = dt.timedelta(days=1)) -> Iterator[Path]:
    """Files no row knows: an upload whose action was refused or cut off leaves one. Younger ones may be under way."""
    from django.conf import settings

    from gongkai.base.models import StoredFile

    before = time.time() - age.total_seconds()
    old = {
        path.name: path
        for path in settings.HOME.files.glob("*/*")
        if path.is_file() and path.stat().st_mtime < before
    }
    known = set(StoredFile.objects.values_list("key", flat=True).iterator())
    yield from (path for name, path in sorted(old.items()) if name not in known)
