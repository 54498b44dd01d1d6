"""The desk's work list and case page in a register of that size: in process (with queries counted) and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.city import City, Office
from bench.clients import Reader
from bench.results import Result, Stopwatch, times
from gongkai.organs.models import Person
from gongkai.requests.models import Case

AIM = "aim ≤ 100 ms"
PAGES = 20  # different pages opened in one run


def measure(database: str, city: City, size: int, port: int, runs: int) -> Iterator[Result]:
    """One line per page and way; a run opens PAGES of them, each time is one page's."""
    browser = _signed_in(city.big)
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    for what, addresses in _addresses(city.big).items():
        queries = _queries(what, city)
        taken = _timed(lambda address: _open(browser, address), addresses, runs)
        yield times(database, f"{what}, in process", size, taken, queries, AIM)
        taken = _timed(Reader(port, cookie).get, addresses, runs)
        yield times(database, f"{what}, over HTTP", size, taken, against=AIM, elsewhere=True)


def _timed(get: Callable[[str], object], addresses: list[str], runs: int) -> Stopwatch:
    """The time of each page; the first few, for which templates are read and connections opened, are not counted."""
    for address in addresses[:4]:
        get(address)
    taken = Stopwatch()
    for address in addresses * runs:
        with taken.run():
            get(address)
    return taken


def _open(browser: Client, address: str) -> None:
    response = browser.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")


def _signed_in(office: Office) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(username=f"{office.organ.code}-handler"))
    return client


def _addresses(office: Office) -> dict[str, list[str]]:
    """The pages by name; the cases are spread over the office's whole year."""
    listing = reverse("desk:requests")
    keys = list(Case.objects.filter(organ=office.organ).order_by("pk").values_list("pk", flat=True))
    spread = [keys[place * len(keys) // PAGES] for place in range(PAGES)]
    lists = [f"{listing}?view={view}&page={page}" for view in ("office", "due_soon") for page in (1, 2)]
    closed = [f"{listing}?view=closed&page={page}" for page in range(1, PAGES + 1)]
    return {
        "day's work": [reverse("desk:today")] * PAGES,
        "work list": lists * (PAGES // len(lists)),
        "closed cases": closed,
        "case page": [reverse("desk:case", args=[key]) for key in spread],
    }


def _queries(what: str, city: City) -> str:
    """How many queries the pages take at the big office, and at an office with a fortieth of its cases."""
    counted = []
    for office in (city.big, city.small):
        browser = _signed_in(office)
        addresses = _addresses(office)[what]
        browser.get(addresses[0])
        counts = {_count(browser, address) for address in addresses}
        counted.append(_range(counts))
    return counted[0] if counted[0] == counted[1] else f"{counted[0]}; small office {counted[1]}"


def _count(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


def _range(counts: set[int]) -> str:
    return str(min(counts)) if len(counts) == 1 else f"{min(counts)}–{max(counts)}"
