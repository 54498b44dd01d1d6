"""The figures browser shows a measure by organ and year, only of organs in scope."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.figures import catalogue
from gongkai.organs.scope import SYSTEM
from tests.annualreport.records import case, keep_all
from tests.support.world import World

D = dt.date


def test_entries_of_a_register() -> None:
    keys = {measure.key for measure in catalogue.entries("acts")}
    assert "keyareas.decisions" in keys
    assert not any(key.startswith("requests.") for key in keys)
    assert all(measure.title and measure.unit for measure in catalogue.entries())


def test_values_by_organ_and_year(world: World) -> None:
    keep_all(world.organs["city"])
    case(world.organs["city-edu"], received=D(2021, 5, 1))
    case(world.organs["town-a1"], received=D(2022, 5, 1))
    table = catalogue.by_organ(SYSTEM, "requests.received", world.organs["city"].path, (2021, 2022))
    values = {line.organ.name: [value.number for value in line.values] for line in table.lines}
    assert values["甲市教育局"] == [1, 0]
    assert values["东县东一镇人民政府"] == [0, 1]
    assert [total.number for total in table.totals] == [1, 1]
    assert [line.depth for line in table.lines if line.organ.name == "东县东一镇人民政府"] == [2]


def test_an_organ_out_of_scope_is_neither_listed_nor_in_a_total(world: World) -> None:
    keep_all(world.organs["city"])
    viewer = world.viewer("county-a", "office")
    table = catalogue.by_organ(viewer, "requests.received", world.organs["city"].path, (2022,))
    assert {line.organ.name for line in table.lines} == {
        "甲市东县人民政府",
        "东县人民政府办公室",
        "东县东一镇人民政府",
    }
    assert table.totals == (None,)


def test_a_year_before_the_organ_has_no_value(world: World) -> None:
    table = catalogue.by_organ(SYSTEM, "requests.received", world.organs["city-edu"].path, (2014, 2022))
    assert table.lines[0].values[0] is None
    with pytest.raises(LookupError):
        catalogue.by_organ(SYSTEM, "requests.nothing", world.organs["city-edu"].path, (2022,))
