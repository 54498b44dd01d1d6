"""How long the demo takes to load: a whole process on an empty home, as on a fresh machine."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

from bench.places import place
from bench.results import Result


def measure(database: str, server: str | None) -> Iterator[Result]:
    """Wall time and processor time of ``gongkai demo --no-serve``; once, since nothing of it is kept."""
    with place(database, server) as there:
        before, began = _processor_time(), time.perf_counter()
        there.do("demo", "--no-serve")
        wall, used = time.perf_counter() - began, _processor_time() - before
    yield Result(
        database, "gongkai demo --no-serve", 0, "s", wall, wall, 1, against="limit 120 s", processor=used
    )


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
