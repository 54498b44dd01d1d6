"""信息报送: what the organ sent up and what became of it; and what organs below sent to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import either, organ, search, since, until
from gongkai.desk.register.forms import ActionForm, date_field, reason_field
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice, ScopedKey
from gongkai.documents import actions, offers
from gongkai.documents.models import STANDING, Document, Offer, Outcome, Received
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

_SHAPES = {Outcome.ADOPTED: "done", Outcome.RETURNED: "soon"}


def _state_of(row: Offer) -> State | Text:
    if not row.outcome:
        return State("open", _("已报送，待处理"))
    return State(_SHAPES[Outcome(row.outcome)], row.get_outcome_display())


def _state(row: Any) -> State | Text:
    return _state_of(row if isinstance(row, Offer) else row.offer)


def _targets(who: Viewer, record: Any) -> QuerySet[Organ]:
    """The organs above those the person works for, and their offices and departments."""
    return offers.targets(scope.organs_for(who, "documents", scope.WORK))


def _by_outcome(lookup: str) -> Any:
    return either(
        "outcome",
        _("结果"),
        {
            "waiting": (_("待处理"), Q(**{lookup: ""})),
            **{one.value: (one.label, Q(**{lookup: one.value})) for one in Outcome},
        },
    )


class _Send(ActionForm):
    organ = OrganChoice(label=_("报送机关"))
    to_organ = ScopedChoice(Organ, rows=_targets, order="path", text_key="code", label=_("接收机关"))
    document = ScopedKey(
        Document,
        "number",
        rows=lambda who, record: scope.rows(who, Document, scope.WORK).filter(STANDING),
        label=_("文件"),
        required=False,
        help_text=_("报送已登记文件的，写发文字号；标题和内容随之带出"),
    )
    title = forms.CharField(label=_("标题"), max_length=300, required=False)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea, required=False)
    column = forms.CharField(label=_("建议栏目"), max_length=60, required=False)


class _Adopt(ActionForm):
    on = date_field(_("采用日期"))
    place = forms.CharField(label=_("采用位置"), max_length=300, help_text=_("栏目、刊物或者网址"))


class _Return(ActionForm):
    on = date_field(_("退回日期"))
    reason = reason_field(_("退回原因"))


class _TakeBack(ActionForm):
    reason = reason_field(_("撤销原因"))


def _decided(row: Received) -> Any:
    return _("这条信息已处理；登记有误的，先撤销那条登记。") if row.offer.outcome else ""


def _today(row: Any) -> dict[str, Any]:
    return {"on": clock.today()}


def _facts(who: Viewer, row: Any) -> QuerySet[Any]:
    offer = row if isinstance(row, Offer) else row.offer
    return offer.facts.select_related("superseded_by").order_by("pk")


def _fact_state(row: Any) -> State | Text:
    if row.void:
        return _("撤销记录")
    return _("已撤销") if hasattr(row, "superseded_by") else State("done", _("有效"))


_HISTORY = Part(
    _("采用和退回"),
    _facts,
    [
        Column("outcome"),
        Column("on"),
        Column("place", wide=True),
        Column("reason", wide=True),
        Column("state", _("状态"), value=_fact_state),
    ],
    empty=_("还没有采用或者退回。"),
)
OFFERS = Register(
    key="offers",
    model=Offer,
    title=_("信息报送"),
    unit=_("条"),
    group=_("文件"),
    section="documents",
    explain=_("向上级机关网站、刊物报送的信息，和它们采用、退回的情况"),
    label=str,
    order=["-offered_on", "-pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("organ__name", _("报送机关")),
        Column("to_organ__name", _("接收机关")),
        Column("offered_on", sort="offered_on"),
        Column("decided_on"),
        Column("state", _("结果"), value=_state),
    ],
    filters=[search("title"), _by_outcome("outcome"), organ(), since("offered_on"), until("offered_on")],
    related=["organ", "to_organ"],
    facts=[
        Column("organ__name", _("报送机关")),
        Column("to_organ__name", _("接收机关")),
        Column(
            "document",
            record=lambda row: ("documents", row.document_id) if row.document_id else None,
        ),
        Column("column"),
        Column("text"),
        Column("offered_on"),
        Column("decided_on"),
        Column("state", _("结果"), value=_state),
    ],
    parts=[_HISTORY],
    actions=[
        Action(
            "send",
            _("报送信息"),
            lambda by, row, data: actions.offer(by=by, **data),
            form=_Send,
            new=True,
            explain=_("报送给上级机关，或者上级机关的办公室、部门。"),
        ),
    ],
)
RECEIVED = Register(
    key="received-offers",
    model=Received,
    title=_("收到的报送"),
    unit=_("条"),
    group=_("文件"),
    section="documents",
    explain=_("下级机关报送来的信息，采用或者退回"),
    label=str,
    order=["-offer__offered_on", "-pk"],
    columns=[
        Column("offer__title", _("标题"), link=True, wide=True),
        Column("offer__organ__name", _("报送机关")),
        Column("organ__name", _("接收机关")),
        Column("offer__offered_on", _("报送日期")),
        Column("offer__decided_on", _("采用或退回日期")),
        Column("state", _("结果"), value=_state),
    ],
    filters=[
        search("offer__title", "offer__organ__name"),
        _by_outcome("offer__outcome"),
        organ(),
        since("offer__offered_on"),
        until("offer__offered_on"),
    ],
    related=["organ", "offer__organ", "offer__to_organ"],
    facts=[
        Column("offer__organ__name", _("报送机关")),
        Column("organ__name", _("接收机关")),
        Column("offer__column", _("建议栏目")),
        Column("offer__text", _("内容")),
        Column("offer__offered_on", _("报送日期")),
        Column("offer__decided_on", _("采用或退回日期")),
        Column("state", _("结果"), value=_state),
    ],
    parts=[_HISTORY],
    actions=[
        Action(
            "adopt",
            _("采用"),
            lambda by, row, data: _same(row, actions.adopt(row, by=by, **data)),
            form=_Adopt,
            bulk=True,
            initial=_today,
            refusal=_decided,
        ),
        Action(
            "return",
            _("退回"),
            lambda by, row, data: _same(row, actions.turn_down(row, by=by, **data)),
            form=_Return,
            bulk=True,
            initial=_today,
            refusal=_decided,
        ),
        Action(
            "take-back",
            _("撤销采用或退回"),
            lambda by, row, data: _same(row, actions.take_back(row, by=by, **data)),
            form=_TakeBack,
            danger=True,
            refusal=lambda row: "" if row.offer.outcome else _("这条信息还没有采用或者退回。"),
        ),
    ],
)


def _same(row: Received, _made: Any) -> Received:
    """The page to show next is the item's own."""
    return row


REGISTERS = (OFFERS, RECEIVED)
