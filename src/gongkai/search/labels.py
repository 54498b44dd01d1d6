"""Who may find what, in labels: an entry carries some, a reader carries some, and it is found if they meet.

The one place where the rights of `organs.scope` become the filter inside the index.
"""

from __future__ import annotations

from gongkai.base.fields import prefixes
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

PUBLIC = "public"
EVERYTHING = "*"  # carried by every entry, and by nobody but the machine's own commands
REGISTERS = ("cases", "documents", "remedies", "acts", "reports", "organs")

ANYBODY = frozenset({PUBLIC})


def of_record(register: str, path: str) -> frozenset[str]:
    """The labels of a record of `register` that belongs to the organ at `path`: itself, and each organ above."""
    return frozenset({f"{register}={path}", *(f"{register}>{prefix}" for prefix in prefixes(path))})


def of_viewer(who: Viewer) -> frozenset[str]:
    """The labels `who` carries at the desk: what `scope` lets them view of each register. Nobody carries none."""
    if who.everything:
        return frozenset({EVERYTHING})
    found: set[str] = set()
    for register in REGISTERS:
        own, below = scope.reached(who, register)
        found.update(f"{register}={path}" for path in own)
        found.update(f"{register}>{path}" for path in below)
    return frozenset(found)
