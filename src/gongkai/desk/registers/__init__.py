"""The registers of this desk, declared room by room."""

from gongkai.desk.library import populations
from gongkai.desk.register import known
from gongkai.desk.registers import (
    acts,
    audit,
    calendars,
    channels,
    clean_ups,
    columns,
    document_files,
    documents,
    fees,
    handovers,
    interpretations,
    numbering,
    offers,
    organs,
    people,
    platforms,
    problems,
    releases,
    remedies,
    review,
    settings,
    sites,
    statements,
)
from gongkai.desk.registers import rounds as collecting
from gongkai.desk.registers import tallies as tallied

_IN_ORDER = (
    documents,
    releases,
    channels,
    offers,
    document_files,
    numbering,
    clean_ups,
    columns,
    statements,
    platforms,
    interpretations,
    review,
    remedies,
    fees,
    acts,
    tallied,
    populations,
    problems,
    sites,
    handovers,
    organs,
    people,
    settings,
    collecting,
    calendars,
    audit,
)


def make_known() -> None:
    """Called once when the desk starts; the order is that of the overview."""
    for room in _IN_ORDER:
        known.add(*room.REGISTERS)
