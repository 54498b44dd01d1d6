"""Every action of a run's page, for every role, in every state: what is offered is done, what is greyed is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.organs.actors import Actor, watchers_for
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.review import actions, course, queries
from gongkai.review.models import ReviewRun
from tests.review import support
from tests.review.support import CLEAR, DAY, actor, sign, started
from tests.support.world import World

pytestmark = pytest.mark.django_db
CITY = "city-edu"

TRIES: dict[str, Callable[[Actor, ReviewRun], Any]] = {
    "opine": lambda by, run: actions.opine(by=by, run=run, opinion="agree"),
    "return": lambda by, run: actions.return_(by=by, run=run, text="请核"),
    "amend": lambda by, run: actions.amend(by=by, run=run, text="已改"),
    "resubmit": lambda by, run: actions.resubmit(by=by, run=run, text="已改"),
    "withdraw": lambda by, run: actions.withdraw(by=by, run=run, text="不送了"),
    "conclude_secrecy": lambda by, run: actions.conclude_secrecy(
        by=by, run=run, answers=CLEAR, conclusion="open"
    ),
    "consult": lambda by, run: actions.consult(by=by, run=run, question="问", outside=["市保密局"]),
}


def signing(world: World) -> ReviewRun:
    return started(world)


def second_step(world: World) -> ReviewRun:
    return sign(world, started(world), "office")


def stale(world: World) -> ReviewRun:
    return changed(started(world))


def amending(world: World) -> ReviewRun:
    return sign(world, started(world), "office", opinion="agree_changed")


def amended(world: World) -> ReviewRun:
    return changed(amending(world))


def returned(world: World) -> ReviewRun:
    run = started(world)
    actions.return_(by=actor(world, CITY, "office"), run=run, text="请核")
    return run


def completed(world: World) -> ReviewRun:
    return sign(world, started(world), "office", "head", "leader")


def refused(world: World) -> ReviewRun:
    return sign(world, started(world), "office", opinion="disagree")


def withdrawn(world: World) -> ReviewRun:
    run = started(world)
    actions.withdraw(by=actor(world, CITY, "handler"), run=run, text="不送了")
    return run


def changed(run: ReviewRun) -> ReviewRun:
    support.change(support.Edition.objects.get(pk=run.subject_key), "改过")
    return run


SITUATIONS = (signing, second_step, stale, amending, amended, returned, completed, refused, withdrawn)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.__name__)
def test_offers_and_actions_agree(world: World, situation: Callable[[World], ReviewRun]) -> None:
    run = situation(world)
    for role in Role.values:
        for action, offered, by in _offers(world, run, role):
            assert offered is _happens(TRIES[action], by, run), (role, action)


def _offers(world: World, run: ReviewRun, role: str) -> Iterator[tuple[str, bool, Actor]]:
    who = world.viewer(CITY, role, DAY)
    watching = watchers_for(who, "review", run.path)
    if not watching:
        assert role == "operator"
        return
    for offer in queries.run_page(who, run.pk, DAY).offers:
        assert offer.reason or offer.actor
        yield offer.action, bool(offer.actor and not offer.reason), offer.actor or watching[0]


def _happens(do: Callable[[Actor, ReviewRun], Any], by: Actor, run: ReviewRun) -> bool:
    """Whether the action goes through; whatever it did is undone."""
    try:
        with transaction.atomic():
            do(by, run)
            transaction.set_rollback(True)
    except Refused as reason:
        return not str(reason)  # a refusal always says why
    except ValidationError as error:
        pytest.fail(str(error))
    return True


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.__name__)
def test_at_most_one_obvious_thing_and_it_can_be_done(
    world: World, situation: Callable[[World], ReviewRun]
) -> None:
    run = situation(world)
    for role in Role.values:
        if role == "operator":
            continue
        page = queries.run_page(world.viewer(CITY, role, DAY), run.pk, DAY)
        primary = [offer for offer in page.offers if offer.primary]
        assert len(primary) <= 1
        assert all(offer.actor and not offer.reason for offer in primary)
        assert page.verdict.ok is False
        assert [line.kind for line in page.lines].count("now") == (page.run.state in course.OPEN)
