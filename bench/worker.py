"""The process that measures in one place: ``python -m bench.worker <database> <size> <runs> <parts>``.

Results go to standard output, a line each; what it is doing just now to standard error.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import time

from gongkai import home
from gongkai.operating.console import setup_django

YEAR = 2022


def main(database: str, size: int, runs: int, parts: list[str]) -> None:
    """Make the home and the database, generate the city, measure."""
    home.current().make(home.DEMO)
    setup_django()
    from bench import city as cities
    from bench import compiling, pages, places, submitting
    from bench.generate import fill, settle
    from gongkai.base import clock
    from gongkai.operating import migrate
    from tests.operating.server import serving

    began = time.perf_counter()
    migrate.apply()
    city = cities.found()
    fill(city, size, YEAR, clock.today())
    settle()
    _say(f"{database}: {size:,} cases generated in {time.perf_counter() - began:.0f} s")
    settings = {name: value for name, value in os.environ.items() if name.startswith("GONGKAI_")}
    place = places.Place(home.current().path, settings, database)
    if "compile" in parts:
        for result in compiling.measure(place, city, size, YEAR, runs):
            print(result.as_line(), flush=True)
    if not {"pages", "submissions"}.intersection(parts):
        return
    port = _free_port()
    with serving(place, port, "--no-work"):
        for part, measured in (("pages", pages.measure), ("submissions", submitting.measure)):
            if part in parts:
                _say(f"{database}: {part}")
                for result in measured(database, city, size, port, runs):
                    print(result.as_line(), flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(line: str) -> None:
    print(f"{dt.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)  # noqa: DTZ005 (a wall clock for the reader)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4].split(","))
