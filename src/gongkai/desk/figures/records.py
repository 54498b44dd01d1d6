"""The records and tallies behind a figure as tables: the columns of their register, or those declared here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import walking
from gongkai.base.models import Tally
from gongkai.desk.register import known, tables
from gongkai.desk.register.declare import Column, Text
from gongkai.desk.register.words import shown
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.organs import scope
from gongkai.organs.scope import Viewer
from gongkai.remedies.models import Respondent
from gongkai.requests.models import Case, FeeRefund

PAGE = 50


@dataclass(frozen=True)
class Layout:
    """How rows of one model are listed. `opens` gives the address of a row's own page, "" if there is none."""

    title: Text
    unit: Text
    columns: Sequence[Column]
    order: Sequence[str]
    related: Sequence[str] = ("organ",)
    opens: Callable[[Any], str] = lambda row: ""
    decorate: Callable[[Viewer, list[Any]], object] = lambda who, rows: None


@dataclass(frozen=True)
class Listed:
    """One page of rows, ready to be written: `heads` and cells are (text, is a number, address)."""

    title: str
    unit: str
    page: Page[Any]
    heads: list[tuple[str, bool]]
    lines: list[list[tuple[Any, bool, str]]]

    @property
    def count(self) -> int:
        return self.page.paginator.count


def listed(who: Viewer, rows: QuerySet[Any], number: str | None) -> Listed:
    """The page `number` of some rows that the caller has taken through scope. Three queries at most."""
    layout = _layout(rows.model)
    ordered = rows.select_related(*layout.related).order_by(*layout.order)
    counted = tables.counted(ordered)
    pages = tables.CappedPaginator(walking.in_order(ordered, counted), PAGE, counted=counted)
    page = pages.get_page(number)
    found = list(page.object_list)
    layout.decorate(who, found)
    return Listed(
        title=str(layout.title),
        unit=str(layout.unit),
        page=page,
        heads=[(str(column.title_for(rows.model)), column.number) for column in layout.columns],
        lines=[[_cell(layout, column, row) for column in layout.columns] for row in found],
    )


def named(who: Viewer, model: type[Model], keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Key → what a record is called and the address of its page, of those in the viewer's scope: one query or two."""
    layout = _layout(model)
    rows: QuerySet[Any] = scope.rows(who, model).filter(pk__in=set(keys))
    found = list(rows.select_related(*layout.related))
    layout.decorate(who, found)
    name = next(column for column in layout.columns if column.link)
    return {row.pk: (str(shown(name.of(row))), layout.opens(row)) for row in found}


def _cell(layout: Layout, column: Column, row: Any) -> tuple[Any, bool, str]:
    return shown(column.of(row)), column.number, layout.opens(row) if column.link else ""


def _layout(model: type) -> Layout:
    if model in _LAYOUTS:
        return _LAYOUTS[model]
    register = known.for_model(model)
    if register is None:
        raise LookupError(f"no columns are declared for {model.__name__}")
    columns = [column for column in register.columns if column.name != "state"]
    if model is Tally:
        columns.append(Column("author", _("填报人"), value=lambda row: row.author_name))
    return Layout(
        title=register.title,
        unit=register.unit,
        columns=columns,
        order=register.order,
        related=register.related,
        opens=lambda row: tables.record_url(register.key, row.pk),
        decorate=register.decorate,
    )


def case_url(case: Case) -> str:
    """The page of an application; nothing where the room of applications is not installed."""
    try:
        return reverse("desk:case", args=[case.pk])
    except NoReverseMatch:
        return ""


def _label(table: Any, key: str) -> str:
    return table[key].label if key in table else "—"


_LAYOUTS: dict[type, Layout] = {
    Case: Layout(
        title=_("申请"),
        unit=_("件"),
        order=("first_received_on", "pk"),
        opens=case_url,
        columns=[
            Column("number", link=True, value=lambda row: row.number or _g("未编号")),
            Column("organ__name", _("机关")),
            Column("kind", value=lambda row: _label(APPLICANT_KINDS, row.kind)),
            Column("first_received_on"),
            Column("closed_on", value=lambda row: row.closed_on or "—"),
            Column("outcome", value=lambda row: _label(OUTCOMES, row.outcome)),
        ],
    ),
    Respondent: Layout(
        title=_("复议诉讼案件"),
        unit=_("件"),
        order=("first_filed_on", "pk"),
        related=("organ", "proceeding"),
        opens=lambda row: tables.record_url("proceedings", row.proceeding_id),
        columns=[
            Column("number", _("案号"), link=True, value=lambda row: row.proceeding.number),
            Column("organ__name", _("被申请人、被告")),
            Column("group"),
            Column("forum", _("复议机关、法院"), value=lambda row: row.proceeding.forum),
            Column("first_filed_on"),
            Column("closed_on", value=lambda row: row.closed_on or "—"),
            Column("column", value=lambda row: row.get_column_display() or "—"),
        ],
    ),
    FeeRefund: Layout(
        title=_("退费"),
        unit=_("笔"),
        order=("on", "pk"),
        related=("notice",),
        opens=lambda row: tables.record_url("fee-notices", row.notice_id),
        columns=[
            Column("notice", _("收费通知"), link=True, value=lambda row: row.notice.number),
            Column("on", _("退付日期")),
            Column("amount_yuan", _("金额（元）"), number=True),
        ],
    ),
}
