"""What the house rules say about who may do what where, written down apart from the code that decides it.

One line per register and verb; one letter per role in the order of `ROLES`:
``O`` the role's own organ (with its internal units and its predecessors), ``S`` that and the whole subtree, ``-`` no.
"""

from __future__ import annotations

ROLES = ("handler", "office", "head", "secrecy", "leader", "supervisor", "auditor", "operator")

TABLE = """
               handler office head secrecy leader supervisor auditor operator
cases     view     O      O    O     O       O        S         S        -
cases     work     O      O    O     O       O        -         -        -
cases     identity O      O    O     O       O        -         -        -
cases     manage   -      -    -     -       -        -         -        -
files     view     O      O    O     O       O        -         -        -
files     work     O      O    O     -       -        -         -        -
files     identity -      -    -     -       -        -         -        -
files     manage   -      -    -     -       -        -         -        -
remedies  view     O      O    O     O       O        S         S        -
remedies  work     O      O    O     -       -        -         -        -
remedies  identity -      -    -     -       -        -         -        -
remedies  manage   -      -    -     -       -        -         -        -
documents view     O      O    O     O       O        S         S        -
documents work     O      O    O     -       -        -         -        -
documents identity -      -    -     -       -        -         -        -
documents manage   -      -    -     -       -        -         -        -
columns   view     O      S    S     O       S        S         S        -
columns   work     -      O    O     -       -        -         -        -
columns   identity -      -    -     -       -        -         -        -
columns   manage   -      -    -     -       -        -         -        -
review    view     O      O    O     O       O        S         S        -
review    work     O      O    O     O       O        -         -        -
review    identity -      -    -     -       -        -         -        -
review    manage   -      -    -     -       -        -         -        -
chains    view     O      O    O     O       O        S         S        S
chains    work     -      -    -     -       -        -         -        -
chains    identity -      -    -     -       -        -         -        -
chains    manage   -      -    O     -       -        -         -        S
leaks     view     O      O    O     O       O        S         S        -
leaks     work     -      O    O     O       -        -         -        -
leaks     identity -      -    -     -       -        -         -        -
leaks     manage   -      -    -     -       -        -         -        -
sites     view     O      O    O     O       O        S         S        S
sites     work     -      O    O     -       -        -         -        S
sites     identity -      -    -     -       -        -         -        -
sites     manage   -      -    -     -       -        -         -        -
handovers view     O      O    O     O       O        S         S        S
handovers work     O      O    O     -       -        -         -        S
handovers identity -      -    -     -       -        -         -        -
handovers manage   -      -    -     -       -        -         -        -
acts      view     O      O    O     O       O        S         S        -
acts      work     O      O    O     -       -        -         -        -
acts      identity -      -    -     -       -        -         -        -
acts      manage   -      -    -     -       -        -         -        -
tallies   view     O      O    O     O       O        S         S        -
tallies   work     O      O    O     -       -        -         -        -
tallies   identity -      -    -     -       -        -         -        -
tallies   manage   -      -    -     -       -        -         -        -
reports   view     O      S    S     O       S        S         S        -
reports   work     -      O    O     -       O        -         -        -
reports   identity -      -    -     -       -        -         -        -
reports   manage   -      -    -     -       -        -         -        -
problems  view     O      O    O     O       O        S         S        -
problems  work     O      O    O     -       -        -         -        -
problems  identity -      -    -     -       -        -         -        -
problems  manage   -      -    -     -       -        -         -        -
library   view     O      O    O     -       O        S         S        -
library   work     -      O    O     -       -        -         -        -
library   identity -      -    -     -       -        -         -        -
library   manage   -      -    -     -       -        -         -        -
rounds    view     O      S    S     -       S        S         S        -
rounds    work     O      O    O     -       -        -         -        -
rounds    identity -      -    -     -       -        -         -        -
rounds    manage   -      -    -     -       -        -         -        -
figures   view     O      S    S     O       S        S         S        -
figures   work     -      -    -     -       -        -         -        -
figures   identity -      -    -     -       -        -         -        -
figures   manage   -      -    -     -       -        -         -        -
organs    view     S      S    S     S       S        S         S        S
organs    work     -      -    -     -       -        -         -        -
organs    identity -      -    -     -       -        -         -        -
organs    manage   -      -    -     -       -        -         -        S
people    view     -      O    O     -       -        -         S        S
people    work     -      -    -     -       -        -         -        -
people    identity -      -    -     -       -        -         -        -
people    manage   -      -    -     -       -        -         -        S
calendars view     S      S    S     S       S        S         S        S
calendars work     -      -    -     -       -        -         -        -
calendars identity -      -    -     -       -        -         -        -
calendars manage   -      -    -     -       -        -         -        S
classifications view     S      S    S     S       S        S         S        S
classifications work     -      -    -     -       -        -         -        -
classifications identity -      -    -     -       -        -         -        -
classifications manage   -      -    -     -       -        -         -        S
settings  view     -      -    -     -       -        -         S        S
settings  work     -      -    -     -       -        -         -        -
settings  identity -      -    -     -       -        -         -        -
settings  manage   -      -    -     -       -        -         -        S
audit     view     -      -    -     -       -        -         S        -
audit     work     -      -    -     -       -        -         -        -
audit     identity -      -    -     -       -        -         -        -
audit     manage   -      -    -     -       -        -         -        -
"""

#: Where a record stands, seen from the viewer's organ, and which letter of the table reaches it.
REACHED_BY = {
    "own": "OS",
    "own unit": "OS",
    "predecessor": "OS",
    "child": "S",
    "grandchild": "S",
    "predecessor's child": "S",
    "child's predecessor elsewhere": "S",
    "sibling": "",
    "sibling's child": "",
    "parent": "",
    "another tree": "",
}


def expectations() -> dict[tuple[str, str, str], str]:
    """(register, verb, role) → letter."""
    lines = [line.split() for line in TABLE.strip().splitlines()]
    assert tuple(lines[0]) == ROLES
    return {
        (line[0], line[1], role): letter
        for line in lines[1:]
        for role, letter in zip(ROLES, line[2:], strict=True)
    }
