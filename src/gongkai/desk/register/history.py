"""A record's history: who did what to it and when, from the audit log, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.base.models import AuditEntry
from gongkai.desk.register.verbs import said
from gongkai.organs.models import Person, Role

MOST = 100


@dataclass(frozen=True)
class Line:
    at: dt.datetime
    what: str
    who: str
    why: str = ""


def of(record: Any) -> list[Line]:
    """The newest entries about `record`, which the caller has opened through scope: two queries."""
    entries = list(
        AuditEntry.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk)).order_by(
            "-id"
        )[:MOST]
    )
    names = names_of(entry.actor for entry in entries)
    return [
        Line(
            entry.at,
            said(entry.verb),
            whom(entry.actor, entry.post, names),
            str(entry.detail.get("reason") or entry.detail.get("note") or ""),
        )
        for entry in entries
    ]


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Actor key → the person's name: one query for a page."""
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("staff:")}
    if not ids:
        return {}
    return {f"staff:{pk}": name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}


def whom(actor: str, post: str, names: dict[str, str]) -> str:
    """An actor in words: 张三（承办人）, 系统（演示数据）, 公众账号（7）."""
    if actor.startswith("system:"):
        return _("系统（%(job)s）") % {"job": actor.partition(":")[2]}
    if actor == "applicant":
        return _("申请人")
    if actor.startswith("visitor:"):
        return _("公众账号（%(number)s）") % {"number": actor.partition(":")[2]}
    role, _sep, lent = post.partition("<")
    words = str(dict(Role.choices).get(role.partition("#")[0], ""))
    if lent and words:
        words = _("代%(role)s") % {"role": words}
    name = names.get(actor, actor)
    return f"{name}（{words}）" if words else name
