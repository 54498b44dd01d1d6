"""Rounds, duties and sheets as the address names them, through scope; and in which posts somebody acts on them."""

from __future__ import annotations

from gongkai.annualreport.rounds import queries, workflow
from gongkai.annualreport.rounds.models import REGISTER, Duty, Round, Sheet
from gongkai.annualreport.rounds.workflow import Offer
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.scope import Viewer


def round_(who: Viewer, pk: int) -> Round:
    """The round, or 404: seen from the side that collects."""
    return scope.get(who, Round.objects.select_related("organ", "sheet__organ"), pk=pk)


def duty(who: Viewer, pk: int) -> Duty:
    """The duty, or 404: seen by whoever owes it and by those above."""
    rows = Duty.objects.select_related("organ", "round__organ", "round__sheet__organ", "accepted__report")
    return scope.get(who, rows, pk=pk)


def sheet(who: Viewer, pk: int) -> Sheet:
    """The statistics sheet, or 404."""
    return scope.get(who, Sheet.objects.select_related("organ"), pk=pk)


def on_round(who: Viewer, found: Round) -> tuple[Actor, ...]:
    """The posts in which somebody may work on the round."""
    return actors_for(who, REGISTER, found.path)


def on_duty(who: Viewer, found: Duty) -> tuple[Actor, ...]:
    """The posts for either side of a duty."""
    return (*actors_for(who, REGISTER, found.path), *actors_for(who, REGISTER, found.round.path))


def offers(who: Viewer, found: Round, owed: Duty | None, *actions: str) -> dict[str, Offer]:
    """What can be done, by whom, or why not."""
    actors = on_round(who, found) if owed is None else on_duty(who, owed)
    return {action: workflow.offer(action, actors, found, owed) for action in actions}


def collector(who: Viewer, organ_path: str) -> Actor | None:
    """The post in which somebody opens rounds and defines sheets there."""
    roles = workflow.BY_ACTION["close"].roles
    return next((one for one in actors_for(who, REGISTER, organ_path) if one.role in roles), None)


def collects(who: Viewer) -> bool:
    """Whether somebody may open rounds and define sheets anywhere."""
    return any(collector(who, organ.path) for organ in queries.collectors(who))
