"""What forms of every room need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm, ChoiceField


def offer(form: BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field be chosen from `choices`, value and words. Raises TypeError for one that offers no choice."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} is no field of choices")
    field.choices = list(choices)
