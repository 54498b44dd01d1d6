"""One number's way: an application through its real actions into a published report, and a split refused afterwards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from gongkai.annualreport import changes, public, queries
from gongkai.annualreport.compile import compile
from gongkai.base.clock import on_day
from gongkai.documents import actions as documents
from gongkai.keyareas import actions as keyareas
from gongkai.organs.refusals import Refused
from gongkai.remedies import actions as remedies
from gongkai.requests import actions as requests
from tests.annualreport.flow import publish
from tests.annualreport.records import keep_all
from tests.requests.stories import Office
from tests.support.world import World

D = dt.date


@pytest.fixture
def office(world: World) -> Office:
    keep_all(world.organs["city"])
    return Office(world)


def test_from_the_application_to_the_figure_a_reader_opens(office: Office) -> None:
    world = office.world
    with on_day(D(2022, 12, 30)):
        one = office.in_process("03-02")
        office.dispatched(one, "03-20", "partially_granted")
        open_one = office.in_process("12-20", kind="commercial_enterprise")
        misdirected = office.submitted("05-05")
        requests.forward(misdirected, by=office.handler, on=D(2022, 5, 5), to="甲市教育局")
    compiled = compile(world.organs["city-office"], 2022)
    assert compiled.figures.number("table3.partially_granted.natural_person") == 1
    assert compiled.figures.number("table3.carried_out.commercial_enterprise") == 1
    assert compiled.figures.number("table3.new_received.total") == 2
    version = publish(world, "city-office", 2022)
    (shown,) = public.behind(version, "table3.partially_granted.natural_person").cases
    assert (shown.month, shown.article) == ("2022年3月", "《政府信息公开条例》第三十七条")
    one.refresh_from_db()
    assert shown.days_used == one.days_used
    assert queries.counts_case(one)
    assert queries.counts_case(open_one)
    assert changes.moved(version) == []
    with on_day(D(2023, 1, 25)):
        office.dispatched(open_one, "2023-01-20", "granted")
    assert changes.moved(version) == []  # next year's fact leaves the old year alone


def test_an_application_counted_in_a_frozen_report_is_not_split_any_more(office: Office) -> None:
    with on_day(D(2022, 12, 30)):
        one = office.in_process("12-20")
    assert not queries.counts_case(one)
    publish(office.world, "city-office", 2022)
    with on_day(D(2023, 1, 25)), pytest.raises(Refused):
        requests.split(one, by=office.handler, parts=["第一件", "第二件"], reason="一事一申请")


def test_every_table_from_the_actions_of_its_register(office: Office) -> None:
    world = office.world
    organ = world.organs["city-office"]
    with on_day(D(2022, 12, 30)):
        keeper = world.actor("city-office", "office", "documents")
        documents.add_document(
            by=keeper, organ=organ, kind="normative_docs", title="关于某事的通知", made_on=D(2022, 4, 2)
        )
        keyareas.add_decision(
            by=world.actor("city-office", "office", "acts"),
            organ=organ,
            row="admin_license",
            number="许可〔2022〕1号",
            decided_on=D(2022, 6, 1),
        )
        remedies.file_proceeding(
            by=world.actor("city-office", "office", "remedies"),
            organ=organ,
            group="review",
            number="甲政复〔2022〕1号",
            forum="甲市人民政府",
            filed_on=D(2022, 5, 5),
        )
    figures = compile(organ, 2022).figures
    assert figures.number("table2.art20_1.normative_docs.made_this_year") == 1
    assert figures.number("table2.art20_1.normative_docs.in_force") == 1
    assert figures.number("table2.art20_5.admin_license.decisions") == 1
    assert figures.number("table2.art20_8.admin_fees.fee_amount_wan") == Decimal("0.0000")
    assert figures.number("table4.review.pending") == 1
    assert figures.number("table4.review.total") == 1
