"""Importing through an action's own form: a column per field, a row per record, the same checks as by hand.

A column is headed by its field's label. Choices are written by word or code, organs by code or name, other records by
what names them; whatever the person could not choose on the page is not found here either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext as _

from gongkai.base import imports, tables
from gongkai.base.imports import Report
from gongkai.desk.register.declare import Action, Importer, Text
from gongkai.desk.register.forms import ActionForm
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

NOT_FOUND = "“%(text)s”没有找到，或者不在您的办理范围内。"


def through(action: Action, register: str, explain: Text = "") -> Importer:
    """An import that does `action` once per row, in one transaction: all rows or none."""
    kind = action.form or ActionForm
    fields = kind.base_fields
    required = [lazystr(field.label) for field in fields.values() if field.required]
    optional = [lazystr(field.label) for field in fields.values() if not field.required]

    def load(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
        rows = tables.read(
            content, name, required=[str(title) for title in required], optional=[str(t) for t in optional]
        )
        job = _Job(by, action, kind, register)
        return imports.run(rows, job.take, dry_run=dry_run, columns=job.titles, refusals=(Refused,))

    return Importer(load=load, required=required, optional=optional, verb=action.verb, explain=explain)


class _Job:
    """One import: the form is bound to the person's scope once and filled row by row."""

    def __init__(self, by: Actor, action: Action, kind: type[ActionForm], register: str) -> None:
        self.by, self.action, self.kind, self.register = by, action, kind, register
        self.viewer = by.viewer or scope.NOBODY
        self.model_form = self._form(None)
        self.titles = {name: str(field.label) for name, field in self.model_form.fields.items()}
        self.actors: dict[str, Actor] = {}

    def take(self, _number: int, row: dict[str, str]) -> None:
        data: dict[str, Any] = {}
        for name, field in self.model_form.fields.items():
            data[name] = _posted(name, field, row.get(self.titles[name], ""))
        form = self._form(data)
        if not form.is_valid():
            raise ValidationError(
                {key or NON_FIELD_ERRORS: list(errors) for key, errors in form.errors.items()}
            )
        self.action.do(self._actor(form.cleaned_data), None, form.cleaned_data)

    def _form(self, data: Any) -> ActionForm:
        return self.kind(data, viewer=self.viewer, register=self.register, verb=self.action.verb)

    def _actor(self, data: Mapping[str, Any]) -> Actor:
        """The person in the post that reaches the row's own organ."""
        organ = data.get("organ")
        if not isinstance(organ, Organ):
            return self.by
        if organ.path not in self.actors:
            found = actors_for(self.viewer, self.register, organ.path, self.action.verb)
            self.actors[organ.path] = found[0] if found else self.by
        return self.actors[organ.path]


def _posted(name: str, field: forms.Field, text: str) -> Any:
    """A cell as the form would have been sent it."""
    read: Callable[[forms.Field, str], Any]
    if isinstance(field, OrganChoice):
        read = _organ
    elif isinstance(field, ScopedChoice):
        read = _record
    elif isinstance(field, forms.ChoiceField):
        read = _choice
    elif isinstance(field, forms.DateField):
        read = _date
    elif isinstance(field, forms.BooleanField):
        read = _yes
    elif isinstance(field, forms.DecimalField | forms.IntegerField):
        read = _number
    else:
        return text
    try:
        return read(field, text)
    except ValueError as error:
        raise ValidationError({name: str(error)}) from error


def _organ(field: Any, text: str) -> Any:
    if not text:
        return ""
    found = field.queryset.filter(code=text).first() or field.queryset.filter(name=text).first()
    if found is None:
        raise ValueError(_(NOT_FOUND) % {"text": text[:40]})
    return found.pk


def _record(field: Any, text: str) -> Any:
    if not text:
        return ""
    found = list(field.queryset.filter(**{field.text_key: text})[:2])
    if len(found) != 1:
        raise ValueError(_(NOT_FOUND) % {"text": text[:40]})
    return found[0].pk


def _choice(field: Any, text: str) -> str:
    for value, label in field.choices:
        if text and text in (str(value), str(label)):
            return str(value)
    return text


def _date(field: Any, text: str) -> str:
    day = tables.parse_date(text)
    return day.isoformat() if day else ""


def _yes(field: Any, text: str) -> bool:
    return tables.parse_yes(text, blank=bool(field.initial))


def _number(field: Any, text: str) -> str:
    return text.replace(",", "").replace("，", "")
