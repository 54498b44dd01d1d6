"""What the figures were measured on, without the machine's name."""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path

import django
import psycopg


def describe(postgresql: str | None) -> str:
    """One line: processor, cores, memory, system, versions, and how busy the machine was."""
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        _memory(),
        f"{platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}",
        f"Django {django.get_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    if postgresql:
        parts.append(f"PostgreSQL {_server_version(postgresql)}")
    parts.append("load " + " ".join(f"{load:.1f}" for load in os.getloadavg()))
    return " · ".join(part for part in parts if part)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory() -> str:
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return ""
    return f"{pages / 2**30:.0f} GiB"


def _server_version(url: str) -> str:
    with psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else ""
