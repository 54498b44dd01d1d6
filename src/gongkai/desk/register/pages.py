"""The pages one reads: the overview of registers, a register's list, a record with its parts and history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tables2 import RequestConfig

from gongkai.base import walking
from gongkai.desk.register import acting, filters, history, known, leafing, tables
from gongkai.desk.register.declare import Action, Part, Register
from gongkai.desk.register.words import shown
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

Crumbs = list[tuple[str, Any]]


def overview(request: DeskRequest, section: str = "") -> HttpResponse:
    """Every register the person has a door to, by group; or those of one section."""
    groups: dict[Any, list[Register]] = {}
    for register in known.visible(request.viewer):
        if register.listed and section in ("", register.section):
            groups.setdefault(register.group, []).append(register)
    context = {"section": section or "registers", "groups": list(groups.items())}
    return render(request, "desk/register/overview.html", context)


def listing(request: DeskRequest, key: str) -> HttpResponse:
    """A register's list with its filter bar."""
    register = opened(request, key)
    bar = filters.build(register, request.GET, rows_for(request.focus, register), request.focus)
    bulk = [action for action in register.bulk_actions if acting.may(request.viewer, register, action)]
    rows = bar.qs if bar.form.is_valid() else bar.queryset.none()
    table, leaf, order = _table(request, register, rows, choose=bool(bulk))
    records = [line.record for line in table.paginated_rows]
    register.decorate(request.viewer, records)
    context = {
        "section": register.section,
        "register": register,
        "crumbs": crumbs(register),
        "filter": bar,
        "filtered": any(request.GET.get(name) for name in bar.filters),
        "table": table,
        "records": records,
        "leaf": leaf,
        "onward": _onward(table, leaf, order, records),
        "dated": order.steps[0].field.verbose_name if order is not None and order.dated else "",
        "order_followed": order is not None,
        "leapable": leaf is not None or table.paginator.num_pages > 1,
        "at": request.GET.get(leafing.AT, ""),
        "kept": _kept(request, "page", *leafing.PARAMETERS).items(),
        "new": [action for action in register.new_actions if acting.may(request.viewer, register, action)],
        "bulk": bulk,
        "importing": register.importer is not None and _may_import(request.viewer, register),
        "notices": register.notices(request.viewer),
        "query": _query(request),
    }
    return render(request, "desk/register/list.html", context)


def _table(
    request: DeskRequest, register: Register, rows: QuerySet[Any], *, choose: bool
) -> tuple[Any, leafing.Leaf | None, leafing.Order | None]:
    """The table at the page asked for: one with a number, or the leaf behind a row; and the order it stands in."""
    table = tables.build(register, rows, choose=choose)
    RequestConfig(request, paginate=False).configure(table)
    ordered = table.data.data
    order = leafing.order_of(ordered)
    leaf = leafing.leaf(ordered, order, request.GET, tables.PAGE) if order is not None else None
    if leaf is not None:
        table.data.data = leaf.rows
        return table, leaf, order
    counted = tables.counted(ordered)
    if order is not None:
        table.data.data = walking.in_order(ordered, counted)
    paging = {
        "per_page": tables.PAGE,
        "paginator_class": tables.CappedPaginator,
        "counted": counted,
        "silent": True,
    }
    RequestConfig(request, paginate=paging).configure(table)
    return table, None, order


def _onward(table: Any, leaf: leafing.Leaf | None, order: leafing.Order | None, records: list[Any]) -> str:
    """Behind which row the list goes on, where it has no more numbers."""
    if leaf is not None:
        return leaf.onward
    if order is None or not table.paginator.capped or table.page.has_next():
        return ""
    return order.place_of(records[-1])


def record(request: DeskRequest, key: str, pk: int) -> HttpResponse:
    """One record: its facts, what belongs to it, what can be done and why not, and its history."""
    register = opened(request, key)
    row = row_for(request.viewer, register, pk)
    context = {
        "section": register.section,
        "register": register,
        "row": row,
        "label": register.label(row),
        "crumbs": [*crumbs(register, inner=True), ("", register.label(row))],
        "facts": [_fact(register, column, row) for column in register.facts or register.columns],
        "parts": [_part(request.viewer, part, row) for part in register.parts],
        **_buttons(request.viewer, register, row),
        "history": history.of(row),
        "warnings": register.warnings(row),
    }
    return render(request, "desk/register/record.html", context)


def opened(request: DeskRequest, key: str) -> Register:
    """The register at this address; one that holds nothing for the person does not exist for them."""
    register = known.get(key)
    if register is None or not known.may_open(request.viewer, register):
        raise Http404
    return register


def rows_for(who: Viewer, register: Register) -> QuerySet[Any]:
    """The rows of a register in scope, in its own order, with what its columns need in the same query."""
    rows = scope.rows(who, register.model)
    return register.narrow(who, rows).select_related(*register.related).order_by(*register.order)


def row_for(who: Viewer, register: Register, pk: Any) -> Any:
    """One row, or 404."""
    rows = register.narrow(who, register.model._default_manager.select_related(*register.related))
    row = scope.get(who, rows, pk=pk)
    register.decorate(who, [row])
    return row


def crumbs(register: Register, inner: bool = False) -> Crumbs:
    """The way here; `inner` when the page lies below the list."""
    here = reverse("desk:register", args=[register.key]) if inner else ""
    return [(reverse("desk:registers"), _("台账")), (here, register.title)]


def _may_import(who: Viewer, register: Register) -> bool:
    importer = register.importer
    if importer is None:
        return False
    return acting.may(who, register, Action(key="import", title="", do=lambda *a: None, verb=importer.verb))


def _fact(register: Register, column: Any, row: Any) -> tuple[Any, Any]:
    plain = tables.cell(register, replace(column, link=False), row)
    return column.title_for(register.model), plain


def _part(who: Viewer, part: Part, row: Any) -> dict[str, Any]:
    rows = list(part.rows(who, row)[: part.most and part.most + 1])
    target = known.get(part.register)
    more = target if part.most and len(rows) > part.most else None
    lines = []
    for found in rows[: part.most]:
        cells = [
            (shown(column.of(found)), column.number, _target(who, target, column, found))
            for column in part.columns
        ]
        lines.append(cells)
    return {"part": part, "titles": _titles(part, rows, target), "lines": lines, "more": more}


def _titles(part: Part, rows: list[Any], target: Register | None) -> list[tuple[Any, bool]]:
    model = target.model if target else (type(rows[0]) if rows else None)
    return [
        (column.title or (column.title_for(model) if model else ""), column.number) for column in part.columns
    ]


def _target(who: Viewer, target: Register | None, column: Any, found: Any) -> str:
    """Where a cell of a part leads; nowhere when the register is closed to the person."""
    if column.link and target is not None and known.may_open(who, target):
        return tables.record_url(target.key, found.pk)
    if column.record is not None and (address := column.record(found)) is not None:
        return tables.record_url(*address)
    return ""


def _buttons(who: Viewer, register: Register, row: Any) -> dict[str, Any]:
    """What can be done now, and what cannot with the reason; who may only look is told so once."""
    if register.row_actions and not any(
        acting.may(who, register, action, row) for action in register.row_actions
    ):
        return {"doable": [], "undoable": [], "looking_only": True}
    doable, undoable = [], []
    for action in register.row_actions:
        if reason := acting.reason_against(who, register, action, row):
            undoable.append((action, reason))
        else:
            here = reverse("desk:register-act", args=[register.key, row.pk, action.key])
            doable.append((action, action.page(row) if action.page else here))
    return {"doable": doable, "undoable": undoable}


def _query(request: HttpRequest) -> str:
    """The filters as they stand in the address, for the export: without page and sort."""
    return _kept(request, "page", *leafing.PARAMETERS).urlencode()


def _kept(request: HttpRequest, *without: str) -> QueryDict:
    """The address's parameters, less some."""
    kept = request.GET.copy()
    for name in without:
        kept.pop(name, None)
    return kept
