"""A word of its own in every text of every model, in the records of one organ: whoever finds one has seen too much."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Model, QuerySet

from gongkai.base.fields import EncryptedJSONField, EncryptedTextField

SIGN = re.compile(r"ZQX\d{3}XQZ")
WORD = "ZQX"  # finds them all, and tells none of them when a page repeats what was looked for
SHORTEST = 9

# What is public, or common to all, wherever it is filed: no secret of the organ's.
OPEN_TO_ALL = {
    "organs.Organ": "names and addresses of organs are public",
    "organs.OrganName": "so are their former names",
    "organs.Succession": "and who continues whom",
    "documents.Release": "what was made public, where and when",
    "interpretation.InterpretationLink": "shown on both pages",
    "catalogue.Column": "the columns of the portal",
    "catalogue.ColumnVersion": "the columns of the portal",
    "catalogue.Pick": "what is picked into a public column",
    "catalogue.ProfileVersion": "the organ's public profile",
    "catalogue.GuideVersion": "the organ's public guide",
    "catalogue.Inapplicable": "said in the organ's public catalogue",
    "catalogue.Directive": "said in the organ's public catalogue",
    "catalogue.PlatformDuty": "a rule of the public platform",
    "monitoring.Site": "the register of public sites",
    "monitoring.SiteDomain": "the register of public sites",
    "monitoring.SiteStep": "the register of public sites",
    "monitoring.SiteRevision": "the log of revisions on the public site",
    "monitoring.Honour": "honours shown on the public site",
    "monitoring.ServiceLink": "links on the public front page",
    "monitoring.OldAddress": "addresses that lead on, for everybody",
}


@dataclass
class Planted:
    """`signs`: the word of each model that has a record with text at the organ. `bare`: models of organs without one."""

    signs: dict[str, str] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)

    def told_in(self, text: str) -> set[str]:
        """The models whose words stand in a text."""
        known = {sign: label for label, sign in self.signs.items()}
        return {known[sign] for sign in SIGN.findall(text)}


def plant(path: str, released: Any) -> Planted:
    """Write the words into every record filed at exactly `path`, except into documents among `released` (keys)."""
    found = Planted()
    for number, model in enumerate(scoped_models()):
        if model._meta.label in OPEN_TO_ALL:
            continue
        rows = _inside(model, rows_at(model, path), released)
        sign = f"ZQX{number:03d}XQZ"
        texts, kept = dict.fromkeys(text_fields(model), sign), list(rows)
        if not kept:
            found.bare.add(model._meta.label)
        elif texts or _encrypted(kept[0], sign):
            for row in kept:
                model._base_manager.filter(pk=row.pk).update(**texts, **_encrypted(row, sign))
            found.signs[model._meta.label] = sign
    return found


def scoped_models() -> list[type[Model]]:
    """Every model whose records belong to organs, in a lasting order."""
    kept = [model for model in apps.get_models() if getattr(model, "scope_path", "")]
    return sorted(kept, key=lambda model: model._meta.label)


def rows_at(model: type[Model], path: str) -> QuerySet[Any]:
    """The records of a model filed at exactly this organ."""
    return model._base_manager.filter(**{str(model.scope_path): path}).distinct()  # type: ignore[attr-defined]


def text_fields(model: type[Model]) -> list[str]:
    """The free texts of a model, long enough for a word."""
    return [
        one.name
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not isinstance(one, models.SlugField)
        and not (one.choices or one.unique or one.primary_key)
        and one.name not in ("path", "password", "hash", "kind")  # codes: nobody's words
        and (one.max_length or SHORTEST) >= SHORTEST
        and not any(one.name in constraint.fields for constraint in _unique(model))
    ]


def _encrypted(row: Model, sign: str) -> dict[str, Any]:
    """What is kept encrypted, personal data above all; keys stay, so that a record that made sense still does."""
    values: dict[str, Any] = {}
    for one in row._meta.concrete_fields:
        kept = getattr(row, one.attname)
        if isinstance(one, EncryptedTextField):
            values[one.name] = sign
        elif isinstance(one, EncryptedJSONField):
            values[one.name] = dict.fromkeys(kept, sign) if isinstance(kept, dict) and kept else [sign]
    return values


def _unique(model: type[Model]) -> list[models.UniqueConstraint]:
    return [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]


def _inside(model: type[Model], rows: QuerySet[Any], released: Any) -> QuerySet[Any]:
    """Without what is part of a document that is public."""
    label = model._meta.label
    if label == "documents.Document":
        return rows.exclude(pk__in=released)
    for name in ("document", "edition__document", "interpretation__document"):
        head = name.split("__")[0]
        if model._meta.app_label in ("documents", "interpretation") and _has(model, head):
            return rows.exclude(**{f"{name}__in": released})
    return rows


def _has(model: type[Model], name: str) -> bool:
    return any(one.name == name for one in model._meta.concrete_fields)
