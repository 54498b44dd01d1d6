"""填报数字和台账方式: what a unit counted itself, and how each register is kept where."""

from __future__ import annotations

from itertools import product
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, measures, tables
from gongkai.base import tallies as rules
from gongkai.base.coverage import registers_known
from gongkai.base.imports import Report
from gongkai.base.measures import Measure, Period
from gongkai.base.models import Coverage, Tally, dimension_key
from gongkai.desk.register import history
from gongkai.desk.register.declare import Action, Column, Importer, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, since, until
from gongkai.desk.register.forms import ActionForm, date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice
from gongkai.documents.channel_tallies import COUNTED
from gongkai.organs import tallies as actions
from gongkai.organs import tally_import
from gongkai.organs.actors import Actor
from gongkai.organs.scope import Viewer

_GROUP = _("填报")
_REGISTER_WORDS = {
    "requests": _("依申请公开"),
    "documents": _("规章和规范性文件"),
    "channels": _("公开条次"),
    "channels.documents": _("公开信息件数"),
    "offers": _("信息报送"),
    "acts.items": _("权力事项"),
    "acts.decisions": _("处理决定"),
    "acts.fees": _("行政事业性收费"),
    "acts.procurement": _("政府集中采购"),
    "remedies": _("复议诉讼"),
    "leaks": _("泄密事件"),
    "sites": _("网站"),
}


def _declared(key: str) -> Measure | None:
    try:
        return measures.get(key)
    except LookupError:
        return None


def _title(row: Tally) -> str:
    declared = _declared(row.measure)
    return declared.title if declared else row.measure


def _unit(row: Tally) -> str:
    declared = _declared(row.measure)
    return declared.unit if declared else ""


def _dimensions(row: Tally) -> str:
    """The dimension values in words, in the measure's order."""
    declared = _declared(row.measure)
    order = declared.dimensions if declared else row.dimensions
    words = []
    for name in [one for one in order if one in row.dimensions]:
        value = str(row.dimensions[name])
        if value == rules.UNTOLD or (declared and name in declared.implied):
            continue
        words.append(_words_of(row, name).get(value, value))
    return "、".join(words)


def _words_of(row: Tally, name: str) -> dict[str, str]:
    """Value → word of a dimension; taken once for all rows of a page (see `_prepare`), else asked for."""
    kept: dict[tuple[str, str], dict[str, str]] = row.__dict__.setdefault("dimension_words", {})
    place = (row.measure, name)
    if place not in kept:
        declared = _declared(row.measure)
        kept[place] = dict(rules.choices(declared, name)) if declared and name in declared.dimensions else {}
    return kept[place]


def _period(row: Tally) -> str:
    whole_year = Period.year(row.period_to.year)
    if (row.period_from, row.period_to) == (whole_year.start, whole_year.end):
        return _g("%(year)d 年") % {"year": row.period_to.year}
    if row.period_from == row.period_to:
        return _g("截至 %(day)s") % {"day": row.period_to.isoformat()}
    return f"{row.period_from:%Y-%m-%d} 至 {row.period_to:%Y-%m-%d}"


def _state(row: Tally) -> State | Text:
    if hasattr(row, "superseded_by"):
        return _("已更正")
    return _("已撤回") if row.value is None else State("done", _("计数"))


def _superseded(row: Tally) -> Any:
    return _("这条数字已被更正过，请在最新的一条上更正。") if hasattr(row, "superseded_by") else ""


def _prepare(who: Viewer, rows: list[Any]) -> None:
    """Hang the author's name on each row, and one book of dimension words on all: a query for each table of values."""
    names = history.names_of(row.author for row in rows)
    for row in rows:
        row.author_name = history.whom(row.author, "", names)
    shared: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        row.dimension_words = shared


def _options() -> list[tuple[str, str]]:
    """Every figure a unit may tally here: measure and dimension values, each with its words. Counts of releases have a
    form of their own (公开记录)."""
    found = []
    for declared in measures.all_measures():
        if declared.tally == rules.NONE or declared.key in COUNTED:
            continue
        values = [rules.choices(declared, name) for name in declared.dimensions]
        for combination in product(*values):
            dimensions = dict(zip(declared.dimensions, (code for code, _label in combination), strict=True))
            words = "、".join(label for _code, label in combination)
            key = f"{declared.key}|{dimension_key(dimensions)}"
            found.append((key, f"{declared.title}（{words or declared.unit}）"))
    return found


def _parts(option: str) -> tuple[str, dict[str, str]]:
    key, _bar, dimensions = option.partition("|")
    return key, dict(part.split("=", 1) for part in dimensions.split(";") if part)


class _Record(ActionForm):
    organ = OrganChoice(label=_("机关"))
    figure = forms.ChoiceField(label=_("指标"), choices=_options)
    period_from = date_field(_("起"))
    period_to = date_field(_("止"), help_text=_("期初存量只看止日"))
    value = forms.DecimalField(label=_("数值"), max_digits=20, decimal_places=4)
    source = forms.ChoiceField(label=_("来源"), choices=Tally.Source.choices)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


def _record(by: Actor, row: None, data: dict[str, Any]) -> Tally:
    measure, dimensions = _parts(data.pop("figure"))
    period = Period(data.pop("period_from"), data.pop("period_to"))
    return actions.record_tally(by=by, measure=measure, dimensions=dimensions, period=period, **data)


class _Supersede(ActionForm):
    value = forms.DecimalField(
        label=_("更正为"), max_digits=20, decimal_places=4, required=False, help_text=_("撤回时留空")
    )
    take_back = forms.BooleanField(label=_("撤回，数字改为未知"), required=False)
    reason = reason_field(_("更正原因"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("value") is None) != data["take_back"]:
            self.add_error("value", _g("请填写更正后的数值，或者勾选撤回，二者选一。"))
        return data


def _load(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
    rows = tables.read(content, name, required=tally_import.REQUIRED, optional=tally_import.OPTIONAL)
    return tally_import.import_tallies(rows, by=by, dry_run=dry_run)


TALLIES = Register(
    key="tallies",
    model=Tally,
    title=_("填报数字"),
    unit=_("条"),
    group=_GROUP,
    explain=_("单位自行统计的数字和启用前期初数；能由记录得出的不填报"),
    label=lambda row: f"{_title(row)}　{_period(row)}",
    columns=[
        Column("measure", link=True, value=_title, wide=True),
        Column("dimensions", _("分类"), value=_dimensions),
        Column("organ__name", _("机关")),
        Column("period", _("期间"), value=_period),
        Column("value", number=True),
        Column("unit", _("单位"), value=_unit),
        Column("source"),
        Column("state", _("状态"), value=_state),
    ],
    filters=[
        choice("measure", choices=lambda: [(one.key, one.title) for one in measures.all_measures()]),
        choice("source"),
        organ(),
        since("period_to"),
        until("period_to"),
        either(
            "standing",
            _("状态"),
            {
                "yes": (_("计数"), Q(superseded_by__isnull=True, value__isnull=False)),
                "no": (_("已更正或撤回"), Q(superseded_by__isnull=False) | Q(value__isnull=True)),
                "all": (_("全部"), Q()),
            },
            initial="yes",
        ),
    ],
    related=["organ", "superseded_by"],
    decorate=_prepare,
    facts=[
        Column("measure", value=_title),
        Column("dimensions", _("分类"), value=_dimensions),
        Column("organ__name", _("机关")),
        Column("period", _("期间"), value=_period),
        Column("value"),
        Column("unit", _("单位"), value=_unit),
        Column("source"),
        Column("note"),
        Column("author", value=lambda row: row.author_name),
        Column("recorded_at", _("登记时间")),
        Column("state", _("状态"), value=_state),
        Column(
            "supersedes",
            _("更正自"),
            value=lambda row: _("前一条") if row.supersedes_id else "",
            record=lambda row: ("tallies", row.supersedes_id) if row.supersedes_id else None,
        ),
    ],
    actions=[
        Action("record", _("填报"), _record, form=_Record, new=True),
        Action(
            "supersede",
            _("更正或撤回"),
            lambda by, row, data: actions.supersede_tally(
                row, by=by, value=None if data["take_back"] else data["value"], reason=data["reason"]
            ),
            form=_Supersede,
            refusal=_superseded,
            explain=_("原来的一条保留，只有新的一条计数。"),
        ),
    ],
    importer=Importer(
        load=_load,
        required=tally_import.REQUIRED,
        optional=tally_import.OPTIONAL,
        explain=_("指标写名称或代码，分类写名称，年度写四位数字。"),
    ),
)


def _kept(row: Coverage) -> Any:
    return _REGISTER_WORDS.get(row.register, row.register)


def _registers() -> list[tuple[str, Any]]:
    return [(key, _REGISTER_WORDS.get(key, key)) for key in sorted(registers_known())]


def _over(row: Coverage) -> Any:
    return _("已经结束。") if row.valid_to is not None and row.valid_to < clock.today() else ""


COVERAGE = Register(
    key="coverage",
    model=Coverage,
    title=_("台账方式"),
    unit=_("条"),
    group=_GROUP,
    explain=_("每个机关的每本台账，从何时起在本系统登记、按数填报或者不涉及"),
    label=lambda row: f"{row.organ.name}　{_kept(row)}",
    order=["organ__path", "register", "-valid_from"],
    columns=[
        Column("organ__name", _("机关"), link=True, wide=True),
        Column("register", value=_kept),
        Column("mode"),
        Column("valid_from"),
        Column("valid_to"),
        Column("whole_tree"),
    ],
    filters=[choice("register", choices=_registers), choice("mode"), organ()],
    related=["organ"],
    actions=[
        Action(
            "set",
            _("登记方式"),
            lambda by, row, data: actions.set_coverage(by=by, **data),
            form=form_for(
                Coverage,
                "organ",
                "register",
                "mode",
                "valid_from",
                "valid_to",
                "whole_tree",
                register=forms.ChoiceField(label=_("台账"), choices=_registers),
            ),
            new=True,
            explain=_("没有登记方式的期间，数字是未知，不是零。"),
        ),
        Action(
            "close",
            _("结束"),
            lambda by, row, data: actions.close_coverage(row, by=by, **data),
            form=form_for(Coverage, on=date_field(_("最后一天"))),
            refusal=_over,
            explain=_("换一种方式前，先结束原来的。"),
        ),
    ],
)
REGISTERS = (TALLIES, COVERAGE)
