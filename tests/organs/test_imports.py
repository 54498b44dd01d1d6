"""A real office's organs and people from a spreadsheet: all or nothing, in scope, every mistake by row and column."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.base.tables import read
from gongkai.organs import queries
from gongkai.organs.actors import Actor, actors_for, system
from gongkai.organs.imports import ORGANS, PEOPLE, Sheet, import_organs, import_people
from gongkai.organs.models import Organ, OrganName, Person, Post, Role, Succession
from gongkai.organs.scope import viewer
from tests.support.world import World

MACHINE = system("import")
DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _fixed_day() -> object:
    with clock.on_day(DAY):
        yield


def sheet(kind: Sheet, *lines: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    blank = dict.fromkeys((*kind.required, *kind.optional), "")
    return [(number, blank | line) for number, line in enumerate(lines, start=2)]


def organ_row(code: str, name: str, parent: str = "county-a", **more: str) -> dict[str, str]:
    usual = {"类型": "政府部门", "层级": "县级", "成立日期": "2010-1-1"}
    return {"机关代码": code, "名称": name, "上级代码": parent} | usual | more


def person_row(username: str, organ: str = "county-a", role: str = "承办人", **more: str) -> dict[str, str]:
    return {"账号": username, "姓名": "测试", "机关代码": organ, "岗位": role, "自": "2022-01-01"} | more


def operator(world: World, code: str) -> Actor:
    return actors_for(world.viewer(code, "operator", DAY), "organs", world.organs[code].path, "manage")[0]


def mistakes(report: object) -> list[str]:
    assert not report.kept  # type: ignore[attr-defined]
    return [str(error) for error in report.errors]  # type: ignore[attr-defined]


def test_a_tree_comes_in_with_its_particulars(world: World) -> None:
    rows = sheet(
        ORGANS,
        organ_row(
            "a-edu",
            "东县教育体育局",
            曾用名="东县教育局",
            更名日期="2019年3月1日",
            简称="县教体局，县教育局",
            电话="0379-1、0379-2",
        ),
        organ_row("a-edu-office", "办公室", "a-edu", 类型="内设机构"),
        organ_row(
            "a-gone",
            "东县旧局",
            撤销日期="2015/12/31",
            区划代码="410306",
            受理申请="否",
            复议机关="东县人民政府",
        ),
    )
    report = import_organs(rows, by=operator(world, "county-a"))
    assert (report.errors, report.rows, report.kept) == ([], 3, True)
    edu = Organ.objects.get(code="a-edu")
    assert queries.name_on(edu, dt.date(2019, 2, 28)) == "东县教育局"
    assert edu.name == "东县教育体育局"
    assert queries.by_any_name("县教育局") == edu
    assert edu.names.filter(kind=OrganName.Kind.SHORT).count() == 2
    gone = Organ.objects.get(code="a-gone")
    assert (gone.valid_to, gone.accepts_requests) == (dt.date(2015, 12, 31), False)
    assert gone.review_organ == "东县人民政府"
    assert Organ.objects.get(code="a-edu-office").path.startswith(edu.path)


def test_a_dry_run_and_a_bad_row_keep_nothing(world: World) -> None:
    before = Organ.objects.count(), AuditEntry.objects.count()
    good = sheet(ORGANS, organ_row("a-1", "东县一局"))
    report = import_organs(good, by=MACHINE, dry_run=True)
    assert (report.ok, report.rows, report.kept) == (True, 1, False)
    assert import_organs(sheet(ORGANS, organ_row("a-1", "东县一局"), organ_row("a-2", "")), by=MACHINE).errors
    assert (Organ.objects.count(), AuditEntry.objects.count()) == before


def test_every_mistake_is_named_by_row_and_column(world: World) -> None:
    rows = sheet(
        ORGANS,
        organ_row("x1", "", 类型="政府部门"),
        organ_row("x2", "二局", 类型="部门"),
        organ_row("x3", "三局", 层级="市级"),
        organ_row("x4", "四局", 成立日期="去年"),
        organ_row("x5", "五局", "nowhere"),
        organ_row("x6", "六局", "x2"),
        organ_row("x7", "七局", 统一社会信用代码="1"),
        organ_row("x8", "八局", 受理申请="大概"),
        organ_row("x9", "九局", "", 层级="市级"),
        organ_row("a b", "十局"),
        organ_row("x11", "十一局", 更名日期="2019-1-1"),
    )
    found = mistakes(import_organs(rows, by=operator(world, "city")))
    expected = [
        "第2行“名称”列：不能为空。",
        "第3行“类型”列：“部门”应为：人民政府、政府部门、",
        "第4行“层级”列：层级不能高于上级",
        "第5行“成立日期”列：“去年”不是日期",
        "第6行“上级代码”列：没有代码为“nowhere”的机关",
        "第7行“上级代码”列：上级“x2”所在的行有误。",
        "第8行“统一社会信用代码”列：",
        "第9行“受理申请”列：“大概”应填“是”或者“否”。",
        "第10行“上级代码”列：请填写上级机关的代码。",
        "第11行“机关代码”列：",
        "第12行“曾用名”列：",
    ]
    assert len(found) == len(expected)
    for sentence, start in zip(found, expected, strict=True):
        assert sentence.startswith(start)


def test_only_organs_in_scope_are_matched(world: World) -> None:
    by = operator(world, "county-b")
    rows = sheet(ORGANS, organ_row("x", "某局", "county-a"), organ_row("town-a1", "某镇", "county-b"))
    assert [sentence.split("：")[0] for sentence in mistakes(import_organs(rows, by=by))] == [
        "第2行“上级代码”列",
        "第3行“机关代码”列",
    ]


def test_loading_twice_changes_nothing_and_a_later_file_updates_the_profile(world: World) -> None:
    rows = sheet(ORGANS, organ_row("a-1", "东县一局", 电话="1"))
    import_organs(rows, by=MACHINE)
    before = Organ.objects.values().get(code="a-1"), AuditEntry.objects.count()
    assert import_organs(rows, by=MACHINE).kept
    assert (Organ.objects.values().get(code="a-1"), AuditEntry.objects.count()) == before
    assert import_organs(sheet(ORGANS, organ_row("a-1", "东县一局", 传真="2")), by=MACHINE).kept
    organ = Organ.objects.get(code="a-1")
    assert (organ.phones, organ.fax) == ("1", "2"), "a blank cell says nothing"
    other = sheet(
        ORGANS,
        organ_row("a-1", "东县二局"),
        organ_row("a-1", "东县一局", "county-b"),
        organ_row("a-1", "东县一局", 类型="事业单位"),
    )
    assert [s.split("：")[0] for s in mistakes(import_organs(other, by=MACHINE))] == [
        "第2行“名称”列",
        "第3行“上级代码”列",
        "第4行“类型”列",
    ]


def test_a_county_is_converted_in_one_file(world: World) -> None:
    since = {"成立日期": "2021-03-18", "承继方式": "改设", "依据文件": "国函〔2021〕16号"}
    rows = sheet(
        ORGANS,
        organ_row("east", "甲市东区人民政府", "city", 类型="人民政府", 承继自="county-a", **since),
        organ_row(
            "east-office",
            "东区人民政府办公室",
            "east",
            类型="政府办公厅（室）",
            承继自="county-a-office",
            **since,
        ),
        organ_row(
            "east-town",
            "东区东一镇人民政府",
            "east",
            类型="人民政府",
            承继自="town-a1",
            **(since | {"层级": "乡级"}),
        ),
    )
    for _time in range(2):
        report = import_organs(rows, by=operator(world, "city"))
        assert (report.errors, report.kept) == ([], True)
    assert Succession.objects.filter(document="国函〔2021〕16号").count() == 3
    assert Organ.objects.get(code="county-a").valid_to == dt.date(2021, 3, 17)
    assert queries.organ_on(Organ.objects.get(code="town-a1"), DAY) == [Organ.objects.get(code="east-town")]


def test_a_bad_succession_is_named_too(world: World) -> None:
    rows = sheet(
        ORGANS,
        organ_row("e1", "一局", 承继自="nowhere", 承继方式="合并"),
        organ_row("e2", "二局", 承继自="county-b", 承继方式="吞并", 成立日期="2021-1-1"),
        organ_row("e3", "三局", 承继自="county-a", 承继方式="合并", 成立日期="2021-1-1"),
    )
    found = mistakes(import_organs(rows, by=MACHINE))
    assert [sentence.split("：")[0] for sentence in found] == [
        "第2行“承继自”列",
        "第3行“承继方式”列",
        "第4行",
    ]
    assert not Succession.objects.filter(successor__code__in=["e1", "e2", "e3"]).exists()


def test_people_come_with_their_posts(world: World) -> None:
    rows = sheet(
        PEOPLE,
        person_row("zhang", "town-a1", 职务="科员", 初始口令="一个很长很长的口令-1"),
        person_row("zhang", "county-a", "公开办审核岗", 至="2022-12-31"),
        person_row("li", "town-a1", "leader"),
    )
    for _time in range(2):
        report = import_people(rows, by=operator(world, "county-a"))
        assert (report.errors, report.rows, report.kept) == ([], 3, True)
    zhang = Person.objects.get(username="zhang")
    assert zhang.check_password("一个很长很长的口令-1")
    assert zhang.must_change_password
    assert not Person.objects.get(username="li").has_usable_password()
    assert {(grant.role, grant.path) for grant in viewer(zhang, DAY).grants} == {
        (Role.HANDLER, world.organs["town-a1"].path),
        (Role.OFFICE, world.organs["county-a"].path),
    }
    assert Post.objects.filter(person=zhang).count() == 2
    assert zhang.posts.get(role="office").valid_to == dt.date(2022, 12, 31)


def test_mistakes_in_people_are_named(world: World) -> None:
    rows = sheet(
        PEOPLE,
        person_row("p1", 姓名=""),
        person_row("p2", "county-b"),
        person_row("p3", role="科长"),
        person_row("p4", 自="明天"),
        person_row("p5", 至="2021-01-01"),
        person_row("p 6"),
        person_row("p7", 初始口令="123"),
        person_row("town-a1-head", 姓名="别人"),
        person_row("city-head", 姓名="测试head"),
        person_row("county-a-operator", 姓名="测试operator"),
    )
    found = mistakes(import_people(rows, by=operator(world, "county-a")))
    columns = [sentence.split("：")[0] for sentence in found]
    assert columns[:6] == [
        "第2行“姓名”列",
        "第3行“机关代码”列",
        "第4行“岗位”列",
        "第5行“自”列",
        "第6行“至”列",
        "第7行“账号”列",
    ]
    assert set(columns[6:-3]) == {"第8行“初始口令”列"}
    assert columns[-3:] == ["第9行“账号”列", "第10行“账号”列", "第11行"]
    assert "不能为自己" in found[-1]
    assert "123" not in "".join(found)


@pytest.mark.parametrize(("kind", "load"), [(ORGANS, import_organs), (PEOPLE, import_people)])
def test_the_template_reads_back_as_it_is(world: World, kind: Sheet, load: object) -> None:
    rows = list(read(kind.template(), "模板.xlsx", required=kind.required, optional=kind.optional))
    assert [row[name] for _, row in rows for name in kind.required] == list(kind.example)
    rows = [(number, row | {"上级代码": "city", "机关代码": "edu"}) for number, row in rows]
    if kind is PEOPLE:
        rows = [(number, row | {"机关代码": "city-edu"}) for number, row in rows]
    assert load(rows, by=MACHINE).kept  # type: ignore[operator]
