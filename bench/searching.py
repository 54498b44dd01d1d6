"""The search page over HTTP, the same questions asked of tantivy itself, and on PostgreSQL of its full text.

``python -m bench.searching <database> <documents> <runs>`` is the process that measures in one place; results go to standard
output, a line each. All questions are narrowed to an organ's subtree and to a range of days, top 10.
"""

from __future__ import annotations

import datetime as dt
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from bench.places import POSTGRESQL, TODAY, place
from bench.results import Result
from gongkai import home
from gongkai.operating.console import setup_django

QUESTIONS = 20  # different ones of each kind
ORGAN, SINCE, UNTIL = "bench", dt.date(2012, 1, 1), dt.date(2022, 12, 30)
TANTIVY_AIM, FULL_TEXT_AIM = 2, 50


def measure(database: str, server: str | None, documents: int, runs: int) -> Iterator[Result]:
    """Measure in a place of its own."""
    with place(database, server, GONGKAI_TODAY=TODAY) as there:
        command = [sys.executable, "-m", "bench.searching", database, str(documents), str(runs)]
        done = subprocess.run(command, env=there.environment, stdout=subprocess.PIPE, text=True, check=True)
        yield from map(Result.from_line, done.stdout.splitlines())


def main(database: str, documents: int, runs: int) -> None:
    """Make the home, fill it, index it, ask."""
    home.current().make(home.DEMO)
    setup_django()
    from bench import city as cities
    from bench.documents import Writer
    from bench.generate import settle
    from bench.places import Place
    from gongkai.operating import migrate
    from gongkai.search import indexer
    from gongkai.search import place as index
    from tests.operating.server import serving

    migrate.apply()
    writer = Writer(cities.found())
    began = time.perf_counter()
    writer.fill(documents)
    settle()
    _say(f"{database}: {documents:,} documents written in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    indexer.rebuild()
    taken = time.perf_counter() - began
    size = index.folder().size()
    _tell(Result(database, "index built", documents, "documents/s", documents / taken, documents / taken, 1))
    _tell(Result(database, "index on disk", documents, "MB", size / 1024**2, size / 1024**2, 1))
    questions = _questions(writer.vocabulary.words, documents)
    bare = {kind: _timed(_bare(), asked, runs) for kind, asked in questions.items()}
    port = _free_port()
    with serving(Place(home.current().path, _settings(), database), port, "--no-work"):
        for kind, asked in questions.items():
            taken_here = _timed(_over_http(port), asked, runs)
            ratio = statistics.median(taken_here) / statistics.median(bare[kind])
            aim = f"{ratio:.1f} × tantivy (aim ≤ {TANTIVY_AIM})"
            _tell(_result(database, f"search, {kind}, over HTTP", documents, taken_here, aim))
            _tell(_result(database, f"search, {kind}, tantivy itself", documents, bare[kind]))
            bare[f"{kind} here"] = taken_here
    if database == POSTGRESQL:
        _fill_full_text()
        for kind, asked in questions.items():
            if kind not in ("title", "number"):  # what these ask is no matter of full text
                taken_there = _timed(_full_text(), asked[:5], min(runs, 2))
                ratio = statistics.median(taken_there) / statistics.median(bare[f"{kind} here"])
                aim = f"{ratio:.0f} × ours" + (f" (aim ≥ {FULL_TEXT_AIM})" if kind == "common" else "")
                _tell(_result(database, f"search, {kind}, PostgreSQL full text", documents, taken_there, aim))


def _questions(words: tuple[str, ...], documents: int) -> dict[str, list[str]]:
    """Questions of each kind; titles, numbers and phrases are those of documents spread over the register."""
    from gongkai.documents.models import Edition

    chance = random.Random(5)  # noqa: S311
    keys = [1 + place * documents // QUESTIONS for place in range(QUESTIONS)]
    shown = list(Edition.objects.filter(pk__in=keys).select_related("document"))
    return {
        "common": list(words[:QUESTIONS]),
        "rare": list(words[-QUESTIONS:]),
        "two words": [f"{words[place]} {chance.choice(words[50:400])}" for place in range(QUESTIONS)],
        "phrase": [f"“{one.body[at : at + 8]}”" for one in shown if (at := one.body.index("，") + 1)],
        "title": [one.title for one in shown],
        "number": [one.document.number.replace("〔", "[").replace("〕", "]") for one in shown],
    }


def _over_http(port: int) -> Callable[[str], object]:
    from bench.clients import Reader

    browser = Reader(port, "")
    narrowed = {"organ": ORGAN, "since": SINCE.isoformat(), "until": UNTIL.isoformat()}
    return lambda words: browser.get(f"/search/?{urlencode({'q': words, **narrowed})}")


def _bare() -> Callable[[str], object]:
    """The same query on the same index: top 10 and how many there are, no counts by category, no database, no page."""
    from gongkai.organs.models import Organ
    from gongkai.search import labels
    from gongkai.search import place as index
    from gongkai.search.embedded import schema
    from gongkai.search.embedded.asking import Asker
    from gongkai.search.embedded.folder import open_index
    from gongkai.search.engine import Query

    current, root = index.folder().current(), Organ.objects.get(code=ORGAN)
    if current is None:
        raise RuntimeError("there is no index")
    searcher = open_index(current).searcher()
    asker = Asker(schema.schema(), searcher)

    def ask(words: str) -> object:
        query = Query(labels=labels.ANYBODY, text=words, within=root.path, since=SINCE, until=UNTIL)
        found = searcher.search(asker.weighed(query), 10, count=True)
        return [searcher.doc(address) for _, address in found.hits]

    return ask


def _fill_full_text() -> None:
    """PostgreSQL's own search on the same words: our cutting, its configuration 'simple', a GIN index, the same filters."""
    from django.db import connection

    from gongkai.documents.models import Edition
    from gongkai.search import words

    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE bench_text (path text COLLATE "C", on_day date, terms tsvector)')
        rows = Edition.objects.order_by("pk").values_list(
            "pk", "document__path", "document__made_on", "title", "body"
        )
        last = 0
        while chunk := list(
            rows.filter(pk__gt=last)[:5_000]
        ):  # read first: a connection does one thing at a time
            with cursor.copy("COPY bench_text FROM STDIN") as copy:
                for _, path, day, title, body in chunk:
                    found = dict.fromkeys(words.weighed(title, body).split())
                    copy.write_row((path, day, " ".join(f"'{word}'" for word in found)))
            last = chunk[-1][0]
        cursor.execute("CREATE INDEX ON bench_text USING gin (terms)")
        cursor.execute("CREATE INDEX ON bench_text (path, on_day)")
        cursor.execute("VACUUM ANALYZE bench_text")


def _full_text() -> Callable[[str], object]:
    from django.db import connection

    from gongkai.organs.models import Organ
    from gongkai.search import words

    root = Organ.objects.get(code=ORGAN).path
    statement = (
        "SELECT path, on_day, ts_rank(terms, query), count(*) OVER () FROM bench_text, to_tsquery('simple', %s) query"
        " WHERE terms @@ query AND path >= %s AND path < %s AND on_day BETWEEN %s AND %s ORDER BY 3 DESC LIMIT 10"
    )

    def ask(text: str) -> list[Any]:
        found = dict.fromkeys(words.weighed(text).split())
        asked = " & ".join(f"'{word}'" for word in found)
        with connection.cursor() as cursor:
            cursor.execute(statement, [asked, root, root[:-1] + "/", SINCE, UNTIL])
            return list(cursor.fetchall())

    return ask


def _timed(ask: Callable[[str], object], questions: Iterable[str], runs: int) -> list[float]:
    """Seconds of each question; the first round, in which caches fill, is not counted."""
    asked = list(questions)
    for words in asked:
        ask(words)
    taken = []
    for words in asked * runs:
        began = time.perf_counter()
        ask(words)
        taken.append(time.perf_counter() - began)
    return taken


def _result(database: str, what: str, size: int, taken: list[float], against: str = "") -> Result:
    """The median, and as `worst` the 95th percentile, in milliseconds."""
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return Result(
        database,
        f"{what} (p50, p95)",
        size,
        "ms",
        1000 * statistics.median(taken),
        1000 * p95,
        len(taken),
        "",
        against,
    )


def _settings() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name.startswith("GONGKAI_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tell(result: Result) -> None:
    print(result.as_line(), flush=True)


def _say(line: str) -> None:
    print(f"{dt.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)  # noqa: DTZ005 (a wall clock for the reader)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
