"""审计日志: every write, for the auditor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AuditEntry
from gongkai.desk.register import history, known
from gongkai.desk.register.declare import Column, Register, State
from gongkai.desk.register.filters import organ, search, since, until
from gongkai.desk.register.verbs import said, thing
from gongkai.organs.scope import Viewer


def _names(who: Viewer, rows: list[Any]) -> None:
    names = history.names_of(row.actor for row in rows)
    for row in rows:
        row.actor_name = history.whom(row.actor, row.post, names)


def _subject(row: AuditEntry) -> tuple[str, Any] | None:
    register = known.for_label(row.subject_type)
    return (register.key, row.subject_id) if register and row.subject_id.isdigit() else None


AUDIT = Register(
    key="audit",
    model=AuditEntry,
    title=_("审计日志"),
    unit=_("条"),
    group=_("设置"),
    section="settings",
    explain=_("谁在何时办了什么；按批封存，改动能被发现"),
    label=lambda row: f"{said(row.verb)} {row.subject_id}",
    order=["-id"],
    columns=[
        Column("at", _("时间"), link=True),
        Column("actor", _("何人"), value=lambda row: row.actor_name),
        Column("verb", _("办理"), value=lambda row: said(row.verb), wide=True),
        Column(
            "subject",
            _("对象"),
            value=lambda row: f"{thing(row.subject_type)} {row.subject_id}",
            record=_subject,
        ),
        Column(
            "seal",
            _("封存"),
            value=lambda row: State("done", _("已封存")) if row.seal_id else State("open", _("待封存")),
        ),
    ],
    filters=[search("verb", "subject_id", "actor"), organ(), since("at", _("自")), until("at", _("至"))],
    decorate=_names,
    facts=[
        Column("at", _("时间")),
        Column("actor", _("何人"), value=lambda row: row.actor_name),
        Column("post", _("岗位代号")),
        Column("verb", _("办理"), value=lambda row: said(row.verb)),
        Column("verb_key", _("代号"), value=lambda row: row.verb),
        Column(
            "subject",
            _("对象"),
            value=lambda row: f"{thing(row.subject_type)} {row.subject_id}",
            record=_subject,
        ),
        Column("detail", _("要点"), value=lambda row: "；".join(f"{k}={v}" for k, v in row.detail.items())),
    ],
)
REGISTERS = (AUDIT,)
