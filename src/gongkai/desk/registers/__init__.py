"""The registers of this desk, declared room by room."""

from gongkai.desk.library import populations
from gongkai.desk.register import known
from gongkai.desk.registers import (
    acts,
    audit,
    calendars,
    clean_ups,
    document_files,
    documents,
    fees,
    numbering,
    organs,
    people,
    problems,
    remedies,
    review,
    settings,
)
from gongkai.desk.registers import rounds as collecting
from gongkai.desk.registers import tallies as tallied

_IN_ORDER = (
    documents,
    document_files,
    numbering,
    clean_ups,
    review,
    remedies,
    fees,
    acts,
    tallied,
    populations,
    problems,
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
