"""`gongkai health`: is this installation able to work right now? One sentence a check; exit status 1 when it is not."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FINE, NOTICE, BROKEN = "正常", "注意", "异常"
LEAST_FREE = 1024**3  # bytes
BACKLOG_NOTICED, BACKLOG_BROKEN = dt.timedelta(minutes=10), dt.timedelta(days=1)
UNSEALED_NOTICED = 50_000  # entries; the worker seals within seconds


@dataclass(frozen=True)
class Finding:
    """One answer: how it stands, about what, in one sentence."""

    level: str
    subject: str
    sentence: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when one of them is broken."""
    found = list(findings())
    for finding in found:
        print(f"［{finding.level}］{finding.subject}：{finding.sentence}")
    return 1 if any(finding.level == BROKEN for finding in found) else 0


def findings() -> Iterator[Finding]:
    """Every check in turn. What needs the database is left out when it cannot be reached."""
    from django.db import DatabaseError

    yield from _home()
    try:
        yield _database()
        yield _migrations()
        checks: tuple[Callable[[], Finding], ...] = (_outbox, _seals, _calendar, _search)
        for check in checks:
            yield check()
    except DatabaseError as error:
        yield Finding(BROKEN, "数据库", f"无法使用（{' '.join(str(error).split())}）")


def _home() -> Iterator[Finding]:
    from django.conf import settings

    place = settings.HOME
    if not place.exists:
        yield Finding(BROKEN, "数据目录", f"{place.path} 尚未建立，先运行 gongkai init")
        return
    yield Finding(FINE, "数据目录", f"{place.path}，{settings.ENVIRONMENT} 环境")
    yield _keys()
    yield _files()
    free = shutil.disk_usage(place.path).free
    level = FINE if free >= LEAST_FREE else BROKEN if free < LEAST_FREE // 10 else NOTICE
    yield Finding(level, "磁盘", f"剩余 {free / 1024**3:.1f} GB")
    yield _typefaces()


def _keys() -> Finding:
    from django.conf import settings

    from gongkai.base import crypto
    from gongkai.home import HomeError

    try:
        crypto.unseal(crypto.seal(b"health"))
        mode = settings.HOME.keys_file.stat().st_mode
    except (HomeError, ValueError) as error:
        return Finding(BROKEN, "密钥", str(error))
    if mode & 0o077:
        return Finding(NOTICE, "密钥", f"{settings.HOME.keys_file} 可被其他用户读取，请执行 chmod 600")
    return Finding(FINE, "密钥", "可用")


def _files() -> Finding:
    from django.conf import settings

    try:
        with tempfile.TemporaryFile(dir=settings.HOME.files) as probe:
            probe.write(b"health")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return Finding(BROKEN, "文件目录", f"{settings.HOME.files} 不能写入（{error.strerror}）")
    return Finding(FINE, "文件目录", "可以写入")


def _typefaces() -> Finding:
    from django.conf import settings

    from gongkai.annualreport.rendering import fonts

    if reason := fonts.problem(settings.FONTS):
        return Finding(NOTICE, "字体", reason)
    return Finding(FINE, "字体", "中文字体可用，可以生成 PDF")


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(FINE, "数据库", "SQLite" if connection.vendor == "sqlite" else connection.display_name)


def _migrations() -> Finding:
    from gongkai.operating import migrate

    waiting = migrate.unapplied()
    if waiting:
        return Finding(BROKEN, "数据库结构", f"{len(waiting)} 项待升级，先备份，再运行 gongkai migrate")
    return Finding(FINE, "数据库结构", "最新")


def _outbox() -> Finding:
    from django.db.models import Count, Max, Min

    from gongkai.base import clock
    from gongkai.base.models import OutboxMessage

    waiting = OutboxMessage.objects.filter(done_at__isnull=True).aggregate(
        number=Count("pk"), oldest=Min("due_at"), attempts=Max("attempts")
    )
    if not waiting["number"]:
        return Finding(FINE, "后台任务", "没有积压")
    late = clock.machine_now() - waiting["oldest"]
    level = (
        BROKEN if late > BACKLOG_BROKEN else NOTICE if late > BACKLOG_NOTICED or waiting["attempts"] else FINE
    )
    return Finding(level, "后台任务", f"待执行 {waiting['number']} 项，最多已重试 {waiting['attempts']} 次")


def _seals() -> Finding:
    from gongkai.base.models import AuditEntry

    waiting = AuditEntry.objects.filter(seal__isnull=True).count()
    level = NOTICE if waiting > UNSEALED_NOTICED else FINE
    return Finding(level, "审计封存", f"待封存 {waiting} 条" if waiting else "全部已封存")


def _calendar() -> Finding:
    """Next year's calendar is published in late autumn; before December its absence is expected."""
    from gongkai.base import clock
    from gongkai.organs import calendars

    today = clock.today()
    years = calendars.for_region().years
    if today.year not in years:
        return Finding(BROKEN, "工作日日历", f"{today.year} 年未载入，到期日无法计算")
    if today.year + 1 not in years:
        level = NOTICE if today.month == 12 else FINE
        return Finding(
            level, "工作日日历", f"{today.year + 1} 年未载入；国务院办公厅公布放假安排后请及时载入"
        )
    return Finding(FINE, "工作日日历", f"已载入至 {max(years)} 年")


def _search() -> Finding:
    """The index can always be built anew, so its absence is nothing worse than a notice."""
    from gongkai.search import checking, place

    found = checking.standing(place.folder(), place.reader())
    return Finding(FINE if found.fine else NOTICE, "检索索引", found.sentence)
