"""A library of read reports: the five published reports the demo is made from, and two of 2023 from elsewhere, as they
were published. Read here like any other file, damage and all."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

from gongkai.annualreport.library import actions, parsing
from gongkai.annualreport.library.matching import Matcher
from gongkai.base import clock
from gongkai.demo.people import posts_by_role
from gongkai.demo.places import LUOYANG, PINGDINGSHAN
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ, Role

ON = dt.date(2018, 12, 31)
PERSONS = {LUOYANG: 6_888_500, PINGDINGSHAN: 5_026_500}
SOURCE = "年末常住人口（演示数字）"


def load(organs: dict[str, Organ]) -> None:
    """Into the library of the city government, by its disclosure office."""
    library = organs[LUOYANG]
    by = _office(library)
    matcher = Matcher(library)
    folder = files("gongkai.demo").joinpath("data", "library")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        content = file.read_bytes()
        parsed = parsing.parse(content, file.name)
        kept = actions.keep(
            by=by, library=library, content=content, parsed=parsed, name=file.name, matcher=matcher
        )
        for one in actions.to_check_again(kept.version):
            actions.check_later(one.pk)
    for code, persons in PERSONS.items():
        actions.record_population(
            by=by, organ=library, subject=organs[code], as_of=ON, persons=persons, source=SOURCE
        )


def _office(organ: Organ) -> Actor:
    post = posts_by_role(organ)[Role.OFFICE.value]
    who = scope.viewer(post.person, clock.today())
    return next(one for one in actors_for(who, actions.REGISTER, organ.path) if one.role == Role.OFFICE)
