"""问题整改: problems found in the disclosure work, what was done about them; feeds part five of the annual report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport import problem_actions as actions
from gongkai.annualreport.models import Problem, ProblemStep
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search
from gongkai.desk.register.forms import form_for, reason_field

_GROUP = _("问题整改")
Kind = ProblemStep.Kind
_YEAR = forms.IntegerField(
    label=_("写入哪一年的报告"),
    required=False,
    min_value=2008,
    help_text=_("留空即发现日期所在的年度；次年初总结上年时写上年"),
    widget=forms.NumberInput(attrs={"class": "short"}),
)


def _state(row: Problem) -> State | Text:
    if row.struck:
        return _("已划去")
    return State("done", _("整改完成")) if row.closed_on else State("open", _("整改中"))


def _step(kind: str, title: Any, explain: Any = "", *, words: bool = True, danger: bool = False) -> Action:
    text = form_for(ProblemStep, "text").base_fields["text"]
    text.required = words
    return Action(
        kind,
        title,
        lambda by, row, data: _done(actions.add_step(row, by=by, kind=kind, **data)),
        form=form_for(ProblemStep, "on", "text", text=text),
        refusal=lambda row: actions.refusal(row, kind),
        explain=explain,
        danger=danger,
    )


def _done(step: ProblemStep) -> Problem:
    return step.problem


PROBLEMS = Register(
    key="problems",
    model=Problem,
    title=_("问题与整改"),
    unit=_("个"),
    group=_GROUP,
    explain=_("发现的问题、措施、进展和结果；编制年报第五部分时可以直接写入"),
    label=lambda row: row.text,
    order=["-year", "-found_on", "pk"],
    columns=[
        Column("text", link=True, wide=True),
        Column("organ__name", _("机关")),
        Column("year", _("年度"), sort="year", value=lambda row: str(row.year)),
        Column("source"),
        Column("found_on"),
        Column("closed_on"),
        Column("state", _("状态"), value=_state),
    ],
    filters=[
        search("text", "basis"),
        choice("source"),
        organ(),
        either(
            "standing",
            _("状态"),
            {
                "open": (_("整改中"), Q(closed_on=None, struck=False)),
                "closed": (_("整改完成"), Q(closed_on__isnull=False, struck=False)),
                "all": (_("全部"), Q()),
            },
            initial="all",
        ),
    ],
    related=["organ"],
    facts=[
        Column("text"),
        Column("organ__name", _("机关")),
        Column("year", value=lambda row: str(row.year)),
        Column("source"),
        Column("basis"),
        Column("found_on"),
        Column("closed_on"),
        Column("state", _("状态"), value=_state),
        Column("recorded_at"),
    ],
    parts=[
        Part(
            _("措施、进展和结果"),
            lambda who, row: row.steps.select_related("superseded_by").order_by("on", "pk"),
            [
                Column("on"),
                Column("kind", link=True),
                Column("text", wide=True),
                Column("state", _("状态"), value=lambda step: _standing(step)),
            ],
            register="problem-steps",
            empty=_("还没有措施。"),
        )
    ],
    actions=[
        Action(
            "add",
            _("登记问题"),
            lambda by, row, data: actions.add_problem(by=by, **data),
            form=form_for(Problem, "organ", "text", "source", "basis", "found_on", "year", year=_YEAR),
            new=True,
        ),
        _step(Kind.MEASURE, _("拟定措施")),
        _step(Kind.PROGRESS, _("记进展")),
        _step(Kind.RESULT, _("记结果")),
        _step(
            Kind.CARRIED,
            _("结转下年"),
            _("年底还没有整改到位的，写明原因；下一年的报告会提示交代整改情况。"),
            words=False,
        ),
        _step(Kind.CLOSED, _("整改完成"), words=False),
        _step(Kind.STRUCK, _("划去"), _("用于登记错的问题：划去后仍可查阅，不再写入报告。"), danger=True),
    ],
)


def _standing(step: ProblemStep) -> State | Text:
    if step.withdrawn:
        return _("撤回记录")
    return _("已更正") if hasattr(step, "superseded_by") else State("done", _("有效"))


def _over(step: ProblemStep) -> Any:
    if step.withdrawn:
        return _("这条是撤回记录。")
    return _("这条已被更正或者撤回。") if hasattr(step, "superseded_by") else ""


STEPS = Register(
    key="problem-steps",
    model=ProblemStep,
    title=_("整改记录"),
    unit=_("条"),
    group=_GROUP,
    listed=False,
    label=lambda row: _g("%(kind)s（%(on)s）") % {"kind": row.get_kind_display(), "on": row.on},
    columns=[
        Column("problem__text", _("问题"), link=True, wide=True),
        Column("kind"),
        Column("on"),
        Column("text"),
        Column("state", _("状态"), value=_standing),
    ],
    filters=[organ(), choice("kind")],
    related=["problem__organ", "superseded_by"],
    facts=[
        Column("problem", _("问题"), record=lambda row: ("problems", row.problem_id)),
        Column("kind"),
        Column("on"),
        Column("text"),
        Column("recorded_at"),
        Column("state", _("状态"), value=_standing),
    ],
    actions=[
        Action(
            "correct",
            _("更正"),
            lambda by, row, data: actions.correct_step(row, by=by, **data),
            form=form_for(ProblemStep, "on", "text"),
            initial=lambda row: {"on": row.on, "text": row.text},
            refusal=_over,
            explain=_("原来的一条保留，报告按更正后的写。"),
        ),
        Action(
            "withdraw",
            _("撤回"),
            lambda by, row, data: actions.withdraw_step(row, by=by, reason=data["reason"]),
            form=form_for(ProblemStep, reason=reason_field(_("撤回原因"))),
            danger=True,
            refusal=_over,
            explain=_("用于没有发生的事；撤回“整改完成”后，问题重新计为整改中。"),
        ),
    ],
)
REGISTERS = (PROBLEMS, STEPS)
