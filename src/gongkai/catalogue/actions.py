"""What can be done with columns: each verb writes the next version, dated, and never changes an older one.

Guides, profiles and what a platform owes stand in :mod:`.statements` and :mod:`.platforms`, offered here too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.catalogue import feeds
from gongkai.catalogue.common import log, one_at_a_time, require
from gongkai.catalogue.models import Column, ColumnVersion, Pick
from gongkai.catalogue.platforms import (
    launch,
    mark_applicable,
    mark_inapplicable,
    require_item,
    set_deadline,
)
from gongkai.catalogue.statements import publish_guide, publish_profile
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

__all__ = [
    "add_column",
    "archive_column",
    "edit_column",
    "launch",
    "mark_applicable",
    "mark_inapplicable",
    "move_column",
    "pick",
    "publish_guide",
    "publish_profile",
    "rename_column",
    "reopen_column",
    "require_item",
    "retire_column",
    "set_deadline",
    "set_feed",
    "set_standard",
    "unpick",
]

DEEPEST = 4
Change, State = ColumnVersion.Change, Column.State


@transaction.atomic
def add_column(
    *,
    by: Actor,
    organ: Organ,
    slug: str,
    title: str,
    description: str,
    on: dt.date,
    kind: str = Column.Kind.DISCLOSURE,
    keywords: str = "",
    parent: Column | None = None,
    order: int | None = None,
    front: int | None = None,
    feed: Iterable[feeds.Rule] = (),
    owner: Organ | None = None,
    responsible: str = "",
    update_days: int | None = None,
    reason: str = "",
) -> Column:
    """Open a column on a day. Its address `slug` is for ever. Raises Refused or ValidationError by field."""
    require(by, organ)
    one_at_a_time(organ)
    if on > clock.today():
        raise ValidationError({"on": _("开设日期不能晚于今天。")})
    _check_owner(organ.path, owner)
    column = Column(
        organ=organ,
        path=organ.path,
        slug=slug.strip(),
        opened_on=on,
        title=title.strip(),
        description=description.strip(),
        keywords=keywords.strip() or title.strip(),
        kind=kind,
        parent=_parent(organ, parent),
        order=_last(organ, parent) if order is None else order,
        front=front,
        feed=feeds.check(feed),
        owner=owner,
        responsible=responsible.strip(),
        update_days=update_days,
    )
    _check(column)
    column.save()
    _write(column, by, Change.ADDED, on, reason)
    log(by, "column.add", column, slug=column.slug, on=on.isoformat())
    return column


@transaction.atomic
def rename_column(column: Column, *, by: Actor, title: str, on: dt.date, reason: str = "") -> Column:
    """A new name from a day on. Raises Refused or ValidationError."""
    column = _open(column, by)
    if title.strip() == column.title:
        raise ValidationError({"title": _("名称没有变化。")})
    return _next(column, by, Change.RENAMED, on, reason, title=title.strip())


@transaction.atomic
def edit_column(column: Column, *, by: Actor, on: dt.date, reason: str = "", **face: Any) -> Column:
    """Change type, description, keywords, order or place on the front page. Raises Refused or ValidationError."""
    column = _open(column, by)
    if strangers := set(face) - {"kind", "description", "keywords", "order", "front"}:
        raise TypeError(f"not of a column's face: {', '.join(sorted(strangers))}")
    return _next(column, by, Change.EDITED, on, reason, **face)


@transaction.atomic
def move_column(
    column: Column,
    *,
    by: Actor,
    parent: Column | None,
    on: dt.date,
    order: int | None = None,
    reason: str = "",
) -> Column:
    """Put the column below another one of the same organ, or at the top. Raises Refused or ValidationError."""
    require(by, column.organ)
    one_at_a_time(column.organ)
    column = _open(column, by)
    above = _parent(column.organ, Column.objects.get(pk=parent.pk) if parent else None, _height(column))
    step = above
    while step is not None:
        if step.pk == column.pk:
            raise ValidationError({"parent": _("不能移到它自己或者它的下级栏目之下。")})
        step = step.parent
    place = _last(column.organ, above) if order is None else order
    return _next(column, by, Change.MOVED, on, reason, parent_id=above.pk if above else None, order=place)


@transaction.atomic
def set_feed(
    column: Column, *, by: Actor, feed: Iterable[feeds.Rule], on: dt.date, reason: str = ""
) -> Column:
    """What feeds the column from a day on; nothing, and it only gathers its sub-columns and what is picked. Raises Refused
    or ValidationError."""
    column = _open(column, by)
    return _next(column, by, Change.FED, on, reason, feed=feeds.check(feed))


@transaction.atomic
def set_standard(
    column: Column,
    *,
    by: Actor,
    owner: Organ | None,
    responsible: str,
    update_days: int | None,
    on: dt.date,
    reason: str = "",
) -> Column:
    """The column's standard: which unit answers for it, who, and how often it must show something new (S298). Raises
    Refused or ValidationError."""
    column = _open(column, by)
    _check_owner(column.path, owner)
    return _next(
        column,
        by,
        Change.STANDARD,
        on,
        reason,
        owner_id=owner.pk if owner else None,
        responsible=responsible.strip(),
        update_days=update_days,
    )


@transaction.atomic
def archive_column(column: Column, *, by: Actor, on: dt.date, reason: str) -> Column:
    """Close a special topic: it stays to be read, says that it is archived, and owes nothing new (06 §2.10). Raises Refused
    or ValidationError."""
    column = _open(column, by)
    if column.kind != Column.Kind.TOPIC:
        raise Refused(_("只有专题专栏可以归档；其他栏目不再开设的，请撤销。"))
    return _next(column, by, Change.ARCHIVED, on, _said(reason), state=State.ARCHIVED)


@transaction.atomic
def retire_column(column: Column, *, by: Actor, on: dt.date, reason: str) -> Column:
    """Close a column; its documents stay where they are. Its address then says so. Raises Refused or ValidationError."""
    column = _open(column, by)
    if Column.objects.filter(parent=column).exclude(state=State.RETIRED).exists():
        raise Refused(_("还有下级栏目，请先移走或者撤销它们。"))
    return _next(column, by, Change.RETIRED, on, _said(reason), state=State.RETIRED, front=None)


@transaction.atomic
def reopen_column(column: Column, *, by: Actor, on: dt.date, reason: str) -> Column:
    """Open again what was archived or retired. Raises Refused or ValidationError."""
    column = _locked(column, by)
    if column.state == State.OPEN:
        raise Refused(_("该栏目正在开设。"))
    if column.parent is not None and column.parent.state == State.RETIRED:
        raise Refused(_("它的上级栏目已撤销，请先恢复上级栏目。"))
    return _next(column, by, Change.REOPENED, on, _said(reason), state=State.OPEN)


@transaction.atomic
def pick(column: Column, *, by: Actor, document: Any, on: dt.date) -> Pick:
    """Put a document of the register into the column by hand. Whether the public may read it is asked when it is shown.
    Raises Refused or ValidationError."""
    column = _open(column, by)
    if Pick.objects.filter(column=column, document=document, until__isnull=True).exists():
        raise Refused(_("该文件已在这个栏目中。"))
    if on > clock.today():
        raise ValidationError({"on": _("收入日期不能晚于今天。")})
    row = Pick.objects.create(column=column, document=document, on=on, actor=by.key)
    log(by, "column.pick", column, document=document.pk)
    return row


@transaction.atomic
def unpick(row: Pick, *, by: Actor, on: dt.date) -> Pick:
    """Take a picked document out again from a day on, today at the latest. Raises Refused or ValidationError."""
    column = _locked(row.column, by)
    row = Pick.objects.select_for_update().get(pk=row.pk)
    if row.until is not None:
        raise Refused(_("该文件已移出这个栏目。"))
    if on < row.on:
        raise ValidationError({"on": _("移出日期不能早于收入日期。")})
    if on > clock.today():
        raise ValidationError({"on": _("移出日期不能晚于今天。")})
    row.until = on
    row.save(update_fields=["until"])
    log(by, "column.unpick", column, document=row.document_id)
    return row


# --- what every verb does -------------------------------------------------------------------------------------------


def _locked(column: Column, by: Actor) -> Column:
    require(by, column.organ)
    found = Column.objects.select_for_update(of=("self",)).select_related("organ", "parent")
    return found.get(pk=column.pk)


def _open(column: Column, by: Actor) -> Column:
    column = _locked(column, by)
    if column.state == State.RETIRED:
        raise Refused(_("该栏目已撤销，请先恢复。"))
    if column.state == State.ARCHIVED:
        raise Refused(_("该专题已归档，请先恢复。"))
    return column


def _check_owner(path: str, owner: Organ | None) -> None:
    if owner is not None and not owner.path.startswith(path):
        raise ValidationError({"owner": _("责任单位应是本机关或者它的下级、内设机构。")})


def _height(column: Column) -> int:
    """How many levels a column and those below it take."""
    height, level = 0, [column.pk]
    while level and height <= DEEPEST:
        height, level = height + 1, list(Column.objects.filter(parent__in=level).values_list("pk", flat=True))
    return height


def _parent(organ: Organ, parent: Column | None, height: int = 1) -> Column | None:
    """The column to stand below, if `height` levels still have room there."""
    if parent is None:
        return None
    if parent.organ_id != organ.pk:
        raise ValidationError({"parent": _("上级栏目应是同一机关的。")})
    if parent.state != State.OPEN:
        raise ValidationError({"parent": _("上级栏目已归档或者撤销。")})
    depth, step = 1, parent
    while step.parent is not None:
        depth, step = depth + 1, step.parent
    if depth + height > DEEPEST:
        raise ValidationError({"parent": _("栏目最多%(most)d层。") % {"most": DEEPEST}})
    return parent


def _last(organ: Organ, parent: Column | None) -> int:
    beside = Column.objects.filter(organ=organ, parent=parent).order_by("-order").first()
    return min((beside.order if beside else 0) + 10, 32_000)


def _next(column: Column, by: Actor, change: str, on: dt.date, reason: str, **face: Any) -> Column:
    last = ColumnVersion.objects.filter(column=column).order_by("seq").last()
    if on > clock.today():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    if last is not None and on < last.on:
        raise ValidationError({"on": _("日期不能早于上一次变更（%(day)s）。") % {"day": last.on.isoformat()}})
    was = column.feed
    for name, value in face.items():
        setattr(column, name, value.strip() if isinstance(value, str) else value)
    column.closed_on = None if column.state == State.OPEN else on
    _check(column)
    column.save()
    _write(column, by, change, on, reason)
    detail = {"feed_was": was} if change == Change.FED else {}
    log(by, _VERBS[Change(change)], column, on=on.isoformat(), **detail)
    return column


_VERBS = {
    Change.RENAMED: "column.rename",
    Change.EDITED: "column.edit",
    Change.MOVED: "column.move",
    Change.FED: "column.feed",
    Change.STANDARD: "column.standard",
    Change.ARCHIVED: "column.archive",
    Change.RETIRED: "column.retire",
    Change.REOPENED: "column.reopen",
}


def _check(column: Column) -> None:
    column.clean_fields(exclude=["organ", "parent", "owner", "feed"])
    column.validate_constraints(exclude=["organ"])


def _write(column: Column, by: Actor, change: str, on: dt.date, reason: str) -> None:
    seq = ColumnVersion.objects.filter(column=column).count() + 1
    version = ColumnVersion(
        column=column,
        seq=seq,
        change=change,
        on=on,
        reason=reason.strip(),
        actor=by.key,
        recorded_at=clock.now(),
        **column.face,
    )
    version.clean_fields(exclude=["column", "parent", "owner", "feed"])
    version.save()


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因或依据。")})
    return reason
