"""信息迁移交接: batches handed from a closed or merged unit to its successor, with check list and receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.declare import Action, Column, Part, Register, State
from gongkai.desk.register.filters import choice, search
from gongkai.desk.register.forms import date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice
from gongkai.monitoring import handover as actions
from gongkai.monitoring.models import HandOver, HandOverItem, Site
from gongkai.organs import scope

_GROUP = _("网站")


def _state(row: HandOver) -> State:
    if row.cancelled_on:
        return State("over", _("已撤销"))
    if row.received_on:
        return State("done", _("已接收"))
    return State("soon", _("已移交待接收")) if row.handed_on else State("open", _("清点核对中"))


def _sites(who: Any, record: Any) -> Any:
    return scope.rows(who, Site).order_by("name")


HANDOVERS = Register(
    key="handovers",
    model=HandOver,
    title=_("信息迁移交接"),
    unit=_("批"),
    group=_GROUP,
    explain=_(
        "合并、撤销的单位把网站、栏目、文件和在办申请移交承继机关：清点、核对、移交、接收，接收后编回执"
    ),
    label=str,
    order=["-opened_on", "-pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("giver__name", _("移交机关")),
        Column("receiver__name", _("接收机关")),
        Column("opened_on"),
        Column("received_on"),
        Column("state", _("状态"), value=_state),
    ],
    filters=[search("title", "basis", "giver__name", "receiver__name")],
    related=["giver", "receiver", "site"],
    facts=[
        Column("giver__name", _("移交机关")),
        Column("receiver__name", _("接收机关")),
        Column("site", record=lambda row: ("sites", row.site_id) if row.site_id else None),
        Column("basis"),
        Column("opened_on"),
        Column("handed_on"),
        Column("received_on"),
        Column("number"),
        Column("note"),
        Column("cancelled_on"),
        Column("cancelled_because"),
        Column("state", _("状态"), value=_state),
    ],
    parts=[
        Part(
            _("移交清单"),
            lambda who, row: row.items.order_by("pk"),
            [
                Column("kind", link=True),
                Column("what", wide=True),
                Column("counted", number=True),
                Column("counted_on"),
                Column("checked_on"),
                Column("received", number=True),
                Column("received_on"),
                Column("note", wide=True),
            ],
            register="handover-items",
            empty=_("清单是空的。"),
        )
    ],
    actions=[
        Action(
            "open",
            _("开始移交"),
            lambda by, row, data: actions.open_handover(by=by, **data),
            form=form_for(
                HandOver,
                "organ",
                "receiver",
                "title",
                "basis",
                "on",
                "site",
                "note",
                organ=OrganChoice(label=_("移交机关")),
                receiver=forms.CharField(
                    label=_("接收机关"), max_length=120, help_text=_("名称或者代码；应当已登记为承继机关")
                ),
                on=date_field(_("开始日期")),
                site=ScopedChoice(Site, label=_("关停的网站"), required=False, rows=_sites),
            ),
            new=True,
            explain=_(
                "按登记自动清点移交机关及其下级的文件、栏目、网站和在办申请；记录仍归移交机关，由接收机关续办。"
            ),
        ),
        Action(
            "item",
            _("增加一项"),
            lambda by, row, data: actions.add_item(row, by=by, **data).handover,
            form=form_for(HandOverItem, "what", "counted"),
            refusal=actions.adding_refusal,
        ),
        Action(
            "hand-over",
            _("移交"),
            lambda by, row, data: actions.hand_over(row, by=by, on=data["on"]),
            form=form_for(HandOver, on=date_field(_("移交日期"))),
            refusal=actions.handing_refusal,
        ),
        Action(
            "receive",
            _("接收"),
            lambda by, row, data: actions.receive(row, by=by, on=data["on"]),
            form=form_for(HandOver, on=date_field(_("接收日期"))),
            refusal=actions.receiving_refusal,
            explain=_("没有逐项接收的，按登记重新清点；数目与移交时一致即接收，编回执。"),
        ),
        Action(
            "cancel",
            _("撤销这一批"),
            lambda by, row, data: actions.cancel(row, by=by, reason=data["reason"]),
            form=form_for(HandOver, reason=reason_field(_("撤销原因"))),
            refusal=actions.over,
            danger=True,
        ),
    ],
)


ITEMS = Register(
    key="handover-items",
    model=HandOverItem,
    title=_("移交清单"),
    unit=_("项"),
    group=_GROUP,
    listed=False,
    label=lambda row: row.what,
    order=["-pk"],
    columns=[
        Column("what", link=True, wide=True),
        Column("handover__title", _("批次")),
        Column("kind"),
        Column("counted", number=True),
        Column("received", number=True),
    ],
    filters=[choice("kind"), search("what")],
    related=["handover__giver", "handover__receiver"],
    facts=[
        Column("handover", record=lambda row: ("handovers", row.handover_id)),
        Column("kind"),
        Column("counted"),
        Column("counted_on"),
        Column("checked_on"),
        Column("received"),
        Column("received_on"),
        Column("note"),
    ],
    actions=[
        Action(
            "check",
            _("核对"),
            lambda by, row, data: actions.check_item(row, by=by, on=data["on"]),
            form=form_for(HandOverItem, on=date_field(_("核对日期"))),
            bulk=True,
            refusal=lambda row: actions.checking_refusal(row.handover),
            explain=_("确认这一项齐全、登记无误；能自动清点的，按核对日期重新清点。"),
        ),
        Action(
            "receive",
            _("逐项接收"),
            lambda by, row, data: actions.receive_item(row, by=by, **data),
            form=form_for(
                HandOverItem,
                "on",
                "received",
                "note",
                on=date_field(_("接收日期")),
                received=forms.IntegerField(label=_("接收数"), min_value=0),
            ),
            initial=lambda row: {"received": row.counted},
            refusal=lambda row: actions.receiving_refusal(row.handover),
        ),
    ],
)
REGISTERS = (HANDOVERS, ITEMS)
