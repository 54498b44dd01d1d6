"""审签: chains, authorisations, what is withheld and re-examined, leaks, and the office's choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search, since, until
from gongkai.desk.register.forms import date_field, form_for
from gongkai.desk.registers.choosing import settings_of
from gongkai.organs.scope import MANAGE
from gongkai.review import actions, chains, notation, subjects
from gongkai.review.duty import Duties
from gongkai.review.models import (
    ChainTemplate,
    LeakFollowUp,
    LeakIncident,
    Reexamination,
    ReviewDelegation,
    ReviewDuty,
    ReviewSettings,
    Withheld,
)

_GROUP = _("审签")

# --- chains ----------------------------------------------------------------------------------------------------------


def _steps_field() -> forms.CharField:
    return forms.CharField(
        label=_("步骤"),
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
        help_text=notation.HELP,
    )


def _kinds_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("适用于"),
        required=False,
        choices=lambda: list(subjects.kinds().items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选为全部"),
    )


def _save(by: Any, data: dict[str, Any]) -> Any:
    try:
        steps = notation.read(data.pop("steps"))
    except notation.Unreadable as error:
        raise ValidationError({"steps": str(error)}) from error
    return actions.save_chain(by=by, steps=steps, **data)


def _edit(by: Any, row: ChainTemplate, data: dict[str, Any]) -> Any:
    return _save(by, {"organ": row.organ, "key": row.key, **data})


def _is_old(row: ChainTemplate) -> Any:
    newer = ChainTemplate.objects.filter(organ=row.organ, key=row.key, version__gt=row.version)
    if newer.exists():
        return _("这是旧版本，请在最新的版本上办理。")
    return _("这个流程已经停用。") if row.retired else ""


def _chain_state(row: ChainTemplate) -> State | Text:
    return _("已停用") if row.retired else State("done", _("使用中"))


_NEWER = ChainTemplate.objects.filter(
    organ=OuterRef("organ"), key=OuterRef("key"), version__gt=OuterRef("version")
)
CHAINS = Register(
    key="chains",
    model=ChainTemplate,
    title=_("审签流程"),
    unit=_("个"),
    group=_("设置"),
    section="settings",
    explain=_("公开前逐级审查的步骤；修改产生新版本，已送审的仍按原来的版本办完"),
    label=lambda row: _g("%(title)s（第%(n)d版）") % {"title": row.title, "n": row.version},
    order=["organ__path", "key", "-version"],
    columns=[
        Column("title", link=True, wide=True),
        Column("organ__name", _("机关"), wide=True),
        Column("key"),
        Column("version", number=True),
        Column("steps", _("几步"), value=lambda row: len(row.steps), number=True),
        Column("whole_tree"),
        Column("state", _("状态"), value=_chain_state),
    ],
    filters=[
        organ(),
        either(
            "version",
            _("版本"),
            {"newest": (_("最新版本"), Q(~Exists(_NEWER))), "all": (_("全部版本"), Q())},
            initial="newest",
        ),
    ],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("key"),
        Column("version"),
        Column(
            "kinds",
            value=lambda row: "、".join(subjects.word(kind) for kind in row.kinds) or _g("全部内容"),
        ),
        Column("whole_tree"),
        Column("state", _("状态"), value=_chain_state),
        Column("recorded_at"),
    ],
    parts=[
        Part(
            _("步骤"),
            lambda who, row: chains.read(row.steps),
            [
                Column("order", _("第几步"), number=True),
                Column("title", _("步骤")),
                Column("who", _("签署人"), value=lambda step: step.who),
                Column("condition", _("只在此情形"), value=lambda step: step.condition),
                Column(
                    "needs",
                    _("须先有"),
                    value=lambda step: "、".join(str(chains.NEEDS[one]) for one in step.needs),
                ),
                Column("days", _("几个工作日内"), value=lambda step: step.days or "", number=True),
            ],
        )
    ],
    actions=[
        Action(
            "adopt",
            _("选用现成的流程"),
            lambda by, row, data: actions.adopt_chain(by=by, **data),
            form=form_for(
                ChainTemplate,
                "organ",
                key=forms.ChoiceField(
                    label=_("流程"),
                    choices=lambda: [(key, one["title"]) for key, one in chains.shipped().items()],
                ),
                whole_tree=forms.BooleanField(label=_("下级也可使用"), required=False),
            ),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "save",
            _("新设流程"),
            lambda by, row, data: _save(by, data),
            form=form_for(
                ChainTemplate,
                "organ",
                "key",
                "title",
                steps=_steps_field(),
                kinds=_kinds_field(),
                whole_tree=forms.BooleanField(label=_("下级也可使用"), required=False),
            ),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "edit",
            _("修改"),
            _edit,
            form=form_for(
                ChainTemplate,
                "title",
                steps=_steps_field(),
                kinds=_kinds_field(),
                whole_tree=forms.BooleanField(label=_("下级也可使用"), required=False),
            ),
            verb=MANAGE,
            initial=lambda row: {
                "title": row.title,
                "steps": notation.write(chains.read(row.steps)),
                "kinds": row.kinds,
                "whole_tree": row.whole_tree,
            },
            refusal=_is_old,
            explain=_("产生新的版本；已经送审的按原来的版本办完。"),
        ),
        Action(
            "retire",
            _("停用"),
            lambda by, row, data: actions.retire_chain(by=by, template=row),
            verb=MANAGE,
            danger=True,
            refusal=_is_old,
            explain=_("不再用于新的送审，已经送审的按它办完。"),
        ),
    ],
)

# --- authorisations --------------------------------------------------------------------------------------------------


def _dated(row: ReviewDelegation) -> State | Text:
    today = clock.today()
    if row.valid_to < today:
        return _("已结束")
    return State("done", _("有效")) if row.valid_from <= today else State("open", _("未开始"))


def _what_for(row: ReviewDelegation) -> str:
    if row.run is not None:
        return _g("只限“%(title)s”") % {"title": row.run.title}
    return _g("只限流程%(key)s") % {"key": row.chain} if row.chain else _g("全部审签")


DELEGATIONS = Register(
    key="review-delegations",
    model=ReviewDelegation,
    title=_("审签授权"),
    unit=_("条"),
    group=_GROUP,
    section="reviews",
    explain=_("谁在什么期间、什么范围内授权谁代签；登记在“审签—授权他人签署”"),
    label=lambda row: f"{row.post.person.name} → {row.to.name}",
    order=["-valid_from", "-pk"],
    columns=[
        Column("post__person__name", _("授权人"), link=True),
        Column("post__role", _("岗位")),
        Column("organ__name", _("机关"), wide=True),
        Column("to__name", _("受权人")),
        Column("for", _("范围"), value=_what_for, wide=True),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_dated),
    ],
    filters=[
        search("post__person__name", "to__name"),
        organ(),
        either("now", _("状态"), {"now": (_("有效"), lambda: Q(valid_to__gte=clock.today()))}),
    ],
    related=["organ", "post__person", "post__organ", "to", "run"],
    facts=[
        Column("post__person__name", _("授权人")),
        Column("post__role", _("岗位")),
        Column("to__name", _("受权人")),
        Column("for", _("范围"), value=_what_for),
        Column("valid_from"),
        Column("valid_to"),
        Column("reason"),
        Column("recorded_at"),
    ],
    actions=[
        Action(
            "revoke",
            _("撤回授权"),
            lambda by, row, data: actions.revoke_delegation(by=by, delegation=row, last=data["last"]),
            form=form_for(
                ReviewDelegation,
                last=date_field(_("最后一天"), required=False, help_text=_("留空则立即失效")),
            ),
            refusal=lambda row: _("这条授权已经结束。") if row.valid_to < clock.today() else "",
            explain=_("由授权人或者受权人办理。"),
        )
    ],
)

# --- re-examination --------------------------------------------------------------------------------------------------


def _withheld_state(row: Withheld) -> State | Text:
    if row.ended_on is not None:
        return State("done", _("已转主动公开"))
    if row.next_due_on is None:
        return State("unknown", _("评估日期未定"))
    return State("soon", _("该评估了")) if row.next_due_on <= clock.today() else State("open", _("未到期"))


WITHHELD = Register(
    key="withheld",
    model=Withheld,
    title=_("未主动公开信息的评估"),
    unit=_("件"),
    group=_GROUP,
    section="reviews",
    explain=_("条例第十八条：定期评估，情势变化可以公开的应当公开"),
    label=lambda row: row.title,
    order=["next_due_on", "-pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("organ__name", _("机关"), wide=True),
        Column("attribute"),
        Column("since"),
        Column("next_due_on"),
        Column("state", _("状态"), value=_withheld_state),
    ],
    filters=[
        search("title"),
        organ(),
        choice("attribute"),
        either(
            "state",
            _("状态"),
            {
                "due": (_("该评估了"), lambda: Q(next_due_on__lte=clock.today())),
                "open": (_("未主动公开"), Q(ended_on__isnull=True)),
                "over": (_("已转主动公开"), Q(ended_on__isnull=False)),
            },
        ),
        until("next_due_on"),
    ],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("attribute"),
        Column("reason"),
        Column("since"),
        Column("next_due_on"),
        Column("ended_on"),
        Column("state", _("状态"), value=_withheld_state),
    ],
    parts=[
        Part(
            _("历次评估"),
            lambda who, row: row.examinations.order_by("-on", "-pk"),
            [
                Column("on", _("评估日期")),
                Column("conclusion", _("结论")),
                Column("reason", _("理由")),
                Column("reviewer_name", _("评估人")),
            ],
            empty=_("还没有评估过。"),
        )
    ],
    actions=[
        Action(
            "reexamine",
            _("登记评估结论"),
            lambda by, row, data: actions.reexamine(by=by, withheld=row, **data),
            form=form_for(
                Reexamination,
                "conclusion",
                "reason",
                on=date_field(_("评估日期"), required=False, help_text=_("留空为今天")),
            ),
            refusal=lambda row: _("已转为主动公开，不再评估。") if row.ended_on else "",
        )
    ],
)

# --- leaks -----------------------------------------------------------------------------------------------------------


def _leak_state(row: LeakIncident) -> State | Text:
    kinds = {step.kind for step in row.follow_ups.all()}
    if "void" in kinds:
        return _("登记已撤销")
    return State("done", _("已办结")) if "close" in kinds else State("over", _("处理中"))


def _leak_over(row: LeakIncident) -> Any:
    return (
        _("这起事件已经办结或者撤销登记。")
        if {"void", "close"} & {s.kind for s in row.follow_ups.all()}
        else ""
    )


def _with_follow_ups(who: Any, rows: list[Any]) -> None:
    prefetch_related_objects(rows, "follow_ups")


LEAKS = Register(
    key="leaks",
    model=LeakIncident,
    title=_("泄密事件"),
    unit=_("起"),
    group=_GROUP,
    section="reviews",
    explain=_("因公开信息造成的泄密；没有记录且台账在本系统登记的，就是0起"),
    label=lambda row: (
        _g("%(day)s %(matter)s") % {"day": row.discovered_on, "matter": row.get_matter_display()}
    ),
    order=["-discovered_on", "-pk"],
    columns=[
        Column("discovered_on", link=True),
        Column("organ__name", _("机关"), wide=True),
        Column("matter"),
        Column("happened_on"),
        Column("state", _("状态"), value=_leak_state),
    ],
    filters=[organ(), choice("matter"), since("discovered_on"), until("discovered_on")],
    related=["organ"],
    decorate=_with_follow_ups,
    facts=[
        Column("organ__name", _("机关")),
        Column("matter"),
        Column("happened_on"),
        Column("discovered_on"),
        Column("summary"),
        Column("measures"),
        Column("state", _("状态"), value=_leak_state),
        Column("recorded_by"),
    ],
    parts=[
        Part(
            _("处理经过"),
            lambda who, row: row.follow_ups.order_by("on", "pk"),
            [Column("on", _("日期")), Column("kind", _("事项")), Column("text", _("内容"))],
            empty=_("还没有登记处理经过。"),
        )
    ],
    actions=[
        Action(
            "report",
            _("登记泄密事件"),
            lambda by, row, data: actions.report_leak(by=by, **data),
            form=form_for(
                LeakIncident,
                "organ",
                "matter",
                "happened_on",
                "discovered_on",
                summary=forms.CharField(
                    label=_("情况"),
                    max_length=1000,
                    widget=forms.Textarea,
                    help_text=_("不要写泄露的内容本身"),
                ),
                measures=forms.CharField(
                    label=_("补救措施"), max_length=1000, required=False, widget=forms.Textarea
                ),
            ),
            new=True,
        ),
        Action(
            "follow-up",
            _("登记处理经过"),
            lambda by, row, data: actions.follow_up_leak(by=by, incident=row, **data),
            form=form_for(
                LeakFollowUp,
                "kind",
                text=forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea),
                on=date_field(_("日期"), required=False, help_text=_("留空为今天")),
            ),
            refusal=_leak_over,
        ),
    ],
)

# --- choices ---------------------------------------------------------------------------------------------------------

SETTINGS = settings_of(
    ReviewSettings,
    key="review-settings",
    title=_("审签设置"),
    explain=_("评估周期、征询期限用最近上级的；敏感词各级合用，只作提示"),
    names=("reexamine_months", "consult_days", "sensitive_words"),
    columns=[
        Column("reexamine_months", number=True),
        Column("consult_days", number=True),
        Column("words", _("敏感词"), value=lambda row: len(row.sensitive_words.split()), number=True),
    ],
    facts=[
        Column("organ__name", _("机关及其下级")),
        Column("reexamine_months"),
        Column("consult_days"),
        Column("sensitive_words"),
    ],
    run=actions.set_choices,
)

# --- who is bound to review ------------------------------------------------------------------------------------------


def _with_duties(who: Any, rows: list[Any]) -> None:
    """Hang on each row whether it is among the rules its organ is under today."""
    duties = Duties.read()
    for row in rows:
        row.holds = row in duties.rules(row.organ, clock.today())


def _duty_state(row: Any) -> State | Text:
    if row.valid_from > clock.today():
        return State("open", _("未开始"))
    if not row.holds:
        return _("已由后来的规定代替")
    return State("done", _("执行中")) if row.required else State("unknown", _("不要求"))


DUTIES = Register(
    key="review-duties",
    model=ReviewDuty,
    title=_("公开前须经审签"),
    unit=_("条"),
    group=_("设置"),
    section="settings",
    explain=_("先审查、后公开：哪个机关及其下级，从哪一天起，哪些内容非经审签不能公开"),
    label=lambda row: _g("%(organ)s　自%(day)s") % {"organ": row.organ.name, "day": row.valid_from},
    order=["organ__path", "-valid_from", "-pk"],
    columns=[
        Column("organ__name", _("机关及其下级"), link=True, wide=True),
        Column("valid_from"),
        Column("required"),
        Column("state", _("状态"), value=_duty_state),
    ],
    filters=[organ()],
    related=["organ"],
    decorate=_with_duties,
    facts=[
        Column("organ__name", _("机关及其下级")),
        Column("valid_from"),
        Column("required"),
        Column(
            "kinds",
            value=lambda row: "、".join(subjects.word(kind) for kind in row.kinds) or _g("全部内容"),
        ),
        Column("note"),
        Column("state", _("状态"), value=_duty_state),
        Column("recorded_at"),
    ],
    actions=[
        Action(
            "set",
            _("规定一个机关"),
            lambda by, row, data: actions.set_duty(by=by, **data),
            form=form_for(
                ReviewDuty,
                "organ",
                "valid_from",
                "required",
                "note",
                kinds=forms.MultipleChoiceField(
                    label=_("适用于"),
                    required=False,
                    choices=subjects.sorts,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("不选为全部"),
                ),
            ),
            verb=MANAGE,
            new=True,
            explain=_("以前公开的不受影响；下级没有自己的规定的，一并适用，自己规定的只能更严。"),
        ),
    ],
)
REGISTERS = (DELEGATIONS, WITHHELD, LEAKS, CHAINS, DUTIES, SETTINGS)
