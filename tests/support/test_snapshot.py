"""A city laid down again is the city that was built."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import transaction
from django.forms.models import model_to_dict

from gongkai.base import numbering
from gongkai.organs import actions
from tests.support import snapshot
from tests.support.world import TEST, small_city

pytestmark = pytest.mark.django_db


def test_building_writes_no_other_tables() -> None:
    before = {model for model in apps.get_models() if model._base_manager.exists()}
    small_city()
    written = {model for model in apps.get_models() if model._base_manager.exists()} - before
    assert written == set(snapshot.MODELS)


def test_it_is_the_same_each_time_and_can_be_built_on() -> None:
    with transaction.atomic():
        first = snapshot.city()
        rows = {
            model: [model_to_dict(row) for row in model._base_manager.order_by("pk")]
            for model in snapshot.MODELS
        }
        transaction.set_rollback(True)
    again = snapshot.city()
    assert again.organs == first.organs
    assert again.people == first.people
    for model, kept in rows.items():
        assert [model_to_dict(row) for row in model._base_manager.order_by("pk")] == kept, model
    added = actions.create_organ(
        by=TEST,
        code="new",
        name="甲市新局",
        kind="department",
        tier="city",
        parent=again.organs["city"],
        valid_from=again.organs["city"].valid_from,
    )
    assert added.path > max(
        organ.path for organ in again.organs.values() if organ.parent == again.organs["city"]
    )
    assert numbering.upcoming("audit-seal") == 1
