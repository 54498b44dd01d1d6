"""The form of an action: plain fields of the model, dates as dates, foreign keys only through scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import ForeignKey, Model
from django.forms.models import fields_for_model

from gongkai.desk.register.scoped import OrganChoice, ScopedChoice
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer


class ActionForm(forms.Form):
    """A short form. Fields that choose among records are bound to what `viewer` may name."""

    def __init__(
        self, *args: Any, viewer: Viewer, register: str, verb: str, record: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.record = viewer, record
        for field in self.fields.values():
            bind = getattr(field, "bind_to", None)
            if bind is not None:
                bind(viewer, record, register, verb)

    def take(self, error: ValidationError) -> None:
        """Show an action's refusal beside the field it speaks of, or at the top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error.messages)
            return
        for name, messages in error.message_dict.items():
            self.add_error(None if name == NON_FIELD_ERRORS or name not in self.fields else name, messages)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def form_for(model: type[Model], *names: str, **more: forms.Field) -> type[ActionForm]:
    """A form of the model's own fields `names`, in that order, and `more` after them.

    Texts, choices and dates come from the model; an organ is chosen among those one may act for, any other foreign key
    among the rows in scope. A name in `more` stands at its place in `names` if it is there.
    """
    plain = [name for name in names if name not in more and not isinstance(_field(model, name), ForeignKey)]
    made = fields_for_model(model, fields=plain, formfield_callback=_formfield)
    fields: dict[str, forms.Field] = {}
    for name in names:
        given = more.pop(name) if name in more else made.get(name)
        fields[name] = given or _relation(_field(model, name))
    return type(f"{model.__name__}Form", (ActionForm,), fields | more)


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def _formfield(field: Any, **kwargs: Any) -> Any:
    if isinstance(field, models.DateField):
        kwargs["widget"] = DateInput
    if isinstance(field, models.TextField):
        kwargs.setdefault("widget", forms.Textarea)
    if isinstance(field, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    return field.formfield(**kwargs)


def _relation(field: Any) -> forms.Field:
    required = not field.blank
    if field.related_model is Organ:
        return OrganChoice(label=field.verbose_name, required=required)
    return ScopedChoice(field.related_model, label=field.verbose_name, required=required)


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(label=label, widget=DateInput, **kwargs)


def reason_field(label: Any, **kwargs: Any) -> forms.CharField:
    """Why something is corrected or withdrawn; kept with the fact."""
    return forms.CharField(label=label, max_length=300, **kwargs)
