"""发文字号系列 with what is missing, and the value lists documents are classified by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search
from gongkai.desk.register.forms import ActionForm, date_field, form_for
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.documents import actions, classifying, series
from gongkai.documents.models import Classification, NumberGap, NumberSeries
from gongkai.organs.scope import MANAGE, Viewer

_GROUP = _("文件")


class _Explain(ActionForm):
    year = forms.IntegerField(label=_("年份"), min_value=1949, max_value=2099)
    serial = forms.IntegerField(label=_("序号"), min_value=1)
    reason = forms.ChoiceField(label=_("缺号原因"), choices=NumberGap.Reason.choices)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


def _in_use(row: NumberSeries | Classification) -> State | Text:
    today = clock.today()
    if row.valid_from > today:
        return _("未启用")
    if row.valid_to is not None and row.valid_to < today:
        return _("已停用")
    return State("done", _("在用"))


def _missing(who: Viewer, row: NumberSeries) -> list[Any]:
    return [
        {
            "year": report.year,
            "number": gap.number,
            "reason": gap.reason,
            "note": gap.note,
            "title": gap.document.title if gap.document else "",
        }
        for report in _reports(row)
        for gap in report.gaps
    ]


def _reports(row: NumberSeries) -> list[series.GapReport]:
    return [series.gaps(row, year) for year in series.years(row)[:3]]


def _years(who: Viewer, row: NumberSeries) -> list[Any]:
    return [
        {
            "year": report.year,
            "highest": report.highest,
            "registered": report.registered,
            "missing": len(report.gaps),
            "unexplained": report.unexplained,
        }
        for report in _reports(row)
    ]


def _of(name: str) -> Any:
    return lambda row: row[name]


SERIES = Register(
    key="number-series",
    model=NumberSeries,
    title=_("发文字号系列"),
    unit=_("个系列"),
    group=_GROUP,
    section="documents",
    explain=_("机关代字每年从 1 号编起；编号一次给定，缺号要有说明"),
    label=lambda row: f"{row.mark}（{row.organ.name}）",
    order=["path", "mark"],
    columns=[
        Column("mark", link=True),
        Column("organ__name", _("机关"), wide=True),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_in_use),
    ],
    filters=[search("mark"), organ()],
    related=["organ"],
    facts=[
        Column("mark"),
        Column("organ__name", _("机关")),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_in_use),
    ],
    parts=[
        Part(
            _("近三年"),
            _years,
            [
                Column("year", _("年份"), value=lambda row: str(row["year"])),
                Column("highest", _("最大序号"), value=_of("highest"), number=True),
                Column("registered", _("已登记"), value=_of("registered"), number=True),
                Column("missing", _("公众看不到的号"), value=_of("missing"), number=True),
                Column("unexplained", _("没有说明的缺号"), value=_of("unexplained"), number=True),
            ],
            empty=_("这个系列还没有用过。"),
        ),
        Part(
            _("缺号"),
            _missing,
            [
                Column("number", _("发文字号"), value=_of("number")),
                Column(
                    "reason",
                    _("原因"),
                    value=lambda row: row["reason"] or State("soon", _("没有说明")),
                ),
                Column("title", _("文件"), value=_of("title"), wide=True),
                Column("note", _("说明"), value=_of("note"), wide=True),
            ],
            empty=_("没有缺号。"),
        ),
    ],
    actions=[
        Action(
            "open",
            _("设立系列"),
            lambda by, row, data: actions.open_series(by=by, **data),
            form=form_for(NumberSeries, "organ", "mark", "valid_from"),
            new=True,
        ),
        Action(
            "explain",
            _("说明缺号"),
            lambda by, row, data: actions.explain_gap(row, by=by, **data),
            form=_Explain,
            explain=_("作废、不予公开而没有在这里登记的号，写明原因。"),
        ),
        Action(
            "close",
            _("停用"),
            lambda by, row, data: actions.close_series(row, by=by, **data),
            form=form_for(NumberSeries, on=date_field(_("使用的最后一天"))),
            refusal=lambda row: _("该系列已停用。") if row.valid_to else "",
        ),
    ],
)
CLASSIFICATIONS = Register(
    key="classifications",
    model=Classification,
    title=_("文件分类表"),
    unit=_("项"),
    group=_("设置"),
    section="settings",
    explain=_("主题、体裁、组配分类；停用的分类留在原来的文件上"),
    label=lambda row: f"{row.get_scheme_display()} {row.code} {row.name}",
    order=["scheme", "code", "valid_from"],
    columns=[
        Column("name", link=True, wide=True),
        Column("scheme"),
        Column("code"),
        Column("parent__name", _("上级分类")),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_in_use),
    ],
    filters=[
        search("name", "code"),
        choice("scheme"),
        either(
            "current",
            _("状态"),
            {
                "yes": (_("在用"), lambda: classifying.dated(clock.today())),
                "no": (_("未启用或已停用"), lambda: ~classifying.dated(clock.today())),
            },
        ),
    ],
    related=["parent"],
    facts=[
        Column("scheme"),
        Column("code"),
        Column("name"),
        Column("parent__name", _("上级分类")),
        Column("valid_from"),
        Column("valid_to"),
    ],
    actions=[
        Action(
            "add",
            _("增加分类"),
            lambda by, row, data: actions.add_classification(by=by, **data),
            form=form_for(
                Classification,
                "scheme",
                "code",
                "name",
                "valid_from",
                parent=ScopedChoice(Classification, label=_("上级分类"), required=False, order="scheme"),
            ),
            verb=MANAGE,
            new=True,
            common=True,
            explain=_("同一代码换名称的，旧名称自动用到新名称启用的前一天。"),
        ),
        Action(
            "end",
            _("停用"),
            lambda by, row, data: actions.end_classification(row, by=by, **data),
            form=form_for(Classification, on=date_field(_("使用的最后一天"))),
            verb=MANAGE,
            refusal=lambda row: _("该分类已停用。") if row.valid_to else "",
        ),
    ],
)
REGISTERS = (SERIES, CLASSIFICATIONS)
