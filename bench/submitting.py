"""Submissions a second: through the action in one process, and through the portal's form on the real server."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from bench.city import City
from bench.clients import at_once
from bench.results import Result, rates
from gongkai.demo import invent
from gongkai.organs.actors import APPLICANT
from gongkai.requests import actions
from gongkai.requests.models import Submission
from tests.operating.portal_client import Applicant

CLIENTS = (1, 8)
MOST_RUNS = 3
BY_ACTION, BY_FORM = 200, 64  # submissions in one run
_serials = itertools.count(1)


def measure(database: str, city: City, size: int, port: int, runs: int) -> Iterator[Result]:
    """Every acknowledged submission must be there afterwards. Raises RuntimeError when one is not."""
    runs, before = min(runs, MOST_RUNS), Submission.objects.count()
    sent = 0
    for clients in CLIENTS:
        each = [BY_ACTION / at_once(clients, _submitter(city), _take(BY_ACTION)) for _ in range(runs)]
        sent += runs * BY_ACTION
        yield rates(database, f"submissions by action, {clients} {_threads(clients)}", size, each)
    for clients in CLIENTS:
        whole, last = [], []
        for _ in range(runs):
            applicants = [Applicant(port, city.big.organ.code, f"测速人{n}") for n in _take(BY_FORM)]
            filled = at_once(clients, Applicant.fill_in, applicants)
            clicked = at_once(clients, Applicant.send, applicants)
            whole.append(BY_FORM / (filled + clicked))
            last.append(BY_FORM / clicked)
            sent += BY_FORM
        yield rates(database, f"submissions over HTTP, last click, {clients} {_clients(clients)}", size, last)
        yield rates(
            database, f"submissions over HTTP, all 6 pages, {clients} {_clients(clients)}", size, whole
        )
    if (kept := Submission.objects.count() - before) != sent:
        raise RuntimeError(f"{sent} submissions were acknowledged, {kept} are there")


def _take(count: int) -> list[int]:
    return list(itertools.islice(_serials, count))


def _submitter(city: City) -> Callable[[int], object]:
    organ = city.big.organ

    def submit(serial: int) -> None:
        actions.submit(
            organ=organ,
            channel="internet",
            kind="natural_person",
            form=invent.application("natural_person", 10_000_000 + serial),
            token=f"bench-submit-{serial}",
            by=APPLICANT,
        )

    return submit


def _threads(count: int) -> str:
    return "thread" if count == 1 else "threads"


def _clients(count: int) -> str:
    return "client" if count == 1 else "clients"
