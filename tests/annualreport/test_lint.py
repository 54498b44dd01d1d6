"""The words of our own draft judged before it is signed. The sentences marked with a row stand word for word in a seed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport import actions, checking, checklist, lint, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.base import crypto
from gongkai.base.clock import on_day
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.requests.models import Submission
from tests.annualreport.flow import draft, reporter, sign_off, wrote
from tests.annualreport.records import case, keep_all, proceeding, tally
from tests.annualreport.test_problems import add as add_problem
from tests.annualreport.test_problems import step
from tests.support.published import REPORTS
from tests.support.world import World

D = dt.date
JANUARY = D(2023, 1, 17)


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def seed(number: str, begins: str, ends: str) -> str:
    """A passage of a seed, word for word."""
    (path,) = REPORTS.glob(f"{number}_*.txt")
    text = path.read_text(encoding="utf-8")
    start = text.index(begins)
    return text[start : text.index(ends, start) + len(ends)]


def write(world: World, version: ReportVersion, **boxes: str) -> ReportVersion:
    """Boxes by the name of their key (part six is ``s6``)."""
    office = reporter(world, _code(version), "office")
    texts = {
        (place.section, place.key): boxes.pop(place.key or place.section)
        for place in sections.places(lint.queries.form_of(version))
        if (place.key or place.section) in boxes
    }
    assert not boxes
    with on_day(D(version.report.year + 1, 1, 17)):
        return actions.write(by=office, version=version, texts=texts)


def _code(version: ReportVersion) -> str:
    return str(version.report.organ.code)


def found(version: ReportVersion, rule: str) -> list[Finding]:
    """What is found on the words by this rule."""
    every = checking.from_records(version.findings)
    return [one for one in every if one.rule == rule and lint.told(one) is not None]


def only(version: ReportVersion, rule: str) -> tuple[Finding, lint.Told]:
    (finding,) = [one for one in found(version, rule) if one.result is Result.FAILS]
    said = lint.told(finding)
    assert said is not None
    return finding, said


def blocked(world: World, version: ReportVersion) -> str:
    """Why it cannot be submitted."""
    with on_day(D(version.report.year + 1, 1, 18)), pytest.raises(Refused) as refused:
        actions.submit(by=reporter(world, _code(version), "office"), version=version)
    return str(refused.value)


def accept(world: World, version: ReportVersion, finding: Finding) -> None:
    with on_day(D(version.report.year + 1, 1, 18)):
        actions.accept_finding(
            by=reporter(world, _code(version), "office"),
            version=version,
            finding_key=finding.key,
            reason="口径不同，已核对。",
        )


class TestSentencesOfTheSeeds:
    @pytest.mark.seed("F1")
    def test_a_rate_that_its_own_figures_contradict_blocks(self, kept: World) -> None:
        sentence = seed("000", "市长电子信箱共收到", "办结率98%")
        version = write(kept, draft(kept, "city", 2019), platform=f"{sentence}。")
        finding, said = only(version, "N-RATE")
        assert finding.severity is Severity.ERROR
        assert (said.place, said.expected, said.found) == ("s1.platform", "99.96", "98")
        assert said.quote == f"{sentence}。".replace("，", ",")
        assert "99.96%" in blocked(kept, version)
        version = write(kept, version, platform=sentence.replace("98%", "99.96%。"))
        assert [one.result for one in found(version, "N-RATE")] == [Result.HOLDS]

    @pytest.mark.seed("F5")
    def test_the_wrong_word_for_the_direction_of_a_carry_over_blocks(self, kept: World) -> None:
        city = kept.organs["city"]
        for number in range(11):
            case(city, received=D(2018, 12, 1 + number), closed=D(2019, 1, 10))
        for number in range(2):
            case(city, received=D(2019, 3, 1 + number), closed=D(2019, 3, 20))
        case(city, received=D(2019, 12, 30))
        sentence = "全市各级行政机关2019年度共受理各类政府信息公开申请3件，结转上年度继续办理的1件，办结2件，办结率为66.67%。"
        published = seed("003", "全市各级行政机关2019年度共受理", "办结率为99.86%")
        same = published.replace("702", "3").replace("701", "2").replace("99.86", "66.67")
        assert f"{same}。" == sentence  # the seed's sentence, with the figures of this small city
        version = write(kept, draft(kept, "city", 2019), on_request=sentence)
        finding, said = only(version, "N-CARRY")
        assert finding.severity is Severity.ERROR
        assert (said.expected, said.found) == ("11", "1")
        assert "方向写反" in blocked(kept, version)
        version = write(kept, version, on_request=sentence.replace("结转上年度", "结转下年度"))
        assert not [one for one in checking.blocking(version) if lint.told(one)]

    @pytest.mark.seed("F10")
    def test_a_lawsuit_that_table_four_does_not_have_blocks(self, kept: World) -> None:
        proceeding(kept.organs["county-b"], filed=D(2020, 3, 1), closed=D(2020, 5, 1), group="review")
        sentence = seed("002", "发生1起针对2019年政府信息公开事务", "已妥善处置到位。")
        version = write(kept, draft(kept, "county-b", 2020), on_request=f"2020年，{sentence}")
        finding, _said = only(version, "N-LIT")
        assert "行政复议1件、行政诉讼0件" in finding.message
        assert finding.key in {one.key for one in checking.blocking(version)}
        version = write(
            kept, version, on_request=f"2020年，{sentence}".replace("行政复议和行政诉讼", "行政复议")
        )
        assert not [one for one in found(version, "N-LIT") if one.result is Result.FAILS]

    @pytest.mark.seed("F11")
    def test_channels_that_do_not_add_up_are_marked(self, kept: World) -> None:
        total = seed("002", "2020年，全区通过政府门户网站微信公众号", "公开信息461余条。")
        website = seed("002", "全年通过政府门户网站主动公开各类信息1038条", "重点领域信息250条。")
        version = write(kept, draft(kept, "county-b", 2020), proactive=total, platform=website)
        finding, said = only(version, "N-SUM")
        assert (said.place, said.expected, said.found) == ("s1.proactive", "4325", "4799")
        assert "4325" in blocked(kept, version)
        assert finding.severity is Severity.ERROR

    @pytest.mark.seed("F12")
    def test_a_figure_of_the_office_in_the_countys_report_needs_its_scope_explained(
        self, kept: World
    ) -> None:
        for organ, count in (("county-a-office", 16), ("town-a1", 48)):
            for number in range(count):
                case(kept.organs[organ], received=D(2020, 2, 1) + dt.timedelta(number), closed=D(2020, 6, 1))
        sentence = seed("001", "2020 年，县政府办网络管理股处理信息公开件", "16 件") + "。"
        version = write(kept, draft(kept, "county-a", 2020), on_request=sentence)
        finding, said = only(version, "N-NEW")
        assert finding.severity is Severity.WARNING
        assert (said.expected, said.found) == ("64", "16")
        assert "范围" in finding.message
        assert "范围" in blocked(kept, version)
        accept(kept, version, finding)
        assert not found_blocking(version, "N-NEW")

    @pytest.mark.seed("S124", "F13")
    def test_applicants_named_in_the_text_block_and_only_counts_pass(self, kept: World) -> None:
        passage = seed("001", "2020 年，县政府办网络管理股处理信息公开件 16 件", "。")
        version = write(kept, draft(kept, "county-a", 2020), on_request=passage)
        finding, said = only(version, "S124")
        assert finding.severity is Severity.ERROR
        assert "某" in said.quote
        assert said.quote not in passage  # the names are not repeated
        assert "只应写件数" in blocked(kept, version)
        with on_day(D(2021, 1, 18)), pytest.raises(Refused, match="须改正文字"):
            actions.accept_finding(
                by=reporter(kept, "county-a", "office"),
                version=version,
                finding_key=finding.key,
                reason="已公开。",
            )
        version = write(kept, version, on_request="2020年，县政府办处理信息公开件16件。")
        assert not found(version, "S124")

    @pytest.mark.seed("F15")
    def test_a_passage_copied_within_the_report_needs_a_reason(self, kept: World) -> None:
        first = seed("001", "推进基层政务公开平台规范化。一是明确总体目标要求", "三是规范公")
        second = seed(
            "001",
            "一是明确总体目标要求。全面推进基层政务公开和加强平台建设，是提升基层政府治理能力的重要举措。紧紧围绕",
            "三是规范公",
        )
        version = write(kept, draft(kept, "county-a", 2020), proactive=first, platform=second)
        finding, said = only(version, "F15")
        assert finding.severity is Severity.WARNING
        assert said.place == "s1.platform"
        assert "疑似重复" in blocked(kept, version)
        accept(kept, version, finding)
        assert not found_blocking(version, "F15")
        version = write(kept, version, platform=second + "四是督促检查。")
        assert found_blocking(version, "F15")  # it begins alike and is another passage
        version = write(kept, version, platform="今年" + second)
        assert found_blocking(version, "F15")  # another passage: the reason given was for that one

    @pytest.mark.seed("F16")
    def test_accounts_less_those_closed_are_those_kept(self, kept: World) -> None:
        sentence = seed("000", "2019年三季度对政府系统运行的583个", "总体运行平稳。")
        version = write(kept, draft(kept, "city", 2019), platform=sentence)
        (finding,) = found(version, "N-SUM")
        assert finding.result is Result.HOLDS
        assert "583减去284为299" in finding.message

    def test_rules_of_another_scope_in_the_offices_text_block(self, kept: World) -> None:
        sentence = seed("004", "目前栏目政策版块收录现行有效规章48部", "120件。")
        tally(
            kept.organs["city-office"],
            "documents.in_force",
            120,
            2022,
            source="opening",
            kind="normative_docs",
        )
        version = write(kept, draft(kept, "city-office", 2022), proactive=sentence)
        _finding, said = only(version, "N-DOC")
        assert said.found == "48"
        assert "规章" in blocked(kept, version)

    def test_measures_of_improvement_belong_in_part_five(self, kept: World) -> None:
        sentence = seed("001", "（一）进一步完善政府信息公开制度。", "（三）进一步加大宣传力度。")
        version = write(kept, draft(kept, "county-a", 2020), s6=sentence)
        finding, said = only(version, "S-MEASURE")
        assert (finding.severity, said.place) == (Severity.WARNING, "s6")
        assert "第五部分" in blocked(kept, version)

    def test_a_line_of_the_form_called_otherwise_is_marked(self, kept: World) -> None:
        version = write(
            kept,
            draft(kept, "county-b", 2020),
            on_request="因其他法律法规禁止公开而不予公开的，均说明了理由。",
        )
        _finding, said = only(version, "FR5")
        assert said.quote == "其他法律法规禁止公开"
        version = write(kept, version, on_request="因其他法律行政法规禁止公开而不予公开的，均说明了理由。")
        assert not found(version, "FR5")


def found_blocking(version: ReportVersion, rule: str) -> list[Finding]:
    return [one for one in checking.blocking(version) if one.rule == rule]


class TestApplicants:
    def named(self, organ: Organ, name: str, **columns: D | None) -> None:
        one = case(organ, **{"received": D(2022, 3, 1), "closed": D(2022, 3, 20), **columns})  # type: ignore[arg-type]
        Submission.objects.filter(pk=one.submission_id).update(name_index=crypto.blind("name", name))

    def lint(self, world: World, text: str, code: str = "city-edu") -> list[Finding]:
        return found(write(world, draft(world, code, 2022), management=text), "S124")

    @pytest.mark.seed("S124")
    def test_a_name_from_the_register_blocks_without_any_telling_word(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "柴静远")
        (finding,) = self.lint(kept, "年内与柴静远等沟通，事项已了结。")
        assert finding.severity is Severity.ERROR
        version = ReportVersion.objects.get()
        assert "柴静远" not in json.dumps(version.findings, ensure_ascii=False)
        assert "柴某某" in json.dumps(version.findings, ensure_ascii=False)
        assert "姓名" in blocked(kept, version)

    def test_a_short_name_that_may_be_a_word_asks_and_beside_an_application_blocks(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "高峰")
        (finding,) = self.lint(kept, "在高峰时段增派人手。")
        assert finding.severity is Severity.WARNING
        version = write(kept, ReportVersion.objects.get(), management="高峰的申请已经答复。")
        assert only(version, "S124")[0].severity is Severity.ERROR

    def test_organisations_are_found_by_their_whole_name(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "甲市兴农养殖专业合作社")
        (finding,) = self.lint(kept, "甲市兴农养殖专业合作社申请公开的信息已经提供。")
        assert finding.severity is Severity.ERROR
        assert "兴农" not in (lint.told(finding) or lint.Told("", "", "", "")).quote

    def test_only_the_reports_own_applicants_of_the_year_count(self, kept: World) -> None:
        self.named(kept.organs["city-office"], "柴静远")
        self.named(kept.organs["city-edu"], "温如玉", received=D(2020, 3, 1), closed=D(2020, 3, 20))
        assert self.lint(kept, "柴静远、温如玉两位老师负责。") == []

    @pytest.mark.parametrize("unseen", ["\u2060", "\u00ad", "\u200b", "\u200f", "\u202e", "\ufeff"])
    def test_what_nobody_sees_hides_no_name(self, kept: World, unseen: str) -> None:
        self.named(kept.organs["city-edu"], "柴静远")
        (finding,) = self.lint(kept, f"年内与柴{unseen}静远等沟通。")
        assert finding.severity is Severity.ERROR
        version = ReportVersion.objects.get()
        assert version.sections["s1"]["management"] == "年内与柴静远等沟通。"
        version.sections["s1"]["management"] = (
            f"年内与柴{unseen}静远等沟通。"  # kept before texts were tidied
        )
        assert [one.rule for one in lint.check(version) if one.rule == "S124"] == ["S124"]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("公开申请", "收到信息公开申请5件。"),
            ("信息公开", "收到政府信息公开申请5件。"),
            ("高建设", "不断提高建设水平。"),
            ("于公开", "坚持服务于公开申请的群众。"),
        ],
    )
    def test_nobody_blocks_a_report_by_applying_under_a_word(self, kept: World, name: str, text: str) -> None:
        self.named(kept.organs["city-edu"], name)
        assert not [one for one in self.lint(kept, text) if one.severity is Severity.ERROR]

    @pytest.mark.parametrize(
        "text", ["高建设的申请已经答复。", "已与高建设先生沟通。", "申请人高建设对答复满意。"]
    )
    def test_a_name_of_an_offices_words_blocks_where_it_is_called_a_person(
        self, kept: World, text: str
    ) -> None:
        self.named(kept.organs["city-edu"], "高建设")
        (finding,) = self.lint(kept, text)
        assert finding.severity is Severity.ERROR

    @pytest.mark.parametrize("written", ["阿迪力·买买提", "阿迪力•买买提", "阿迪力・买买提"])
    def test_names_of_several_parts_are_found_however_they_are_dotted(
        self, kept: World, written: str
    ) -> None:
        self.named(kept.organs["city-edu"], "阿迪力·买买提")
        (finding,) = self.lint(kept, f"年内与{written}等沟通。")
        assert finding.severity is Severity.ERROR

    def test_rare_characters_belong_to_names(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "柴\U00020bb7远")
        assert self.lint(kept, "年内与柴\U00020bb7远等沟通。")

    def test_a_reason_given_for_one_name_does_not_hold_for_another(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "高峰")
        self.named(kept.organs["city-edu"], "高山")
        (first,) = self.lint(kept, "在高峰时段增派人手。")
        version = write(kept, ReportVersion.objects.get(), management="在高山时段增派人手。")
        second, said = only(version, "S124")
        assert said.quote == (lint.told(first) or said).quote
        assert first.key != second.key

    @pytest.mark.seed("S124")
    def test_no_adjustment_gives_a_reason_that_names_an_applicant(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "柴静远")
        version, office = draft(kept, "city", 2022), reporter(kept, "city", "office")
        more: dict[str, Any] = {"by": office, "version": version, "cell": "table3.granted.natural_person"}
        with on_day(JANUARY):
            with pytest.raises(ValidationError, match="不能写申请人"):
                actions.eliminate(amount=1, reason="柴静远的申请在两处登记。", **more)
            actions.eliminate(amount=1, reason="温如玉的申请在两处登记。", **more)
            self.named(kept.organs["city-office"], "温如玉")  # registered afterwards
            version = actions.recompile(by=office, version=version)
        (finding,) = found(version, "S124")
        assert finding.severity is Severity.ERROR
        assert "调整项" in finding.message
        assert "温如玉" not in json.dumps(version.findings, ensure_ascii=False)

    @pytest.mark.seed("S124")
    def test_no_correction_says_whose_application_was_forgotten(self, kept: World) -> None:
        self.named(kept.organs["city-edu"], "柴静远")
        report = sign_off(kept, "city-edu", 2022, explain=True).report
        office = reporter(kept, "city-edu", "office")
        with on_day(JANUARY):
            for note in ("补计柴静远的申请一件。", "补计申请人张红梅、王小强、李国强的申请。"):
                with pytest.raises(ValidationError, match="不能写申请人"):
                    actions.open_correction(by=office, report=report, note=note)
            version = actions.open_correction(by=office, report=report, note="补计温如玉的申请一件。")
            self.named(kept.organs["city-edu"], "温如玉")
            version = actions.recompile(by=office, version=version)
            (finding,) = found(version, "S124")
            assert "更正说明" in finding.message
            version = actions.reword_correction(by=office, version=version, note="补计申请一件。")
        assert not found(version, "S124")
        assert version.correction_note == "补计申请一件。"

    def test_only_a_correction_has_a_note(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022)
        with on_day(JANUARY), pytest.raises(Refused, match="没有更正说明"):
            actions.reword_correction(
                by=reporter(kept, "city-edu", "office"), version=version, note="补计申请一件。"
            )

    def test_a_governments_report_looks_at_everyone_below(self, kept: World) -> None:
        self.named(kept.organs["town-a1"], "柴静远")
        (finding,) = self.lint(kept, "柴静远一事已经了结。", "county-a")
        assert finding.severity is Severity.ERROR


class TestWritingAndWaiting:
    def test_empty_boxes_ask_for_words_or_a_reason(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022, words=False)
        empty = found(version, lint.UNWRITTEN)
        assert [lint.told(one).place for one in empty] == [  # type: ignore[union-attr]
            "s1.proactive",
            "s1.on_request",
            "s1.management",
            "s1.platform",
            "s1.supervision",
            "s5.problems",
            "s5.improvements",
        ]
        assert "还没有写" in blocked(kept, version)
        for one in empty:
            accept(kept, version, one)
        with on_day(JANUARY):
            office = reporter(kept, "city-edu", "office")
            assert actions.submit(by=office, version=version).state == "submitted"

    def test_wu_is_an_answer(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022, words=False)
        with on_day(JANUARY):
            version = wrote(version, reporter(kept, "city-edu", "office"), problems="无", improvements="无")
        assert not checking.blocking(version)

    def test_problems_without_anything_done_about_them_ask(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022, words=False)
        with on_day(JANUARY):
            office = reporter(kept, "city-edu", "office")
            version = wrote(
                version, office, problems="公开栏目更新不够及时，专业人员偏少。", improvements="无。"
            )
            (finding,) = found(version, "S-FIFTH")
            assert (lint.told(finding) or lint.Told("", "", "", "")).place == "s5.improvements"
            version = wrote(version, office, problems="公开栏目更新不够及时。", improvements="每周检查一次。")
        assert not found(version, "S-FIFTH")

    def test_problems_of_the_register_of_which_nothing_is_recorded_ask(self, kept: World) -> None:
        problem = add_problem(kept, "公开不够及时。", D(2022, 5, 1), "city-edu")
        version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
        (finding,) = found(version, "P-FACTS")
        assert "公开不够及时" in finding.message
        assert finding.severity is Severity.WARNING
        with on_day(JANUARY):
            told = wrote(version, office, improvements="针对“公开不够及时”，每周检查一次。")
            assert not found(told, "P-FACTS")
            version = wrote(told, office)
            step(problem, "measure", JANUARY, "每周提醒")
            version = actions.recompile(by=office, version=version)
        assert not found(version, "P-FACTS")

    def test_the_list_of_steps_counts_words_apart_from_figures(self, kept: World) -> None:
        version = write(
            kept, draft(kept, "city-edu", 2022, words=False), on_request="收到政府信息公开申请5件。"
        )
        steps = {step.key: step for step in checklist.steps(version, D(2023, 1, 20), moved=False)}
        assert steps["errors"].done
        assert not steps["words"].done
        assert steps["words"].label == "1处文字有误，须改正，还有6处没有写"

    def test_text_much_like_last_years_needs_a_reason_and_figures_do_not_hide_it(self, kept: World) -> None:
        text = (
            "坚持以公开为常态、不公开为例外，围绕群众关心的招生入学、学区划分、教育收费等事项，"
            "通过政府网站和新媒体公开信息{count}条，组织新闻发布会，及时回应社会关切。"
        )
        before = draft(kept, "city-edu", 2021)
        write(kept, before, proactive=text.format(count=120))
        with on_day(D(2022, 1, 18)):
            office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
            version = actions.submit(by=office, version=ReportVersion.objects.get(pk=before.pk))
            actions.sign(by=leader, version=version)
        now = write(kept, draft(kept, "city-edu", 2022), proactive=text.format(count=340))
        finding, said = only(now, "F15")
        assert said.place == "s1.proactive"
        assert "上年报告" in finding.message
        assert finding.severity is Severity.WARNING
        fresh = (
            "今年把招生政策做成图解，随入学通知送到每个家庭；学区调整前在社区开了听证会，意见逐条答复并公开。"
        )
        assert not found(write(kept, now, proactive=fresh), "F15")

    def test_an_amount_is_asked_for_with_the_forms_decimals(self, kept: World) -> None:
        from gongkai.keyareas import actions as acts
        from tests.support.world import TEST

        acts.add_fee_income(
            by=TEST, organ=kept.organs["city-edu"], collected_on=D(2022, 3, 1), amount_yuan="1300"
        )
        version = write(kept, draft(kept, "city-edu", 2022), management="本年收费0.13万元。")
        finding, said = only(version, "FR4")
        assert (finding.severity, said.expected, said.found) == (Severity.INFORMATION, "0.1300", "0.13")
        assert not checking.blocking(version)
        assert not found(write(kept, version, management="本年收费0.1300万元。"), "FR4")

    def test_a_reason_holds_while_the_sentence_stands(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022)
        text = "一是加强培训。"
        version = write(kept, version, supervision="二是加强考核。")
        finding, _said = only(version, "S-POINT")
        accept(kept, version, finding)
        assert not checking.blocking(version)
        version = write(kept, version, management=text)
        assert not checking.blocking(version)
        version = write(kept, version, supervision="三是加强考核。")
        assert [one.rule for one in checking.blocking(version)] == ["S-POINT"]

    def test_words_are_judged_again_against_the_figures_of_a_new_compile(self, kept: World) -> None:
        version = write(kept, draft(kept, "city-edu", 2022), on_request="没有收到政府信息公开申请。")
        assert not checking.blocking(version)
        case(kept.organs["city-edu"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
        with on_day(JANUARY):
            version = actions.recompile(by=reporter(kept, "city-edu", "office"), version=version)
        assert [one.rule for one in checking.blocking(version)] == ["N-NEW"]

    def test_a_signed_report_keeps_the_findings_it_was_signed_with(self, kept: World) -> None:
        version = sign_off(kept, "city-edu", 2022)
        assert not checking.blocking(version, "sign")
        assert all(
            one.result is not Result.FAILS
            for one in checking.from_records(version.findings)
            if lint.told(one)
        )
