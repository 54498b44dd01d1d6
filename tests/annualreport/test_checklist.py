"""The steps before a report is signed."""

from __future__ import annotations

import datetime as dt

from gongkai.annualreport import checklist, workflow
from gongkai.annualreport.models import ReportVersion
from tests.annualreport.flow import draft, sign_off, submitted
from tests.annualreport.records import case, cover, keep_all
from tests.support.world import World

D = dt.date
AFTER, DURING = D(2023, 1, 16), D(2022, 12, 30)


def waiting(version: ReportVersion, today: dt.date = AFTER, *, moved: bool = False) -> list[str]:
    return [step.key for step in checklist.steps(version, today, moved=moved) if not step.done]


def test_what_a_sound_draft_still_needs(world: World) -> None:
    keep_all(world.organs["city"])
    version = draft(world, "city-office", 2022)
    assert waiting(version) == ["submit"]
    assert waiting(version, DURING) == ["year", "submit"]
    assert waiting(version, moved=True) == ["figures", "submit"]
    assert checklist.left(checklist.steps(version, AFTER, moved=True)) == 2


def test_an_open_application_of_two_years_ago_asks_for_a_reason(world: World) -> None:
    keep_all(world.organs["city"])
    case(world.organs["city-office"], received=D(2021, 1, 5))
    version = draft(world, "city-office", 2022)
    assert waiting(version) == ["warnings", "submit"]
    labels = [step.label for step in checklist.steps(version, AFTER, moved=False)]
    assert "3条提示须说明理由" in labels


def test_figures_nobody_keeps_are_no_step(world: World) -> None:
    cover(world.organs["city-office"], "requests")  # its fees are told in words, which must be known
    assert waiting(draft(world, "city-office", 2022)) == ["submit"]


def test_a_government_waits_for_its_children(world: World) -> None:
    keep_all(world.organs["city"])
    version = draft(world, "county-a", 2022)
    assert waiting(version) == ["children", "submit"]
    (line,) = [step.label for step in checklist.steps(version, AFTER, moved=False) if step.key == "children"]
    assert line == "2家下级的报告还没有定稿：东县人民政府办公室、东县东一镇人民政府"


def test_submitted_nothing_is_left_and_frozen_there_is_no_list(world: World) -> None:
    keep_all(world.organs["city"])
    assert waiting(submitted(world, "city-office", 2022)) == []
    assert checklist.steps(sign_off(world, "city-edu", 2022), AFTER, moved=False) == []


def test_each_state_names_the_next_step_and_whose_it_is() -> None:
    assert workflow.waits_for(workflow.NONE) == ("开始编制", "公开办审核岗、公开办负责人")
    assert workflow.waits_for("submitted") == ("签发", "分管领导")
    assert workflow.waits_for("published") is None
