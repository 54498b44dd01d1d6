"""Writes ``docs/procedure-table.md`` from the procedure, or checks that it is current.

``python -m gongkai.law.procedure_table`` writes it; with ``--check`` it exits 1 when the file is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .procedure import GUARDS, ROLES, STATES, TABLE, Action

PATH = Path(__file__).parents[3] / "docs" / "procedure-table.md"

_HEAD = """# Who may do what, and when

Generated from `gongkai.law.procedure.TABLE` by `python -m gongkai.law.procedure_table`; do not edit by hand.
Every permitted combination of role, state and action has one line. Combinations that are not listed are refused.
"→" is the state afterwards (empty: unchanged, or dependent on the facts); every condition must hold as well.
"""


def render() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD]
    parts.extend(_section(role) for role in ROLES)
    return "\n".join(parts)


def _section(role: str) -> str:
    lines = [f"## {ROLES[role]} (`{role}`)\n"]
    rows = [
        _row(role, state, action) for state in STATES for action in TABLE if state in action.states_for(role)
    ]
    if not rows:
        return lines[0] + "\nNo action on an item: this role reads only.\n"
    lines.append("| role | state | action | → | conditions | basis |\n|---|---|---|---|---|---|")
    return "\n".join([*lines, *rows, ""])


def _row(role: str, state: str, action: Action) -> str:
    conditions = "；".join(GUARDS[key].label for key in action.guards)
    to_state = f"`{action.to_state}` {STATES[action.to_state]}" if action.to_state else ""
    cells = (
        f"`{role}`",
        f"`{state}` {STATES[state]}",
        f"`{action.key}` {action.label}",
        to_state,
        conditions,
        action.article,
    )
    return "| " + " | ".join(cells) + " |"


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; the exit status says whether it was current."""
    page = render()
    if "--check" in arguments:
        current = PATH.exists() and PATH.read_text(encoding="utf-8") == page
        if not current:
            print(f"{PATH} is out of date: run python -m gongkai.law.procedure_table", file=sys.stderr)
        return 0 if current else 1
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
