"""A small city for tests: two governments deep, every role staffed, a predecessor and its successor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from gongkai.organs import actions
from gongkai.organs.actors import Actor, actors_for, system
from gongkai.organs.models import Organ, Person, Role, Succession
from gongkai.organs.scope import Viewer, viewer

SINCE = dt.date(2015, 1, 1)
TEST = system("test")


@dataclass
class World:
    """`organs` by code; `people` by ``<code>-<role>``."""

    organs: dict[str, Organ] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def organ(
        self, code: str, name: str, kind: str, tier: str, parent: str | None = None, **profile: object
    ) -> Organ:
        self.organs[code] = actions.create_organ(
            by=TEST,
            code=code,
            name=name,
            kind=kind,
            tier=tier,
            parent=self.organs[parent] if parent else None,
            valid_from=SINCE,
            **profile,
        )
        return self.organs[code]

    def staff(self, code: str, *roles: str) -> None:
        for role in roles or tuple(Role.values):
            person = actions.add_person(by=TEST, username=f"{code}-{role}", name=f"测试{role}")
            actions.appoint(by=TEST, person=person, organ=self.organs[code], role=role, valid_from=SINCE)
            self.people[f"{code}-{role}"] = person

    def viewer(self, code: str, role: str, day: dt.date = dt.date(2022, 6, 1)) -> Viewer:
        return viewer(self.people[f"{code}-{role}"], day)

    def actor(
        self, code: str, role: str, register: str = "cases", day: dt.date = dt.date(2022, 6, 1)
    ) -> Actor:
        """The person of `role` at `code`, acting on that organ's own records."""
        return next(
            a
            for a in actors_for(self.viewer(code, role, day), register, self.organs[code].path)
            if a.role == role
        )


def small_city() -> World:
    """city (government) → city-office, city-edu; county-a → county-a-office, town-a1; county-b; old-b → county-b."""
    world = World()
    world.organ("city", "甲市人民政府", "government", "city", makes_rules=True)
    world.organ(
        "city-office",
        "甲市人民政府办公室",
        "office",
        "city",
        "city",
        review_organ="甲市人民政府",
        court="甲市乙区人民法院",
    )
    world.organ("city-edu", "甲市教育局", "department", "city", "city")
    world.organ("county-a", "甲市东县人民政府", "government", "county", "city")
    world.organ("county-a-office", "东县人民政府办公室", "office", "county", "county-a")
    world.organ("town-a1", "东县东一镇人民政府", "government", "township", "county-a")
    world.organ("county-b", "甲市西区人民政府", "government", "county", "city")
    world.organ("old-b", "甲市西县人民政府", "government", "county", "city")
    for code in world.organs:
        world.staff(code)
    Succession.objects.create(
        predecessor=world.organs["old-b"],
        successor=world.organs["county-b"],
        kind="conversion",
        on=dt.date(2021, 3, 18),
    )
    return world
