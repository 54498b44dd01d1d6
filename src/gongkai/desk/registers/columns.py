"""栏目: the tree of columns with its versions and standards, what feeds each, and what is put into one by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.models import Column as Named
from gongkai.catalogue.models import Pick
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, organ, search
from gongkai.desk.register.forms import date_field, form_for, reason_field
from gongkai.desk.register.scoped import ScopedChoice, ScopedKey
from gongkai.desk.registers.column_feeds import RulesForm, feed_words
from gongkai.documents import columns
from gongkai.documents.models import Document
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

_ON = _("日期")


def _same_organ(who: Viewer, record: Named | None) -> Any:
    rows = scope.rows(who, Named).filter(state=Named.State.OPEN)
    return rows.filter(organ=record.organ).exclude(pk=record.pk) if record else rows


def _owners(who: Viewer, record: Named) -> Any:
    inside = Organ.objects.filter(parent=record.organ) | Organ.objects.filter(pk=record.organ_id)
    units = Organ.objects.filter(kind=Organ.Kind.UNIT, parent__parent=record.organ)
    return inside | units


def _parent_field() -> ScopedChoice:
    return ScopedChoice(
        Named, label=_("上级栏目"), rows=_same_organ, order="path", required=False, empty_label=_("没有上级")
    )


def _state(row: Named) -> State | Text:
    kind = {Named.State.OPEN: "open", Named.State.ARCHIVED: "done"}.get(Named.State(row.state), "unknown")
    return State(kind, row.get_state_display())


def _fresh(row: Named) -> State | Text:
    """Whether it showed something new within its cycle; `decorate` brings the newest day."""
    newest: dt.date | None = getattr(row, "newest", None)
    if late := row.overdue(newest, clock.today()):
        if newest is None:
            return State("over", _g("没有内容"))
        return State("over", _g("%(days)s天没有更新") % {"days": late + (row.update_days or 0)})
    if row.state != Named.State.OPEN or row.update_days is None:
        return newest.isoformat() if newest else "—"
    return State("done", newest.isoformat() if newest else _g("刚开设"))


def _decorate(who: Viewer, rows: list[Named]) -> None:
    days = columns.freshness(rows, clock.today())
    for row in rows:
        row.newest = days[row.pk]  # type: ignore[attr-defined]


def _closed(row: Named) -> Text:
    return "" if row.state == Named.State.OPEN else _("该栏目已归档或者撤销，请先恢复。")


def _not_topic(row: Named) -> Text:
    return _closed(row) or ("" if row.kind == Named.Kind.TOPIC else _("只有专题专栏可以归档。"))


def _standing(row: Named) -> Text:
    return _("该栏目正在开设。") if row.state == Named.State.OPEN else ""


def _documents(who: Viewer, record: Any) -> Any:
    return scope.rows(who, Document)


_WHEN = {"on": date_field(_ON), "reason": reason_field(_("原因或依据"), required=False)}
_WHY = {"on": date_field(_ON), "reason": reason_field(_("原因或依据"))}

COLUMNS = Register(
    key="columns",
    model=Named,
    title=_("栏目"),
    unit=_("个"),
    group=_("栏目"),
    section="documents",
    explain=_("本机关网站的栏目：名称、层次、内容来源、责任单位和更新周期；每次变更都留有日期"),
    label=lambda row: row.title,
    order=["path", "order", "pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("parent__title", _("上级栏目")),
        Column("kind"),
        Column("organ__name", _("机关")),
        Column("owner__name", _("责任单位")),
        Column("update_days", number=True),
        Column("newest", _("最近更新"), value=_fresh),
        Column("state", value=_state),
    ],
    filters=[search("title", "description", "slug"), choice("kind"), choice("state"), organ()],
    related=["organ", "parent", "owner"],
    decorate=_decorate,
    facts=[
        Column("organ__name", _("机关")),
        Column("slug"),
        Column("parent", record=lambda row: ("columns", row.parent_id) if row.parent_id else None),
        Column("kind"),
        Column("description"),
        Column("keywords"),
        Column("feed", value=lambda row: feed_words(row.feed)),
        Column("order", number=True),
        Column("front", number=True),
        Column("owner__name", _("责任单位")),
        Column("responsible"),
        Column("update_days", number=True),
        Column("opened_on"),
        Column("closed_on"),
        Column("state", value=_state),
    ],
    parts=[
        Part(
            _("历次变更"),
            lambda who, row: row.versions.select_related("parent").order_by("-seq"),
            [
                Column("on"),
                Column("change"),
                Column("title"),
                Column("parent__title", _("上级栏目")),
                Column("reason", wide=True),
            ],
        ),
        Part(
            _("下级栏目"),
            lambda who, row: scope.rows(who, Named).filter(parent=row).order_by("order", "pk"),
            [Column("title", link=True), Column("kind"), Column("state", value=_state)],
            register="columns",
            empty=_("没有下级栏目。"),
        ),
        Part(
            _("手工收入的文件"),
            lambda who, row: row.picks.select_related("document").order_by("-on", "-pk"),
            [
                Column("document__title", _("标题"), link=True, wide=True),
                Column("on"),
                Column("until"),
            ],
            register="column-picks",
            empty=_("没有手工收入的文件。"),
        ),
    ],
    actions=[
        Action(
            "add",
            _("开设栏目"),
            lambda by, row, data: actions.add_column(by=by, **data),
            form=form_for(
                Named,
                "organ",
                "slug",
                "title",
                "kind",
                "description",
                "keywords",
                "parent",
                parent=_parent_field(),
                on=date_field(_("开设日期")),
                reason=reason_field(_("原因或依据"), required=False),
            ),
            new=True,
        ),
        Action(
            "rename",
            _("更名"),
            lambda by, row, data: actions.rename_column(row, by=by, **data),
            form=form_for(Named, "title", **_WHEN),
            initial=lambda row: {"title": row.title},
            refusal=_closed,
        ),
        Action(
            "feed",
            _("调整内容来源"),
            lambda by, row, data: actions.set_feed(row, by=by, **data),
            form=RulesForm,
            refusal=_closed,
            explain=_(
                "符合任何一条来源的文件一公开就列入，撤下就不再列；清空一条即删去这条；全部清空，就只汇集下级栏目和手工收入的文件。"
            ),
        ),
        Action(
            "move",
            _("移动"),
            lambda by, row, data: actions.move_column(row, by=by, **data),
            form=form_for(Named, "parent", "order", parent=_parent_field(), **_WHEN),
            initial=lambda row: {"parent": row.parent_id, "order": row.order},
            refusal=_closed,
        ),
        Action(
            "standard",
            _("修改栏目规范"),
            lambda by, row, data: actions.set_standard(row, by=by, **data),
            form=form_for(
                Named,
                "owner",
                "responsible",
                "update_days",
                owner=ScopedChoice(
                    Organ,
                    label=_("责任单位"),
                    rows=_owners,
                    order="path",
                    required=False,
                    empty_label=_("未定"),
                ),
                **_WHEN,
            ),
            initial=lambda row: {
                "owner": row.owner_id,
                "responsible": row.responsible,
                "update_days": row.update_days,
            },
            refusal=_closed,
        ),
        Action(
            "edit",
            _("修改说明"),
            lambda by, row, data: actions.edit_column(row, by=by, **data),
            form=form_for(Named, "kind", "description", "keywords", "order", "front", **_WHEN),
            initial=lambda row: {
                name: getattr(row, name) for name in ("kind", "description", "keywords", "order", "front")
            },
            refusal=_closed,
        ),
        Action(
            "pick",
            _("收入文件"),
            lambda by, row, data: _picked(actions.pick(row, by=by, **data)),
            form=form_for(
                Pick,
                document=ScopedKey(
                    Document,
                    "index_no",
                    label=_("文件的索引号"),
                    rows=_documents,
                    missing=_("没有找到索引号为“%(text)s”的文件。"),
                    max_length=80,
                ),
                on=date_field(_("收入日期")),
            ),
            refusal=_closed,
        ),
        Action(
            "archive",
            _("归档"),
            lambda by, row, data: actions.archive_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_not_topic,
            explain=_("归档的专题仍可查阅，注明归档时间，不再更新。"),
        ),
        Action(
            "retire",
            _("撤销"),
            lambda by, row, data: actions.retire_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_closed,
            danger=True,
            explain=_("文件不受影响，只是不再在这个栏目列出；网址说明栏目已撤销。"),
        ),
        Action(
            "reopen",
            _("恢复"),
            lambda by, row, data: actions.reopen_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_standing,
        ),
    ],
    extra_links=[(_("按树查看"), reverse_lazy("desk:column-tree"))],
)


def _picked(row: Pick) -> Named:
    return row.column


PICKS = Register(
    key="column-picks",
    model=Pick,
    title=_("手工收入栏目的文件"),
    unit=_("件"),
    section="documents",
    listed=False,
    label=lambda row: row.document.title,
    columns=[
        Column("document__title", _("标题"), link=True, wide=True),
        Column("column__title", _("栏目")),
        Column("on"),
        Column("until"),
    ],
    filters=[organ()],
    related=["document", "column"],
    facts=[
        Column("document", _("文件"), value=lambda row: row.document.title),
        Column("column", _("栏目"), record=lambda row: ("columns", row.column_id)),
        Column("on"),
        Column("until"),
    ],
    actions=[
        Action(
            "unpick",
            _("移出栏目"),
            lambda by, row, data: actions.unpick(row, by=by, **data),
            form=form_for(Pick, on=date_field(_("移出日期"))),
            refusal=lambda row: _("该文件已移出。") if row.until else "",
        )
    ],
)

REGISTERS = (COLUMNS, PICKS)
