"""Writes ``docs/review-table.md`` from the declared table, or checks that it is current.

``python -m gongkai.review.workflow_table`` writes it; with ``--check`` it exits 1 when the file is out of date.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

PATH = Path(__file__).parents[3] / "docs" / "review-table.md"

_HEAD = """# Who may do what in the review room

Generated from `gongkai.review.workflow.PERMITS` by `python -m gongkai.review.workflow_table`; do not edit by hand.
What is not listed is refused. A job of the system never signs.

| action | who | in which state of the run | and |
|---|---|---|---|
"""


def render() -> str:
    """The whole page as Markdown."""
    from gongkai.review.workflow import ANY_STATE, NONE, PERMITS, State, role_names

    lines = []
    for permit in PERMITS:
        states = ["没有正在进行的审签"] if NONE in permit.states else []
        states += [str(state.label) for state in State if state.value in permit.states]
        when = "不限" if permit.states == ANY_STATE else "、".join(states)
        lines.append(f"| `{permit.action}` {permit.label} | {role_names(permit)} | {when} | {permit.rule} |")
    return _HEAD + "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; the exit status says whether it was current."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings")
    django.setup()
    page = render()
    if "--check" in arguments:
        current = PATH.exists() and PATH.read_text(encoding="utf-8") == page
        if not current:
            print(f"{PATH} is out of date: run python -m gongkai.review.workflow_table", file=sys.stderr)
        return 0 if current else 1
    PATH.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
