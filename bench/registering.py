"""Documents by the hundred thousand: the import beside bare ``executemany`` of the same rows, then lists and pages at that size.

``python -m bench.registering <database> <documents> <runs>`` is the process that measures in one place. Of more than
`MOST_IMPORTED` documents the rest is written in bulk, so that a register of a million is ready in minutes.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.places import TODAY, place
from bench.results import Result, Stopwatch, times
from gongkai import home
from gongkai.operating.console import setup_django

MOST_IMPORTED = 400_000
TEXT = 450  # characters of a document
PAGES = 20  # different pages opened in one run
DEEP = 10_000  # the page reached by next
AIM = "aim < 3 × page 1"


def measure(database: str, server: str | None, documents: int, runs: int) -> Iterator[Result]:
    """Measure in a place of its own."""
    with place(database, server, GONGKAI_TODAY=TODAY) as there:
        command = [sys.executable, "-m", "bench.registering", database, str(documents), str(runs)]
        done = subprocess.run(command, env=there.environment, stdout=subprocess.PIPE, text=True, check=True)
        yield from map(Result.from_line, done.stdout.splitlines())


def main(database: str, documents: int, runs: int) -> None:
    """Make the home, import, write the same rows plainly, fill up, open pages."""
    home.current().make(home.DEMO)
    setup_django()
    from django.core.management import call_command

    from bench import city as cities
    from bench.documents import Writer
    from bench.generate import settle
    from gongkai.operating import migrate

    migrate.apply()
    call_command("collectstatic", interactive=False, verbosity=0)
    city = cities.found()
    writer = Writer(city)
    imported = min(documents, MOST_IMPORTED)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        table = _table(Path(folder) / "documents.csv", writer, imported)
        ours = _imported(database, table, imported)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before anything else takes memory
    bare = _bare(database, imported)
    ratio = (
        f"{bare[0] / ours[0]:.1f} × slower than bare executemany ({bare[1] / ours[1]:.1f} × of the processor)"
    )
    for what, rate, against in (
        ("import of documents, CSV", ours, ratio),
        ("the same rows, bare executemany", bare, ""),
    ):
        _tell(Result(database, what, imported, "/s", rate[0], rate[0], 1, "", against, rate[1]))
    _tell(Result(database, "peak memory of the importing process", imported, "MB", peak, peak, 1))
    if documents > imported:
        writer.fill(documents - imported)
    settle()
    for result in _pages(database, city, documents, runs):
        _tell(result)


def _table(path: Path, writer: Any, count: int) -> Path:
    """News and notices of every organ, each released on the day after."""
    import datetime as dt

    from gongkai.organs.models import Organ

    chance = random.Random(13)  # noqa: S311
    codes = list(Organ.objects.exclude(kind="unit").order_by("path").values_list("code", flat=True))
    words = writer.vocabulary
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["机关", "类型", "标题", "成文日期", "正文", "外部标识", "公开日期", "公开渠道"])
        for number in range(count):
            day = dt.date(2010, 1, 1) + dt.timedelta(days=chance.randrange(4_700))
            text = "".join(chance.choices(words.words, words.weights, k=TEXT // 2))
            out.writerow(
                [
                    codes[chance.randrange(len(codes))],
                    ("政务信息", "通知公告")[number % 2],
                    f"{text[:16]}信息第{number}号",
                    day.isoformat(),
                    text,
                    f"old-{number}",
                    (day + dt.timedelta(days=1)).isoformat(),
                    "政府网站",
                ]
            )
    return path


def _imported(database: str, table: Path, count: int) -> tuple[float, float]:
    """Documents a second through the import, as the command does it: on the clock, and of this process's processor time."""
    from bench.city import BENCH
    from gongkai.documents.bulk import batches, reading
    from gongkai.documents.bulk.importing import Import
    from gongkai.organs.models import Organ

    organ = Organ.objects.get(code="bench")
    batch = batches.begin(by=BENCH, organ=organ, name=table.name, sha256="0" * 64)
    job = Import(by=BENCH, batch=batch)
    taken = Stopwatch()
    with taken.run():
        job.run(reading.read(lambda: table.open("rb"), table.name))
    batches.finish(batch)
    if job.counts.taken != count:
        raise RuntimeError(f"{job.counts.taken} of {count} documents were taken")
    print(f"{database}: {count:,} documents imported in {taken.wall[0]:.0f} s", file=sys.stderr, flush=True)
    return count / taken.wall[0], count / taken.processor[0]


def _bare(database: str, count: int) -> tuple[float, float]:
    """The very rows the import wrote, into empty tables of the same make with the same indexes."""
    from django.db import connection, transaction

    from gongkai.base.models import AuditEntry
    from gongkai.documents.bulk.models import OutsideKey
    from gongkai.documents.models import Document, Edition, Release

    taken = Stopwatch()
    for model in (Document, Edition, Release, OutsideKey, AuditEntry):
        source = model._meta.db_table
        copy = f"bench_{source}"
        with connection.cursor() as cursor:
            _copied(cursor, source, copy)
        names = ", ".join(
            connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields
        )
        marks = ", ".join(["%s"] * len(model._meta.concrete_fields))
        last = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {names} FROM {source} WHERE id > %s ORDER BY id LIMIT 5000", [last])
                rows = [tuple(map(_plain, row)) for row in cursor.fetchall()]
            if not rows:
                break
            last = rows[-1][0]
            with taken.run(), transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {copy} ({names}) VALUES ({marks})", rows)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {copy}")
    return count / sum(taken.wall), count / sum(taken.processor)


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _copied(cursor: Any, source: str, copy: str) -> None:
    """An empty table like `source`, with its indexes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE TABLE {copy} (LIKE {source} INCLUDING ALL)")
        return
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = %s AND sql NOT NULL", [source])
    for kind, name, statement in cursor.fetchall():
        made = statement.replace(f'"{source}"', f'"{copy}"')
        cursor.execute(made if kind == "table" else made.replace(f'"{name}"', f'"bench_{name}"'))


def _pages(database: str, city: Any, size: int, runs: int) -> Iterator[Result]:
    """Lists at the first page, far behind by next, and by date; a document's page; in process, with queries counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(_onlooker(city))

    def get(address: str) -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    first: dict[str, float] = {}
    for asked in _asked(size):
        for address in asked.addresses[:2]:
            get(address)
        taken = Stopwatch()
        for address in (asked.addresses * PAGES)[:PAGES] * runs:
            with taken.run():
                get(address)
        with CaptureQueriesContext(connection) as captured:
            get(asked.addresses[0])
        median, against = 1000 * statistics.median(taken.wall), ""
        if asked.of_list in first:
            against = f"{median / first[asked.of_list]:.1f} × page 1 ({AIM})"
        elif asked.of_list:
            first[asked.of_list] = median
        yield times(database, asked.what, size, taken, str(len(captured)), against)


def _onlooker(city: Any) -> Any:
    """Somebody who sees the whole city's register on the desk."""
    from bench.city import FOUNDED
    from gongkai.organs.models import Person, Post, Role

    person = Person(username="bench-onlooker", name="督查")
    person.set_unusable_password()
    person.save()
    Post.objects.create(person=person, organ=city.root, role=Role.SUPERVISOR, valid_from=FOUNDED)
    return person


@dataclass(frozen=True)
class Asked:
    """Pages measured together. `of_list`: of which list they are a page; the first named is its page 1."""

    what: str
    addresses: list[str]
    of_list: str = ""


def _asked(size: int) -> list[Asked]:
    """What is opened. A list is leafed to page `DEEP`, or to nine tenths of what there is."""
    import datetime as dt

    from django.urls import reverse

    from gongkai.desk.register import leafing, tables
    from gongkai.documents.models import Document

    register = reverse("desk:register", args=["documents"])
    column = reverse("portal:policy-column", args=["notice"])
    shown = Document.objects.filter(kind="notice").order_by("-first_released_on", "-pk")
    listed = Document.objects.order_by("-made_on", "-pk")
    order = leafing.order_of(listed)
    if order is None:
        raise RuntimeError("the register's order is no longer one that keys can follow")
    behind = listed[_far(size, tables.PAGE)]
    there = shown[_far(shown.count(), 20)]
    keys = list(Document.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, size // PAGES)])[
        :PAGES
    ]
    place, public_place = order.place_of(behind), f"{there.first_released_on}.{there.pk}"
    day = dt.date(2012, 6, 1)
    far = f"page {_far(size, tables.PAGE) // tables.PAGE + 1:,}"
    public_far = f"page {_far(shown.count(), 20) // 20 + 1:,}"
    records = [reverse("desk:register-record", args=["documents", key]) for key in keys]
    return [
        Asked("desk register, page 1", [register], "desk"),
        Asked(f"desk register, {far} by next", [f"{register}?{urlencode({'after': place})}"], "desk"),
        Asked("desk register, a page by date", [f"{register}?{urlencode({'at': day})}"], "desk"),
        Asked("desk register, document", records),
        Asked("portal column, page 1", [column], "portal"),
        Asked(
            f"portal column, {public_far} by next",
            [f"{column}?{urlencode({'after': public_place})}"],
            "portal",
        ),
        Asked("portal column, a page by date", [f"{column}?{urlencode({'until': day})}"], "portal"),
        Asked("portal, document", [reverse("portal:document", args=[key]) for key in keys]),
    ]


def _far(size: int, page: int) -> int:
    """Before which row page `DEEP` begins, or the last tenth of a shorter list."""
    return min((DEEP - 1) * page, size * 9 // 10) - 1


def _tell(result: Result) -> None:
    print(result.as_line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
