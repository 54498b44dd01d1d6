"""A subject, a chain and people for the tests of the review room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.documents.interpretation.actions import exempt
from gongkai.documents.models import Edition
from gongkai.documents.reviewing import subject_of
from gongkai.organs import actions as organs
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ, Person
from gongkai.review import actions
from gongkai.review.models import ChainTemplate, ReviewRun
from tests.support.world import SINCE, TEST, World

DAY = dt.date(2022, 6, 1)  # a Wednesday
CLEAR = dict.fromkeys(
    ("state_secret", "work_secret", "trade_secret", "privacy", "sensitive", "aggregated"), "no"
)


def edition(organ: Organ, body: str = "正文", **more: Any) -> Edition:
    """A draft that may be submitted: it says why it needs no interpretation."""
    made = documents.add_document(
        by=TEST,
        organ=organ,
        kind="normative_docs",
        title="关于道路施工的通告",
        made_on=DAY,
        body=body,
        **more,
    )
    exempt(made, by=TEST, reason="内容简明")
    return made.editions.get()


def change(what: Edition, body: str) -> Edition:
    """The author edits the draft."""
    return documents.edit_edition(what, by=TEST, body=body)


def chain(organ: Organ, *steps: dict[str, Any], key: str = "T", **more: Any) -> ChainTemplate:
    return actions.save_chain(by=TEST, organ=organ, key=key, title="测试流程", steps=list(steps), **more)


def step(title: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "signers": [{"role": role} for role in roles], **more}


THREE: Sequence[dict[str, Any]] = (
    step("办公室审核", "office", days=2),
    step("负责人审核", "head"),
    step("领导审定", "leader"),
)


def person(organ: Organ, username: str, role: str, title: str = "") -> Person:
    made = organs.add_person(by=TEST, username=username, name=username)
    organs.appoint(by=TEST, person=made, organ=organ, role=role, valid_from=SINCE, title=title)
    return made


def acting(who: Person, path: str, register: str = "review", role: str = "") -> Actor:
    found = actors_for(scope.viewer(who, clock.today()), register, path)
    return next(actor for actor in found if not role or actor.role == role)


def actor(world: World, code: str, role: str) -> Actor:
    """The person of `role` at `code` acting on that organ's reviews today."""
    return world.actor(code, role, "review", clock.today())


def started(world: World, code: str = "city-edu", *steps: dict[str, Any], **more: Any) -> ReviewRun:
    """A fresh subject of the organ, submitted by its handler."""
    organ = world.organs[code]
    if not ChainTemplate.objects.filter(organ=organ).exists():
        chain(organ, *(steps or THREE))
    subject = subject_of(edition(organ, more.pop("body", "正文")))
    return actions.start(by=actor(world, code, "handler"), subject=subject, **more)


def sign(
    world: World, run: ReviewRun, *roles: str, code: str = "city-edu", opinion: str = "agree"
) -> ReviewRun:
    for role in roles:
        actions.opine(by=actor(world, code, role), run=run, opinion=opinion, text="意见")
    run.refresh_from_db()
    return run
