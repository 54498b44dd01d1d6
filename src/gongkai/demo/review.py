"""The chains of signatures of the three seeds that print theirs, and a register of leaks that is kept and stayed empty."""

from __future__ import annotations

from gongkai.base.models import Coverage
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.demo.registers import BEGAN
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.review import actions

# organ, chain, whether those below use it
CHAINS = ((LY_OFFICE, "T-LY", False), (MENGJIN, "T-MJ", True), (XIGONG, "T-XG", True))


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Adopt the chains; say that leaks are recorded here from the day the registers began."""
    for code, key, whole_tree in CHAINS:
        actions.adopt_chain(by=by, organ=organs[code], key=key, whole_tree=whole_tree)
    for city in (LUOYANG, PINGDINGSHAN):
        tallies.set_coverage(
            by=by,
            organ=organs[city],
            register="leaks",
            mode=Coverage.Mode.HERE,
            valid_from=BEGAN,
            whole_tree=True,
        )
