"""Compiling: own figures, consolidation by tree, unknown that is not zero, the sources of each line, a fixed query count."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.annualreport import actions, cells
from gongkai.annualreport.compile import Compiled, Line, compile, statutory_scope
from gongkai.annualreport.models import Scope
from gongkai.base.clock import on_day
from gongkai.forms.layout import form_for
from gongkai.forms.values import Number, State
from gongkai.organs.actions import create_organ
from gongkai.organs.models import Organ
from tests.annualreport.flow import sign_off, zero_tables
from tests.annualreport.records import case, cover, keep_all, proceeding, tally
from tests.support.world import TEST, World

D = dt.date


def number(compiled: Compiled, cell: str) -> Number | None:
    return compiled.figures.number(cell)


def end(organ: Organ, day: dt.date) -> None:
    organ.valid_to = day
    organ.save()


def line(compiled: Compiled, label: str) -> Line:
    return next(one for one in compiled.lines if one.label == label)


def test_own_figures_stand_as_of_the_years_end_whenever_compiled(world: World) -> None:
    office = world.organs["city-office"]
    keep_all(world.organs["city"])
    case(office, received=D(2021, 12, 1), closed=D(2022, 1, 10), outcome="granted")
    case(office, received=D(2022, 3, 1), closed=D(2022, 3, 20), outcome="partially_granted", kind="other_org")
    case(office, received=D(2022, 12, 20), closed=D(2023, 1, 5), outcome="granted")
    case(office, received=D(2023, 1, 3))
    compiled = compile(office, 2022)
    assert compiled.scope == Scope.OWN
    assert number(compiled, "table3.new_received.total") == 2
    assert number(compiled, "table3.carried_in.natural_person") == 1
    assert number(compiled, "table3.granted.total") == 1
    assert number(compiled, "table3.partially_granted.other_org") == 1
    assert number(compiled, "table3.outcome_total.total") == 2
    assert number(compiled, "table3.carried_out.total") == 1
    assert not compiled.unknowns


def test_without_coverage_a_figure_is_unknown_at_least_what_there_is(world: World) -> None:
    office = world.organs["city-office"]
    keep_all(office, but=("requests", "documents"))
    cover(office, "requests", since=D(2022, 7, 1))
    case(office, received=D(2022, 8, 1))
    compiled = compile(office, 2022)
    received = compiled.figures["table3.new_received.total"]
    assert (received.state, received.at_least, received.missing) == (State.UNKNOWN, 1, (office.name,))
    made = compiled.figures["table2.art20_1.rules.made_this_year"]
    assert (made.state, made.at_least) == (State.UNKNOWN, 0)
    fees = compiled.figures["table2.art20_8.admin_fees.fee_amount_wan"]
    assert fees.state is State.UNKNOWN
    assert fees.at_least is None  # a refund nobody registered could make it less
    assert number(compiled, "table4.review.total") == 0


def test_nothing_to_keep_is_zero(world: World) -> None:
    office = world.organs["city-office"]
    keep_all(office, mode="none")
    compiled = compile(office, 2022)
    assert set(compiled.figures.numbers.values()) == {0, Decimal("0.0000")}
    assert not compiled.unknowns


def test_a_units_tally_stands_for_its_records_and_a_missing_one_is_unknown(world: World) -> None:
    edu = world.organs["city-edu"]
    keep_all(edu, but=("acts.decisions", "acts.procurement"))
    cover(edu, "acts.decisions", mode="tally")
    cover(edu, "acts.procurement", mode="tally")
    with on_day(D(2021, 1, 10)):
        tally(edu, "keyareas.decisions", 1960, 2020, row="admin_license")
        tally(edu, "keyareas.procurement_amount_yuan", "17232952", 2020)
    compiled = compile(edu, 2020)
    assert number(compiled, "table2.art20_5.admin_license.decisions") == 1960
    assert compiled.figures["table2.art20_6.admin_penalty.decisions"].state is State.UNKNOWN
    assert str(number(compiled, "table2.art20_9.gov_procurement.procurement_amount_wan")) == "1723.2952"
    assert compiled.figures["table2.art20_9.gov_procurement.procurement_items"].state is State.UNKNOWN


def test_an_opening_stock_is_added_to_the_documents_registered(world: World) -> None:
    office = world.organs["city-office"]
    keep_all(office)
    with on_day(D(2021, 1, 10)):
        tally(office, "documents.in_force", 92, 2020, source="opening", kind="normative_docs")
    assert number(compile(office, 2022), "table2.art20_1.normative_docs.in_force") == 92


def test_governments_consolidate_and_others_do_not(world: World) -> None:
    assert {code: str(statutory_scope(organ)) for code, organ in world.organs.items()} == {
        "city": "consolidated",
        "city-office": "own",
        "city-edu": "own",
        "county-a": "consolidated",
        "county-a-office": "own",
        "town-a1": "consolidated",
        "county-b": "consolidated",
        "old-b": "consolidated",
    }


@pytest.mark.seed("S266")
def test_a_city_is_itself_and_one_line_per_child_and_each_line_says_its_source(world: World) -> None:
    keep_all(world.organs["city"])
    for organ in world.organs.values():
        case(organ, received=D(2022, 5, 5), closed=D(2022, 5, 20))
    compiled = compile(world.organs["city"], 2022)
    assert [(one.label, one.source) for one in compiled.lines] == [
        ("甲市人民政府", "own"),
        ("甲市人民政府办公室", "live"),
        ("甲市教育局", "live"),
        ("甲市东县人民政府", "live"),
        ("甲市西区人民政府", "live"),
        ("甲市西县人民政府", "live"),
    ]
    assert number(compiled, "table3.granted.total") == len(world.organs)
    assert line(compiled, "甲市东县人民政府").figures["table3.granted.total"].number == 3
    for cell in compiled.form.paths:  # the check sum
        assert number(compiled, cell) == sum(one.figures[cell].number for one in compiled.lines)


def test_a_missing_child_makes_the_sum_unknown_and_is_named(world: World) -> None:
    keep_all(world.organs["city"], but=("requests",))
    for code, organ in world.organs.items():
        if code != "town-a1":
            cover(organ, "requests")
    case(world.organs["city-edu"], received=D(2022, 5, 5))
    received = compile(world.organs["city"], 2022).figures["table3.new_received.total"]
    assert (received.state, received.at_least) == (State.UNKNOWN, 1)
    assert received.missing == ("东县东一镇人民政府",)


def test_a_signed_child_counts_as_it_was_frozen(world: World) -> None:
    keep_all(world.organs["city"])
    edu = world.organs["city-edu"]
    case(edu, received=D(2022, 5, 5), closed=D(2022, 5, 20))
    version = sign_off(world, "city-edu", 2022)
    case(edu, received=D(2022, 6, 5), closed=D(2022, 6, 20))
    compiled = compile(world.organs["city"], 2022)
    frozen = line(compiled, "甲市教育局")
    assert (frozen.source, frozen.version_id, frozen.is_final) == ("frozen", version.pk, True)
    assert number(compiled, "table3.new_received.total") == 1


def test_an_imported_report_stands_in_only_where_nothing_is_registered(world: World) -> None:
    for code, organ in world.organs.items():
        if not code.startswith("county-b"):
            keep_all(organ, whole_tree=False)
    tables = zero_tables(2022)
    tables["table3"]["new_received"] |= {"natural_person": 5, "total": 5}
    tables["table3"]["carried_out"] |= {"natural_person": 5, "total": 5}
    with on_day(D(2023, 2, 1)):
        version = actions.import_report(
            by=TEST, organ=world.organs["county-b"], year=2022, tables=tables, source="西区政府网站"
        )
    compiled = compile(world.organs["city"], 2022)
    imported = line(compiled, "甲市西区人民政府")
    assert (imported.source, imported.version_id, imported.is_final) == ("imported", version.pk, True)
    assert number(compiled, "table3.new_received.total") == 5
    cover(world.organs["county-b"], "requests")
    again = compile(world.organs["city"], 2022)
    assert line(again, "甲市西区人民政府").source == "live"
    assert again.figures["table3.new_received.total"].number == 0


def test_an_unread_cell_of_an_imported_child_leaves_the_sum_unknown(world: World) -> None:
    for code, organ in world.organs.items():
        if not code.startswith("county-b"):
            keep_all(organ, whole_tree=False)
    tables = zero_tables(2022)
    tables["table3"]["granted"]["natural_person"] = None
    with on_day(D(2023, 2, 1)):
        actions.import_report(
            by=TEST, organ=world.organs["county-b"], year=2022, tables=tables, source="扫描件"
        )
    compiled = compile(world.organs["city"], 2022)
    granted = compiled.figures["table3.granted.natural_person"]
    assert (granted.state, granted.at_least, granted.missing) == (State.UNKNOWN, 0, ("甲市西区人民政府",))
    assert number(compiled, "table3.granted.total") == 0


def test_an_organ_of_another_time_has_no_report(world: World) -> None:
    end(world.organs["city-edu"], D(2020, 6, 30))
    with pytest.raises(ValidationError, match="不存在"):
        compile(world.organs["city-edu"], 2021)
    with pytest.raises(ValidationError, match="2018"):
        compile(world.organs["city-edu"], 2018)


def test_records_of_an_inner_unit_count_for_its_organ(world: World) -> None:
    edu = world.organs["city-edu"]
    unit = create_organ(
        by=TEST,
        code="edu-unit",
        name="综合科",
        kind="unit",
        tier="city",
        parent=edu,
        valid_from=D(2015, 1, 1),
    )
    keep_all(edu, whole_tree=False)
    case(unit, received=D(2022, 5, 5))
    compiled = compile(edu, 2022)
    assert number(compiled, "table3.new_received.total") == 1
    assert not compiled.unknowns


class TestPredecessors:
    def test_in_the_year_of_the_change_the_predecessor_is_its_own_line(self, world: World) -> None:
        keep_all(world.organs["city"])
        end(world.organs["old-b"], D(2021, 3, 18))
        case(world.organs["old-b"], received=D(2021, 2, 1))
        compiled = compile(world.organs["city"], 2021)
        assert line(compiled, "甲市西县人民政府").figures["table3.new_received.total"].number == 1
        assert line(compiled, "甲市西区人民政府").figures["table3.new_received.total"].number == 0

    def test_afterwards_its_records_count_for_the_successor(self, world: World) -> None:
        keep_all(world.organs["city"])
        end(world.organs["old-b"], D(2021, 3, 18))
        case(world.organs["old-b"], received=D(2021, 12, 1), closed=D(2022, 1, 10))
        compiled = compile(world.organs["city"], 2022)
        assert "甲市西县人民政府" not in [one.label for one in compiled.lines]
        own = compile(world.organs["county-b"], 2022, Scope.OWN)
        assert number(own, "table3.carried_in.total") == 1
        assert number(own, "table3.granted.total") == 1
        assert number(compiled, "table3.granted.total") == 1

    def test_towns_of_an_ended_county_report_to_its_successor(self, world: World) -> None:
        town = create_organ(
            by=TEST,
            code="town-old",
            name="西县一镇人民政府",
            kind="government",
            tier="township",
            parent=world.organs["old-b"],
            valid_from=D(2015, 1, 1),
        )
        keep_all(world.organs["city"])
        end(world.organs["old-b"], D(2021, 3, 18))
        case(town, received=D(2022, 5, 1))
        county = compile(world.organs["county-b"], 2022)
        assert [one.label for one in county.lines] == ["甲市西区人民政府", "西县一镇人民政府"]
        assert number(county, "table3.new_received.total") == 1
        assert number(compile(world.organs["city"], 2022), "table3.new_received.total") == 1


class TestEliminations:
    def test_one_suit_against_two_organs_counts_once(self, world: World) -> None:
        keep_all(world.organs["city"])
        proceeding(world.organs["city-office"], world.organs["county-a"], filed=D(2022, 2, 1))
        compiled = compile(world.organs["city"], 2022)
        assert number(compiled, "table4.litigation_direct.pending") == 1
        assert number(compiled, "table4.litigation_direct.total") == 1
        assert compiled.duplicates == {
            "table4.litigation_direct.pending": 1,
            "table4.litigation_direct.total": 1,
        }
        assert all("甲市东县人民政府" in one.reason for one in compiled.eliminations)

    def test_what_a_county_took_out_already_is_not_taken_out_again(self, world: World) -> None:
        keep_all(world.organs["city"])
        proceeding(world.organs["county-a-office"], world.organs["town-a1"], filed=D(2022, 2, 1))
        compiled = compile(world.organs["city"], 2022)
        assert compiled.eliminations == ()
        assert line(compiled, "甲市东县人民政府").figures["table4.litigation_direct.total"].number == 1
        assert number(compiled, "table4.litigation_direct.total") == 1

    def test_three_respondents_on_two_levels(self, world: World) -> None:
        keep_all(world.organs["city"])
        organs = ("city-office", "county-a-office", "town-a1")
        proceeding(*(world.organs[code] for code in organs), filed=D(2022, 2, 1), closed=D(2022, 9, 1))
        compiled = compile(world.organs["city"], 2022)
        assert number(compiled, "table4.litigation_direct.upheld") == 1
        assert number(compiled, "table4.litigation_direct.total") == 1

    def test_a_frozen_child_that_did_not_count_the_suit_is_left_alone(self, world: World) -> None:
        keep_all(world.organs["city"])
        sign_off(world, "city-office", 2022)
        proceeding(world.organs["city-office"], world.organs["city-edu"], filed=D(2022, 2, 1))
        compiled = compile(world.organs["city"], 2022)
        assert compiled.eliminations == ()
        assert number(compiled, "table4.litigation_direct.total") == 1

    def test_a_frozen_child_that_counted_the_suit_is_adjusted(self, world: World) -> None:
        keep_all(world.organs["city"])
        proceeding(world.organs["city-office"], world.organs["city-edu"], filed=D(2022, 2, 1))
        sign_off(world, "city-office", 2022)
        assert number(compile(world.organs["city"], 2022), "table4.litigation_direct.total") == 1


def test_a_predecessor_without_successor_leaves_its_records_to_the_organ_above(world: World) -> None:
    keep_all(world.organs["city"])
    end(world.organs["city-edu"], D(2021, 6, 30))
    case(world.organs["city-edu"], received=D(2021, 6, 1))
    compiled = compile(world.organs["city"], 2022)
    assert compiled.own.figures["table3.carried_in.total"].number == 1


def test_the_number_of_queries_grows_with_neither_organs_nor_cases(world: World) -> None:
    keep_all(world.organs["city"])
    case(world.organs["city-edu"], received=D(2022, 5, 5))
    proceeding(world.organs["city-office"], world.organs["city-edu"], filed=D(2022, 2, 1))
    with CaptureQueriesContext(connection) as few:
        compile(world.organs["city"], 2022)
    for index in range(12):
        organ = create_organ(
            by=TEST,
            code=f"more-{index}",
            name=f"第{index}局",
            kind="department",
            tier="county",
            parent=world.organs["county-a"],
            valid_from=D(2015, 1, 1),
        )
        for _ in range(3):
            case(organ, received=D(2022, 5, 5), closed=D(2022, 6, 1))
        proceeding(organ, world.organs["city-edu"], filed=D(2022, 2, 1))
    with CaptureQueriesContext(connection) as many:
        compiled = compile(world.organs["city"], 2022)
    assert number(compiled, "table3.granted.total") == 36
    assert len(many) == len(few)


def test_every_column_balances_whatever_the_cases(world: World) -> None:
    """T3-COL, T3-ROW and T3-OUT are facts about cases, not luck: any records satisfy them."""
    keep_all(world.organs["city"])
    dice = random.Random(7)  # noqa: S311 - repeatable
    form = form_for(2022)
    kinds = [column.key for column in form.applicants if column.key != "total"]
    outcomes = [key for leaf in form.leaves() for key in cells.outcomes_of(form, leaf.key)]
    for _ in range(120):
        received = D(2021, 6, 1) + dt.timedelta(days=dice.randrange(700))
        closed = received + dt.timedelta(days=dice.randrange(200)) if dice.random() < 0.8 else None
        case(
            dice.choice(list(world.organs.values())),
            received=received,
            closed=closed,
            outcome=dice.choice(outcomes),
            kind=dice.choice(kinds),
        )
    for year in (2021, 2022, 2023):
        figures = compile(world.organs["city"], year).figures
        for column in [*kinds, "total"]:
            there = figures.number(f"table3.new_received.{column}") + figures.number(
                f"table3.carried_in.{column}"
            )
            gone = figures.number(f"table3.outcome_total.{column}") + figures.number(
                f"table3.carried_out.{column}"
            )
            assert there == gone
