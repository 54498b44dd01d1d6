"""S103–S108: the published figures of administrative acts, from rows where they fit a test and from tallies everywhere."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from gongkai.base.measures import Period, get
from gongkai.base.tallies import tallied_by_path
from gongkai.keyareas import actions
from gongkai.keyareas.bulk import add_many
from gongkai.keyareas.models import Decision, PowerItem
from gongkai.organs.models import Organ
from gongkai.organs.tallies import record_tally, set_coverage
from tests.forms.seeds import seed
from tests.support.world import TEST, World

BLOCKS = {
    "admin_license": "art20_5",
    "other_public_services": "art20_5",
    "admin_penalty": "art20_6",
    "admin_coercion": "art20_6",
    "admin_fees": "art20_8",
}
MEASURES = {
    "prev_year_items": "keyareas.items_prev_year",
    "change_this_year": "keyareas.items_change",
    "decisions": "keyareas.decisions",
}
REPORTS_2019_FORM = ("LY19", "MJ20", "XG20", "PDS19")


def published(name: str, row: str) -> dict[str, int]:
    return seed(name)["table2"][BLOCKS[row]][row]


@pytest.mark.seed("S103", "S104", "S105", "S106", "S107")
@pytest.mark.parametrize("name", REPORTS_2019_FORM)
def test_units_tallies_give_every_published_figure(world: World, name: str) -> None:
    """Two units report; the region's figure is their sum, for that report year only."""
    year = seed(name)["report_year"]
    units = [world.organs["county-a"], world.organs["county-a-office"]]
    for row in BLOCKS:
        for column, figure in published(name, row).items():
            for organ, part in zip(units, (figure - figure // 3, figure // 3), strict=True):
                record_tally(
                    by=TEST,
                    organ=organ,
                    measure=MEASURES[column],
                    dimensions={"row": row},
                    period=Period.year(year),
                    value=part,
                )
    for asked, expected in ((year, published), (year + 1, lambda *_: {})):
        found = tallied_by_path(MEASURES.values(), Period.year(asked), units[0].path)
        for row in BLOCKS:
            assert {
                column: sum(v for (k, _, dims), v in found.items() if k == key and dims == (row,))
                for column, key in MEASURES.items()
                if column in published(name, row)
            } == {column: expected(name, row).get(column, 0) for column in published(name, row)}


@pytest.mark.seed("S103", "S104", "S105", "S106", "S107")
@pytest.mark.parametrize("row", BLOCKS)
def test_rows_give_the_published_figures_of_a_district(world: World, row: str) -> None:
    """XG20: every power item and every decision is a row of its own."""
    organ, figures = world.organs["county-b"], published("XG20", row)
    set_coverage(by=TEST, organ=organ, register="acts.items", mode="here", valid_from=dt.date(2019, 1, 1))
    loaded = add_many(by=TEST, organ=organ, model=PowerItem, rows=items(row, **figures))
    assert loaded.errors == []
    if "decisions" in figures:
        loaded = add_many(by=TEST, organ=organ, model=Decision, rows=decisions(row, figures["decisions"]))
        assert loaded.errors == []
    counted = {
        column: get(key).count(Period.year(2020), world.organs["city"].path, row=row)
        for column, key in MEASURES.items()
        if column in figures
    }
    assert counted == figures


def items(row: str, prev_year_items: int, change_this_year: int, **_other: int) -> Iterator[dict]:
    """Items open at the start of 2020, of which some go; or some come."""
    for number in range(prev_year_items):
        gone = dt.date(2020, 7, 1) if number < -change_this_year else None
        yield {"row": row, "name": f"事项{number}", "added_on": dt.date(2019, 5, 15), "removed_on": gone}
    for number in range(max(change_this_year, 0)):
        yield {"row": row, "name": f"新事项{number}", "added_on": dt.date(2020, 3, 1)}


def decisions(row: str, count: int) -> Iterator[dict]:
    for number in range(count):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number % 366)
        yield {"row": row, "number": f"{row}-{number}", "decided_on": day}


@pytest.mark.seed("S103", "S105", "S106")
def test_an_office_that_decides_nothing_counts_zero_not_unknown(world: World) -> None:
    organ = world.organs["city-office"]
    set_coverage(by=TEST, organ=organ, register="acts.decisions", mode="here", valid_from=dt.date(2022, 1, 1))
    for row in ("admin_license", "admin_penalty", "admin_coercion"):
        assert published("LYO22", row) == {"decisions": 0}
        assert get("keyareas.decisions").count(Period.year(2022), organ.path, row=row) == 0


@pytest.mark.seed("S107")
def test_collected_fees_are_an_amount_in_the_2021_form(world: World) -> None:
    organ = world.organs["city-office"]
    for amount in ("1500", "-200"):
        actions.add_fee_income(
            by=TEST, organ=organ, collected_on=dt.date(2022, 5, 6), amount_yuan=Decimal(amount)
        )
    yuan = get("keyareas.fee_income_yuan").count(Period.year(2022), organ.path)
    assert wan(yuan) == Decimal(seed("LYO22")["table2"]["art20_8"]["admin_fees"]["fee_amount_wan"])


@pytest.mark.seed("S108")
@pytest.mark.parametrize("name", REPORTS_2019_FORM)
def test_procurement_projects_and_their_amount(world: World, name: str) -> None:
    """As many rows as projects where they are few; else the unit's tally."""
    table = seed(name)["table2"]["art20_9"]["gov_procurement"]
    count, amount = table["procurement_items"], Decimal(table["procurement_amount_wan"])
    organ, year = world.organs["county-b"], Period.year(seed(name)["report_year"])
    if count <= 200:
        _buy(organ, year, count, (amount * 10000).quantize(Decimal("0.01")))
        found = [get(key).count(year, organ.path) for key in PROCUREMENT]
    else:
        for key, value in zip(PROCUREMENT, (count, amount * 10000), strict=True):
            record_tally(by=TEST, organ=organ, measure=key, dimensions={}, period=year, value=value)
        tallied = tallied_by_path(PROCUREMENT, year, world.organs["city"].path)
        found = [tallied[key, organ.path, ()] for key in PROCUREMENT]
    assert (found[0], wan(found[1])) == (count, amount)


PROCUREMENT = ("keyareas.procurement_items", "keyareas.procurement_amount_yuan")


def _buy(organ: Organ, year: Period, count: int, total: Decimal) -> None:
    share = (total / count).quantize(Decimal("0.01"))
    for number in range(count):
        amount = share if number else total - share * (count - 1)
        actions.add_procurement(
            by=TEST,
            organ=organ,
            number=f"采-{number}",
            title="测试项目",
            concluded_on=year.start + dt.timedelta(days=number),
            amount_yuan=amount,
        )


def wan(yuan: Decimal | int) -> Decimal:
    return (Decimal(yuan) / 10000).quantize(Decimal("0.0001"))
