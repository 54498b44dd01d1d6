"""公开平台: until when each unit's is to stand and how far it is, what does not apply to it, what is required of those below."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai import readiness
from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.models import Directive, Inapplicable, PlatformDuty
from gongkai.catalogue.statutory import LABELS
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import organ, search
from gongkai.desk.register.forms import date_field, form_for
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, Viewer

_GROUP = _("栏目")


def _below(who: Viewer, record: Any) -> Any:
    return scope.organs_for(who, "columns", VIEW).exclude(kind=Organ.Kind.UNIT)


def _progress(row: PlatformDuty) -> State | Text:
    found: readiness.Standing | None = getattr(row, "standing", None)
    if row.launched_on is not None:
        return State("done", _g("已投入使用"))
    if not row.organ.existed_on(clock.today()):
        return _g("机关已撤销")
    if found is not None and found.late_on(clock.today()):
        return State("over", _g("逾期"))
    return State(
        "done" if found and found.ready else "open", _g("已备齐") if found and found.ready else _g("筹备中")
    )


def _filled(row: PlatformDuty) -> str:
    found: readiness.Standing | None = getattr(row, "standing", None)
    if found is None:
        return "—"
    lacking = sum(one.weight == readiness.RED for one in found.findings)
    said = _g("%(filled)s/%(all)s 项") % {"filled": found.filled, "all": found.required}
    return said + (_g("，缺 %(n)s 处") % {"n": lacking} if lacking else "")


def _look(who: Viewer, rows: list[PlatformDuty]) -> None:
    found = readiness.standings([row.organ for row in rows], clock.today())
    for row, one in zip(rows, found, strict=True):
        row.standing = one  # type: ignore[attr-defined]


class _Lacking:
    """A line of the checklist."""

    pk = None

    def __init__(self, rule: str, state: State, words: str) -> None:
        self.rule, self.state, self.words = rule, state, words


def _checklist(who: Viewer, row: PlatformDuty) -> list[_Lacking]:
    found = readiness.standing(row.organ, clock.today())
    words = {readiness.RED: ("over", _g("须补齐")), readiness.YELLOW: ("soon", _g("请核对"))}
    lines = [_Lacking(one.rule, State(*words[one.weight]), one.words) for one in found.findings]
    return lines or [_Lacking("P1—P6", State("done", _g("备齐")), _g("各栏目都有内容，指南是最新的。"))]


PLATFORMS = Register(
    key="platforms",
    model=PlatformDuty,
    title=_("公开平台建设"),
    unit=_("个"),
    group=_GROUP,
    section="documents",
    explain=_("各单位的政府信息公开平台：期限、四个法定栏目和各项内容是否齐备"),
    label=lambda row: _g("%(organ)s公开平台") % {"organ": row.organ.name},
    order=["path"],
    columns=[
        Column("organ__name", _("单位"), link=True, wide=True),
        Column("due_on"),
        Column("launched_on"),
        Column("filled", _("法定内容"), value=_filled),
        Column("state", _("状态"), value=_progress),
    ],
    filters=[organ()],
    related=["organ"],
    decorate=_look,
    facts=[
        Column("organ__name", _("单位")),
        Column("due_on"),
        Column("basis"),
        Column("launched_on"),
    ],
    parts=[
        Part(
            _("检查清单"),
            _checklist,
            [Column("rule", _("规则")), Column("state", _("结论")), Column("words", _("说明"), wide=True)],
        )
    ],
    actions=[
        Action(
            "deadline",
            _("定期限"),
            lambda by, row, data: actions.set_deadline(by=by, **data),
            form=form_for(
                PlatformDuty,
                above=OrganChoice(label=_("由哪个机关定")),
                organ=ScopedChoice(Organ, label=_("单位"), rows=_below, order="path"),
                due_on=date_field(_("期限")),
                basis=forms.CharField(label=_("依据"), max_length=200),
            ),
            new=True,
        ),
        Action(
            "launch",
            _("登记投入使用"),
            lambda by, row, data: actions.launch(row, by=by, **data),
            form=form_for(PlatformDuty, on=date_field(_("投入使用日期"))),
            refusal=lambda row: _("该平台已投入使用。") if row.launched_on else "",
        ),
    ],
)


def _item_label(row: Inapplicable) -> str:
    known = LABELS.get(row.code)
    return f"{row.code} {known.short if known else getattr(row, 'asked', '')}".strip()


def _name_items(who: Viewer, rows: list[Inapplicable]) -> None:
    """What is not statutory is called what was asked for."""
    titles = _asked({row.code for row in rows} - set(LABELS))
    for row in rows:
        row.asked = titles.get(row.code, "")  # type: ignore[attr-defined]


def _item_choices() -> list[tuple[str, str]]:
    """Every item there may be, statutory or asked for from above; which of them are the organ's, the action says."""
    asked = _asked(set(Directive.objects.values_list("code", flat=True)) - set(LABELS))
    shorts = {code: item.short for code, item in LABELS.items()} | asked
    return [(code, f"{code} {short}") for code, short in shorts.items()]


def _asked(codes: set[str]) -> dict[str, str]:
    """What organs above asked for under these codes, in the words of whoever asked last."""
    rows = Directive.objects.filter(code__in=codes).order_by("on", "pk") if codes else ()
    return {row.code: row.title for row in rows}


INAPPLICABLE = Register(
    key="inapplicable",
    model=Inapplicable,
    title=_("不涉及的公开内容"),
    unit=_("项"),
    group=_GROUP,
    section="documents",
    explain=_("本机关确实没有的法定公开内容，写明理由，公开页上照实说明"),
    label=_item_label,
    order=["path", "code"],
    columns=[
        Column("item", _("内容"), value=_item_label, link=True, wide=True),
        Column("organ__name", _("机关")),
        Column("reason", wide=True),
        Column("on"),
        Column("until"),
    ],
    filters=[search("code", "reason"), organ()],
    related=["organ"],
    decorate=_name_items,
    actions=[
        Action(
            "mark",
            _("标明不涉及"),
            lambda by, row, data: actions.mark_inapplicable(by=by, **data),
            form=form_for(
                Inapplicable,
                "organ",
                "code",
                "reason",
                "on",
                code=forms.ChoiceField(label=_("法定公开内容"), choices=_item_choices),
            ),
            new=True,
        ),
        Action(
            "restore",
            _("恢复公开"),
            lambda by, row, data: actions.mark_applicable(row, by=by, **data),
            form=form_for(Inapplicable, on=date_field(_("恢复日期"))),
            refusal=lambda row: _("这一项已恢复公开。") if row.until else "",
        ),
    ],
)

DIRECTIVES = Register(
    key="directives",
    model=Directive,
    title=_("要求下级公开的内容"),
    unit=_("项"),
    group=_GROUP,
    section="documents",
    explain=_("法定内容之外，上级机关要求公开的内容（条例第二十二条），写明依据"),
    label=lambda row: row.title,
    order=["path", "on", "pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("code"),
        Column("organ__name", _("要求的机关")),
        Column("document", wide=True),
        Column("on"),
        Column("until"),
    ],
    filters=[search("title", "document"), organ()],
    related=["organ"],
    actions=[
        Action(
            "require",
            _("要求公开"),
            lambda by, row, data: actions.require_item(by=by, **data),
            form=form_for(Directive, "organ", "code", "title", "document", "on", "until"),
            new=True,
        )
    ],
)

REGISTERS = (PLATFORMS, INAPPLICABLE, DIRECTIVES)
