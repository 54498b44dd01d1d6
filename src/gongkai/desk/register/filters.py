"""The filter bar: django-filter's fields, with every choice drawn from what the person may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.base.fields import within
from gongkai.desk.register.declare import Register, Text
from gongkai.desk.register.forms import DateInput
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, Viewer

FilterSpec = tuple[str, Callable[[Register], django_filters.Filter]]


def search(*lookups: str, label: Text = "", also: Callable[[str], Q] | None = None) -> FilterSpec:
    """One box over several text columns, and whatever else `also` makes of the text."""

    def narrow(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = reduce(or_, (Q(**{f"{lookup}__icontains": value}) for lookup in lookups), Q())
        return rows.filter(found | also(value) if also else found)

    def made(register: Register) -> django_filters.Filter:
        return django_filters.CharFilter(
            label=label or _("查找"), method=narrow, max_length=80, widget=SearchInput
        )

    return "q", made


def choice(name: str, label: Text = "", choices: Any = None) -> FilterSpec:
    """One of a field's fixed values."""

    def made(register: Register) -> django_filters.Filter:
        field: Any = register.model._meta.get_field(name)
        return django_filters.ChoiceFilter(
            field_name=name,
            label=label or field.verbose_name,
            choices=choices or field.flatchoices,
            empty_label=_("全部"),
        )

    return name, made


def organ(lookup: str | None = None) -> FilterSpec:
    """Rows of an organ and all below it; the organs offered are those whose rows the person may see."""

    def made(register: Register) -> django_filters.Filter:
        path = lookup or str(register.model.scope_path)  # type: ignore[attr-defined]

        def narrow(rows: QuerySet[Any], name: str, value: Organ) -> QuerySet[Any]:
            reached = within(path, value.path)
            if not _to_many(register.model, path):
                return rows.filter(reached)
            return rows.filter(pk__in=register.model._default_manager.filter(reached).values("pk"))

        return _ScopedFilter(
            label=_("机关（含下级）"),
            method=narrow,
            empty_label=_("全部"),
            rows=lambda who: scope.organs_for(who, register.scope_register, VIEW).order_by("path"),
            model=Organ,
        )

    return "organ", made


def _to_many(model: type[Model], path: str) -> bool:
    """Whether the way to the path would repeat rows (a person has several posts)."""
    if "__" not in path:
        return False
    first: Any = model._meta.get_field(path.partition("__")[0])
    return bool(first.one_to_many or first.many_to_many)


def among(name: str, model: type[Model], label: Text = "", order: str = "pk") -> FilterSpec:
    """Rows that point at one of the records of `model` the person may see."""

    def made(register: Register) -> django_filters.Filter:
        return _ScopedFilter(
            field_name=name,
            label=label or register.model._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            empty_label=_("全部"),
            rows=lambda who: scope.rows(who, model).order_by(order),
            model=model,
        )

    return name, made


def since(name: str, label: Text = "") -> FilterSpec:
    """Rows dated from a day on."""
    return f"{name}_from", lambda register: _day(register, name, "gte", label or _("%s起"))


def until(name: str, label: Text = "") -> FilterSpec:
    """Rows dated up to a day."""
    return f"{name}_to", lambda register: _day(register, name, "lte", label or _("%s止"))


def _day(register: Register, name: str, lookup: str, label: Text) -> django_filters.Filter:
    found: Any = register.model
    for step in name.split("__"):
        field: Any = found._meta.get_field(step)
        found = field.related_model
    words = str(label)

    def narrow(rows: QuerySet[Any], _name: str, day: dt.date) -> QuerySet[Any]:
        if not isinstance(field, DateTimeField):
            return rows.filter(**{f"{name}__{lookup}": day})
        edge = dt.datetime.combine(day, dt.time.min, clock.SHANGHAI)
        if lookup == "gte":
            return rows.filter(**{f"{name}__gte": edge})
        return rows.filter(**{f"{name}__lt": edge + dt.timedelta(days=1)})

    return django_filters.DateFilter(
        label=words % field.verbose_name if "%s" in words else words, method=narrow, widget=DateInput
    )


def either(
    name: str, label: Text, options: dict[str, tuple[Text, Q | Callable[[], Q]]], initial: str = ""
) -> FilterSpec:
    """One of several conditions, each with its word; `initial` holds until the person chooses."""

    def made(register: Register) -> django_filters.Filter:
        def narrow(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
            condition = options[value][1]
            return rows.filter(condition if isinstance(condition, Q) else condition())

        found = django_filters.ChoiceFilter(
            label=label,
            method=narrow,
            choices=[(key, word) for key, (word, _q) in options.items()],
            empty_label=None if initial else _("全部"),
        )
        found.initial_choice = initial
        return found

    return name, made


def build(register: Register, data: Any, rows: QuerySet[Any], who: Viewer) -> django_filters.FilterSet:
    """The filter bar of `register` over `rows`, which the caller has scoped. A value out of scope is an error, and a
    bar with errors finds nothing."""
    filters = {name: made(register) for name, made in register.filters}
    initial = {name: found.initial_choice for name, found in filters.items() if _initial(found)}
    bound = data.copy()
    for name, value in initial.items():
        bound.setdefault(name, value)
    kind = type(f"{register.model.__name__}Filters", (django_filters.FilterSet,), filters)
    made: django_filters.FilterSet = kind(bound, queryset=rows)
    for field in made.form.fields.values():
        if isinstance(field, ScopedChoice):
            field.bind_to(who, None, register.scope_register, VIEW)
    return made


def _initial(found: django_filters.Filter) -> str:
    return getattr(found, "initial_choice", "")


class _ScopedField(ScopedChoice):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(kwargs.pop("model"), **kwargs)


class _ScopedFilter(django_filters.Filter):
    field_class = _ScopedField

    def __init__(self, *args: Any, rows: Callable[[Viewer], QuerySet[Any]], **kwargs: Any) -> None:
        kwargs["rows"] = lambda who, record: rows(who)
        super().__init__(*args, **kwargs)
