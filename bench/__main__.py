"""``python -m bench``: measure, print a table. Nothing of it stays on the machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator

from bench import demo, machine, reading, registering, searching
from bench.places import POSTGRESQL, SQLITE, TODAY, place
from bench.results import Result, table
from tests.support.postgresql import find

IN_THE_CITY = ("compile", "pages", "submissions")
PARTS = (*IN_THE_CITY, "demo", "documents", "search", "reading")


def main(argv: list[str] | None = None) -> int:
    """Measure the parts asked for on every database there is; exit status 0 when all could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=_positive, default=100_000, help="cases of the city's year (100000)")
    parser.add_argument(
        "--documents",
        type=_positive,
        default=20_000,
        help="documents that are imported, listed and searched (20000; 1000000)",
    )
    parser.add_argument("--runs", type=_positive, default=5, help="runs of each measurement (5)")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be repeated (all)")
    parser.add_argument("--database", action="append", choices=(SQLITE, POSTGRESQL), help="(all that answer)")
    asked = parser.parse_args(argv)
    server = find()
    wanted = asked.database or [SQLITE, POSTGRESQL]
    if POSTGRESQL in wanted and server is None:
        print(
            "PostgreSQL: nothing usable answers (see GONGKAI_TEST_DATABASE_URL); left out.", file=sys.stderr
        )
        wanted = [name for name in wanted if name != POSTGRESQL]
    print(machine.describe(server if POSTGRESQL in wanted else None), flush=True)
    results = [
        result
        for database in wanted
        for result in _measured(database, server, asked.only or list(PARTS), asked)
    ]
    if "reading" in (asked.only or PARTS):
        results.extend(reading.measure(asked.runs))  # needs no database
    print(table(results))
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _measured(
    database: str, server: str | None, parts: list[str], asked: argparse.Namespace
) -> Iterator[Result]:
    in_the_city = [part for part in IN_THE_CITY if part in parts]
    if in_the_city:
        with place(database, server, GONGKAI_TODAY=TODAY) as there:
            command = [
                sys.executable,
                "-m",
                "bench.worker",
                database,
                str(asked.size),
                str(asked.runs),
                ",".join(in_the_city),
            ]
            done = subprocess.run(
                command, env=there.environment, stdout=subprocess.PIPE, text=True, check=True
            )
            yield from map(Result.from_line, done.stdout.splitlines())
    if "demo" in parts:
        yield from demo.measure(database, server)
    if "documents" in parts:
        yield from registering.measure(database, server, asked.documents, asked.runs)
    if "search" in parts:
        yield from searching.measure(database, server, asked.documents, asked.runs)


if __name__ == "__main__":
    sys.exit(main())
