"""The same on PostgreSQL: dump and files are of one moment, and only an empty database is filled."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.operating.conftest import Installation
from tests.operating.test_backup import STORE

URL = os.environ.get("GONGKAI_TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="belongs to the run on PostgreSQL")


@pytest.fixture
def new_database() -> Iterator[Callable[[], str]]:
    """Makes empty databases and takes them away again."""
    made: list[str] = []

    def make() -> str:
        made.append(f"gongkai_test_{secrets.token_hex(6)}")
        with psycopg.connect(URL, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{made[-1]}"')
        return urlunsplit(urlsplit(URL)._replace(path=f"/{made[-1]}"))

    yield make
    with psycopg.connect(URL, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_backup_is_restored_into_another_database(new_database: Callable[[], str], tmp_path: Path) -> None:
    office = Installation(tmp_path / "office", {"GONGKAI_DATABASE_URL": new_database()})
    office.do("init", "--organ", "甲市人民政府", "--organ-code", "city")
    office.python(STORE)
    office.do("work", "--once")
    assert "［异常］" not in office.do("health")
    backup = tmp_path / "b.tar"
    office.do("backup", str(backup))

    elsewhere = Installation(tmp_path / "elsewhere", {"GONGKAI_DATABASE_URL": new_database()})
    elsewhere.do("restore", str(backup))
    assert "全部完整" in elsewhere.do("verify")
    assert (
        elsewhere.python("from gongkai.base.models import *; print(StoredFile.objects.count())").strip()
        == "3"
    )
    assert "运维账号：operator（已有" in elsewhere.do("init")

    taken = Installation(tmp_path / "taken", elsewhere.settings)
    assert "不是空库" in taken.refusal("restore", str(backup))
    assert "另一种数据库" in Installation(tmp_path / "sqlite").refusal("restore", str(backup))
    assert not taken.home.exists()
    assert "全部完整" in elsewhere.do("verify")
