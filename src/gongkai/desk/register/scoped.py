"""Form fields that can only ever name what the person may name: every chooser and every posted key goes through scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _

from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, Viewer

MOST_OPTIONS = 600
Rows = Callable[[Viewer, Any], QuerySet[Any]]


class _Capped(ModelChoiceIterator):
    """A chooser shows so many options at most; a key beyond them is still checked against the whole scope."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for row in self.queryset[:MOST_OPTIONS]:
            yield self.choice(row)


class ScopedChoice(forms.ModelChoiceField):
    """A choice among the rows that `rows(viewer, record)` gives; before :meth:`bind_to` it has none.

    `text_key` is the column an import finds a row by.
    """

    iterator = _Capped

    def __init__(
        self,
        model: type[Model],
        *,
        rows: Rows | None = None,
        order: str = "",
        text_key: str = "name",
        **kwargs: Any,
    ) -> None:
        self.text_key = text_key
        self._rows = rows or (lambda who, record: scope.rows(who, model))
        self._order = order
        kwargs.setdefault("empty_label", _("请选择"))
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        rows = self._rows(who, record)
        self.queryset = rows.order_by(self._order) if self._order else rows

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (OverflowError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class ScopedChoices(forms.ModelMultipleChoiceField):
    """Several of the rows that `rows(viewer, record)` gives."""

    iterator = _Capped

    def __init__(self, model: type[Model], *, rows: Rows, order: str = "pk", **kwargs: Any) -> None:
        self._rows, self._order = rows, order
        super().__init__(
            queryset=model._default_manager.none(), widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs
        )

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        self.queryset = self._rows(who, record).order_by(self._order)


class OrganChoice(ScopedChoice):
    """The organs whose records of the register the person may work on (or `verb`). Internal units keep no
    records; `units` offers them where people or further units are placed."""

    def __init__(self, *, register: str = "", verb: str = "", units: bool = False, **kwargs: Any) -> None:
        self._register, self._verb, self._units = register, verb, units
        super().__init__(Organ, order="path", text_key="code", **kwargs)

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        organs = scope.organs_for(who, self._register or register, self._verb or verb)
        if not self._units:
            organs = organs.exclude(kind=Organ.Kind.UNIT)
        self.queryset = organs.order_by("path")
        only = list(self.queryset[:2])
        if len(only) == 1:
            self.initial = only[0].pk
            self.empty_label = None

    def label_from_instance(self, obj: Model) -> str:
        return f"{obj}（{obj.code}）"  # type: ignore[attr-defined]


class ScopedKey(forms.CharField):
    """A row named by what people call it — a number — where a list of all would be too long to choose from."""

    def __init__(
        self,
        model: type[Model],
        key: str,
        *,
        rows: Rows | None = None,
        missing: Any = "",
        **kwargs: Any,
    ) -> None:
        self.key, self._missing = key, missing
        self._rows_for = rows or (lambda who, record: scope.rows(who, model, VIEW))
        self.rows: QuerySet[Any] = model._default_manager.none()
        super().__init__(**kwargs)

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        self.rows = self._rows_for(who, record)

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, self.key) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.rows.filter(**{self.key: text})[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("“%(text)s”对应不止一条记录，请核对。") % {"text": text})
        words = self._missing or _("没有找到“%(text)s”，请核对。")
        raise ValidationError(words % {"text": text})
