"""The report page asks the database the same number of questions however many organs and cases there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.annualreport.flow import draft, sign_off
from tests.annualreport.records import case
from tests.desk.reports.conftest import Desk
from tests.support.world import World

D = dt.date
CELL = "table3.granted.natural_person"


def asked(people: Desk, address: str) -> int:
    people.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        people.get(address)
    return len(found)


def grow(world: World, more: int) -> None:
    for serial in range(more):
        code = f"bureau-{serial}"
        world.organ(code, f"甲市第{serial}局", "department", "city", "city")
        for _ in range(3):
            case(world.organs[code], received=D(2022, 3, 1), closed=D(2022, 3, 20))
            case(world.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20))


@pytest.mark.parametrize("address", ["", f"cells/{CELL}/"])
def test_of_a_draft(kept: World, at_desk: Callable[..., Desk], address: str) -> None:
    people = at_desk("city-office")
    case(kept.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    here = f"/desk/reports/{draft(kept, 'city', 2022).report_id}/v1/{address}"
    before = asked(people, here)
    grow(kept, 4)
    people.post(f"{here.removesuffix(address)}do/recompile/")
    assert asked(people, here) == before
    assert before < 60


def test_of_a_frozen_report_whose_records_moved(kept: World, at_desk: Callable[..., Desk]) -> None:
    office = at_desk("city-office-office")
    case(kept.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    version = sign_off(kept, "city-office", 2022)
    case(kept.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    here = f"/desk/reports/{version.report_id}/v1/"
    before = asked(office, here)
    grow(kept, 4)
    assert asked(office, here) == before
    assert before < 80


def test_of_the_list(kept: World, at_desk: Callable[..., Desk]) -> None:
    people = at_desk("city-office")
    draft(kept, "city-office", 2022)
    before = asked(people, "/desk/reports/?year=2022")
    grow(kept, 6)
    draft(kept, "city-edu", 2022)
    assert asked(people, "/desk/reports/?year=2022") == before
    assert before < 16
