"""The city of the bench: some two hundred organs, five people at each, one big office; every register kept here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from gongkai.base.models import Coverage
from gongkai.organs import actions, tallies
from gongkai.organs.actors import Actor, system
from gongkai.organs.models import Organ, Person, Post, Role

FOUNDED = dt.date(2015, 1, 1)
DEPARTMENTS, COUNTIES, DEPARTMENTS_OF_A_COUNTY = 45, 15, 8
ROLES = (Role.HANDLER, Role.OFFICE, Role.HEAD, Role.SECRECY, Role.LEADER)
REGISTERS = (
    "requests",
    "documents",
    "remedies",
    "acts.items",
    "acts.decisions",
    "acts.fees",
    "acts.procurement",
)
BENCH = system("bench")


@dataclass
class Office:
    """An organ that takes applications, and who acts there: by role, as facts keep them."""

    organ: Organ
    staff: dict[str, Actor] = field(default_factory=dict)


@dataclass
class City:
    """`root` is the city's government, `offices` everybody who takes applications, the big one first."""

    root: Organ
    offices: list[Office]

    @property
    def big(self) -> Office:
        """The office with a fifth of all cases."""
        return self.offices[0]

    @property
    def small(self) -> Office:
        """One of the others, which share the rest evenly."""
        return self.offices[1]


def found(
    departments: int = DEPARTMENTS,
    counties: int = COUNTIES,
    county_departments: int = DEPARTMENTS_OF_A_COUNTY,
) -> City:
    """Found the city in an empty database."""
    root = _organ("bench", "测速市人民政府", Organ.Kind.GOVERNMENT, None)
    organs = [_organ("bench-office", "测速市人民政府办公室", Organ.Kind.OFFICE, root), root]
    for number in range(1, departments + 1):
        organs.append(_organ(f"bench-d{number}", f"测速市第{number}局", Organ.Kind.DEPARTMENT, root))
    for number in range(1, counties + 1):
        code, name = f"bench-c{number}", f"测速市第{number}区"
        county = _organ(code, f"{name}人民政府", Organ.Kind.GOVERNMENT, root, "county")
        organs.append(county)
        organs.append(_organ(f"{code}-office", f"{name}人民政府办公室", Organ.Kind.OFFICE, county, "county"))
        for place in range(1, county_departments + 1):
            title = f"{name}第{place}局"
            organs.append(_organ(f"{code}-d{place}", title, Organ.Kind.DEPARTMENT, county, "county"))
    for register in REGISTERS:
        tallies.set_coverage(
            by=BENCH,
            organ=root,
            register=register,
            mode=Coverage.Mode.HERE,
            valid_from=FOUNDED,
            whole_tree=True,
        )
    return City(root, _staffed(organs))


def _organ(code: str, name: str, kind: str, parent: Organ | None, tier: str = "city") -> Organ:
    return actions.create_organ(
        by=BENCH, code=code, name=name, kind=kind, tier=tier, parent=parent, valid_from=FOUNDED
    )


def _staffed(organs: list[Organ]) -> list[Office]:
    """Five people at each organ, one for each role of a case; nobody has a password."""
    places = [(organ, role) for organ in organs for role in ROLES]
    people = [Person(username=f"{organ.code}-{role.value}", name=str(role.label)) for organ, role in places]
    for person in people:
        person.set_unusable_password()
    Person.objects.bulk_create(people)
    posts = [
        Post(person=person, organ=organ, role=role, valid_from=FOUNDED)
        for person, (organ, role) in zip(people, places, strict=True)
    ]
    Post.objects.bulk_create(posts)
    offices = {organ.pk: Office(organ) for organ in organs}
    for post in posts:
        actor = Actor(f"staff:{post.person_id}", post.role, person_id=post.person_id, post_id=post.pk)
        offices[post.organ_id].staff[post.role] = actor
    return list(offices.values())
