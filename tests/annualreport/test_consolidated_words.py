"""Figures in the words of a consolidated report come from where its tables take them: the children's signed reports."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.annualreport import actions, checking, narrative, sections
from gongkai.annualreport.compile import compile
from gongkai.annualreport.models import ReportVersion
from gongkai.base.clock import on_day
from gongkai.organs.refusals import Refused
from gongkai.requests.models import FeeNotice
from tests.annualreport.flow import draft, reporter, sign_off, submitted
from tests.annualreport.records import case, keep_all
from tests.annualreport.test_sections import fee
from tests.support.world import World

D = dt.date
BOX = "s1.on_request"
RECEIVED = "{{measure:requests.received}}"


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def city_report(world: World, text: str, year: int = 2022) -> ReportVersion:
    """The city's draft with a text on requests."""
    version = draft(world, "city", year, words=False)
    with on_day(D(year + 1, 1, 17)):
        return actions.edit_section(
            by=reporter(world, "city", "office"), version=version, section="s1", key="on_request", text=text
        )


def told(version: ReportVersion) -> str:
    return narrative.plain(sections.box_pieces(version)[BOX])


def fees_of(version: ReportVersion) -> str:
    part = sections.printed(version, sections.generated(version)).parts[5]
    return part.paragraphs[0].text


class TestMeasures:
    def test_a_signed_childs_figure_is_told_as_its_table_tells_it(self, kept: World) -> None:
        edu = kept.organs["city-edu"]
        case(edu, received=D(2022, 3, 1), closed=D(2022, 3, 9))
        sign_off(kept, "city-edu", 2022)
        case(edu, received=D(2022, 4, 1), closed=D(2022, 4, 9))  # after the child's signature
        case(kept.organs["city-office"], received=D(2022, 5, 1), closed=D(2022, 5, 9))
        text = f"{RECEIVED}={{{{table3.new_received.total}}}}"
        assert told(city_report(kept, text)) == "2=2"

    def test_one_applicants_kind_is_told_like_its_column(self, kept: World) -> None:
        case(kept.organs["city-edu"], received=D(2022, 3, 1), kind="commercial_enterprise")
        sign_off(kept, "city-edu", 2022, explain=True)
        case(kept.organs["city-edu"], received=D(2022, 4, 1), kind="commercial_enterprise")
        version = city_report(kept, "{{measure:requests.received(kind=commercial_enterprise)}}")
        assert told(version) == "1"

    def test_what_a_signed_table_adds_up_with_others_is_not_known(self, kept: World) -> None:
        merged = "{{measure:keyareas.fee_income_yuan}}"  # stands in one cell with the fees for information
        assert told(city_report(kept, merged, 2022)) == "0"
        sign_off(kept, "city-edu", 2021)
        assert told(city_report(kept, merged, 2021)) == "未知"

    def test_what_no_table_tells_is_asked_of_the_registers(self, kept: World) -> None:
        sign_off(kept, "city-edu", 2022)
        assert told(city_report(kept, "{{measure:requests.forwarded}}")) == "0"

    def test_last_years_figure_is_that_of_last_years_report(self, kept: World) -> None:
        case(kept.organs["city-edu"], received=D(2021, 3, 1), closed=D(2021, 3, 9))
        sign_off(kept, "city-edu", 2021)
        case(kept.organs["city-edu"], received=D(2021, 4, 1), closed=D(2021, 4, 9))
        case(kept.organs["city-edu"], received=D(2022, 4, 1), closed=D(2022, 4, 9))
        text = "{{last:measure:requests.received}}，{{growth:measure:requests.received}}"
        assert told(city_report(kept, text)) == "1，持平"

    def test_an_adjustment_is_taken_off_the_words_as_off_the_table(self, kept: World) -> None:
        for day in (1, 2):
            case(kept.organs["city-edu"], received=D(2022, 3, day), closed=D(2022, 3, 9))
        version = city_report(kept, RECEIVED)
        with on_day(D(2023, 1, 17)):
            actions.eliminate(
                by=reporter(kept, "city", "office"),
                version=version,
                cell="table3.new_received.natural_person",
                amount=1,
                reason="转办重复登记。",
            )
        version.refresh_from_db()
        assert told(version) == "1"


class TestFees:
    def test_a_signed_child_tells_its_fees_as_it_signed_them(self, kept: World) -> None:
        fee(kept, "city-edu", items=11, paid=True)
        sign_off(kept, "city-edu", 2022, explain=True)
        fee(kept, "city-edu", items=23, paid=True)
        assert "收费通知1份" in fees_of(draft(kept, "city", 2022, words=False))

    def test_fees_that_moved_after_submission_are_not_signed_unseen(self, kept: World) -> None:
        one = case(kept.organs["city-edu"], received=D(2022, 3, 1), closed=D(2022, 3, 9))
        version = submitted(kept, "city-edu", 2022)
        before = fees_of(version)
        assert "没有依据" in before
        FeeNotice.objects.create(
            organ=one.organ,
            number="费〔2022〕1号",
            applicant_key=one.submission.applicant_key,
            month="2022-03",
            issued_on=D(2022, 3, 8),
            served_on=D(2022, 3, 9),
            total_yuan=100,
        )
        assert compile(one.organ, 2022).figures.to_cells() == version.cells  # no table tells a notice
        with on_day(D(2023, 1, 18)), pytest.raises(Refused, match="重新汇总"):
            actions.sign(by=reporter(kept, "city-edu", "leader"), version=version)
        version.refresh_from_db()
        assert fees_of(version) == before

    def test_other_generated_words_that_changed_are_not_signed_unseen(self, kept: World) -> None:
        version = submitted(kept, "city-edu", 2022)
        edu = kept.organs["city-edu"]
        edu.address = "新址"
        edu.save()
        office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
        with on_day(D(2023, 1, 18)):
            with pytest.raises(Refused, match="自动生成的文字"):
                actions.sign(by=leader, version=version)
            version = actions.return_report(by=leader, version=version, reason="地址已变。")
            assert sections.GENERATED not in version.sections
            version = actions.sign(by=leader, version=actions.submit(by=office, version=version))
        assert "新址" in sections.printed(version).contact

    def test_fees_nobody_knows_need_an_explanation(self, world: World) -> None:
        keep_all(world.organs["city"], but=("requests",))
        version = draft(world, "city-edu", 2022)
        (finding,) = [one for one in checking.blocking(version) if one.rule == "N-FEES"]
        assert "暂不能统计" in finding.message
        before_fees = draft(world, "city-edu", 2020)
        assert not [one for one in checking.blocking(before_fees) if one.rule == "N-FEES"]
