"""What every register does alike: list, filter, sort, count, record, act, bulk, import, export."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from gongkai.accounts import actions as accounts
from gongkai.base import clock
from gongkai.base.models import AuditEntry, Tally
from gongkai.desk.register import known, tables
from gongkai.keyareas import actions as acts
from gongkai.keyareas.models import Decision, PowerItem, Procurement
from gongkai.organs import actions, calendars
from gongkai.organs.models import CalendarYear, Organ
from gongkai.remedies.models import Proceeding
from gongkai.requests.choices import choices_for
from gongkai.requests.models import RequestSettings
from gongkai.review import actions as review
from tests.desk import rows as made
from tests.support.world import TEST, World

SignIn = Callable[[str], Client]
DAY = dt.date(2022, 3, 1)


def url(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def decisions(organ: Organ, count: int, item: PowerItem | None = None) -> None:
    for number in range(1, count + 1):
        acts.add_decision(
            by=TEST,
            organ=organ,
            row="admin_license",
            number=f"许〔2022〕{number}号",
            decided_on=DAY + dt.timedelta(days=number % 28),
            item=item,
        )


def listed(client: Client, key: str, **query: Any) -> list[Any]:
    page = client.get(url("register", key), query)
    assert page.status_code == 200
    return [line.record for line in page.context["table"].page.object_list]


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_filters_by_what_stands_in_its_address(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 5)
    acts.add_decision(by=TEST, organ=organ, row="admin_penalty", number="罚〔2022〕1号", decided_on=DAY)
    assert [row.number for row in listed(client, "decisions", q="罚")] == ["罚〔2022〕1号"]
    assert len(listed(client, "decisions", row="admin_license")) == 5
    assert len(listed(client, "decisions", decided_on_from="2022-03-03", decided_on_to="2022-03-04")) == 2
    page = client.get(url("register", "decisions"), {"q": "罚", "row": "admin_penalty"})
    assert 'value="罚"' in page.content.decode()
    assert "?q=%E7%BD%9A&amp;row=admin_penalty" in page.content.decode()  # the export keeps the filter


def test_a_value_that_makes_no_sense_finds_nothing_and_says_so(world: World, sign_in: SignIn) -> None:
    decisions(world.organs["city-office"], 2)
    page = sign_in("city-office-handler").get(url("register", "decisions"), {"decided_on_from": "yesterday"})
    assert page.context["filter"].form.errors["decided_on_from"]
    assert not page.context["table"].rows
    answer = sign_in("city-office-handler").get(
        url("register-export", "decisions", "csv"), {"decided_on_from": "yesterday"}
    )
    assert answer.status_code == 404


def test_only_marked_columns_sort_and_ties_keep_one_order(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 60)
    up = [row.decided_on for row in listed(client, "decisions", sort="decided_on")]
    down = [row.decided_on for row in listed(client, "decisions", sort="-decided_on")]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    pages = [
        row.pk for number in (1, 2) for row in listed(client, "decisions", sort="decided_on", page=number)
    ]
    assert len(set(pages)) == 60
    unsorted = listed(client, "decisions", sort="number")  # no index serves it
    assert [row.pk for row in unsorted] == [row.pk for row in listed(client, "decisions")]
    assert (
        'aria-sort="ascending"'
        in client.get(url("register", "decisions"), {"sort": "decided_on"}).content.decode()
    )


def test_counts_stop_where_nobody_reads_on(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST", 100)
    decisions(world.organs["city-office"], 120)
    page = sign_in("city-office-handler").get(url("register", "decisions"))
    assert "约 100+" in page.content.decode()
    assert page.context["table"].paginator.num_pages == 2
    far = sign_in("city-office-handler").get(url("register", "decisions"), {"page": 999})
    assert far.context["table"].page.number == 2


def test_an_empty_list_says_what_to_do(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-office-handler")
    assert "可以从上面新增" in client.get(url("register", "decisions")).content.decode()
    assert "放宽或清除筛选条件" in client.get(url("register", "decisions"), {"q": "无"}).content.decode()


def test_struck_rows_are_there_for_who_asks(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 2)
    wrong = Decision.objects.first()
    assert wrong is not None
    acts.strike(wrong, by=TEST, reason="误登")
    assert len(listed(client, "decisions")) == 1
    assert [row.pk for row in listed(client, "decisions", standing="no")] == [wrong.pk]


@pytest.mark.parametrize("key", [register.key for register in known.all_registers()])
def test_lists_and_records_ask_as_much_for_many_rows_as_for_few(
    world: World,
    sign_in: SignIn,
    key: str,
    django_assert_max_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twenty-odd queries a page at most, and none of them per row."""
    monkeypatch.setattr(calendars, "KEEP_SECONDS", 3600.0)  # however slow the machine, nothing is read twice
    codes = list(world.organs)
    rows = [made.MAKERS[key](world.organs[code]) for code in codes[:2]]
    username = _reader(key)
    client = sign_in(username)
    few = _queries(client, url("register", key))
    rows += [made.MAKERS[key](world.organs[code]) for code in codes[2:]]
    many = _queries(client, url("register", key))
    assert many == few <= 25, key
    with django_assert_max_num_queries(25):
        assert client.get(url("register-record", key, rows[0].pk)).status_code in (200, 404)


def _reader(key: str) -> str:
    register = known.get(key)
    assert register is not None
    if register.scope_register in ("organs", "people", "settings", "calendars", "classifications"):
        return "city-operator"
    return "city-auditor"


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what a process keeps, the calendar, is read at the first look
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("count", [10, 200])
def test_the_list_of_decisions_asks_the_same_for_ten_and_two_hundred(
    world: World, sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    organ = world.organs["city-office"]
    decisions(organ, count, made.item(organ))
    client = sign_in("city-office-handler")
    with django_assert_num_queries(10):
        client.get(url("register", "decisions"))


def test_the_duties_to_review_say_which_of_them_hold_in_one_query(world: World, sign_in: SignIn) -> None:
    client, at, day = sign_in("city-auditor"), url("register", "review-duties"), clock.today()
    for code, required in {"county-a": False, "city": True}.items():
        review.set_duty(by=TEST, organ=world.organs[code], valid_from=day, note="依据", required=required)
    few = _queries(client, at)
    text = client.get(at).content.decode()
    assert [text.count(words) for words in ("执行中", "已由后来的规定代替")] == [1, 1]
    for code in ("city-edu", "town-a1", "county-b"):
        review.set_duty(by=TEST, organ=world.organs[code], valid_from=day, note="依据")
    assert _queries(client, at) == few
    assert client.get(at).content.decode().count("执行中") == 4


# --- records and actions ---------------------------------------------------------------------------------------------


def test_an_entry_goes_through_the_rooms_action_and_leaves_a_history(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    form = {
        "organ": organ.pk,
        "row": "admin_license",
        "number": "许〔2022〕7号",
        "decided_on": "2022-05-05",
        "item": "",
    }
    answer = client.post(url("register-create", "decisions", "add"), form, follow=True)
    row = Decision.objects.get()
    assert answer.redirect_chain[-1][0] == url("register-record", "decisions", row.pk)
    text = answer.content.decode()
    assert "登记处理决定" in text
    assert "测试handler（承办人）" in text
    entry = AuditEntry.objects.get(verb="decision.add")
    assert entry.actor == f"staff:{world.people['city-office-handler'].pk}"


def test_errors_stand_beside_their_field_and_nothing_is_kept(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    ahead = {"organ": organ.pk, "row": "admin_license", "number": "许", "decided_on": "2099-01-01"}
    page = client.post(url("register-create", "decisions", "add"), ahead)
    assert page.status_code == 422
    assert page.context["form"].errors["decided_on"] == ["日期不能晚于今天。"]
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Decision.objects.exists()


def test_a_correction_replaces_and_both_can_be_read(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 1)
    old = Decision.objects.get()
    page = client.get(url("register-act", "decisions", old.pk, "correct"))
    assert page.context["form"].initial["number"] == old.number
    form = {"row": old.row, "number": "许〔2022〕99号", "decided_on": "2022-03-09", "reason": "文号写错"}
    answer = client.post(url("register-act", "decisions", old.pk, "correct"), form)
    new = Decision.objects.get(number="许〔2022〕99号")
    assert answer["Location"] == url("register-record", "decisions", new.pk)
    before = client.get(url("register-record", "decisions", old.pk)).content.decode()
    assert "已划去" in before
    assert "文号写错" in before


def test_what_cannot_be_done_now_is_greyed_with_the_reason_and_refused_when_posted(
    world: World, sign_in: SignIn
) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 1)
    row = Decision.objects.get()
    acts.strike(row, by=TEST, reason="误登")
    page = client.get(url("register-record", "decisions", row.pk)).content.decode()
    assert 'aria-disabled="true">更正</span>' in page
    assert "这条记录已划去" in page
    answer = client.post(url("register-act", "decisions", row.pk, "strike"), {"reason": "再划一次"})
    assert answer.status_code == 403
    assert "这条记录已划去" in answer.content.decode()


def test_who_may_only_look_is_told_so_once(world: World, sign_in: SignIn) -> None:
    decisions(world.organs["city-office"], 1)
    client, row = sign_in("city-office-leader"), Decision.objects.get()
    page = client.get(url("register-record", "decisions", row.pk)).content.decode()
    assert "可以查看这条记录，不能办理" in page
    assert "更正" not in page
    assert "登记决定" not in client.get(url("register", "decisions")).content.decode()


def test_the_parties_of_a_case_are_for_those_who_work_on_it(world: World, sign_in: SignIn) -> None:
    row: Proceeding = made.proceeding(world.organs["city-office"])
    at = url("register-record", "proceedings", row.pk)
    assert "绝密当事人" in sign_in("city-office-handler").get(at).content.decode()
    for other in ("city-supervisor", "city-office-leader", "city-auditor"):
        page = sign_in(other).get(at)
        assert page.status_code == 200
        assert "绝密当事人" not in page.content.decode()


# --- bulk ------------------------------------------------------------------------------------------------------------


def test_a_bulk_shows_what_it_will_do_then_does_it_row_by_row(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    decisions(organ, 3)
    rows = list(Decision.objects.order_by("pk"))
    acts.strike(rows[0], by=TEST, reason="误登")
    at, keys = url("register-bulk", "decisions", "strike"), [row.pk for row in rows]
    page = client.get(at, {"pk": keys}).content.decode()
    assert all(escape(row.number) in page for row in rows)
    assert "这条记录已划去" in page
    assert client.post(at, {"pk": keys}).status_code == 422  # a reason is asked for
    answer = client.post(at, {"pk": keys, "reason": "批量误登"}, follow=True).content.decode()
    assert "已办理“划去”2 件" in answer
    assert f"{rows[0].number}：这条记录已划去" in answer
    assert not Decision.objects.filter(struck_at=None).exists()


def test_a_bulk_of_nothing_leads_back(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-office-handler")
    answer = client.get(url("register-bulk", "decisions", "strike"), follow=True)
    assert "请先在列表中勾选" in answer.content.decode()
    assert client.get(url("register-bulk", "decisions", "strike"), {"pk": "x"}).status_code == 404


# --- export ----------------------------------------------------------------------------------------------------------


def test_an_export_holds_the_filtered_rows_and_no_formula_runs(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    bad = '=HYPERLINK("http://evil.example","点我")'
    for number, title in enumerate((bad, "+86电话", "@sum", "普通项目"), start=1):
        acts.add_procurement(
            by=TEST, organ=organ, number=f"采{number}", title=title, concluded_on=DAY, amount_yuan="10.50"
        )
    made.project(world.organs["city-edu"])
    answer = client.get(url("register-export", "procurement", "csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.reader(io.StringIO(text)))
    titles = [line[1] for line in lines[1:]]
    assert lines[0] == ["采购编号", "项目名称", "机关", "成交日期", "金额（元）", "状态"]
    assert set(titles) == {f"'{bad}", "'+86电话", "'@sum", "普通项目"}
    assert "项目-city-edu" not in text
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(url("register-export", "procurement", "xlsx")).content)
    )
    values = list(book.active.iter_rows(values_only=True))
    assert f"'{bad}" in [line[1] for line in values]
    assert values[1][4] == pytest.approx(10.5)
    few = client.get(url("register-export", "procurement", "csv"), {"q": "普通"})
    assert len(b"".join(few.streaming_content).decode().splitlines()) == 2  # type: ignore[attr-defined]


# --- import ----------------------------------------------------------------------------------------------------------


def sheet(*lines: str, name: str = "表.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode("utf-8-sig"))


def test_an_import_is_tried_first_and_kept_only_when_confirmed(world: World, sign_in: SignIn) -> None:
    client, at = sign_in("city-office-handler"), url("register-import", "procurement")
    good = sheet(
        "机关,采购编号,项目名称,成交日期,金额（元）",
        'city-office,采1,多媒体设备,2022年5月1日,"1,200.50"',
        "city-office,采2,课桌椅,2022-05-02,300",
    )
    page = client.post(at, {"sheet": good})
    assert page.status_code == 200
    assert "预检通过" in page.content.decode()
    assert not Procurement.objects.exists()
    answer = client.post(url("register-import-confirm", "procurement"))
    assert answer["Location"] == url("register", "procurement")
    assert sorted(str(row.amount_yuan) for row in Procurement.objects.all()) == ["1200.50", "300.00"]
    assert (
        client.post(url("register-import-confirm", "procurement")).status_code == 404
    )  # nothing waits any more


def test_wrong_rows_are_named_and_foreign_organs_are_no_organs(world: World, sign_in: SignIn) -> None:
    client, at = sign_in("city-office-handler"), url("register-import", "procurement")
    bad = sheet(
        "机关,采购编号,项目名称,成交日期,金额（元）",
        "city-office,采1,设备,2022-05-01,100",
        "city-edu,采2,别的机关,2022-05-01,100",
        "no-such,采3,没有的机关,2022-05-01,100",
        "city-office,采4,日期不对,5月1日,100",
        "city-office,采1,编号重复,2022-05-02,100",
    )
    page = client.post(at, {"sheet": bad})
    assert page.status_code == 422
    errors = {(error.row, error.column): error.message for error in page.context["report"].errors}
    foreign, made_up = errors[3, "机关"], errors[4, "机关"]
    assert foreign.replace("city-edu", "…") == made_up.replace("no-such", "…")
    assert "不是日期" in errors[5, "成交日期"]
    assert {row for row, _column in errors} == {3, 4, 5, 6}
    assert not Procurement.objects.exists()
    listed_errors = b"".join(
        client.get(url("register-import-errors", "procurement")).streaming_content  # type: ignore[attr-defined]
    ).decode("utf-8-sig")
    assert len(listed_errors.splitlines()) == 5
    client.post(url("register-import-confirm", "procurement"))
    assert not Procurement.objects.exists()


def test_a_sheet_of_another_kind_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    client, at = sign_in("city-office-handler"), url("register-import", "procurement")
    page = client.post(at, {"sheet": sheet("姓名,电话", "张三,1")})
    assert page.status_code == 422
    assert "表格缺少列" in page.content.decode()


def test_a_waiting_sheet_is_unreadable_on_disk(world: World, sign_in: SignIn, settings: Any) -> None:
    client = sign_in("city-office-handler")
    client.post(
        url("register-import", "procurement"),
        {
            "sheet": sheet(
                "机关,采购编号,项目名称,成交日期,金额（元）", "city-office,采1,机密设备,2022-05-01,100"
            )
        },
    )
    kept = [path for path in (settings.HOME.path / "imports").rglob("*") if path.is_file()]
    assert kept
    assert all("机密设备".encode() not in path.read_bytes() for path in kept)


def test_the_template_has_the_columns_the_import_asks_for(world: World, sign_in: SignIn) -> None:
    answer = sign_in("city-office-handler").get(url("register-import-template", "documents"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    header = [cell.value for cell in next(book.active.iter_rows())]
    assert header == ["机关*", "类型*", "标题*", "成文日期*", "公开属性*", "发文字号", "正文", "属性理由"]


def test_choices_and_records_in_a_sheet_are_written_in_words(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    item = made.item(organ)
    good = sheet(
        "机关,类别,决定文书号,决定日期,事项", f"{organ.name},行政许可,许〔2022〕1号,2022-05-01,{item.name}"
    )
    assert client.post(url("register-import", "decisions"), {"sheet": good}).status_code == 200
    client.post(url("register-import-confirm", "decisions"))
    assert Decision.objects.get().item == item


# --- the registers' own ----------------------------------------------------------------------------------------------


def test_a_year_is_loaded_from_a_pasted_notice(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-operator")
    form = {
        "region": "CN",
        "year": "2027",
        "off_days": "2027-01-01 至 2027-01-03\n2027年2月6日、2027.2.8",
        "extra_workdays": "2027-01-30",
        "source": "国办发明电〔2026〕1号",
    }
    client.post(url("register-create", "calendars", "load"), form)
    year = CalendarYear.objects.get(year=2027)
    assert year.off_days == ["2027-01-01", "2027-01-02", "2027-01-03", "2027-02-06", "2027-02-08"]
    wrong = client.post(
        url("register-create", "calendars", "load"), form | {"off_days": "2027-02-08 至 2027-02-01"}
    )
    assert "不是一段日期" in wrong.context["form"].errors["off_days"][0]
    assert sign_in("county-a-operator").get(url("register-create", "calendars", "load")).status_code == 403


def test_a_year_is_loaded_from_a_sheet_of_days(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-operator")
    good = sheet("日期,类型,依据", "2027-01-01,放假,放假通知", "2027-01-09,上班,放假通知")
    assert client.post(url("register-import", "calendars"), {"sheet": good}).status_code == 200
    assert not CalendarYear.objects.exists()
    client.post(url("register-import-confirm", "calendars"))
    year = CalendarYear.objects.get()
    assert (year.off_days, year.extra_workdays) == (["2027-01-01"], ["2027-01-09"])


def test_a_missing_calendar_is_announced(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_TODAY", "2026-06-01")
    page = sign_in("city-operator").get(url("register", "calendars")).content.decode()
    assert "2027 年的工作日历还没有载入" in page
    made.calendar(world.organs["city"])
    calendars.reset()
    page = sign_in("city-operator").get(url("register", "calendars")).content.decode()
    assert "还没有载入" not in page


def test_a_tally_is_recorded_and_superseded_with_its_reason(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["city-edu"], sign_in("city-edu-handler")
    form = {
        "organ": organ.pk,
        "figure": "keyareas.decisions|row=admin_license",
        "period_from": "2020-01-01",
        "period_to": "2020-12-31",
        "value": "118",
        "source": "unit",
    }
    client.post(url("register-create", "tallies", "record"), form)
    first = Tally.objects.get()
    assert (first.measure, first.dimensions, first.value) == (
        "keyareas.decisions",
        {"row": "admin_license"},
        118,
    )
    at = url("register-act", "tallies", first.pk, "supersede")
    assert client.post(at, {"value": "119"}).context["form"].errors["reason"]
    neither = client.post(at, {"reason": "再想想"})
    assert neither.context["form"].errors["value"]
    client.post(at, {"value": "119", "reason": "漏报一件"})
    second = Tally.objects.get(supersedes=first)
    assert second.value == 119
    assert [row.pk for row in listed(client, "tallies")] == [second.pk]
    client.post(url("register-act", "tallies", second.pk, "supersede"), {"take_back": "on", "reason": "重报"})
    assert Tally.objects.get(supersedes=second).value is None
    assert not listed(client, "tallies")


def test_organs_are_found_by_the_names_they_had(world: World, sign_in: SignIn) -> None:
    client, organ = sign_in("city-operator"), world.organs["city-edu"]
    client.post(
        url("register-act", "organs", organ.pk, "rename"), {"name": "甲市教育体育局", "on": "2021-01-01"}
    )
    organ.refresh_from_db()
    assert organ.name == "甲市教育体育局"
    assert [row.pk for row in listed(client, "organs", q="甲市教育局")] == [organ.pk]
    assert "甲市教育局" in client.get(url("register-record", "organs", organ.pk)).content.decode()


def test_a_succession_is_recorded_from_the_successors_page(world: World, sign_in: SignIn) -> None:
    client, heir = sign_in("city-operator"), world.organs["city-office"]
    form = {
        "predecessors": [world.organs["city-edu"].pk],
        "kind": "merger",
        "on": "2022-01-01",
        "document": "甲编〔2021〕9号",
    }
    answer = client.post(url("register-act", "organs", heir.pk, "succeed"), form, follow=True)
    assert "甲编〔2021〕9号" in answer.content.decode()
    world.organs["city-edu"].refresh_from_db()
    assert world.organs["city-edu"].valid_to == dt.date(2021, 12, 31)


def test_people_show_only_the_posts_one_may_see(world: World, sign_in: SignIn) -> None:
    person = world.people["county-a-handler"]
    actions.appoint(
        by=TEST, person=person, organ=world.organs["county-b"], role="handler", valid_from=dt.date(2020, 1, 1)
    )
    page = sign_in("county-a-operator").get(url("register", "people"), {"q": person.username})
    text = page.content.decode()
    assert "东县人民政府 承办人" in text
    assert "西区" not in text


def test_an_account_opens_with_its_first_post(world: World, sign_in: SignIn) -> None:
    form = {
        "username": "newbie",
        "name": "新来",
        "organ": world.organs["city-edu"].pk,
        "role": "handler",
        "valid_from": "2022-01-01",
        "password": "a-first-long-pass",
    }
    answer = sign_in("city-operator").post(url("register-create", "people", "add"), form, follow=True)
    assert answer.status_code == 200
    assert "新来" in answer.content.decode()
    client = Client()
    client.post(url("sign-in"), {"username": "newbie", "password": "a-first-long-pass"})
    assert client.get(url("registers"))["Location"] == url("password")


def test_a_proceeding_goes_its_way_on_the_desk(world: World, sign_in: SignIn) -> None:
    made.result_rule(world.organs["city"])
    organ, client = world.organs["city-office"], sign_in("city-office-handler")
    form = {
        "organ": organ.pk,
        "group": "review",
        "number": "甲复〔2022〕1号",
        "forum": "甲市人民政府",
        "filed_on": "2022-03-01",
        "applicant": "虚构人",
    }
    client.post(url("register-create", "proceedings", "file"), form)
    row = Proceeding.objects.get()
    page = client.get(url("register-record", "proceedings", row.pk)).content.decode()
    assert "提出书面答复并提交证据" in page
    assert "案件现为“已收到通知”，不能登记“恢复”" in page
    client.post(url("register-act", "proceedings", row.pk, "accept"), {"on": "2022-03-05"})
    closing = client.get(url("register-act", "proceedings", row.pk, "close")).context["form"]
    upheld = closing.fields["result"].queryset.get(code="review_upheld")
    assert not closing.fields["result"].queryset.filter(family="litigation").exists()
    client.post(
        url("register-act", "proceedings", row.pk, "close"), {"on": "2022-04-20", "result": upheld.pk}
    )
    row.refresh_from_db()
    assert (row.state, row.column) == ("closed", "upheld")
    assert "没有登记决定书" in client.get(url("register-record", "proceedings", row.pk)).content.decode()
    last = row.steps.get(kind="closed")
    form = {"on": "2022-04-21", "result": upheld.pk, "document": "甲复决〔2022〕1号", "reason": "补登文书"}
    client.post(url("register-act", "steps", last.pk, "correct"), form)
    row.refresh_from_db()
    assert row.closed_on == dt.date(2022, 4, 21)
    assert "没有登记决定书" not in client.get(url("register-record", "proceedings", row.pk)).content.decode()


def test_the_auditor_reads_who_did_what(world: World, sign_in: SignIn) -> None:
    organ = world.organs["city-office"]
    sign_in("city-office-handler").post(
        url("register-create", "procurement", "add"),
        {
            "organ": organ.pk,
            "number": "采1",
            "title": "设备",
            "concluded_on": "2022-05-01",
            "amount_yuan": "100",
        },
    )
    page = sign_in("city-office-auditor").get(url("register", "audit"), {"q": "procurement"}).content.decode()
    assert "登记采购项目" in page
    assert "测试handler（承办人）" in page
    assert sign_in("city-office-head").get(url("register", "audit")).status_code == 404


def test_the_auditor_at_the_top_reads_what_belongs_to_no_organ(world: World, sign_in: SignIn) -> None:
    opened = accounts.register(login="洛河边的人", password="kao-shan-lin-shui-9", address="")
    page = sign_in("city-auditor").get(url("register", "audit"), {"q": "visitor"}).content.decode()
    assert "公众开立账号" in page
    assert f"公众账号（{opened.pk}）" in page
    assert f">公众账号 {opened.pk}<" in page
    assert "洛河边的人" not in page
    entry = AuditEntry.objects.get(verb="visitor.register")
    assert sign_in("city-auditor").get(url("register-record", "audit", entry.pk)).status_code == 200
    below = sign_in("county-a-auditor")
    assert "公众开立账号" not in below.get(url("register", "audit"), {"q": "visitor"}).content.decode()
    assert below.get(url("register-record", "audit", entry.pk)).status_code == 404


def test_the_operator_sets_what_the_law_leaves_to_the_office(world: World, sign_in: SignIn) -> None:
    organ, client = world.organs["county-a"], sign_in("county-a-operator")
    form = {
        "organ": organ.pk,
        "correction_days": "15",
        "explanation_days": "7",
        "answer_mark": "东公开",
        "charges_fees": "on",
    }
    client.post(url("register-create", "request-settings", "set"), form)
    assert choices_for(world.organs["town-a1"]).correction_days == 15
    assert choices_for(world.organs["county-b"]).correction_days == 10
    endless = client.post(url("register-create", "request-settings", "set"), form | {"correction_days": "90"})
    assert "1 至 60 个工作日" in endless.context["form"].errors["correction_days"][0]
    row = RequestSettings.objects.get()
    client.post(url("register-act", "request-settings", row.pk, "edit"), form | {"correction_days": "12"})
    row.refresh_from_db()
    assert row.correction_days == 12


def test_moving_a_result_to_another_column_is_for_the_operator_at_the_top(
    world: World, sign_in: SignIn
) -> None:
    rule = made.result_rule(world.organs["city"])
    at = url("register-act", "result-rules", rule.pk, "column")
    assert sign_in("county-a-operator").post(at, {"column": "other"}).status_code == 403
    sign_in("city-operator").post(at, {"column": "other"})
    rule.refresh_from_db()
    assert rule.column == "other"
