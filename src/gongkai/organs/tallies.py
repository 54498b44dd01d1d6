"""Tallies and coverage as people record them: the actor's right, the fact, the audit entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction

from gongkai.base import audit
from gongkai.base import coverage as _coverage
from gongkai.base import tallies as _tallies
from gongkai.base.coverage import Covered
from gongkai.base.fields import within
from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

REGISTER = "tallies"


@transaction.atomic
def record_tally(
    *,
    by: Actor,
    organ: Organ,
    measure: str,
    dimensions: Mapping[str, str],
    period: Period,
    value: Decimal | int | str,
    source: str = Tally.Source.UNIT,
    note: str = "",
) -> Tally:
    """Record what `organ` counted itself. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    tally = _tallies.record_tally(
        organ=organ,
        measure=measure,
        dimensions=dimensions,
        period=period,
        value=value,
        source=source,
        author=by.key,
        note=note,
    )
    _audit(by, "tally.record", tally)
    return tally


@transaction.atomic
def supersede_tally(
    tally: Tally,
    *,
    by: Actor,
    value: Decimal | int | str | None,
    reason: str,
    period: Period | None = None,
    dimensions: Mapping[str, str] | None = None,
) -> Tally:
    """Correct a wrong tally, or withdraw it (`value` None). Both stay; the new one counts. Raises Refused or
    ValidationError."""
    authority.require(by, authority.WORK, REGISTER, tally.path)
    later = _tallies.supersede_tally(
        tally, value=value, author=by.key, note=reason, period=period, dimensions=dimensions
    )
    _audit(by, "tally.supersede", later)
    return later


@transaction.atomic
def set_coverage(
    *,
    by: Actor,
    organ: Organ,
    register: str,
    mode: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    whole_tree: bool = False,
) -> Coverage:
    """Say how `organ` (with `whole_tree`, and all below it) keeps a register. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    row = _coverage.set_coverage(
        organ=organ,
        register=register,
        mode=mode,
        valid_from=valid_from,
        valid_to=valid_to,
        whole_tree=whole_tree,
    )
    _audit(by, "coverage.set", row)
    return row


@transaction.atomic
def close_coverage(row: Coverage, *, by: Actor, on: dt.date) -> Coverage:
    """End a coverage after the day `on`. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, row.path)
    closed = _coverage.close_coverage(row, on=on)
    _audit(by, "coverage.close", closed)
    return closed


def coverage_by_path(registers: Iterable[str], prefix: str, period: Period) -> dict[str, dict[str, Covered]]:
    """For each register, what is known of every organ at `prefix` and below (internal units aside): two queries.

    An organ's life counts: nothing is missing before it was founded or after it was abolished.
    """
    organs = (
        Organ.objects.filter(within("path", prefix))
        .exclude(kind=Organ.Kind.UNIT)
        .values_list("path", "valid_from", "valid_to")
    )
    lives = list(organs)
    maps = _coverage.coverage_of(registers, prefix, period)
    return {
        register: {path: found.at(path, since, until) for path, since, until in lives}
        for register, found in maps.items()
    }


def _audit(by: Actor, verb: str, subject: Tally | Coverage) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=subject, path=subject.path)
