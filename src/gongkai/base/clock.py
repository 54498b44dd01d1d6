"""The only place that reads the time of day.

A demo home lives on one fixed day (``home.DEMO_DATE``); ``GONGKAI_TODAY`` moves it to another, and is refused in
production. Loaders and imports that write history set the day with :func:`on_day`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gongkai import home

SHANGHAI = ZoneInfo("Asia/Shanghai")
_day: ContextVar[dt.date | None] = ContextVar("gongkai_day", default=None)


def today() -> dt.date:
    """The date in Asia/Shanghai that every rule is asked for. Raises ImproperlyConfigured on a bad setting."""
    return _day.get() or fixed_day() or dt.datetime.now(SHANGHAI).date()


def now() -> dt.datetime:
    """The moment to stamp on a record: the real time of day on :func:`today`."""
    moment = dt.datetime.now(SHANGHAI)
    day = today()
    return moment if day == moment.date() else dt.datetime.combine(day, moment.timetz())


def machine_now() -> dt.datetime:
    """The machine's own time, whatever day the installation stands on: for retries and schedules, never on a record."""
    return dt.datetime.now(SHANGHAI)


def fixed_day() -> dt.date | None:
    """The day this installation stands still on, or None when it follows the calendar."""
    asked = os.environ.get("GONGKAI_TODAY")
    if asked:
        if settings.IN_PRODUCTION:
            raise ImproperlyConfigured("生产环境不接受 GONGKAI_TODAY：期限一律按真实日期计算。")
        try:
            return dt.date.fromisoformat(asked)
        except ValueError as error:
            raise ImproperlyConfigured(f"GONGKAI_TODAY={asked} 不是日期，应写作 2022-12-30。") from error
    return dt.date.fromisoformat(home.DEMO_DATE) if settings.ENVIRONMENT == home.DEMO else None


@contextmanager
def on_day(day: dt.date) -> Iterator[None]:
    """Let everything inside happen on `day`; nests, and is safe across threads."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
