"""What can be done with organs, people and calendars. Each function checks, writes the fact and the audit entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, numbering
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, OrganName, Person, Post, Role


@transaction.atomic
def create_organ(
    *,
    by: Actor,
    code: str,
    name: str,
    kind: str,
    tier: str,
    parent: Organ | None,
    valid_from: dt.date,
    **profile: Any,
) -> Organ:
    """Add an organ below `parent`. Its path is allotted here and never changes. Raises ValidationError."""
    if Organ.objects.filter(code=code).exists():
        raise ValidationError(_("机关代码 %(code)s 已被使用。") % {"code": code})
    organ = Organ(code=code, name=name, kind=kind, tier=tier, parent=parent, valid_from=valid_from, **profile)
    organ.path = _next_path(parent)
    organ.full_clean(exclude=["path"])
    organ.save()
    OrganName.objects.create(organ=organ, name=name, kind=OrganName.Kind.OFFICIAL, valid_from=valid_from)
    audit.record(actor=by.key, post=by.post, verb="organ.create", subject=organ, path=organ.path)
    return organ


def _next_path(parent: Organ | None) -> str:
    above = parent.path if parent else ""
    return f"{above}{numbering.take(f'path:{above}'):04d}."


@transaction.atomic
def appoint(
    *, by: Actor, person: Person, organ: Organ, role: str, valid_from: dt.date, title: str = ""
) -> Post:
    """Give `person` a dated role at `organ`."""
    post = Post.objects.create(
        person=person, organ=organ, role=Role(role), valid_from=valid_from, title=title
    )
    audit.record(
        actor=by.key,
        post=by.post,
        verb="post.appoint",
        subject=post,
        path=organ.path,
        detail={"role": role, "person": person.pk},
    )
    return post


@transaction.atomic
def add_person(*, by: Actor, username: str, name: str, password: str | None = None) -> Person:
    """Open an account. Without a password nobody can sign in with it yet."""
    person = Person(username=username, name=name)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    audit.record(actor=by.key, post=by.post, verb="person.add", subject=person, path="")
    return person
