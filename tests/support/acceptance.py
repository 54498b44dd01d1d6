"""``python -m tests.support.acceptance``: every row of the seed checklist with the tests that prove it.

A test proves a row when it carries ``@pytest.mark.seed("S119")`` and passes. Rows without such a test are open. The same
file is a pytest plugin: it refuses marks that name no row, and with ``--rows`` prints the table after any run.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROWS = Path(__file__).resolve().parents[1] / "data" / "rows.csv"
RUNS: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({}, ["-n", "auto"]),
    ({"GONGKAI_TEST_DEMO": "1"}, ["tests/acceptance"]),
)
_ID = re.compile(r"([SF])(\d+)")


def rows() -> dict[str, str]:
    """Row id to its name, in the checklist's order."""
    with ROWS.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row["name"] for row in csv.DictReader(handle)}


def proven_by(item: pytest.Item) -> list[str]:
    """The row ids an item claims, from its own and inherited marks."""
    return [str(row) for mark in item.iter_markers("seed") for row in mark.args]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = rows()
    for item in items:
        for row in proven_by(item):
            if row not in known:
                raise pytest.UsageError(
                    f"{item.nodeid} claims the row {row}, which the checklist does not have"
                )
            item.user_properties.append(("seed", row))


class Results:
    """Outcomes by row; with xdist it lives in the controller, which sees every report."""

    def __init__(self, kept_in: str | None = None) -> None:
        self.outcomes: dict[tuple[str, str], str] = {}
        self.kept_in = kept_in

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            test = report.nodeid.split("[")[0]
            for name, row in report.user_properties:
                if name == "seed" and self.outcomes.get((str(row), test), "passed") == "passed":
                    self.outcomes[str(row), test] = report.outcome

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.kept_in:
            found = [[row, test, outcome] for (row, test), outcome in self.outcomes.items()]
            Path(self.kept_in).write_text(json.dumps(found), "utf-8")
            return
        terminalreporter.section("rows of the seed checklist")
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        verdicts: Counter[str] = Counter()
        for row, name in rows().items():
            tests = {test: outcome for (proven, test), outcome in self.outcomes.items() if proven == row}
            verdict = self._verdict(tests)
            verdicts[verdict] += 1
            yield f"{row:5} {verdict:7} {name[:70]}"
            for test, outcome in sorted(tests.items()):
                yield f"              {test}{'' if outcome == 'passed' else f' ({outcome})'}"
        yield f"{verdicts['proven']} proven, {verdicts['FAILED']} failed, {verdicts['open']} open"

    @staticmethod
    def _verdict(tests: dict[str, str]) -> str:
        if "failed" in tests.values():
            return "FAILED"
        return "proven" if "passed" in tests.values() else "open"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows", action="store_true", help="end with the table of the seed checklist's rows")
    parser.addoption(
        "--rows-to", metavar="FILE", help="keep what was proven in FILE, for a table over several runs"
    )


def pytest_configure(config: pytest.Config) -> None:
    wanted = config.getoption("--rows") or config.getoption("--rows-to")
    if wanted and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(config.getoption("--rows-to")), "seed-results")


def main() -> int:
    """Run the marked tests, those on the demo in a run of their own, and print the table; pytest's worst exit status."""
    results, status = Results(), 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (environment, options) in enumerate(RUNS):
            kept = Path(folder) / f"{number}.json"
            command = [sys.executable, "-m", "pytest", "-m", "seed", "-q", "--rows-to", str(kept), *options]
            ran = subprocess.run(command, env=os.environ | environment, check=False)
            status = max(status, ran.returncode)
            for row, test, outcome in json.loads(kept.read_text("utf-8")) if kept.exists() else []:
                results.outcomes[row, test] = outcome
    print("\n".join(results.lines()))
    return status


if __name__ == "__main__":
    sys.exit(main())
