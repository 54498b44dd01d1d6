"""The register of problems and measures: dated facts, year by year, feeding part five of the report (S239)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport import actions, checking, lint, problem_actions, problems, seals, sections
from gongkai.annualreport.models import Problem, ProblemStep, ReportVersion
from gongkai.base.clock import on_day
from gongkai.base.models import AuditEntry
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import draft, reporter
from tests.annualreport.records import keep_all
from tests.support.world import TEST, World

D = dt.date
FOUND = D(2020, 7, 8)
# The problem and the measure as 西工区 printed them for 2020.
NETWORK = "政府网站还存在不具备统一登录功能、IPv6改造尚未完成等问题"
PLANNED = "政府网站功能改版、IPv6改造升级已列入2021年工作预算，力争上半年整改到位"


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def add(world: World, text: str = NETWORK, day: D = FOUND, code: str = "county-b", **more: Any) -> Problem:
    with on_day(max(day, D(2020, 1, 1))):
        return problem_actions.add_problem(
            by=TEST, organ=world.organs[code], text=text, source="inspection", found_on=day, **more
        )


def step(problem: Problem, kind: str, day: D, text: str = "") -> ProblemStep:
    with on_day(day):
        return problem_actions.add_step(problem, by=TEST, kind=kind, on=day, text=text)


def proposed(version: ReportVersion) -> dict[str, str]:
    return sections.problems_proposed(version.report)


@pytest.mark.seed("S239")
def test_a_problem_feeds_part_five_year_by_year(kept: World) -> None:
    network = add(kept)
    step(network, "measure", D(2020, 7, 20), PLANNED)
    step(network, "carried", D(2020, 12, 28), "预算次年下达")
    first = draft(kept, "county-b", 2020, words=False)
    with on_day(D(2021, 1, 18)):
        first = actions.write_problems(by=reporter(kept, "county-b", "office"), version=first)
    printed = {p.label: p.text for p in sections.printed(first).parts[4].paragraphs}
    assert printed == {
        "存在的主要问题": f"2020年，政府信息公开工作还存在以下问题：{NETWORK}。",
        "改进情况": f"本年问题改进情况：针对“{NETWORK}”，下一步，{PLANNED}。",
    }

    step(network, "result", D(2021, 6, 25), "网站改版和IPv6改造已完成")
    step(network, "closed", D(2021, 6, 30))
    people = add(kept, "基层工作人员变动频繁，工作容易断档", D(2021, 9, 1))
    step(people, "measure", D(2021, 9, 10), "建立AB岗")
    second = proposed(draft(kept, "county-b", 2021, words=False))
    assert "{{year}}年，政府信息公开工作还存在以下问题：基层工作人员变动频繁" in second["s5.problems"]
    assert NETWORK not in second["s5.problems"]  # what is put right is no problem of this year
    assert "上年问题整改情况：针对“政府网站" in second["s5.improvements"]
    assert "网站改版和IPv6改造已完成，已完成整改" in second["s5.improvements"]
    assert "针对“基层工作人员变动频繁，工作容易断档”，下一步，建立AB岗。" in second["s5.improvements"]

    third = proposed(draft(kept, "county-b", 2022, words=False))
    assert NETWORK not in "".join(third.values())
    assert third["s5.problems"] == "以前年度发现、尚未整改到位的问题：基层工作人员变动频繁，工作容易断档。"


@pytest.mark.seed("S239")
def test_the_report_of_a_year_knows_nothing_of_the_next(kept: World) -> None:
    network = add(kept)
    step(network, "measure", D(2020, 7, 20), PLANNED)
    step(network, "closed", D(2021, 6, 30), "已整改到位")
    (told,) = problems.of_report(draft(kept, "county-b", 2020).report, [kept.organs["county-b"].path])
    assert (told.closed, told.done, told.measure) == (False, "", PLANNED)
    (told,) = problems.of_report(draft(kept, "county-b", 2021).report, [kept.organs["county-b"].path])
    assert (told.closed, told.done, told.carried_over) == (True, "已整改到位", True)


def test_writing_keeps_what_stands_there_and_does_not_repeat(kept: World) -> None:
    step(add(kept, "公开不够及时", D(2022, 5, 1), "city-edu"), "measure", D(2022, 5, 2), "每周提醒")
    version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
    with on_day(D(2023, 1, 18)):
        version = actions.write_problems(by=office, version=version)
        once = version.sections["s5"]
        assert once["problems"].startswith("基层人员不足。\n{{year}}年")
        version = actions.write_problems(by=office, version=version)
        assert version.sections["s5"] == once
        assert not [one for one in checking.blocking(version) if lint.told(one)]


def test_a_further_problem_takes_the_place_of_what_was_written_before(kept: World) -> None:
    add(kept, "公开不够及时", D(2022, 5, 1), "city-edu")
    version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
    with on_day(D(2023, 1, 18)):
        version = actions.write_problems(by=office, version=version)
        add(kept, "栏目更新慢", D(2022, 6, 1), "city-edu")
        version = actions.write_problems(by=office, version=version)
    text = version.sections["s5"]["problems"]
    assert text.startswith("基层人员不足。\n")
    assert text.count("公开不够及时") == text.count("栏目更新慢") == 1
    assert seals.fingerprint(version)


def test_a_problem_found_in_january_tells_the_measure_planned_then(kept: World) -> None:
    late = add(kept, "公开不够及时", D(2023, 1, 10), "city-edu", year=2022)
    version = draft(kept, "city-edu", 2022, words=False)
    assert "公开不够及时" in proposed(version)["s5.problems"]
    assert proposed(version)["s5.improvements"] == ""  # nothing recorded, nothing said
    step(late, "measure", D(2023, 1, 11), "每周提醒")
    assert proposed(version)["s5.improvements"] == "本年问题改进情况：针对“公开不够及时”，下一步，每周提醒。"


def test_older_problems_are_not_called_last_years(kept: World) -> None:
    for day in (D(2020, 5, 1), D(2021, 5, 1)):
        step(add(kept, f"{day.year}年的问题", day, "city-edu"), "measure", D(2021, 6, 1), "每月检查")
    text = proposed(draft(kept, "city-edu", 2022, words=False))["s5.improvements"]
    assert text.startswith("以前年度问题整改情况：一是针对“2020年的问题”")


def test_without_problems_there_is_nothing_to_write(kept: World) -> None:
    with on_day(D(2023, 1, 18)), pytest.raises(Refused, match="还没有要写入"):
        actions.write_problems(by=reporter(kept, "city-edu", "office"), version=draft(kept, "city-edu", 2022))


def test_two_points_are_counted_and_more_than_ten_too(kept: World) -> None:
    for number in range(12):
        add(kept, f"问题{number}号", D(2022, 5, 1 + number), "city-edu")
    text = proposed(draft(kept, "city-edu", 2022, words=False))["s5.problems"]
    assert text.endswith("十是问题9号；十一是问题10号；十二是问题11号。")


def test_a_successor_tells_its_predecessors_problems(kept: World) -> None:
    add(kept, "公开属性标注不全", D(2020, 5, 1), "old-b")
    kept.organs["old-b"].valid_to = D(2021, 3, 17)
    kept.organs["old-b"].save()
    assert "公开属性标注不全" in proposed(draft(kept, "county-b", 2022, words=False))["s5.problems"]


class TestFacts:
    def test_every_fact_is_audited_and_a_wrong_one_is_superseded(self, kept: World) -> None:
        problem = add(kept)
        wrong = step(problem, "measure", D(2020, 7, 20), "写错了")
        with on_day(D(2020, 8, 1)):
            problem_actions.correct_step(wrong, by=TEST, on=D(2020, 7, 21), text="每月提醒")
            with pytest.raises(Refused, match="已被更正"):
                problem_actions.correct_step(wrong, by=TEST, on=D(2020, 7, 21), text="又一次")
        assert [one.text for one in problems.standing(problem.steps.all())] == ["每月提醒"]
        verbs = (
            AuditEntry.objects.filter(subject_type="annualreport.problem")
            .order_by("id")
            .values_list("verb", flat=True)
        )
        assert list(verbs) == ["problem.add", "problem.measure", "problem.correct"]

    def test_a_closed_problem_takes_nothing_more_until_that_is_withdrawn(self, kept: World) -> None:
        problem = add(kept)
        closed = step(problem, "closed", D(2020, 9, 1))
        problem.refresh_from_db()
        assert problem.closed_on == D(2020, 9, 1)
        with pytest.raises(Refused, match="已经整改完成"):
            step(problem, "progress", D(2020, 10, 1), "又出现了")
        with on_day(D(2020, 10, 1)):
            problem_actions.withdraw_step(closed, by=TEST, reason="复查不合格")
        problem.refresh_from_db()
        assert problem.closed_on is None
        step(problem, "progress", D(2020, 10, 1), "继续整改")

    def test_a_struck_problem_is_told_no_more(self, kept: World) -> None:
        problem = add(kept, day=D(2022, 7, 8), code="city-edu")
        step(problem, "struck", D(2022, 7, 9), "重复登记")
        assert proposed(draft(kept, "city-edu", 2022)) == {"s5.problems": "", "s5.improvements": ""}
        with pytest.raises(Refused, match="已划去"):
            step(problem, "measure", D(2022, 8, 1), "措施")

    @pytest.mark.parametrize(
        ("kind", "day", "text", "field"),
        [
            ("measure", D(2020, 8, 1), " ", "text"),
            ("progress", D(2020, 7, 1), "太早", "on"),
            ("nonsense", D(2020, 8, 1), "没有这一种", "kind"),
        ],
    )
    def test_what_makes_no_fact_is_refused(
        self, kept: World, kind: str, day: D, text: str, field: str
    ) -> None:
        problem = add(kept)
        with on_day(D(2020, 9, 1)), pytest.raises(ValidationError) as refused:
            problem_actions.add_step(problem, by=TEST, kind=kind, on=day, text=text)
        assert field in refused.value.message_dict

    def test_nothing_is_dated_in_the_future(self, kept: World) -> None:
        problem = add(kept)
        with on_day(D(2020, 9, 1)), pytest.raises(ValidationError, match="今天之后"):
            problem_actions.add_step(problem, by=TEST, kind="closed", on=D(2020, 9, 2))

    def test_early_in_the_year_a_problem_of_the_last_one_is_written_for_its_report(self, kept: World) -> None:
        assert add(kept, day=D(2021, 1, 10), year=2020).year == 2020
        with pytest.raises(ValidationError, match="发现年度"):
            add(kept, day=D(2022, 1, 10), year=2020)
        with pytest.raises(ValidationError, match="发现年度"):
            add(kept, day=D(2020, 7, 8), year=2021)

    def test_only_who_works_there_writes(self, kept: World) -> None:
        for code, role in (("county-b", "leader"), ("city", "office"), ("county-b", "auditor")):
            with on_day(D(2022, 6, 1)), pytest.raises((Refused, StopIteration)):
                problem_actions.add_problem(
                    by=kept.actor(code, role, "problems"),
                    organ=kept.organs["county-b"],
                    text="不该由我写",
                    source="self",
                    found_on=D(2022, 5, 1),
                )
        assert not Problem.objects.exists()
