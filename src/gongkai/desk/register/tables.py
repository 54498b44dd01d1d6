"""A register's list as a django-tables2 table, counted and paged no further than anybody reads."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_tables2
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from gongkai.desk.register.declare import Column, Register
from gongkai.desk.register.words import shown

PAGE = 50
MOST = 10_000  # rows counted and leafed through; beyond, one narrows the filter or exports


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are, counted no further than one above `MOST`: a count over a million takes seconds."""
    return rows.order_by()[: MOST + 1].count()


class CappedPaginator(Paginator):
    """Skips no more than `MOST` rows: an OFFSET over a million takes seconds. `counted`: how many there are, as :func:`counted`
    says."""

    def __init__(self, object_list: Any, per_page: int, *, counted: int, **more: Any) -> None:
        super().__init__(object_list, per_page, **more)
        self._counted = counted

    @property
    def capped(self) -> bool:
        return self._counted > MOST

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def count_words(self) -> str:
        return _("约 %(most)s+") % {"most": f"{MOST:,}"} if self.capped else f"{self.count:,}"


class _Cell(django_tables2.Column):
    def __init__(self, register: Register, column: Column) -> None:
        self.declared, self.register = column, register
        sort = (column.sort, "-pk") if column.sort else ()
        css = {"class": "num"} if column.number else {}
        kind = "wide" if column.wide else "tight" if column.tight else ""
        super().__init__(
            verbose_name=column.title_for(register.model),
            orderable=bool(column.sort),
            empty_values=(),
            order_by=sort or None,
            attrs={
                "th": {"scope": "col", **css},
                "td": css or ({"class": kind} if kind else {}),
            },
        )

    def render(self, record: Any) -> Any:
        return cell(self.register, self.declared, record)


def cell(register: Register, column: Column, row: Any) -> Any:
    """One cell of a list: the value, and where it leads."""
    words = shown(column.of(row))
    if column.link:
        return format_html('<a href="{}">{}</a>', record_url(register.key, row.pk), words or _("（空）"))
    if column.record is not None and (target := column.record(row)) is not None and words:
        return format_html('<a href="{}">{}</a>', record_url(*target), words)
    return words


def record_url(key: str, pk: Any) -> str:
    return reverse("desk:register-record", args=[key, pk])


class _Choose(django_tables2.Column):
    """The box that chooses a row for the bulk bar; the bar's form stands outside the table."""

    def __init__(self, register: Register) -> None:
        self.register = register
        super().__init__(
            verbose_name=_("选择"),
            orderable=False,
            empty_values=(),
            attrs={"th": {"class": "choose"}, "td": {"class": "choose"}},
        )

    def render(self, record: Any) -> Any:
        return format_html(
            '<input type="checkbox" name="pk" value="{}" form="bulk" aria-label="{}">',
            record.pk,
            _("选择 %(label)s") % {"label": self.register.label(record)},
        )


def build(register: Register, rows: QuerySet[Any], choose: bool = False) -> django_tables2.Table:
    """The table over `rows`, not yet sorted or paged."""
    columns: dict[str, Any] = {"choose": _Choose(register)} if choose else {}
    columns |= {column.name: _Cell(register, column) for column in register.columns}
    meta = type(
        "Meta",
        (),
        {
            "attrs": {"class": "register"},
            "order_by_field": "sort",
            "page_field": "page",
            "row_attrs": {
                "class": lambda record: "is-struck" if getattr(record, "struck_at", None) else None
            },
        },
    )
    kind = type(f"{register.model.__name__}Table", (django_tables2.Table,), {**columns, "Meta": meta})
    return kind(rows)
