"""The column of an encrypted field holds no plain text, and nobody can search it; a path prefix is an index range."""

from __future__ import annotations

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base.fields import prefixes, within
from gongkai.base.models import StoredFile
from gongkai.organs.models import Organ
from gongkai.requests.models import Submission
from tests.support.world import World

NAME = "张三的身份证.pdf"


@pytest.fixture
def stored(world: World) -> StoredFile:
    return StoredFile.objects.create(
        organ=world.organs["city-office"],
        key="0" * 48,
        name=NAME,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_at="2022-06-01T08:00:00+08:00",
    )


def raw(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM base_storedfile")  # noqa: S608
        return bytes(cursor.fetchone()[0])


def test_the_column_holds_no_plain_text(stored: StoredFile) -> None:
    assert NAME.encode() not in raw("name")
    assert "张三".encode() not in raw("name")
    assert StoredFile.objects.get().name == NAME
    assert StoredFile.objects.values_list("name", flat=True).get() == NAME


def test_an_update_through_the_queryset_is_sealed_as_well(stored: StoredFile) -> None:
    StoredFile._base_manager.update(name="李四.pdf")
    assert "李四".encode() not in raw("name")
    assert StoredFile.objects.get().name == "李四.pdf"


@pytest.mark.parametrize("lookup", ["name", "name__contains", "name__in", "name__gt", "name__startswith"])
def test_filtering_is_refused(stored: StoredFile, lookup: str) -> None:
    value = [NAME] if lookup.endswith("in") and not lookup.endswith("contains") else NAME
    with pytest.raises(FieldError):
        StoredFile.objects.filter(**{lookup: value}).count()


def test_only_presence_can_be_asked(stored: StoredFile) -> None:
    assert Submission.objects.filter(form__isnull=True).count() == 0
    assert StoredFile.objects.filter(name__isnull=False).count() == 1


def test_it_is_never_serialised(stored: StoredFile) -> None:
    with pytest.raises((FieldError, serializers.base.SerializationError)):
        serializers.serialize("json", [stored])


def test_a_prefix_selects_the_organ_and_everything_below(world: World) -> None:
    city, county = world.organs["city"], world.organs["county-a"]
    assert set(Organ.objects.filter(within("path", city.path))) == set(world.organs.values())
    assert {organ.code for organ in Organ.objects.filter(within("path", county.path))} == {
        "county-a",
        "county-a-office",
        "town-a1",
    }


def test_a_prefix_is_answered_by_an_index(world: World) -> None:
    plan = Organ.objects.filter(within("path", world.organs["county-a"].path)).values("pk").explain()
    if connection.vendor == "sqlite":
        assert "USING" in plan
        assert "INDEX" in plan
        assert "path>" in plan
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Organ.objects.filter(within("path", world.organs["county-a"].path)).values("pk").explain()
        assert "Index Cond" in plan


segments = st.lists(st.integers(1, 9999), min_size=1, max_size=6)


@given(segments, segments)
def test_the_range_is_exactly_the_prefix(prefix_numbers: list[int], path_numbers: list[int]) -> None:
    prefix, path = ("".join(f"{n:04d}." for n in numbers) for numbers in (prefix_numbers, path_numbers))
    conditions = dict(within("path", prefix).children)
    in_range = conditions["path__gte"] <= path < conditions["path__lt"]
    assert in_range == path.startswith(prefix)


@pytest.mark.parametrize(
    ("path", "found"),
    [("a1.", ["a1."]), ("a1.b22.c3.", ["a1.", "a1.b22.", "a1.b22.c3."]), ("", [])],
)
def test_an_organ_and_those_above_it(path: str, found: list[str]) -> None:
    assert prefixes(path) == found
