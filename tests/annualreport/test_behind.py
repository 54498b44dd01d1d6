"""Behind a figure, for staff: the counted records in their scope, frozen or live, and the parts of a sum."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from gongkai.annualreport import behind, queries
from gongkai.forms.layout import NoSuchCell
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.organs.scope import SYSTEM
from gongkai.requests.models import Case
from tests.annualreport.flow import draft, sign_off
from tests.annualreport.records import case, keep_all, proceeding
from tests.annualreport.test_sections import fee
from tests.support.world import World

D = dt.date


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    dice = random.Random(11)  # noqa: S311 - repeatable
    for code in ("city-edu", "county-a", "county-a-office", "town-a1"):
        for _ in range(12):
            received = D(2021, 10, 1) + dt.timedelta(days=dice.randrange(440))
            case(
                world.organs[code],
                received=received,
                closed=received + dt.timedelta(days=20) if dice.random() < 0.8 else None,
                outcome=dice.choice(list(OUTCOMES)),
                kind=dice.choice(list(APPLICANT_KINDS)),
            )
    return world


def test_every_cell_of_a_draft_opens_exactly_what_it_counts(kept: World) -> None:
    proceeding(kept.organs["city-edu"], filed=D(2022, 2, 2), group="review")
    version = draft(kept, "city-edu", 2022)
    figures = queries.figures_of(version)
    for cell in figures:
        if cell.startswith(("table3.", "table4.")) and (figures.number(cell) or cell.endswith("total")):
            found = behind.behind(SYSTEM, version, cell)
            assert sum(part.rows.count() for part in found.counted) == figures.number(cell), cell
            assert found.lines == ()


def test_a_frozen_figure_opens_what_it_counted_then(kept: World) -> None:
    version = sign_off(kept, "city-edu", 2022, explain=True)
    counted = queries.figures_of(version).number("table3.new_received.total")
    late = case(kept.organs["city-edu"], received=D(2022, 12, 30))
    (part,) = behind.behind(SYSTEM, version, "table3.new_received.total").counted
    assert part.rows.count() == counted
    assert late not in part.rows


def test_scope_limits_the_records(kept: World) -> None:
    version = sign_off(kept, "city-edu", 2022, explain=True)
    own = behind.behind(kept.viewer("city-edu", "handler"), version, "table3.new_received.total")
    assert own.counted[0].rows.model is Case
    assert own.counted[0].rows.exists()
    other = behind.behind(kept.viewer("county-a", "handler"), version, "table3.new_received.total")
    assert not other.counted[0].rows.exists()


def test_a_part_that_is_live_opens_the_childs_records_and_a_frozen_one_its_report(kept: World) -> None:
    signed = sign_off(kept, "county-a-office", 2022, explain=True)
    version = draft(kept, "county-a", 2022)
    cell = "table3.outcome_total.total"
    found = behind.behind(SYSTEM, version, cell)
    assert [(line.label, line.source) for line in found.lines] == [
        ("甲市东县人民政府", "own"),
        ("东县人民政府办公室", "frozen"),
        ("东县东一镇人民政府", "live"),
    ]
    assert found.lines[1].version == signed
    assert sum(line.value.number or 0 for line in found.lines) == found.value.number
    town = found.lines[2]
    (records,) = behind.of_line(SYSTEM, version, town.organ_id, cell)
    assert records.rows.count() == town.value.number
    assert behind.of_line(SYSTEM, version, found.lines[1].organ_id, cell) == ()
    assert behind.of_line(SYSTEM, version, 0, cell) == ()


@pytest.mark.seed("F8")
def test_thirteen_hundred_yuan_are_the_fee_cell_and_lead_to_the_payment(world: World) -> None:
    keep_all(world.organs["city"])
    notice = fee(world, "city-edu", items=23, paid=True)
    assert notice.paid_yuan == 1300  # (23 − 10) × 100, as the fee rules say
    version = sign_off(world, "city-edu", 2022)
    cell = "table2.art20_8.admin_fees.fee_amount_wan"
    found = behind.behind(SYSTEM, version, cell)
    assert str(found.value.number) == "0.1300"
    assert [(part.measure.key, part.sign, list(part.rows)) for part in found.counted] == [
        ("requests.fee_collected_yuan", 1, [notice])
    ]
    with pytest.raises(NoSuchCell):
        behind.behind(SYSTEM, version, "table2.nothing")
