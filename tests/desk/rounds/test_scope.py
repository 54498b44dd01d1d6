"""Every door of collecting, opened by every role at every organ: open exactly where the reach says, closed as "not found"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.annualreport.rounds import actions, sheets
from gongkai.annualreport.rounds.models import REGISTER, Duty, Round
from gongkai.base.clock import on_day
from gongkai.organs import scope
from gongkai.organs.models import Role
from tests.annualreport.flow import sign_off
from tests.annualreport.rounds.flow import clerk, duty, hand_in, opened
from tests.desk.conftest import signed_in
from tests.support.world import World

D = dt.date
DAY = D(2023, 1, 16)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on_day(DAY):
        yield


@pytest.fixture
def rounds(world: World) -> tuple[Round, Round]:
    """The city collects reports; the county a sheet."""
    city = opened(world)
    by = clerk(world, "county-a")
    sheet = sheets.define(
        by=by,
        organ=world.organs["county-a"],
        name="季报",
        basis="制度",
        frequency="quarter",
        keys=["requests.received|"],
    )
    return city, actions.open_sheet(by=by, sheet=sheet, year=2022, index=4)


def test_every_door_by_every_role(world: World, rounds: tuple[Round, Round]) -> None:
    city, county = rounds
    doors = {
        **{f"/desk/rounds/{one.pk}/": one.path for one in rounds},
        **{f"/desk/rounds/{one.pk}/export.xlsx": one.path for one in rounds},
        f"/desk/rounds/sheets/{county.sheet_id}/": county.path,
        **{f"/desk/rounds/duties/{owed.pk}/": owed.path for owed in Duty.objects.all()},
        f"/desk/rounds/duties/{duty(world, city, 'county-a').pk}/counted/": world.organs["county-a"].path,
        f"/desk/rounds/duties/{duty(world, county, 'town-a1').pk}/figures/0/": world.organs["town-a1"].path,
    }
    for code, role in product(("city", "city-edu", "county-a", "town-a1", "county-b"), Role.values):
        who = world.viewer(code, role, DAY)
        client = signed_in(world.people[f"{code}-{role}"])
        for address, path in doors.items():
            expected = 200 if scope.allows(who, scope.VIEW, REGISTER, path) else 404
            assert client.get(address).status_code == expected, (code, role, address)


def test_nothing_is_done_through_a_closed_door(world: World, rounds: tuple[Round, Round]) -> None:
    city, county = rounds
    version = sign_off(world, "city-edu", 2022)
    edu, town = duty(world, city, "city-edu"), duty(world, county, "town-a1")
    posts = {
        f"/desk/rounds/{city.pk}/do/remind/": {"note": "x"},
        f"/desk/rounds/{city.pk}/chosen/accept/": {"duty": edu.pk},
        f"/desk/rounds/duties/{edu.pk}/do/submit/": {"version": version.pk},
        f"/desk/rounds/duties/{edu.pk}/do/return/": {"reason": "x"},
        f"/desk/rounds/duties/{town.pk}/do/hand-in/": {"note": "x"},
        f"/desk/rounds/duties/{town.pk}/fill/": {"c0": "5"},
        f"/desk/rounds/sheets/{county.sheet_id}/end/": {},
        f"/desk/rounds/sheets/{county.sheet_id}/open/": {"period": "2022-3"},
    }
    before = Duty.objects.order_by("pk").values_list("stage", flat=True)
    kept = list(before)
    for username in ("county-b-office", "city-office-office", "city-secrecy", "city-operator"):
        client = signed_in(world.people[username])
        for address, data in posts.items():
            assert client.post(address, data).status_code in (404, 409, 403), (username, address)
    assert list(before.all()) == kept
    assert not city.facts.exclude(kind="opened").exists()
    assert county.sheet is not None
    county.sheet.refresh_from_db()
    assert county.sheet.ended_on is None


def test_lists_hold_what_one_may_see_and_nothing_else(world: World, rounds: tuple[Round, Round]) -> None:
    for code, role, shown, hidden in (
        ("city", "office", ("2022年度报告报送", "季报"), ()),
        ("city-edu", "office", ("2022年度报告报送",), ("季报",)),
        ("town-a1", "handler", ("季报",), ("2022年度报告报送",)),
        ("county-b", "office", ("2022年度报告报送",), ("季报",)),
    ):
        page = signed_in(world.people[f"{code}-{role}"]).get("/desk/rounds/").content.decode()
        assert all(words in page for words in shown), code
        assert not any(words in page for words in hidden), code
    assert signed_in(world.people["city-operator"]).get("/desk/rounds/").status_code == 404
    assert signed_in(world.people["city-secrecy"]).get("/desk/rounds/").status_code == 404


def test_opening_is_offered_to_who_collects_only(world: World) -> None:
    for username, expected in (("city-office", 200), ("city-handler", 404), ("city-edu-office", 404)):
        client = signed_in(world.people[username])
        assert client.get("/desk/rounds/open/").status_code == expected, username
        assert client.get("/desk/rounds/sheets/new/").status_code == expected, username
    office = signed_in(world.people["county-a-office"])
    organ = world.organs["city"].pk
    assert office.post("/desk/rounds/open/", {"organ": organ, "year": "2022"}).status_code == 422
    assert not Round.objects.exists()


@pytest.mark.parametrize("address", ["/desk/rounds/{round}/", "/desk/rounds/", "/desk/today/"])
def test_the_cost_of_a_page_does_not_grow_with_the_children(world: World, address: str) -> None:
    round_ = opened(world)
    hand_in(world, round_, sign_off(world, "city-edu", 2022), DAY)
    client = signed_in(world.people["city-office"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address.format(round=round_.pk)).status_code == 200
        return len(found)

    cost()
    few = cost()
    for number in range(5):
        world.organ(f"extra-{number}", f"甲市第{number}局", "department", "city", "city")
    actions.include(by=clerk(world, "city"), round_=round_)
    version = sign_off(world, "city-office", 2022)
    hand_in(world, round_, version, DAY)
    assert Duty.objects.filter(round=round_).count() == 9
    assert cost() == few
