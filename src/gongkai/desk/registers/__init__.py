"""The registers of this desk, declared room by room."""

from gongkai.desk.register import known
from gongkai.desk.registers import acts


def make_known() -> None:
    """Called once when the desk starts; the order is that of the overview."""
    known.add(*acts.REGISTERS)
