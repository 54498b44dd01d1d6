"""``python -m tests.support.postgresql [pytest options]``: the suite once more, on a real PostgreSQL.

The server is the one of GONGKAI_TEST_DATABASE_URL, else one that answers on this machine with a role that may create
databases. Without one the run is skipped by name, or fails when GONGKAI_TEST_REQUIRE_ALL=1.

Left out, because the database makes no difference to them: the pure rooms, the pages in a browser, and the commands that
start servers of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

CANDIDATES = (
    "postgres://gongkai:gongkai@127.0.0.1:5432/postgres",
    "postgres://127.0.0.1:5432/postgres",
    "postgres://%2Fvar%2Frun%2Fpostgresql/postgres",
    "postgres://%2Ftmp/postgres",
)
LEFT_OUT = ("tests/law", "tests/forms", "tests/reading", "tests/inspection")


def usable(url: str) -> bool:
    """Whether `url` answers and its role may create the test database."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def find() -> str | None:
    """The URL of a usable server, or None."""
    given = os.environ.get("GONGKAI_TEST_DATABASE_URL")
    return next((url for url in ([given] if given else CANDIDATES) if usable(url)), None)


def main(options: list[str]) -> int:
    """Run pytest there; its exit status."""
    url = find()
    if url is None:
        required = os.environ.get("GONGKAI_TEST_REQUIRE_ALL") == "1"
        verdict = "FAILED" if required else "SKIPPED"
        print(
            f"\n{'=' * 100}\n{verdict}: the suite on PostgreSQL. Nothing usable answers at GONGKAI_TEST_DATABASE_URL or on"
            f" localhost:5432\n(a role that may create databases is needed).\n{'=' * 100}"
        )
        return 1 if required else 0
    ignored = [f"--ignore={folder}" for folder in LEFT_OUT]
    environment = os.environ | {"GONGKAI_TEST_DATABASE_URL": url}
    command = [sys.executable, "-m", "pytest", "-m", "not browser and not server", *ignored, *options]
    demo = [sys.executable, "-m", "pytest", "tests/acceptance", "-q"]
    status = subprocess.run(command, env=environment, check=False).returncode
    on_demo = subprocess.run(demo, env=environment | {"GONGKAI_TEST_DEMO": "1"}, check=False).returncode
    return status or on_demo


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
