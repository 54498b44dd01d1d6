"""The city's consolidated report beside the same aggregates in plain SQL: by organ, outcome and kind of applicant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.city import City
from bench.places import Place
from bench.results import Result, Stopwatch, times
from gongkai.annualreport.compile import compile as compile_report
from gongkai.forms.figures import Figures

AIM = 3.0
T = TypeVar("T")
_COUNTED = "counted AND path >= %(from)s AND path < %(below)s"
PLAIN = {
    "new_received": f"SELECT path, '', kind, COUNT(*) FROM requests_case WHERE {_COUNTED}"
    " AND first_received_on BETWEEN %(first)s AND %(last)s GROUP BY path, kind",
    "carried_in": f"SELECT path, '', kind, COUNT(*) FROM requests_case WHERE {_COUNTED}"
    " AND first_received_on < %(first)s AND (closed_on IS NULL OR closed_on >= %(first)s) GROUP BY path, kind",
    "closed": f"SELECT path, outcome, kind, COUNT(*) FROM requests_case WHERE {_COUNTED}"
    " AND first_received_on IS NOT NULL AND closed_on BETWEEN %(first)s AND %(last)s GROUP BY path, outcome, kind",
    "carried_out": f"SELECT path, '', kind, COUNT(*) FROM requests_case WHERE {_COUNTED}"
    " AND first_received_on <= %(last)s AND (closed_on IS NULL OR closed_on > %(last)s) GROUP BY path, kind",
}


def measure(place: Place, city: City, size: int, year: int, runs: int) -> Iterator[Result]:
    """Compile, plain SQL, and the command as a whole process. Raises RuntimeError when the two disagree."""
    database = place.database
    plain, by_hand = _repeated(runs, lambda: _plain(city, year))
    compiled, report = _repeated(runs, lambda: compile_report(city.root, year))
    _compare(report.figures, by_hand)
    first = times(database, "the year's aggregates in plain SQL", size, plain, str(len(PLAIN)))
    second = times(database, "compile of the city's report", size, compiled)
    ratio = f"{second.median / first.median:.1f} × plain SQL (aim ≤ {AIM:.0f} ×)"
    yield first
    yield Result(**{**vars(second), "queries": str(_queries(city, year)), "against": ratio})
    words = ("report", "compile", "--organ", city.root.code, "--year", str(year), "--json")
    whole, _ = _repeated(min(runs, 3), lambda: place.do(*words))
    yield times(database, "gongkai report compile, whole process", size, whole, elsewhere=True)


def _repeated(runs: int, work: Callable[[], T]) -> tuple[Stopwatch, T]:
    result = work()  # once unmeasured: caches of the process and of the database
    taken = Stopwatch()
    for _ in range(runs):
        with taken.run():
            result = work()
    return taken, result


def _plain(city: City, year: int) -> dict[str, Counter[tuple[str, str, str]]]:
    path = city.root.path
    given = {"from": path, "below": path[:-1] + "/", "first": f"{year}-01-01", "last": f"{year}-12-31"}
    found: dict[str, Counter[tuple[str, str, str]]] = {}
    with connection.cursor() as cursor:
        for line, statement in PLAIN.items():
            cursor.execute(statement, given)
            found[line] = Counter({(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()})
    return found


def _compare(figures: Figures, by_hand: dict[str, Counter[tuple[str, str, str]]]) -> None:
    for line in ("new_received", "carried_in", "carried_out"):
        if figures.number(f"table3.{line}.total") != by_hand[line].total():
            raise RuntimeError(f"{line}: the report and plain SQL disagree")
    closed = Counter[str]()
    for (_, outcome, _), number in by_hand["closed"].items():
        closed[outcome] += number
    for outcome in ("granted", "partially_granted", "denied_internal_affairs", "other_correction_lapsed"):
        if figures.number(f"table3.{outcome}.total") != closed[outcome]:
            raise RuntimeError(f"{outcome}: the report and plain SQL disagree")


def _queries(city: City, year: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        compile_report(city.root, year)
    return len(captured)
