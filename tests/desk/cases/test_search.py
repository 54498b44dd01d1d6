"""The desk's search box: records by name and number inside the reader's scope, applicants by the database alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.organs.models import Role
from gongkai.remedies import actions as remedies
from gongkai.remedies.corrections import void_step
from gongkai.requests.models import Case
from gongkai.search import engine, labels, place, queries
from gongkai.search.sources import SOURCES
from tests.desk.cases.conftest import PERSONAL, Desk, desk_of
from tests.desk.rows import decision, item, proceeding, project
from tests.requests.stories import NAME, Office
from tests.support.world import TEST

DAY = dt.date(2022, 3, 1)
SECRET = "绝密当事人"


@pytest.fixture
def case(office: Office, index: Callable[[], None]) -> Case:
    """A case, and a row of each register, at the office; another row at the education bureau."""
    found = office.in_process("03-02")
    for code in ("city-office", "city-edu"):
        organ = office.world.organs[code]
        document = documents.add_document(
            by=TEST, organ=organ, kind="normative_docs", title=f"供水办法-{code}", made_on=DAY, body="旧稿"
        )
        documents.release(document, by=TEST, channel="政府网站", on=DAY)
        documents.open_edition(document, by=TEST, body=f"新稿正文{code}")
        for made in (proceeding, item, decision, project):
            made(organ)
    index()
    return found


def lines(desk: Desk, typed: str, **more: str) -> list[str]:
    """The titles the index gave, with their categories."""
    desk.post("/desk/search/", {"q": typed})
    if more:
        address, _, query = desk.addresses[-1].partition("?")
        token = query.partition("s=")[2]
        desk.get(address, s=token, **more)
    return [
        f"{line.category} {''.join(text for text, _hit in line.title)}"
        for line in desk.response.context["lines"]
    ]


def test_each_register_is_searched_by_name_and_number_inside_the_scope(
    office: Office, case: Case, handler: Desk
) -> None:
    assert lines(handler, "供水办法") == ["文件 供水办法-city-office"] * 2
    assert lines(handler, "新稿正文") == ["文件 供水办法-city-office"]
    assert "未公开的新稿" in handler.page
    assert lines(handler, "复-city-office")[0] == "复议诉讼 复-city-office"
    assert lines(handler, "“复-city-office”") == ["复议诉讼 复-city-office"]
    assert lines(handler, "“许-city-office”") == ["台账 许-city-office"]
    assert lines(handler, "项目") == ["台账 项目-city-office"]
    assert lines(handler, "“复-city-edu”") == []
    edu = desk_of(office.world, "city-edu-handler")
    assert lines(edu, "新稿正文") == ["文件 供水办法-city-edu"]
    above = desk_of(office.world, "city-supervisor")
    assert sorted(lines(above, "复")) == ["复议诉讼 复-city-edu", "复议诉讼 复-city-office"]


def test_results_lead_to_records_one_may_open(office: Office, case: Case, handler: Desk) -> None:
    for typed in ("供水办法", "复-city-office", "许-city-office", "采-city-office", "事项", "办公室"):
        lines(handler, typed)
        found = handler.response.context["lines"]
        assert found, typed
        for line in found:
            assert handler.get(line.href).status_code == 200, line.href


def test_a_part_of_a_case_number_finds_the_case(office: Office, case: Case, handler: Desk) -> None:
    part = str(case.number).rpartition("-")[2]
    assert lines(handler, part, kind="cases") == [f"依申请 {case.number}"]
    assert lines(desk_of(office.world, "city-supervisor"), part, kind="cases") == [f"依申请 {case.number}"]
    assert lines(desk_of(office.world, "city-edu-handler"), part) == []


def test_categories_have_their_numbers_and_can_be_chosen(case: Case, handler: Desk) -> None:
    lines(handler, "city-office")
    tabs = {tab.label: tab.count for tab in handler.response.context["tabs"]}
    assert tabs["全部"] == sum(tabs.values()) - tabs["全部"]
    assert tabs["台账"] == 3
    assert set(lines(handler, "city-office", kind="acts")) == {
        "台账 事项-city-office",
        "台账 许-city-office",
        "台账 项目-city-office",
    }
    assert lines(handler, "city-office", kind="nonsense") == lines(handler, "city-office")


def test_the_box_promises_each_role_what_it_can_find(office: Office, case: Case) -> None:
    expected = {
        Role.HANDLER: "编号、申请人、证件号、电话，文件、文号",
        Role.SUPERVISOR: "编号、文件、文号、机关",
        Role.AUDITOR: "编号、文件、文号、机关",
        Role.OPERATOR: "机关名称",
    }
    for role, words in expected.items():
        desk = desk_of(office.world, f"city-{role}")
        desk.get("/desk/account/")
        assert f'placeholder="/ {words}"' in desk.page, role
    operator = desk_of(office.world, "city-operator")
    assert lines(operator, "教育局") == ["机关 甲市教育局"]
    for typed in (str(case.number), "供水办法", "复", NAME):
        assert lines(operator, typed) == [], typed


def test_no_personal_data_lies_in_the_index(office: Office, case: Case) -> None:
    words = (*PERSONAL, SECRET, case.submission.reference)
    entries = everything()
    assert f"cases/{case.pk}#" in {entry.key for entry in entries}
    assert {entry.key: entry.digest for entry in entries} == dict(
        place.reader().digests()
    )  # nothing else is in it
    for entry in entries:
        assert not any(word in repr(entry) for word in words)
    supervisor = office.world.viewer("city", "supervisor")
    for word in words:
        asked = engine.Query(labels=labels.ANYBODY, text=f"“{word}”")
        assert queries.at_desk(supervisor, asked).total == 0, word


def everything() -> list[Any]:
    return [
        entry for source in SOURCES for keys in source.batches() for entry in source.load(keys, clock.today())
    ]


def test_a_struck_proceeding_is_found_no_more(
    office: Office, case: Case, handler: Desk, index: Callable[[], None]
) -> None:
    row = remedies.file_proceeding(
        by=TEST,
        organ=office.world.organs["city-office"],
        group="review",
        number="误登〔2022〕9号",
        forum="甲市人民政府",
        filed_on=DAY,
    )
    index()
    assert lines(handler, "误登[2022]9号") == ["复议诉讼 误登〔2022〕9号"]
    void_step(row.steps.get(), by=TEST, reason="重复登记")
    assert lines(handler, "误登[2022]9号") in (
        [],
        ["复议诉讼 误登〔2022〕9号"],
    )  # until the indexer has seen it
    index()
    assert lines(handler, "误登[2022]9号") == []


def test_cases_are_found_while_there_is_no_index(
    office: Office, handler: Desk, settings: Any, tmp_path: Path
) -> None:
    settings.SEARCH_FOLDER = tmp_path / "none"
    case, other = office.in_process("03-02"), office.in_process("03-02")
    handler.post("/desk/search/", {"q": NAME})
    assert str(case.number) in handler.page
    assert str(other.number) in handler.page
    assert "正在准备" in handler.page


def test_a_search_costs_the_same_for_one_result_and_many(
    office: Office, case: Case, handler: Desk, index: Callable[[], None], django_assert_max_num_queries: Any
) -> None:
    handler.post("/desk/search/", {"q": "供水"})
    address, _, query = handler.addresses[-1].partition("?")
    token = query.partition("s=")[2]
    handler.get(address, s=token)
    with django_assert_max_num_queries(12):
        handler.get(address, s=token)
    for number in range(15):
        documents.add_document(
            by=TEST,
            organ=office.world.organs["city-office"],
            kind="other",
            title=f"供水通知{number}",
            made_on=DAY,
        )
    index()
    with django_assert_max_num_queries(12):
        handler.get(address, s=token)
    assert len(handler.response.context["lines"]) == 17
