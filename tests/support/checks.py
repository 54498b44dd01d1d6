"""``python -m tests.support.checks``: what `make check` asks of the whole installation rather than of its source.

Migrations complete, Django's deploy checks as a production home sees them, and generated files up to date. Everything
happens in a throwaway home.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

GENERATED = ("gongkai.law.procedure_table", "gongkai.review.workflow_table")  # modules that answer --check


def main() -> int:
    """Run every check and name those that fail; 1 when any does."""
    with tempfile.TemporaryDirectory(prefix="gongkai-check-") as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")},
            "GONGKAI_HOME": folder,
            "GONGKAI_HOSTS": "gongkai.example.gov.cn",
        }
        gongkai = [sys.executable, "-m", "gongkai.cli"]
        commands = {
            "a production home": [*gongkai, "init"],
            "migrations complete": [*gongkai, "manage", "makemigrations", "--check", "--dry-run"],
            "deploy checks": [*gongkai, "manage", "check", "--deploy", "--fail-level", "WARNING"],
            "static files": [*gongkai, "manage", "collectstatic", "--no-input", "-v", "0"],
            "health": [*gongkai, "health"],
            "verify": [*gongkai, "verify"],
            **{f"{module} current": [sys.executable, "-m", module, "--check"] for module in GENERATED},
        }
        failed = [name for name, command in commands.items() if not _passes(name, command, environment)]
    for name in failed:
        print(f"FAILED: {name}", file=sys.stderr)
    return 1 if failed else 0


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    else:
        print(f"{name}: ok")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
