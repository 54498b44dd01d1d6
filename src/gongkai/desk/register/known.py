"""The registers this desk has, and which of them a person finds doors to."""

from __future__ import annotations

from gongkai.desk.register.declare import Register
from gongkai.organs import scope
from gongkai.organs.scope import VIEW, Viewer

_registers: dict[str, Register] = {}

# Rooms of the desk that are no registers, by the scope register that opens them.
_ROOMS = {
    "today": "cases",
    "requests": "cases",
    "figures": "figures",
    "reports": "reports",
    "library": "library",
    "rounds": "rounds",
    "reviews": "review",
}


def add(*registers: Register) -> None:
    """Make registers known; their pages and addresses are there from then on."""
    for register in registers:
        if _registers.setdefault(register.key, register) is not register:
            raise ValueError(f"register {register.key} is declared twice")


def all_registers() -> list[Register]:
    """In the order they were declared."""
    return list(_registers.values())


def get(key: str) -> Register | None:
    return _registers.get(key)


def for_model(model: type) -> Register | None:
    """The register that shows records of `model`, if there is one."""
    return next((register for register in _registers.values() if register.model is model), None)


def for_label(label: str) -> Register | None:
    """The same by the model's label (``keyareas.decision``)."""
    return next((one for one in _registers.values() if one.model._meta.label_lower == label), None)


def may_open(who: Viewer, register: Register) -> bool:
    """Whether any post of `who` reaches rows of this register at all."""
    return _open(who, register.scope_register)


def visible(who: Viewer) -> list[Register]:
    return [register for register in _registers.values() if may_open(who, register)]


def closed_to(who: Viewer) -> set[str]:
    """The sections of the navigation that hold nothing for `who`."""
    sections = {register.section for register in _registers.values()} | set(_ROOMS)
    opened = {register.section for register in visible(who)}
    opened |= {section for section, register in _ROOMS.items() if _open(who, register)}
    return sections - opened


def _open(who: Viewer, scope_register: str) -> bool:
    roles = scope.REACH[scope_register].get(VIEW, {})
    return who.everything or any(grant.role in roles for grant in who.grants)
