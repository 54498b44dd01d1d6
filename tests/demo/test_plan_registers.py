"""Documents, acts and proceedings of the plan, counted as the forms count, are the published tables 2 and 4."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from importlib.resources import files

import pytest

from gongkai.demo import plan_acts, plan_documents, plan_remedies, seeds, with_documents
from gongkai.demo.allocate import split
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG


def _ours(city: str, organ: str) -> bool:
    return organ.startswith(("ly-", "luoyang") if city == LUOYANG else ("pds", "pingdingshan"))


@pytest.mark.parametrize(("key", "city"), [(seeds.LY19, LUOYANG), (seeds.PDS19, PINGDINGSHAN)])
def test_documents_of_a_city(key: str, city: str) -> None:
    source = seeds.seed(key)
    found = [document for document in plan_documents.documents() if _ours(city, document.organ)]
    before = [stock for stock in plan_documents.opening_stock() if _ours(city, stock.organ)]
    for kind, expected in source.table2["art20_1"].items():
        rows = [document for document in found if document.kind == kind]
        opening = sum(stock.number for stock in before if stock.kind == kind)
        assert sum(row.made_on.year == source.year for row in rows) == expected["made_this_year"]
        assert (
            sum(row.released_on.year == source.year for row in rows) == expected["newly_disclosed_this_year"]
        )
        disclosed = sum(row.released_on <= dt.date(source.year, 12, 31) for row in rows)
        assert disclosed + opening == expected["total_disclosed"]


@pytest.mark.parametrize(("key", "organ"), [(seeds.MJ20, MENGJIN), (seeds.XG20, XIGONG)])
def test_documents_of_a_county(key: str, organ: str) -> None:
    expected = seeds.seed(key).table2["art20_1"]["normative_docs"]
    rows = [document for document in plan_documents.documents() if document.organ == organ]
    opening = sum(stock.number for stock in plan_documents.opening_stock() if stock.organ == organ)
    assert sum(row.made_on.year == 2020 for row in rows) == expected["made_this_year"]
    assert sum(row.released_on.year <= 2020 for row in rows) + opening == expected["total_disclosed"]


def test_documents_in_force_at_the_office() -> None:
    expected = seeds.seed(seeds.LYO22).table2["art20_1"]["normative_docs"]
    rows = [document for document in plan_documents.documents() if document.organ == LY_OFFICE]
    opening = sum(stock.number for stock in plan_documents.opening_stock() if stock.organ == LY_OFFICE)
    repealed = sum(row.repealed_on is not None for row in rows)
    assert repealed == expected["repealed_this_year"]
    assert len(rows) - repealed + opening == expected["in_force"]


def test_nothing_of_the_office_in_force_is_an_opening_figure() -> None:
    """The public column shows each of the 120 (S054)."""
    assert not [stock for stock in plan_documents.opening_stock() if stock.organ == LY_OFFICE]


def test_rules_of_luoyang_all_have_a_page_image_that_is_shipped() -> None:
    rows = [row for row in plan_documents.documents() if (row.organ, row.kind) == (LUOYANG, "rules")]
    names = {with_documents.image_name(row) for row in rows}
    shipped = {file.name for file in files("gongkai.demo").joinpath("data", "rule-images").iterdir()}
    assert len(rows) == plan_documents.RULES_IN_FORCE
    assert names == shipped
    assert not any(row.repealed_on for row in rows)


def test_no_number_is_given_twice() -> None:
    numbers = Counter((d.organ, d.number) for d in plan_documents.documents() if d.number)
    assert max(numbers.values()) == 1


@pytest.mark.parametrize("key", [seeds.LY19, seeds.PDS19, seeds.MJ20, seeds.XG20])
def test_tallies_add_up_to_the_published_acts(key: str) -> None:
    source = seeds.seed(key)
    organs = next(set(group.organs) for group in plan_acts.reporters() if group.seed == key)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for tally in plan_acts.tallies():
        if tally.organ in organs and tally.year == source.year:
            sums[tally.measure, dict(tally.dimensions).get("row", "")] += tally.value
    for block, rows in source.table2.items():
        for row, columns in rows.items():
            for column, value in columns.items():
                if block == "art20_1":
                    continue
                if column == "procurement_amount_wan":
                    assert sums["keyareas.procurement_amount_yuan", ""] == Decimal(value) * 10_000
                elif column == "procurement_items":
                    assert sums["keyareas.procurement_items", ""] == value
                else:
                    assert sums[plan_acts.MEASURES[column], row] == value


@pytest.mark.parametrize("docket", plan_remedies.dockets(), ids=lambda docket: docket.seed)
def test_proceedings_stand_in_their_columns(docket: plan_remedies.Docket) -> None:
    source = seeds.seed(docket.seed)
    organs = set(docket.organs)
    start, end = dt.date(source.year, 1, 1), dt.date(source.year, 12, 31)
    found: Counter[tuple[str, str]] = Counter()
    every = [p for each in plan_remedies.dockets() for p in plan_remedies.proceedings(each)]
    for proceeding in every:
        active = proceeding.filed_on <= end and (
            proceeding.closed_on is None or proceeding.closed_on >= start
        )
        if proceeding.organ in organs and active:
            still = proceeding.closed_on is None or proceeding.closed_on > end
            found[proceeding.group, "pending" if still else proceeding.column] += 1
    expected = {
        (group, column): number
        for group, columns in source.table4.items()
        for column, number in columns.items()
        if column != "total" and number
    }
    assert found == expected


def test_a_split_adds_up() -> None:
    assert split(10, [1, 1, 1]) == [4, 3, 3]
    assert split(-3, [1, 1]) == [-2, -1]
    with pytest.raises(ValueError, match="nothing"):
        split(1, [0])
