"""复议诉讼: proceedings with their steps, terms and warnings; the table that sorts results into columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search, since, until
from gongkai.desk.register.forms import ActionForm, date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice, ScopedChoices, ScopedKey
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.scope import MANAGE, WORK, Viewer
from gongkai.remedies import actions, queries
from gongkai.remedies.course import Standing, refusal
from gongkai.remedies.models import (
    Column as Counted,
)
from gongkai.remedies.models import (
    Group,
    Proceeding,
    ProceedingStep,
    ResultRule,
    StepKind,
    family_of,
)
from gongkai.remedies.models import State as Stage
from gongkai.remedies.projection import standing_of
from gongkai.requests.models import Case

_STAGES = {
    Stage.FILED: "soon",
    Stage.OPEN: "open",
    Stage.SUSPENDED: "unknown",
    Stage.DECIDED: "soon",
    Stage.APPEAL: "open",
    Stage.CLOSED: "done",
    Stage.STRUCK: "unknown",
}
_PENDING = (Stage.FILED, Stage.OPEN, Stage.SUSPENDED, Stage.DECIDED, Stage.APPEAL)


def _state(row: Proceeding) -> State | Text:
    return State(_STAGES[Stage(row.state)], row.get_state_display())


def _standing(row: Proceeding) -> Standing | None:
    """Where it stands by its steps, computed once per row."""
    if not hasattr(row, "known_standing"):
        row.known_standing = standing_of(row)  # type: ignore[attr-defined]
    return row.known_standing  # type: ignore[attr-defined]


def _barred(kind: StepKind, also: Callable[[Proceeding], Any] = lambda row: "") -> Callable[[Any], Any]:
    """Why this step cannot follow now, from the one table of the course."""

    def reason(row: Proceeding) -> Any:
        standing = _standing(row)
        if standing is None:
            return _("该案的登记已划去。")
        return refusal(standing, kind) or also(row)

    return reason


def _struck(row: Proceeding) -> Any:
    return _("该案的登记已划去。") if row.state == Stage.STRUCK else ""


def _respondents(who: Viewer, record: Any) -> QuerySet[Organ]:
    """The organs one keeps files for, and the governments their offices answer for."""
    own = scope.organs_for(who, "remedies", WORK)
    above = Organ.objects.filter(pk__in=own.exclude(parent=None).values("parent"))
    return Organ.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=above.values("pk"))).exclude(
        kind=Organ.Kind.UNIT
    )


def _results(who: Viewer, record: Any) -> QuerySet[ResultRule]:
    """The kinds of result are common to all; those that fit the case's group."""
    return ResultRule.objects.filter(family=family_of(record.group)) if record else ResultRule.objects.none()


def _result(required: bool = True, **kwargs: Any) -> ScopedChoice:
    return ScopedChoice(
        ResultRule, label=_("结果"), rows=_results, required=required, text_key="label", **kwargs
    )


def _code(data: dict[str, Any]) -> dict[str, Any]:
    rule = data.pop("result", None)
    return data | {"result": rule.code if rule else ""}


_DOCUMENT = forms.CharField(label=_("文书号"), max_length=120, required=False)
_CASE = ScopedKey(
    Case,
    "number",
    label=_("原申请编号"),
    required=False,
    help_text=_("如 2022-0091；没有对应申请的留空"),
    missing=_("没有找到编号为“%(text)s”的申请。"),
)
_PARENT = ScopedKey(
    Proceeding,
    "number",
    label=_("前置复议案号"),
    required=False,
    help_text=_("复议后起诉的填写"),
    rows=lambda who, record: (
        scope.rows(who, Proceeding).filter(group=Group.REVIEW).exclude(state=Stage.STRUCK)
    ),
    missing=_("没有找到案号为“%(text)s”的复议。"),
)


class _File(ActionForm):
    organ = OrganChoice(label=_("登记机关"))
    group = forms.ChoiceField(label=_("类别"), choices=Group.choices)
    number = forms.CharField(label=_("案号"), max_length=80)
    forum = forms.CharField(label=_("复议机关或法院"), max_length=120)
    filed_on = date_field(_("收到通知日期"))
    respondents = ScopedChoices(
        Organ,
        label=_("被申请人或被告"),
        required=False,
        help_text=_("可多选；不选即登记机关"),
        rows=_respondents,
        order="path",
    )
    case = _CASE
    act = forms.CharField(label=_("被诉行为"), max_length=200, required=False)
    parent = _PARENT
    no_parent_reason = forms.CharField(label=_("没有登记前置复议的原因"), max_length=200, required=False)
    applicant = forms.CharField(
        label=_("复议申请人或原告"), max_length=200, required=False, help_text=_("加密保存，只有办理人看得到")
    )


def _file(by: Actor, row: None, data: dict[str, Any]) -> Proceeding:
    applicant = data.pop("applicant")
    return actions.file_proceeding(by=by, **data, parties={"applicant": applicant} if applicant else None)


def _dated(key: str, title: Any, kind: StepKind, do: Any, explain: Any = "", **more: forms.Field) -> Action:
    """A step that needs a day and little else."""
    return Action(
        key,
        title,
        lambda by, row, data: do(row, by=by, **data),
        form=form_for(Proceeding, on=date_field(_("日期")), **more),
        refusal=_barred(kind),
        explain=explain,
    )


def _closing(
    key: str, title: Any, kind: StepKind, do: Any, explain: Any, required: bool, **more: Any
) -> Action:
    """A step that brings a result."""
    return Action(
        key,
        title,
        lambda by, row, data: do(row, by=by, **_code(data)),
        form=form_for(
            Proceeding, on=date_field(_("日期")), result=_result(required), document=_DOCUMENT, **more
        ),
        refusal=_barred(kind, _review_decides if key == "decide" else lambda row: ""),
        explain=explain,
    )


def _review_decides(row: Proceeding) -> Any:
    return _("行政复议作出决定即审结，请用“登记审结”。") if row.group == Group.REVIEW else ""


def _only_filed(row: Proceeding) -> Any:
    return "" if row.state == Stage.FILED else _("案件已受理，请登记审结结果。")


def _redo_refusal(row: Proceeding) -> Any:
    if row.case_id is None:
        return _("本案没有关联原申请。")
    if row.state != Stage.CLOSED or row.column != Counted.CORRECTED:
        return _("只有结果为纠正并已审结的案件，才交办重新答复。")
    return _("本案已交办过重新答复。") if row.redo_id else ""


def _terms(who: Viewer, row: Proceeding) -> list[Any]:
    return queries.deadlines(row)


def _when(deadline: Any) -> Any:
    if deadline.due_on is None:
        return _g("尚不知道：%(why)s") % {"why": deadline.unknown}
    if deadline.term.whose == "organ" and deadline.due_on < clock.today():
        return State("over", _g("%(day)s 已过") % {"day": deadline.due_on.isoformat()})
    return deadline.due_on


def _next(row: Proceeding) -> Any:
    """The term that ends first; the steps are prefetched and the calendar is kept, so this asks nothing."""
    deadline = queries.next_deadline(row)
    return _when(deadline) if deadline else ""


def _parties(who: Viewer, row: Proceeding) -> list[Any]:
    """Names only for those who work on the file."""
    may_know = scope.allows(who, WORK, "remedies", row.path)
    return [row.parties] if row.parties and may_know else []


PROCEEDINGS = Register(
    key="proceedings",
    model=Proceeding,
    title=_("复议诉讼案件"),
    unit=_("件"),
    group=_("复议诉讼"),
    section="remedies",
    explain=_("因政府信息公开引起的行政复议和行政诉讼，表四由此计数"),
    label=str,
    order=["-filed_on", "-pk"],
    columns=[
        Column("number", link=True),
        Column("group", wide=True),
        Column("forum"),
        Column("organ__name", _("登记机关")),
        Column("filed_on", sort="filed_on"),
        Column("state", value=_state),
        Column("next_on", _("最近期限"), value=_next),
        Column("closed_on"),
        Column("column"),
    ],
    filters=[
        search("number", "forum"),
        choice("group"),
        choice("column"),
        organ(),
        since("filed_on"),
        until("filed_on"),
        either(
            "standing",
            _("状态"),
            {
                "yes": (_("未划去"), ~Q(state=Stage.STRUCK)),
                "pending": (_("未审结"), Q(state__in=_PENDING)),
                "closed": (_("已审结"), Q(state=Stage.CLOSED)),
                "no": (_("已划去"), Q(state=Stage.STRUCK)),
            },
            initial="yes",
        ),
    ],
    related=["organ", "case", "parent", "redo"],
    narrow=lambda who, rows: rows.prefetch_related("steps"),
    warnings=queries.warnings,
    facts=[
        Column("group"),
        Column("number"),
        Column("forum"),
        Column("organ__name", _("登记机关")),
        Column("state", value=_state),
        Column("filed_on"),
        Column("closed_on"),
        Column("column"),
        Column("case__number", _("原申请")),
        Column("act"),
        Column("parent", record=lambda row: ("proceedings", row.parent_id) if row.parent_id else None),
        Column("no_parent_reason"),
        Column("redo__number", _("重新答复")),
    ],
    parts=[
        Part(
            _("正在计算的期限"),
            _terms,
            [
                Column("term__title", _("期限")),
                Column("started_on", _("起算")),
                Column("due_on", _("届满"), value=_when),
                Column("term__article", _("依据")),
            ],
            empty=_("现在没有正在计算的期限。"),
        ),
        Part(
            _("步骤"),
            lambda who, row: row.steps.select_related("superseded_by").order_by("seq").defer("sealed"),
            [
                Column("seq", _("序号"), link=True),
                Column("kind"),
                Column("on"),
                Column("state", _("状态"), value=lambda step: _step_state(step)),
            ],
            register="steps",
        ),
        Part(
            _("被申请人、被告"),
            lambda who, row: row.respondents.select_related("organ").order_by("path", "round"),
            [
                Column("organ__name", _("机关")),
                Column("filed_on", _("计入自")),
                Column("closed_on", _("审结")),
                Column("column", _("计入")),
            ],
        ),
        Part(
            _("当事人"),
            _parties,
            [Column("applicant", _("申请人或原告"), value=lambda parties: parties.get("applicant", ""))],
            empty=_("没有登记，或者您的岗位不查看当事人。"),
        ),
    ],
    actions=[
        Action("file", _("登记案件"), _file, form=_File, new=True),
        _dated(
            "accept",
            _("受理"),
            StepKind.ACCEPTED,
            actions.accept,
            simplified=forms.BooleanField(label=_("适用简易程序"), required=False),
        ),
        _dated("reply", _("提交答复或答辩"), StepKind.REPLIED, actions.reply),
        _dated(
            "suspend",
            _("中止"),
            StepKind.SUSPENDED,
            actions.suspend,
            reason=forms.CharField(label=_("原因"), max_length=200, required=False),
        ),
        _dated("resume", _("恢复审理"), StepKind.RESUMED, actions.resume),
        _dated(
            "join",
            _("追加被申请人、被告"),
            StepKind.JOINED,
            actions.join,
            organ=ScopedChoice(Organ, label=_("机关"), rows=_respondents, order="path", text_key="code"),
        ),
        _closing(
            "decide",
            _("一审裁判"),
            StepKind.DECIDED,
            actions.decide,
            _("送达之日；可以上诉的，到终审或者期满生效再登记审结。"),
            True,
            ruling=forms.BooleanField(label=_("是裁定"), required=False, help_text=_("裁定的上诉期较短")),
        ),
        _dated("appeal", _("上诉"), StepKind.APPEALED, actions.appeal),
        _closing(
            "close",
            _("登记审结"),
            StepKind.CLOSED,
            actions.close,
            _("结果生效之日，计入当年；一审裁判生效的可不再选结果。"),
            False,
        ),
        Action(
            "decline",
            _("不予受理、不予立案"),
            lambda by, row, data: actions.decline(row, by=by, **data),
            form=form_for(Proceeding, on=date_field(_("日期")), document=_DOCUMENT),
            refusal=_barred(StepKind.CLOSED, _only_filed),
        ),
        Action(
            "withdraw",
            _("撤回、撤诉"),
            lambda by, row, data: actions.withdraw(row, by=by, **data),
            form=form_for(Proceeding, on=date_field(_("日期")), document=_DOCUMENT),
            refusal=_barred(StepKind.CLOSED),
        ),
        _dated(
            "reopen",
            _("再审"),
            StepKind.REOPENED,
            actions.reopen,
            _("以前年度仍按原结果计数，从这一天起重新计为未审结。"),
            reason=reason_field(_("原因")),
        ),
        Action(
            "redo",
            _("交办重新答复"),
            lambda by, row, data: actions.order_redo(row, by=by, **data),
            form=form_for(
                Proceeding,
                on=date_field(_("决定送达日期")),
                order=forms.CharField(
                    label=_("决定文书"), max_length=200, required=False, help_text=_("留空即机关加案号")
                ),
                days=forms.IntegerField(
                    label=_("限期（工作日）"),
                    required=False,
                    min_value=1,
                    max_value=250,
                    help_text=_("没有指定的留空，按 20 个工作日"),
                ),
            ),
            refusal=_redo_refusal,
        ),
        Action(
            "link",
            _("关联申请或复议"),
            lambda by, row, data: actions.link(row, by=by, **data),
            form=form_for(Proceeding, "case", "parent", "no_parent_reason", case=_CASE, parent=_PARENT),
            initial=lambda row: {
                "case": row.case,
                "parent": row.parent,
                "no_parent_reason": row.no_parent_reason,
            },
            refusal=_struck,
        ),
    ],
)


def _step_state(step: ProceedingStep) -> State | Text:
    if step.kind == StepKind.VOID:
        return _("撤销记录")
    return _("已更正") if hasattr(step, "superseded_by") else State("done", _("有效"))


def _step_over(step: ProceedingStep) -> Any:
    if step.kind == StepKind.VOID:
        return _("这条记录是撤销记录。")
    return _("这一步已被更正，请在最新的一步上办理。") if hasattr(step, "superseded_by") else ""


def _result_of(step: ProceedingStep) -> str:
    code = step.payload.get("result")
    rule = ResultRule.objects.filter(code=code).first() if code else None
    return rule.label if rule else ""


class _CorrectStep(ActionForm):
    on = date_field(_("日期"))
    result = ScopedChoice(
        ResultRule,
        label=_("结果"),
        required=False,
        rows=lambda who, step: _results(who, step.proceeding if step else None),
    )
    document = _DOCUMENT
    group = forms.ChoiceField(label=_("类别"), choices=Group.choices, required=False)
    reason = reason_field(_("更正原因"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.record.kind if self.record is not None else ""
        if kind not in (StepKind.DECIDED, StepKind.CLOSED):
            del self.fields["result"], self.fields["document"]
        if kind != StepKind.FILED:
            del self.fields["group"]


def _correct_step(by: Actor, step: ProceedingStep, data: dict[str, Any]) -> Proceeding:
    on: dt.date = data.pop("on")
    reason = data.pop("reason")
    if "result" in data:
        data = _code(data)
    changes = {name: value for name, value in data.items() if value}
    return actions.correct_step(step, by=by, reason=reason, on=on, **changes)


STEPS = Register(
    key="steps",
    model=ProceedingStep,
    title=_("案件步骤"),
    unit=_("步"),
    section="remedies",
    listed=False,
    label=lambda row: f"{row.proceeding.number}　{row.get_kind_display()}",
    columns=[
        Column("proceeding__number", _("案号"), link=True),
        Column("kind"),
        Column("on"),
        Column("state", _("状态"), value=_step_state),
    ],
    filters=[organ(), choice("kind"), since("on"), until("on")],
    related=["proceeding", "superseded_by"],
    facts=[
        Column("proceeding", _("案件"), record=lambda row: ("proceedings", row.proceeding_id)),
        Column("kind"),
        Column("on"),
        Column("result", _("结果"), value=_result_of),
        Column("document", _("文书号"), value=lambda row: row.payload.get("document", "")),
        Column("recorded_at", _("登记时间")),
        Column("state", _("状态"), value=_step_state),
    ],
    actions=[
        Action(
            "correct",
            _("更正"),
            _correct_step,
            form=_CorrectStep,
            initial=lambda step: {
                "on": step.on,
                "document": step.payload.get("document", ""),
                "group": step.payload.get("group", ""),
            },
            refusal=_step_over,
            explain=_("原来的一步保留，计数按更正后的。"),
        ),
        Action(
            "void",
            _("撤销这一步"),
            lambda by, row, data: actions.void_step(row, by=by, **data),
            form=form_for(Proceeding, reason=reason_field(_("撤销原因"))),
            danger=True,
            refusal=_step_over,
            explain=_("用于实际没有发生的步骤；撤销“收到通知”即划去全案。"),
        ),
    ],
)
RESULTS = Register(
    key="result-rules",
    model=ResultRule,
    title=_("复议诉讼结果归类"),
    unit=_("种"),
    group=_("设置"),
    section="settings",
    explain=_("每种结果计入表四的哪一栏"),
    label=str,
    order=["family", "pk"],
    columns=[Column("label", link=True), Column("family"), Column("column"), Column("code")],
    filters=[search("label"), choice("family"), choice("column")],
    actions=[
        Action(
            "column",
            _("改计入的栏"),
            lambda by, row, data: actions.set_column(row, by=by, **data),
            form=form_for(ResultRule, "column"),
            verb=MANAGE,
            initial=lambda row: {"column": row.column},
            explain=_("没有冻结的各年都按新的归类计数；已公布的年报不变。"),
        )
    ],
)
REGISTERS = (PROCEEDINGS, STEPS, RESULTS)
