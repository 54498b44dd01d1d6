"""Throw-away places to measure in: a home of its own and, on PostgreSQL, a database of its own."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.operating.conftest import Installation

SQLITE, POSTGRESQL = "sqlite", "postgresql"
TODAY = "2022-12-30"  # the bench's year is all but over: its last weeks' cases are open


@dataclass(frozen=True)
class Place(Installation):
    """An installation made as a demo, so that it may stand on a day of its own; otherwise set as in production."""

    database: str = SQLITE
    settings: dict[str, str] = field(default_factory=dict)


@contextmanager
def place(database: str, server: str | None = None, **settings: str) -> Iterator[Place]:
    """A place that is gone when the block ends. `server` is the PostgreSQL to make a database on."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder, _url(database, server) as url:
        given = {**settings, **({"GONGKAI_DATABASE_URL": url} if url else {})}
        yield Place(Path(folder) / "home", given, database)


@contextmanager
def _url(database: str, server: str | None) -> Iterator[str]:
    if database == SQLITE or server is None:
        yield ""
        return
    name = f"gongkai_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
