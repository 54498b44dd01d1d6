"""Every door of the library as every role of every organ: open to those scope lets in, not there for all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from gongkai.annualreport.library import intake
from gongkai.annualreport.library.intake import Given
from gongkai.annualreport.library.models import CollectedReport, ExternalOrgan, Intake, ReadVersion
from gongkai.base.models import AuditEntry
from gongkai.desk.library import beside, copied, importing, jumps, report, shelf, taking, years
from gongkai.desk.library import urls as library_urls
from gongkai.organs import scope
from gongkai.organs.models import Organ, Role
from gongkai.organs.scope import VIEW, WORK
from tests.annualreport.library import shelf as reports
from tests.desk import visitors as visiting
from tests.desk.visitors import Visitor
from tests.support.world import TEST, World, small_city

NAMES = {"city": "远山县人民政府", "county-a": "近水县人民政府"}
LIBRARIES = tuple(NAMES)
# Pages that are the same door for everybody in the register: what they list is narrowed by scope.
COMMON = (
    "library",
    "library-unclaimed",
    "library-compare",
    "library-compare-export",
    "library-outliers",
    "library-alike",
    "library-export",
    "library-dictionary",
)
# Pages of one record, with what they need in the address; those that change something are posted to.
RECORDS = {
    "library-version": "version",
    "library-original": "version",
    "library-intake": "intake",
    "library-organ": "external",
}
DEEDS = {
    "library-claim": "version",
    "library-reread": "version",
    "library-match": "external",
    "library-unmatch": "external",
}


@dataclass
class Shelves:
    """The city, and by organ what stands in its library."""

    world: World
    rows: dict[str, dict[str, Any]]
    visitors: list[Visitor]


@pytest.fixture(scope="module")
def shelves(django_db_setup: None, django_db_blocker: Any) -> Iterator[Shelves]:
    """Built once: two libraries, each with a report of an organ the other has not."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = small_city()
        rows = {code: stock(world.organs[code]) for code in LIBRARIES}
        everybody = [
            Visitor(code, world.people[f"{code}-{role}"], world.viewer(code, role))
            for code in world.organs
            for role in Role.values
        ]
        yield Shelves(world, rows, everybody)
        transaction.set_rollback(True)


def stock(organ: Organ) -> dict[str, Any]:
    name = NAMES[organ.code]
    version = reports.keep(organ, reports.text(name, 2022)).version
    begun = intake.begin(by=TEST, library=organ, given=[Given("坏.txt", "file", b"x")], title="试")
    return {"version": version, "external": ExternalOrgan.objects.get(name=name), "intake": begun}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    for module in (beside, copied, importing, jumps, report, shelf, taking, years):
        if hasattr(module, "render"):
            monkeypatch.setattr(module, "render", visiting._bare)


def may(visitor: Visitor, verb: str, path: str) -> bool:
    return scope.allows(visitor.who, verb, "library", path)


def reaches_any(visitor: Visitor) -> bool:
    return scope.condition_for(visitor.who, "library", "path", VIEW) is not None


def key_of(row: Any) -> Any:
    return row.key if isinstance(row, ExternalOrgan) else row.pk


def test_no_address_is_left_out_here() -> None:
    named = {pattern.name for pattern in library_urls.urlpatterns}
    assert named == {*COMMON, *RECORDS, *DEEDS, "library-import", "library-pair", "library-download"}
    assert get_resolver() is not None


def test_lists_hold_what_is_in_scope_and_nothing_else(shelves: Shelves) -> None:
    for visitor in shelves.visitors:
        for model in (CollectedReport, ReadVersion, ExternalOrgan, Intake):
            seen = {row.organ_id for row in scope.rows(visitor.who, model)}
            assert seen == {
                shelves.world.organs[code].pk
                for code in LIBRARIES
                if may(visitor, VIEW, shelves.world.organs[code].path)
            }, (visitor, model)


@pytest.mark.parametrize("name", COMMON)
def test_the_room_opens_for_those_in_the_register(shelves: Shelves, name: str) -> None:
    for visitor in shelves.visitors:
        answer = visitor.get(name)
        assert answer.status_code == (200 if reaches_any(visitor) else 404), visitor


def test_what_is_compared_and_taken_away_is_in_scope(shelves: Shelves) -> None:
    for visitor in shelves.visitors:
        if not reaches_any(visitor):
            continue
        expected = {NAMES[code] for code in LIBRARIES if may(visitor, VIEW, shelves.world.organs[code].path)}
        compared = visitor.get("library-compare", year=2022).context["page"].object_list
        assert {row.line.name for row in compared} == expected, visitor
        taken = b"".join(visitor.get("library-download", "wide", "csv").streaming_content).decode()
        for code in LIBRARIES:
            assert (NAMES[code] in taken) is (NAMES[code] in expected), visitor
        listed = visitor.get("library").context["page"].object_list
        assert {row.name for row in listed} == expected, visitor


@pytest.mark.parametrize("name", RECORDS)
def test_records_open_only_in_scope(shelves: Shelves, name: str) -> None:
    for visitor in shelves.visitors:
        for code, rows in shelves.rows.items():
            row = rows[RECORDS[name]]
            visible = may(visitor, VIEW, shelves.world.organs[code].path)
            answer = visitor.get(name, key_of(row))
            assert answer.status_code == (200 if visible else 404), (visitor, code)


@pytest.mark.parametrize("name", DEEDS)
def test_only_those_who_may_work_change_anything(shelves: Shelves, name: str) -> None:
    for visitor in shelves.visitors:
        for code, rows in shelves.rows.items():
            path = shelves.world.organs[code].path
            before = AuditEntry.objects.count()
            answer = visitor.post(name, key_of(rows[DEEDS[name]]))
            if not may(visitor, VIEW, path):
                assert answer.status_code == 404, (visitor, code)
            elif not may(visitor, WORK, path):
                assert answer.status_code == 403, (visitor, code)
            else:
                assert answer.status_code in (302, 422), (visitor, code)
                continue
            assert AuditEntry.objects.count() == before


def test_deeds_are_not_done_by_looking(shelves: Shelves) -> None:
    visitor = next(one for one in shelves.visitors if str(one) == "city-office")
    for name, kind in DEEDS.items():
        assert visitor.get(name, key_of(shelves.rows["city"][kind])).status_code == 405


def test_importing_is_for_those_who_may_work_and_into_their_own_library(shelves: Shelves) -> None:
    for visitor in shelves.visitors:
        works = scope.condition_for(visitor.who, "library", "path", WORK) is not None
        answer = visitor.get("library-import")
        assert answer.status_code == (200 if works else 403 if reaches_any(visitor) else 404), visitor
        if works:
            offered = answer.context["form"].fields["organ"].queryset
            assert {organ.code for organ in offered} == {visitor.code} | {
                organ.code for organ in offered if may(visitor, WORK, organ.path)
            }
            foreign = Organ.objects.exclude(pk__in=offered.values("pk")).first()
            assert foreign is not None
            refused = visitor.post("library-import", organ=foreign.pk, addresses="https://a.example/")
            assert refused.status_code == 422
            assert "organ" in refused.context["form"].errors


def test_texts_of_a_library_out_of_scope_are_not_laid_side_by_side(shelves: Shelves) -> None:
    for visitor in shelves.visitors:
        for code, rows in shelves.rows.items():
            name = f"{rows['external'].key}-2022"
            visible = may(visitor, VIEW, shelves.world.organs[code].path)
            answer = visitor.get("library-pair", "s1", name, name)
            assert answer.status_code == (200 if visible else 404), (visitor, code)


def test_addresses_answer_strangers_with_the_way_to_sign_in(shelves: Shelves, client: Any) -> None:
    for name in COMMON:
        answer = client.get(reverse(f"desk:{name}"))
        assert answer.status_code == 302
        assert reverse("desk:sign-in") in answer["Location"]
