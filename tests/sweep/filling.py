"""A record of any model at an organ, made from the model's own fields: for what no action has made there. It need not make
sense, only stand in the table where nobody else may look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import models
from django.db.models import Field, Model

from gongkai.base.fields import EncryptedJSONField, EncryptedTextField, PathField
from gongkai.organs.models import Organ
from tests.sweep.planting import rows_at

_number = count(1)
_PLAIN: tuple[tuple[type[Any], Any], ...] = (
    (models.DateTimeField, dt.datetime(2022, 3, 1, 9, tzinfo=dt.UTC)),
    (models.DateField, dt.date(2022, 3, 1)),
    (models.TimeField, dt.time(9)),
    (models.BooleanField, False),
    (models.DecimalField, Decimal("1")),
    (models.FloatField, 1.0),
    (models.JSONField, []),
    (EncryptedTextField, "x"),
    (EncryptedJSONField, []),
    (models.BinaryField, b""),
)


# what a table demands beyond its columns
_MORE: dict[str, Any] = {
    "requests.CaseAction": lambda organ: {"kind": "accept", "sealed": {"note": "x"}},  # a case must be read
    "annualreport.Report": lambda organ: {"year": 2019 + next(_number)},  # forms begin with that year
    "library.CollectedReport": lambda organ: {"subject": organ},
    "library.Population": lambda organ: {"subject": organ},
}
_FIRST = ("monitoring.HandOverParty",)  # what makes other records the organ's


def fill_all(kinds: Iterable[type[Model]], organ: Organ) -> None:
    """One record of each."""
    for model in sorted(kinds, key=lambda one: one._meta.label not in _FIRST):
        fill(model, organ)


def fill(model: type[Model], organ: Organ) -> Any:
    """The model's record at the organ: one that stands there, else a new one, with all it hangs on."""
    return rows_at(model, organ.path).first() or _make(model, organ)


def _make(model: type[Model], organ: Organ) -> Any:
    heads = str(getattr(model, "scope_path", "")).split("__")[:1]
    values = {
        one.name: _value(one, organ)
        for one in model._meta.concrete_fields
        if not one.primary_key
        and not (one.has_default() and not one.is_relation)
        and (not one.null or one.name in heads)
    }
    more = _MORE.get(model._meta.label, lambda organ: {})
    return model._base_manager.bulk_create([model(**(values | more(organ)))])[0]


def _value(one: Field[Any, Any], organ: Organ) -> Any:
    if isinstance(one, models.ForeignKey):
        return _related(one.related_model, organ, alone=one.unique)
    if isinstance(one, PathField):
        return organ.path
    if one.choices:
        return next(key for key, _word in one.flatchoices)
    for kind, value in _PLAIN:
        if isinstance(one, kind):
            return value
    if isinstance(one, models.IntegerField):
        return 300 + next(_number) % 700
    return f"x{next(_number)}"[: one.max_length]


def _related(model: Any, organ: Organ, alone: bool) -> Any:
    if model is Organ:
        return organ
    if not getattr(model, "scope_path", ""):
        return model._base_manager.first() or _make(model, organ)
    return _make(model, organ) if alone else fill(model, organ)
