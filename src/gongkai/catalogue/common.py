"""What every action of this room begins and ends with."""

from __future__ import annotations

from typing import Any

from gongkai.base import audit
from gongkai.catalogue.models import REGISTER
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ


def require(by: Actor, organ: Organ) -> None:
    """Raises Refused to whoever may not work on the columns of `organ`."""
    authority.require(by, authority.WORK, REGISTER, organ.path)


def one_at_a_time(organ: Organ) -> None:
    """What follows reads what the organ has and then writes: in one hand at a time, until the transaction ends. Two at once
    could put two columns below each other, or write a guide's third version twice."""
    Organ.objects.select_for_update().get(pk=organ.pk)


def log(by: Actor, verb: str, subject: Any, **detail: Any) -> None:
    """The audit entry; it holds codes and dates only."""
    audit.record(actor=by.key, post=by.post, verb=verb, subject=subject, path=subject.path, detail=detail)
