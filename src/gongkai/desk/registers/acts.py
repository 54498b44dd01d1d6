"""行政行为: power items, decisions, fee income and procurement, the rows behind table 2."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.declare import Action, Column, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search, since, until
from gongkai.desk.register.forms import date_field, form_for, reason_field
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.desk.register.sheets import through
from gongkai.keyareas import actions
from gongkai.keyareas.models import STANDING, Act, Decision, FeeIncome, PowerItem, Procurement, Row
from gongkai.organs import scope
from gongkai.organs.scope import WORK

_STANDING = either(
    "standing",
    _("状态"),
    {"yes": (_("有效"), STANDING), "no": (_("已划去"), ~STANDING), "all": (_("全部"), Q())},
    initial="yes",
)
_REPLACED = Column("replaces", value=lambda row: row.replaces and _("替换前一条"), title=_("更正"))
_ENTERED = Column("recorded_at")
_GROUP = _("行政行为")


def _state(row: Act) -> State | Text:
    return _("已划去") if row.struck_at else State("done", _("有效"))


_STATE = Column("struck_at", _("状态"), value=_state)


def _items(label: Any, *rows: str) -> ScopedChoice:
    """The standing items of the organs one works for; the room checks that item and organ belong together."""
    return ScopedChoice(
        PowerItem,
        label=label,
        required=False,
        rows=lambda who, record: scope.rows(who, PowerItem, WORK).filter(STANDING, row__in=rows),
        order="name",
    )


def _struck(row: Act) -> Any:
    return _("这条记录已划去。") if row.struck_at else ""


def _changes(*names: str) -> Any:
    return lambda row: {name: getattr(row, name) for name in names}


def _correct(kind: type[Act], *names: str, **more: Any) -> Action:
    return Action(
        "correct",
        _("更正"),
        lambda by, row, data: actions.correct(row, by=by, **data),
        form=form_for(kind, *names, **more, reason=reason_field(_("更正原因"))),
        initial=_changes(*names),
        refusal=_struck,
        explain=_("原记录划去并保留，由更正后的记录替换；两条都能查到，只有新的计数。"),
    )


_STRIKE = Action(
    "strike",
    _("划去"),
    lambda by, row, data: actions.strike(row, by=by, reason=data["reason"]),
    form=form_for(PowerItem, reason=reason_field(_("划去原因"))),
    bulk=True,
    danger=True,
    refusal=_struck,
    explain=_("用于本不该登记的记录：划去后仍可查阅，不再计数。"),
)

_ADD_ITEM = Action(
    "add",
    _("登记事项"),
    lambda by, row, data: actions.add_item(by=by, **data),
    form=form_for(PowerItem, "organ", "row", "name", "basis", "added_on", "removed_on"),
    new=True,
)
ITEMS = Register(
    key="power-items",
    model=PowerItem,
    title=_("权力事项"),
    unit=_("项"),
    group=_GROUP,
    explain=_("行政许可、处罚、强制、收费等事项及其增减"),
    label=lambda row: row.name,
    columns=[
        Column("name", link=True, wide=True),
        Column("row"),
        Column("organ__name", _("机关")),
        Column("added_on", sort="added_on"),
        Column("removed_on"),
        _STATE,
    ],
    filters=[search("name"), choice("row"), organ(), since("added_on"), until("added_on"), _STANDING],
    related=["organ"],
    facts=[
        Column("row"),
        Column("organ__name", _("机关")),
        Column("basis"),
        Column("added_on"),
        Column("removed_on"),
        _STATE,
        _REPLACED,
        _ENTERED,
    ],
    actions=[
        _ADD_ITEM,
        Action(
            "remove",
            _("取消事项"),
            lambda by, row, data: actions.remove_item(row, by=by, **data),
            form=form_for(PowerItem, on=date_field(_("取消日期"))),
            refusal=lambda row: _struck(row) or (_("该事项已经取消。") if row.removed_on else ""),
            bulk=True,
            explain=_("自这一天起不再有此事项；此前的数字不变。"),
        ),
        _correct(PowerItem, "row", "name", "basis", "added_on", "removed_on"),
        _STRIKE,
    ],
    importer=through(_ADD_ITEM, "acts"),
)
_DECIDED = _items(_("事项"), Row.LICENSE, Row.SERVICES, Row.PENALTY, Row.COERCION)
_ADD_DECISION = Action(
    "add",
    _("登记决定"),
    lambda by, row, data: actions.add_decision(by=by, **data),
    form=form_for(Decision, "organ", "row", "number", "decided_on", "item", item=_DECIDED),
    new=True,
)
DECISIONS = Register(
    key="decisions",
    model=Decision,
    title=_("处理决定"),
    unit=_("件"),
    group=_GROUP,
    explain=_("许可、处罚、强制等决定；不登记相对人"),
    label=lambda row: row.number,
    columns=[
        Column("number", link=True),
        Column("row"),
        Column("item__name", _("事项"), wide=True),
        Column("organ__name", _("机关")),
        Column("decided_on", sort="decided_on"),
        _STATE,
    ],
    filters=[search("number"), choice("row"), organ(), since("decided_on"), until("decided_on"), _STANDING],
    related=["organ", "item"],
    facts=[
        Column("number"),
        Column("row"),
        Column("item", record=lambda row: ("power-items", row.item_id) if row.item_id else None),
        Column("organ__name", _("机关")),
        Column("decided_on"),
        _STATE,
        _REPLACED,
        _ENTERED,
    ],
    actions=[
        _ADD_DECISION,
        _correct(Decision, "row", "number", "decided_on", "item", item=_DECIDED),
        _STRIKE,
    ],
    importer=through(_ADD_DECISION, "acts"),
)
_CHARGED = _items(_("收费项目"), Row.FEES)
_ADD_INCOME = Action(
    "add",
    _("登记收费"),
    lambda by, row, data: actions.add_fee_income(by=by, **data),
    form=form_for(FeeIncome, "organ", "collected_on", "amount_yuan", "item", "note", item=_CHARGED),
    new=True,
    explain=_("退费填负数。"),
)
INCOME = Register(
    key="fee-income",
    model=FeeIncome,
    title=_("收费记录"),
    unit=_("条"),
    group=_GROUP,
    explain=_("行政事业性收费；信息处理费由收费通知计数，不在这里登记"),
    label=lambda row: f"{row.collected_on:%Y-%m-%d} {row.amount_yuan} 元",
    columns=[
        Column("collected_on", sort="collected_on", link=True),
        Column("item__name", _("收费项目"), wide=True),
        Column("organ__name", _("机关")),
        Column("amount_yuan", number=True),
        _STATE,
    ],
    filters=[organ(), since("collected_on"), until("collected_on"), _STANDING],
    related=["organ", "item"],
    facts=[
        Column("collected_on"),
        Column("amount_yuan"),
        Column("item", record=lambda row: ("power-items", row.item_id) if row.item_id else None),
        Column("organ__name", _("机关")),
        Column("note"),
        _STATE,
        _REPLACED,
        _ENTERED,
    ],
    actions=[
        _ADD_INCOME,
        _correct(FeeIncome, "collected_on", "amount_yuan", "item", "note", item=_CHARGED),
        _STRIKE,
    ],
    importer=through(_ADD_INCOME, "acts"),
)
_ADD_PROJECT = Action(
    "add",
    _("登记采购"),
    lambda by, row, data: actions.add_procurement(by=by, **data),
    form=form_for(Procurement, "organ", "number", "title", "concluded_on", "amount_yuan"),
    new=True,
)
PROCUREMENT = Register(
    key="procurement",
    model=Procurement,
    title=_("采购项目"),
    unit=_("个"),
    group=_GROUP,
    explain=_("政府集中采购项目及金额"),
    label=lambda row: row.title,
    columns=[
        Column("number", link=True),
        Column("title", wide=True),
        Column("organ__name", _("机关")),
        Column("concluded_on", sort="concluded_on"),
        Column("amount_yuan", number=True),
        _STATE,
    ],
    filters=[search("number", "title"), organ(), since("concluded_on"), until("concluded_on"), _STANDING],
    related=["organ"],
    actions=[
        _ADD_PROJECT,
        _correct(Procurement, "number", "title", "concluded_on", "amount_yuan"),
        _STRIKE,
    ],
    importer=through(_ADD_PROJECT, "acts"),
)
REGISTERS = (ITEMS, DECISIONS, INCOME, PROCUREMENT)
