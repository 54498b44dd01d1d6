"""Facts are written once, and every record carries the path of its organ."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from gongkai.base.models import AppendOnly, Coverage, OrganRecord
from tests.support.world import World

APPEND_ONLY = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
ORGAN_RECORDS = [model for model in apps.get_models() if issubclass(model, OrganRecord)]


def named(model: type[models.Model]) -> str:
    return model.__name__


@pytest.mark.parametrize("model", APPEND_ONLY, ids=named)
def test_a_written_fact_is_neither_rewritten_nor_deleted(model: type[AppendOnly]) -> None:
    written = model(pk=1)
    written._state.adding = False
    with pytest.raises(TypeError, match="append-only"):
        written.save()
    with pytest.raises(TypeError, match="append-only"):
        written.delete()


@pytest.mark.parametrize("model", ORGAN_RECORDS, ids=named)
def test_a_record_names_its_register_and_path(model: type[OrganRecord]) -> None:
    assert getattr(model, "scope_register", None)
    assert model._meta.get_field("path")


@pytest.mark.django_db
def test_a_record_takes_the_path_of_its_organ(world: World) -> None:
    coverage = Coverage.objects.create(
        organ=world.organs["town-a1"], register="requests", mode=Coverage.Mode.HERE, valid_from="2022-01-01"
    )
    assert coverage.path == world.organs["town-a1"].path
