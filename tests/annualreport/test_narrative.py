"""Figures in the report's words: bound to cells and measures, printed from the version, frozen with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport import (
    actions,
    checking,
    lint,
    marking,
    narrative,
    picks,
    queries,
    seals,
    sections,
    silence,
    verify,
)
from gongkai.annualreport.compile import compile
from gongkai.annualreport.models import ReportVersion
from gongkai.base.clock import on_day
from gongkai.organs.refusals import Refused
from gongkai.requests.models import Case
from tests.annualreport.flow import draft, publish, reporter, sign_off, wrote, zero_tables
from tests.annualreport.records import case, keep_all
from tests.support.world import TEST, World

D = dt.date
JANUARY = D(2023, 1, 17)


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def told(version: ReportVersion, box: str) -> str:
    return narrative.plain(sections.box_pieces(version)[box])


def write(
    world: World, version: ReportVersion, text: str, box: str = "s1.on_request", **more: Any
) -> ReportVersion:
    section, _dot, key = box.partition(".")
    with on_day(JANUARY):
        return actions.edit_section(
            by=reporter(world, "city-edu", "office"),
            version=version,
            section=section,
            key=key,
            text=text,
            **more,
        )


def moved(version: ReportVersion) -> bool:
    report = version.report
    return actions.words_moved(version, compile(report.organ, report.year, report.scope))


def some_cases(world: World, *, year: int = 2022, count: int = 3) -> None:
    for day in range(1, count + 1):
        case(world.organs["city-edu"], received=D(year, 3, day), closed=D(year, 4, day))


def test_a_chip_prints_the_figure_and_leads_to_its_records(kept: World) -> None:
    some_cases(kept)
    case(kept.organs["city-edu"], received=D(2022, 5, 1), closed=D(2022, 5, 9), outcome="denied_process_info")
    version = write(
        kept,
        draft(kept, "city-edu", 2022),
        "{{year}}年新收申请{{table3.new_received.total}}件，不予公开{{table3.denied.total}}件，"
        "办结率{{rate:table3.outcome_total.total/table3.new_received.total+table3.carried_in.total}}。",
    )
    assert told(version, "s1.on_request") == "2022年新收申请4件，不予公开1件，办结率100%。"
    pieces = sections.printed(version).parts[0].paragraphs[1].pieces
    assert [(piece.text, piece.cell) for piece in pieces if piece.token] == [
        ("2022", ""),
        ("4", "table3.new_received.total"),
        ("1", ""),
        ("100%", "table3.outcome_total.total"),
    ]
    assert sections.printed(version).parts[0].paragraphs[1].text == "".join(piece.text for piece in pieces)
    assert {piece.text: piece.part for piece in pieces if piece.part} == {
        "1": "s3"
    }  # several cells: to their table


def test_the_printed_figure_moves_with_the_records_until_it_is_signed(kept: World) -> None:
    some_cases(kept, count=2)
    version = write(kept, draft(kept, "city-edu", 2022), "新收申请{{table3.new_received.total}}件。")
    assert told(version, "s1.on_request") == "新收申请2件。"
    office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
    case(kept.organs["city-edu"], received=D(2022, 6, 1), closed=D(2022, 6, 9))
    with on_day(JANUARY):
        version = actions.recompile(by=office, version=version)
        assert told(version, "s1.on_request") == "新收申请3件。"
        version = actions.sign(by=leader, version=actions.submit(by=office, version=version))
    case(kept.organs["city-edu"], received=D(2022, 7, 1), closed=D(2022, 7, 9))
    frozen = ReportVersion.objects.get(pk=version.pk)
    assert told(frozen, "s1.on_request") == "新收申请3件。"
    assert frozen.sections[sections.PRINTED]["s1.on_request"][1] == [
        "3",
        "table3.new_received.total",
        "{{table3.new_received.total}}",
    ]
    assert frozen.hash == seals.fingerprint(frozen)
    assert not [problem for problem in verify.problems() if "哈希" in problem]
    frozen.sections[sections.PRINTED]["s1.on_request"][1][0] = "4"
    ReportVersion.objects.filter(pk=frozen.pk).update(sections=frozen.sections)
    assert [
        problem for problem in verify.problems() if "哈希" in problem
    ]  # the words are under the same hash


def test_measures_are_figures_too_and_moved_ones_are_not_passed_on_unseen(kept: World) -> None:
    some_cases(kept, count=2)
    token = "{{measure:requests.received(kind=natural_person)}}"
    version = write(
        kept,
        draft(kept, "city-edu", 2022),
        f"自然人申请{token}件，收费{{{{measure:requests.fee_collected_yuan}}}}元。",
    )
    assert told(version, "s1.on_request") == "自然人申请2件，收费0元。"
    assert not moved(version)
    case(kept.organs["city-edu"], received=D(2022, 6, 1), closed=D(2022, 6, 9))
    assert moved(version)
    with on_day(JANUARY), pytest.raises(Refused, match="重新汇总"):
        actions.submit(by=reporter(kept, "city-edu", "office"), version=version)


def test_growth_is_against_last_years_report(kept: World) -> None:
    some_cases(kept, year=2021, count=2)
    some_cases(kept, count=3)
    text = "新收申请{{table3.new_received.total}}件，上年{{last:table3.new_received.total}}件，{{growth:table3.new_received.total}}。"
    version = write(kept, draft(kept, "city-edu", 2022), text)
    assert told(version, "s1.on_request") == "新收申请3件，上年未知件，未知。"
    publish(kept, "city-edu", 2021)
    version = write(kept, version, text + " ")
    assert told(version, "s1.on_request") == "新收申请3件，上年2件，增长50%。"


def test_an_unknown_figure_is_printed_as_unknown_and_blocks(kept: World) -> None:
    version = write(kept, draft(kept, "city-edu", 2022), "较上年{{growth:table3.new_received.total}}。")
    assert told(version, "s1.on_request") == "较上年未知。"
    (finding,) = [one for one in checking.blocking(version) if one.rule == "N-CHIP"]
    assert "没有上年的数" in finding.message
    with on_day(JANUARY):
        office = reporter(kept, "city-edu", "office")
        with pytest.raises(Refused, match="没有上年的数"):
            actions.submit(by=office, version=version)
        with pytest.raises(Refused, match="须改正文字"):
            actions.accept_finding(by=office, version=version, finding_key=finding.key, reason="以后再说。")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{table3.nothing.total}}", "不是本年度报告表格里的数"),
        ("{{table2.art20_8.admin_fees.prev_year_items}}", "不是本年度报告表格里的数"),
        ("{{measure:nothing.here}}", "不是台账里的指标"),
        ("{{measure:requests.fee_notices(kind=x)}}", "不分“kind”"),
        ("{{measure:requests.received(kind=natural_persn)}}", "没有“kind=natural_persn”这一类"),
        ("{{measure:requests.closed(outcome=grant)}}", "没有“outcome=grant”这一类"),
        ("{{measure:documents.made(kind=rule)}}", "没有“kind=rule”这一类"),
        ("{{table3.granted.total+table2.art20_8.admin_fees.fee_amount_wan}}", "单位不同"),
        ("{{rate:table3.granted.total/measure:requests.fee_collected_yuan}}", "单位不同"),
        ("{{table3.granted.total", "没有写完"),
    ],
)
def test_what_is_no_figure_is_refused_and_nothing_is_saved(kept: World, text: str, why: str) -> None:
    version = draft(kept, "city-edu", 2022)
    with pytest.raises(ValidationError, match=why) as refused:
        write(kept, version, text)
    assert "文字没有保存" in str(refused.value)
    version.refresh_from_db()
    assert told(version, "s1.on_request") == "按年度计划推进。"


def test_who_saves_over_anothers_text_is_told_and_sees_it(kept: World) -> None:
    version = draft(kept, "city-edu", 2022)
    seen = actions.seal("按年度计划推进。")
    version = write(kept, version, "甲写的。", seen=seen)
    with pytest.raises(actions.Overtaken, match="另一位同事") as overtaken:
        write(kept, version, "乙写的。", seen=seen)
    assert overtaken.value.theirs == "甲写的。"
    assert told(ReportVersion.objects.get(pk=version.pk), "s1.on_request") == "甲写的。"
    version = write(kept, version, "两人的。", seen=actions.seal("甲写的。"))
    assert told(version, "s1.on_request") == "两人的。"
    assert (
        told(write(kept, version, "两人的。", seen="anything"), "s1.on_request") == "两人的。"
    )  # the same words clash with nothing


def test_a_correction_begins_with_the_words_and_their_chips(kept: World) -> None:
    some_cases(kept, count=1)
    version = draft(kept, "city-edu", 2022)
    version = write(kept, version, "新收申请{{table3.new_received.total}}件。")
    office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
    with on_day(JANUARY):
        actions.sign(by=leader, version=actions.submit(by=office, version=version))
        some_cases(kept, count=1)
        new = actions.open_correction(by=office, report=version.report, note="补登一件。")
    assert told(new, "s1.on_request") == "新收申请2件。"
    assert sections.PRINTED not in new.sections
    assert sections.GENERATED not in new.sections


class TestTypedNumbers:
    def typed(self, world: World, text: str) -> tuple[ReportVersion, list[marking.Offer]]:
        version = write(world, draft(world, "city-edu", 2022), text)
        return version, list(marking.offers(version, checking.from_records(version.findings)).values())

    def link(self, world: World, version: ReportVersion) -> ReportVersion:
        (key,) = marking.offers(version, checking.from_records(version.findings))
        with on_day(JANUARY):
            return actions.link_figure(
                by=reporter(world, "city-edu", "office"), version=version, finding_key=key
            )

    def test_a_right_number_is_offered_as_a_chip(self, kept: World) -> None:
        some_cases(kept)
        version, (offer,) = self.typed(kept, "2022年共收到政府信息公开申请3件，均按时处理。")
        assert (offer.typed, offer.token, offer.printed) == ("3", "{{table3.new_received.total}}", "3")
        version = self.link(kept, version)
        assert version.sections["s1"]["on_request"] == (
            "2022年共收到政府信息公开申请{{table3.new_received.total}}件，均按时处理。"
        )
        assert told(version, "s1.on_request") == "2022年共收到政府信息公开申请3件，均按时处理。"
        assert not marking.offers(version, checking.from_records(version.findings))

    def test_a_wrong_number_is_marked_and_mended_by_its_chip(self, kept: World) -> None:
        some_cases(kept)
        version, (offer,) = self.typed(kept, "开头。2022年共收到政府信息公开申请1,300件。结尾。")
        assert (offer.typed, offer.printed) == ("1,300", "3")
        (finding,) = [one for one in checking.blocking(version) if one.rule == "N-NEW"]
        said = lint.told(finding)
        assert said is not None
        assert (said.place, said.expected, said.found) == ("s1.on_request", "3", "1300")
        fragments = marking.marked(sections.box_pieces(version)["s1.on_request"], [finding])
        assert [(one.text, one.mark) for one in fragments] == [
            ("开头。", ""),
            ("2022年共收到政府信息公开申请1,300件。", "E"),
            ("结尾。", ""),
        ]
        version = self.link(kept, version)
        assert told(version, "s1.on_request") == "开头。2022年共收到政府信息公开申请3件。结尾。"
        assert not checking.blocking(version)

    def test_of_two_equal_numbers_the_one_that_is_meant_is_replaced(self, kept: World) -> None:
        some_cases(kept)
        version, offers = self.typed(kept, "2022年收到政府信息公开申请3件，其中予以公开3件，不予公开0件。")
        tokens = {
            version.sections["s1"]["on_request"][offer.start - 4 : offer.start]: offer.token
            for offer in offers
        }
        assert tokens == {
            "公开申请": "{{table3.new_received.total}}",
            "予以公开": "{{table3.granted.total}}",
            "不予公开": "{{table3.denied.total}}",
        }

    def test_a_chip_is_never_offered_for_a_chip(self, kept: World) -> None:
        some_cases(kept)
        _version, offers = self.typed(kept, "2022年收到政府信息公开申请{{table3.new_received.total}}件。")
        assert offers == []


def test_what_is_offered_to_pick_is_known_to_the_form_and_printed(kept: World) -> None:
    some_cases(kept)
    for year in (2019, 2022):
        version = draft(kept, "city-edu", year)
        for group in picks.groups(version):
            assert group.picks
            for pick in group.picks:
                narrative.check(pick.token, queries.form_of(version))
                assert pick.printed
    version = write(kept, version, picks.suggestion(version, "s1.on_request")[0])  # type: ignore[index]
    assert told(version, "s1.on_request").startswith("2022年新收政府信息公开申请3件，上年结转0件。")
    assert not checking.blocking(version)


class TestNothingToReport:
    def set(self, world: World, code: str, **chosen: str) -> None:
        silence.set_silence(
            by=TEST, organ=world.organs[code], **{"without_fees": "say", "without_words": "say", **chosen}
        )

    def printed(self, version: ReportVersion) -> sections.Printed:
        return sections.printed(version)

    def signed(self, world: World) -> sections.Printed:
        return self.printed(sign_off(world, "city-edu", 2022))

    @pytest.mark.seed("S264")
    def test_part_six_tells_the_fees_of_the_year_by_itself(self, kept: World) -> None:
        from tests.annualreport.test_sections import fee

        paid = fee(kept, "city-edu", items=23, paid=True)
        fee(kept, "city-edu", items=11, paid=False)
        trunk = case(kept.organs["city-edu"], received=None)
        Case.objects.filter(fee_lines__notice=paid).update(split_of=trunk)
        version = sign_off(kept, "city-edu", 2022, explain=True)
        (paragraph,) = self.printed(version).parts[5].paragraphs
        for words in ("收费通知2份", "1名申请人", "共计23件", "实际收取信息处理费1300元"):
            assert words in paragraph.text

    @pytest.mark.seed("S264", "S122")
    def test_without_fees_it_says_so_or_is_left_out_as_set(self, kept: World) -> None:
        assert "没有依据" in self.signed(kept).parts[5].paragraphs[0].text

    @pytest.mark.seed("S264")
    def test_left_out_means_left_out_and_an_empty_part_still_says_wu(self, kept: World) -> None:
        self.set(kept, "city", without_fees="omit")
        self.set(kept, "county-a", without_fees="say")
        (paragraph,) = self.signed(kept).parts[5].paragraphs
        assert paragraph.text == "无"

    def test_fees_that_were_charged_are_told_whatever_is_set(self, kept: World) -> None:
        from tests.annualreport.test_sections import fee

        self.set(kept, "city", without_fees="omit")
        fee(kept, "city-edu", items=23, paid=True)
        assert (
            "1300元"
            in self.printed(sign_off(kept, "city-edu", 2022, explain=True)).parts[5].paragraphs[0].text
        )

    def test_headings_without_words_say_wu_or_are_left_out(self, kept: World) -> None:
        for chosen, labels in (("say", 5), ("omit", 1)):
            self.set(kept, "city", without_words=chosen)
            version = draft(kept, "city-edu", 2022 if chosen == "say" else 2021, words=False)
            version = write(kept, version, "公开一批文件。", "s1.proactive")
            generated = {
                "without_words": str(silence.settings_for(kept.organs["city-edu"].path).without_words)
            }
            part = sections.printed(version, generated).parts[0]
            assert len(part.paragraphs) == labels
            assert part.paragraphs[0].text == "公开一批文件。"

    def test_only_who_may_manage_sets_it_and_a_signed_report_stays(self, kept: World) -> None:
        before = self.signed(kept)
        with pytest.raises(Refused):
            silence.set_silence(
                by=reporter(kept, "city", "office"),
                organ=kept.organs["city"],
                without_fees="omit",
                without_words="omit",
            )
        self.set(kept, "city", without_fees="omit", without_words="omit")
        assert self.printed(ReportVersion.objects.get()) == before


def test_an_imported_report_has_no_words(kept: World) -> None:
    with on_day(JANUARY):
        version = actions.import_report(
            by=reporter(kept, "city-edu", "office"),
            organ=kept.organs["city-edu"],
            year=2021,
            tables=zero_tables(2021),
            source="门户网站",
        )
    assert {told(version, box.name) for box in sections.places(queries.form_of(version))} == {""}


def test_several_boxes_are_written_at_once_or_not_at_all(kept: World) -> None:
    version = draft(kept, "city-edu", 2022, words=False)
    with on_day(JANUARY):
        office = reporter(kept, "city-edu", "office")
        with pytest.raises(ValidationError):
            actions.write(
                by=office, version=version, texts={("s1", "proactive"): "好。", ("s9", ""): "不好。"}
            )
        version.refresh_from_db()
        assert set(version.sections) == {narrative.FIGURES}
        version = wrote(version, office)
    assert len(version.sections["s1"]) == 5
