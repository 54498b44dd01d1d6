"""清理: rounds over an organ's documents in force, a conclusion for each."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, organ, search
from gongkai.desk.register.forms import date_field, form_for
from gongkai.documents import actions, cleaning
from gongkai.documents.kinds import RULES, Kind
from gongkai.documents.models import CleanUp, CleanUpItem

_KINDS = [("", _("有效力的各类文件")), *((k.value, k.label) for k in Kind if RULES[k].validity)]


def _state(row: CleanUp) -> State | Text:
    return State("done", _("已办结")) if row.closed_on else State("open", _("进行中"))


def _result(row: CleanUp) -> str:
    words = {"": _("未定"), **dict(CleanUpItem.Conclusion.choices)}
    return "，".join(f"{words[key]} {n}" for key, n in cleaning.result(row).items() if n)


def _closed(row: CleanUp) -> Text:
    return _("这次清理已经办结。") if row.closed_on else ""


CLEAN_UPS = Register(
    key="clean-ups",
    model=CleanUp,
    title=_("文件清理"),
    unit=_("次"),
    group=_("文件"),
    section="documents",
    explain=_("现行有效文件逐件得出保留、修改、废止、失效的结论，办结时记入效力"),
    label=str,
    order=["-opened_on", "-pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("organ__name", _("机关")),
        Column("cut_off"),
        Column("opened_on"),
        Column("closed_on"),
        Column("state", _("状态"), value=_state),
    ],
    filters=[search("title"), organ()],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("cut_off"),
        Column("opened_on"),
        Column("closed_on"),
        Column("decided_by"),
        Column("result", _("结论（件）"), value=_result),
    ],
    parts=[
        Part(
            _("文件"),
            lambda who, row: row.items.select_related("document").order_by("conclusion", "pk"),
            [
                Column("document__title", _("标题"), link=True, wide=True),
                Column("document__number", _("发文字号")),
                Column("document__made_on", _("成文日期")),
                Column("conclusion"),
                Column("note", wide=True),
            ],
            register="clean-up-items",
        )
    ],
    actions=[
        Action(
            "open",
            _("开始清理"),
            lambda by, row, data: actions.open_clean_up(by=by, **data),
            form=form_for(
                CleanUp,
                "organ",
                "title",
                "cut_off",
                kind=forms.ChoiceField(label=_("文件类型"), choices=_KINDS, required=False),
            ),
            new=True,
        ),
        Action(
            "close",
            _("办结清理"),
            lambda by, row, data: actions.close_clean_up(row, by=by, **data),
            form=form_for(
                CleanUp,
                on=date_field(_("废止、失效的生效日期")),
                decided_by=forms.CharField(label=_("公布结果的文件"), max_length=200),
            ),
            refusal=_closed,
            explain=_("结论为废止、失效的，从生效日期起不再有效；修改的，另行修订。"),
        ),
    ],
)
ITEMS = Register(
    key="clean-up-items",
    model=CleanUpItem,
    title=_("清理的文件"),
    unit=_("件"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.document.title}（{row.clean_up.title}）",
    columns=[
        Column("document__title", _("标题"), link=True, wide=True),
        Column("clean_up__title", _("清理名称")),
        Column("conclusion"),
    ],
    filters=[choice("conclusion")],
    related=["document", "clean_up"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("clean_up", _("清理名称"), record=lambda row: ("clean-ups", row.clean_up_id)),
        Column("conclusion"),
        Column("note"),
    ],
    actions=[
        Action(
            "conclude",
            _("登记结论"),
            lambda by, row, data: actions.conclude(row, by=by, **data),
            form=form_for(CleanUpItem, "conclusion", "note"),
            bulk=True,
            initial=lambda row: {"conclusion": row.conclusion, "note": row.note},
            refusal=lambda row: _closed(row.clean_up),
        ),
    ],
)
REGISTERS = (CLEAN_UPS, ITEMS)
