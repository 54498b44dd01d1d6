"""The chips a writer picks from, each with what it prints now, and sentences ready made for the boxes that tell figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures.tree import tree
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form, RowKind

from . import chips, narrative, queries
from .models import ReportVersion
from .narrative import Bound, Piece

_NEW, _IN, _DONE, _OUT = (
    "table3.new_received.total",
    "table3.carried_in.total",
    "table3.outcome_total.total",
    "table3.carried_out.total",
)
_SUITS = "table4.litigation_direct.total+table4.litigation_after_review.total"
_OUTCOMES = ("granted", "partially_granted", "denied", "unable", "rejected", "other")
# Figures of the registers that the form has no cell for.
_MEASURES = (
    "requests.cohort_closed",
    "requests.forwarded",
    "requests.fee_notices",
    "requests.fee_payers",
    "requests.split_items",
    "requests.fee_collected_yuan",
    "requests.fee_refunded_yuan",
)


@dataclass(frozen=True)
class Pick:
    """One chip to pick: its name, its token, and what it prints (`lacks`: why it has no number)."""

    label: str
    token: str
    printed: str
    lacks: str


@dataclass(frozen=True)
class Group:
    """Chips that belong together; `folded` ones are wanted seldom."""

    title: str
    picks: list[Pick]
    folded: bool


def groups(version: ReportVersion) -> list[Group]:
    """Every chip worth offering for this version."""
    form = queries.form_of(version)
    named = [
        (_("年度"), [(_("报告年度"), "year"), (_("上一年度"), "last_year")], False),
        (_("依申请公开"), list(_requests(form)), False),
        (_("与上年比"), list(_against_last_year()), False),
        (_("主动公开"), list(_table2(form)), False),
        (_("复议和诉讼"), list(_remedies(form)), False),
        (_("台账里的数"), list(_registers()), False),
        (_("处理结果逐项"), list(_lines(form)), True),
    ]
    bound = _bound(
        version, [chips.OPEN + body + chips.CLOSE for _t, every, _f in named for _l, body in every]
    )
    return [
        Group(title, [_pick(label, body, bound) for label, body in every], folded)
        for title, every, folded in named
    ]


def suggestion(version: ReportVersion, place: str) -> tuple[str, tuple[Piece, ...]] | None:
    """A passage with chips for the box, and what it prints now; None where the box tells no figures of the tables.
    Where nothing happened it says so."""
    form, figures = queries.form_of(version), queries.figures_of(version)
    text = {"s1.on_request": _on_request(figures), "s1.proactive": _proactive(form)}.get(place, "")
    if not text:
        return None
    return text, _bound(version, [text]).pieces(text)


def _on_request(figures: Figures) -> str:
    if figures.number(_NEW) == 0 and figures.number(_IN) == 0:
        return "{{year}}年没有收到政府信息公开申请，也没有上年结转的申请。"
    outcomes = "、".join(
        f"{words}{{{{table3.{key}.total}}}}件"
        for key, words in zip(
            _OUTCOMES, ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理"), strict=True
        )
    )
    return (
        f"{{{{year}}}}年新收政府信息公开申请{{{{{_NEW}}}}}件，上年结转{{{{{_IN}}}}}件。"
        f"全年对政府信息公开申请作出处理{{{{{_DONE}}}}}件，其中{outcomes}；结转下年度继续办理{{{{{_OUT}}}}}件。"
    )


def _proactive(form: Form) -> str:
    row = "table2.art20_1.normative_docs"
    last = ("in_force", "现行有效") if f"{row}.in_force" in form else ("newly_disclosed_this_year", "公开")
    return f"{{{{year}}}}年制发规范性文件{{{{{row}.made_this_year}}}}件，{last[1]}规范性文件{{{{{row}.{last[0]}}}}}件。"


def _requests(form: Form) -> Iterator[tuple[str, str]]:
    yield _("本年新收"), _NEW
    yield _("其中自然人"), "table3.new_received.natural_person"
    organisations = [c.key for c in form.applicants if c.key not in ("natural_person", "total")]
    yield _("其中法人或其他组织"), "+".join(f"table3.new_received.{key}" for key in organisations)
    yield _("上年结转"), _IN
    yield _("办理结果总计"), _DONE
    for key in _OUTCOMES:
        yield form.line(key).text.partition("（")[0], f"table3.{key}.total"
    yield _("结转下年度"), _OUT
    yield _("办结比率"), f"rate:{_DONE}/{_NEW}+{_IN}"
    yield _("公开和部分公开的比率"), f"rate:table3.granted.total+table3.partially_granted.total/{_DONE}"


def _against_last_year() -> Iterator[tuple[str, str]]:
    for label, name in ((_("本年新收"), _NEW), (_("办理结果总计"), _DONE)):
        yield _("上年%(what)s") % {"what": label.removeprefix(_("本年"))}, f"last:{name}"
        yield _("%(what)s较上年") % {"what": label}, f"growth:{name}"


def _table2(form: Form) -> Iterator[tuple[str, str]]:
    for cell in form.cells():
        if cell.table == "table2":
            yield cell.label, cell.path


def _remedies(form: Form) -> Iterator[tuple[str, str]]:
    yield _("行政复议合计"), "table4.review.total"
    yield _("行政诉讼合计"), _SUITS
    yield _("结果纠正合计"), "+".join(f"table4.{group.key}.corrected" for group in form.remedy_groups)


def _registers() -> Iterator[tuple[str, str]]:
    for key in _MEASURES:
        measure = measures.get(key)
        yield _("%(title)s（%(unit)s）") % {"title": measure.title, "unit": measure.unit}, f"measure:{key}"


def _lines(form: Form) -> Iterator[tuple[str, str]]:
    for line in form.lines:
        if line.kind is RowKind.DATA and line.path:
            yield line.label, f"table3.{line.key}.total"


def _bound(version: ReportVersion, texts: Iterable[str]) -> Bound:
    """The figures of these chips as they are now, whether the version uses them or not."""
    every = list(texts)
    report = version.report
    previous = None
    try:
        if any(chip.needs_last for chip in narrative.chips_of(every)):
            organs = tree(report.path, Period.year(report.year))
            previous = queries.previous_figures(report.organ, report.year, report.scope, organs)
        kept = narrative.gather(report, every, previous)
    except LookupError:  # the organ was closed meanwhile
        kept = {}
    return Bound(queries.form_of(version), report.year, queries.figures_of(version), kept)


def _pick(label: str, body: str, bound: Bound) -> Pick:
    chip = chips.read(body)
    piece = bound.piece(chip)
    return Pick(label, chip.token, piece.text, piece.lacks)
