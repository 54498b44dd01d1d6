"""Rows into documents: the same rules and the same records as by hand."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest

from gongkai.base import clock, numbering
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry, OutboxMessage
from gongkai.base.tables import xlsx_bytes
from gongkai.documents import actions
from gongkai.documents import verify as documents_verify
from gongkai.documents.bulk import batches, importing, reading
from gongkai.documents.bulk.columns import HEADERS
from gongkai.documents.bulk.importing import Counts, Import
from gongkai.documents.bulk.models import Batch, Problem
from gongkai.documents.models import Classification, Document, Edition, Release, ValidityFact
from gongkai.documents.queries import public_documents, validity_on
from gongkai.organs.models import Organ
from gongkai.review.actions.duties import set_duty
from tests.documents.bulk.support import PLAIN, bring, bring_rows, csv_of, numbered
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
State = Batch.State
FULL = {
    "organ": "甲市人民政府办公室",
    "kind": "行政规范性文件",
    "title": "关于印发测试办法的通知",
    "made_on": "2019年5月15日",
    "number": "甲政办〔2019〕12号",
    "html": "<p>第一条　<b>为了</b>测试。</p>",
    "theme": "综合政务",
    "summary": "概述",
    "keywords": "测试 办法",
    "openness": "决策公开；结果公开",
    "co_organs": "甲市教育局；外单位",
    "effective_on": "2019-06-01",
    "valid_until": "2024-05-31",
    "validity": "已修改\n废止",
    "changed_on": "2020-01-01\n2021-01-01",
    "decided_by": "甲政办〔2020〕1号\n甲政办〔2021〕1号",
    "released_on": "2019-05-18\n2019-05-20",
    "released_at": "—\n09:30",
    "channel": "政府网站\n政府公报",
    "link": "—\n2019年第5期",
    "withdrawn_on": "2021-02-01\n—",
    "withdrawn_why": "改版\n—",
}


def test_a_row_becomes_a_document_with_everything_it_says(world: World) -> None:
    done = bring([FULL], organ=world.organs["city"])
    assert (done.counts.taken, done.counts.released, done.words) == (1, 1, [])
    document = Document.objects.get()
    assert document.organ.code == "city-office"
    assert (document.number, document.made_on) == ("甲政办〔2019〕12号", dt.date(2019, 5, 15))
    assert document.theme == Classification.objects.get(scheme="theme", name="综合政务")
    assert document.openness == ["decision", "result"]
    assert [one.name for one in document.co_organs.all()] == ["甲市教育局", "外单位"]
    assert document.co_organs.first().organ == world.organs["city-edu"]
    edition = document.editions.get()
    assert (edition.body, edition.closed) == ("第一条　为了测试。", True)
    assert edition.rich == "<p>第一条　<strong>为了</strong>测试。</p>"
    assert document.first_released_on == dt.date(2019, 5, 18)
    assert document.withdrawn_on is None  # the gazette still has it
    assert document.ended_on == dt.date(2021, 1, 1)
    assert validity_on(document, dt.date(2020, 6, 1)).value == "amended"
    assert Release.objects.filter(supersedes__isnull=False).get().reason == "改版"
    assert document.index_no.endswith("/2019-00001")
    assert documents_verify.problems() == []
    assert list(public_documents(dt.date(2022, 1, 1))) == [document]
    entry = AuditEntry.objects.get(verb="document.import")
    assert (entry.subject_id, entry.detail["batch"]) == (str(document.pk), done.batch.pk)


def test_the_same_as_by_hand(world: World) -> None:
    """What the actions leave behind one by one, the import leaves behind at once."""
    office: Organ = world.organs["city-office"]
    one = actions.add_document(
        by=TEST, organ=office, kind="notice", title="公告", made_on=dt.date(2020, 1, 2), body="正文"
    )
    actions.describe(one, by=TEST, summary="概述", keywords="甲 乙")
    actions.release(one, by=TEST, channel="政府网站", on=dt.date(2020, 1, 3))
    bring(
        [
            {
                "organ": "city-office",
                "kind": "通知公告",
                "title": "公告二",
                "made_on": "2020-01-02",
                "text": "正文",
                "summary": "概述",
                "keywords": "甲 乙",
                "released_on": "2020-01-03",
            }
        ],
        organ=office,
    )
    by_hand, imported = Document.objects.order_by("pk")
    skipped = {"id", "title", "index_no", "recorded_at"}
    for model, left, right in (
        (Document, by_hand, imported),
        (Edition, by_hand.editions.get(), imported.editions.get()),
        (Release, by_hand.releases.get(), imported.releases.get()),
    ):
        for field in model._meta.concrete_fields:
            if field.name not in skipped | {"document", "edition"}:
                assert getattr(left, field.attname) == getattr(right, field.attname), field.name
    assert [one.index_no[-5:] for one in (by_hand, imported)] == ["00001", "00002"]


def test_every_mistake_of_a_row_is_told_and_the_other_rows_are_taken(world: World) -> None:
    wrong = {
        **PLAIN,
        "organ": "不存在局",
        "made_on": "昨天",
        "kind": "奇怪的类型",
        "theme": "没有的分类",
        "released_at": "9点",
        "released_on": "2021-03-02",
    }
    done = bring([wrong, PLAIN], organ=world.organs["city"])
    assert (done.counts.taken, done.counts.wrong) == (1, 1)
    words = done.words[0]
    for header in ("机关", "成文日期", "类型", "主题分类", "公开时刻"):
        assert f"{header}：" in words
    kept = Problem.objects.get()
    assert (kept.row, kept.cells["organ"]) == (2, "不存在局")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"made_on": "2999-01-01"}, "成文日期：成文日期不能晚于今天"),
        ({"kind": "规章", "organ": "county-a"}, "规章制定权"),
        ({"number": "甲政〔2019〕1号"}, "发文字号：政务信息不编发文字号"),
        ({"kind": "通知公告", "number": "甲政[2019]1号"}, "六角括号"),
        ({"attribute": "不予公开"}, "属性理由：不主动公开的，请写明法定理由"),
        ({"attribute": "依申请公开", "attribute_reason": "甲", "released_on": "2021-03-02"}, "不能发布"),
        ({"released_on": "2021-02-01"}, "公开日期：公开日期不能早于成文日期"),
        ({"released_on": "2021-03-02", "channel": "没有的渠道"}, "没有渠道"),
        ({"validity": "废止", "changed_on": "2021-04-01", "decided_by": "甲"}, "不登记效力变化"),
        ({"validity": "废止"}, "效力变化日期：没有填写从哪天起"),
        ({"withdrawn_on": "2021-04-01", "released_on": "2021-03-02"}, "撤下原因：已撤下的请写明原因"),
        ({"kind": "人事任免", "released_on": "2021-03-02"}, "任免事项"),
        ({"kind": "内部明电"}, "只能是不予公开"),
        ({"title": "长" * 301}, "标题："),
        ({"effective_on": "2020-01-01"}, "实施日期：实施日期不能早于成文日期"),
        ({"co_organs": "甲市人民政府"}, "联合发文机关：主办机关就是登记机关"),
        ({"annexes": "没有.pdf"}, "没有附件文件夹"),
        ({"title": ""}, "标题：没有填写"),
    ],
)
def test_what_the_actions_refuse_is_refused(world: World, changes: dict[str, str], words: str) -> None:
    for trial in (True, False):
        done = bring([{**PLAIN, **changes}], organ=world.organs["city"], trial=trial)
        assert (done.counts.taken, done.counts.wrong) == (0, 1)
        assert words in done.words[0]
    assert not Document.objects.exists()


def test_a_trial_writes_nothing_and_finds_what_the_import_finds(world: World) -> None:
    rows = [PLAIN, PLAIN, {**PLAIN, "kind": "通知公告", "number": "甲政〔2021〕1号"}]
    rows.append({**PLAIN, "kind": "通知公告", "number": "甲政〔2021〕1号", "title": "另一份"})
    before = AuditEntry.objects.count()
    tried = bring(rows, organ=world.organs["city"], trial=True)
    assert not Document.objects.exists()
    assert not Batch.objects.exists()
    assert AuditEntry.objects.count() == before
    done = bring(rows, organ=world.organs["city"])
    assert tried.counts == done.counts
    assert (done.counts.taken, done.counts.known, done.counts.wrong) == (2, 1, 1)
    assert "发文字号：甲政〔2021〕1号已登记过，是另一份文件" in tried.words[0] == done.words[0]


def test_importing_again_changes_nothing(world: World) -> None:
    rows = [
        FULL,
        PLAIN,
        {**PLAIN, "title": "有外部标识", "key": "cms-1"},
        {**PLAIN, "title": "有索引号", "index_no": "000014349/2017-00110"},
    ]
    first = bring(rows, organ=world.organs["city"])
    assert first.counts.taken == 4
    changed = [dict(row) for row in rows]
    changed[2]["title"] = "标题改了，还是那一份"
    again = bring(changed, organ=world.organs["city"])
    assert (again.counts.taken, again.counts.known, again.counts.wrong) == (0, 4, 0)
    assert Document.objects.count() == 4
    other = bring(
        [{**PLAIN, "title": "另一份", "index_no": "000014349/2017-00110"}], organ=world.organs["city"]
    )
    assert other.words == ["索引号：000014349/2017-00110已经用过，是另一份文件"]


def test_index_numbers_run_without_gaps_past_those_of_older_systems(world: World) -> None:
    office = world.organs["city-office"]
    base = f"{office.credit_code or office.code}/2021"
    rows = [
        {
            **PLAIN,
            "organ": "city-office",
            "title": f"信息{n}",
            "released_on": "2021-03-02",
            "index_no": f"{base}-00003" if n == 5 else "",
        }
        for n in range(7)
    ]
    bring(rows, organ=office)
    numbers = list(Document.objects.order_by("pk").values_list("index_no", flat=True))
    assert numbers == [f"{base}-0000{n}" for n in (1, 2, 4, 5, 6, 3, 7)]
    assert numbering.upcoming(f"index:{base}") == 8


def test_drafts_get_no_index_number_and_stay_open(world: World) -> None:
    bring([PLAIN], organ=world.organs["city"])
    document = Document.objects.get()
    assert (document.index_no, document.first_released_on) == ("", None)
    assert document.editions.get().closed is False


def test_a_person_brings_what_the_post_reaches(world: World) -> None:
    by = world.actor("city-office", "handler", "documents")
    rows = [{**PLAIN, "organ": code} for code in ("city-office", "city", "county-a")]
    done = bring(rows, organ=world.organs["city-office"], by=by)
    assert (done.counts.taken, done.counts.wrong) == (1, 2)
    assert set(done.words) == {
        "机关：没有找到“city”，或者不在您的办理范围内",
        "机关：没有找到“county-a”，或者不在您的办理范围内",
    }
    document = Document.objects.get()
    assert document.entered_by == by.key
    assert AuditEntry.objects.get(verb="document.import").post == by.post


def test_the_organ_may_be_given_once_for_all_rows(world: World) -> None:
    row = {key: text for key, text in PLAIN.items() if key != "organ"}
    done = bring([row], organ=world.organs["city-edu"], default=True)
    assert done.counts.taken == 1
    assert Document.objects.get().organ == world.organs["city-edu"]


def test_whoever_must_review_first_imports_nothing_as_public(world: World) -> None:
    with clock.on_day(dt.date(2021, 1, 1)):
        set_duty(by=TEST, organ=world.organs["city"], valid_from=dt.date(2021, 1, 1), note="测试")
    rows = [
        {**PLAIN, "released_on": "2021-03-02"},
        {**PLAIN, "title": "旧的", "made_on": "2020-03-01", "released_on": "2020-03-02"},
        {**PLAIN, "title": "草稿"},
    ]
    done = bring(rows, organ=world.organs["city"])
    assert (done.counts.taken, done.counts.released, done.counts.wrong) == (2, 1, 1)
    assert "先审查、后公开" in done.words[0]


def test_every_day_a_row_names_is_asked_for_the_review(world: World) -> None:
    with clock.on_day(dt.date(2021, 1, 1)):
        set_duty(by=TEST, organ=world.organs["city"], valid_from=dt.date(2021, 1, 1), note="测试")
    row = {
        **PLAIN,
        "made_on": "2020-03-01",
        "released_on": "2020-03-02\n2021-05-01",
        "channel": "政府网站\n政府公报",
        "withdrawn_on": "2020-04-01\n—",
        "withdrawn_why": "改版\n—",
    }
    done = bring([row], organ=world.organs["city"])
    assert (done.counts.taken, done.counts.wrong) == (0, 1)
    assert "2021-05-01公开的须先审查、后公开" in done.words[0]


@pytest.mark.parametrize("role", ["handler", "office", "head"])
def test_a_table_with_earlier_days_is_no_way_past_the_review(world: World, role: str) -> None:
    with clock.on_day(dt.date(2021, 1, 1)):
        set_duty(by=TEST, organ=world.organs["city"], valid_from=dt.date(2021, 1, 1), note="测试")
    rows = [
        {**PLAIN, "title": "旧的", "made_on": "2020-03-01", "released_on": "2020-03-02"},
        {**PLAIN, "title": "倒填的", "made_on": "2021-03-01", "released_on": "2021-03-02"},
    ]
    by = world.actor("city-office", role, "documents")
    done = bring([{**row, "organ": "city-office"} for row in rows], organ=world.organs["city-office"], by=by)
    assert (done.counts.taken, done.counts.wrong) == ((0, 2) if role == "handler" else (1, 1))
    assert ("请公开办补录，或者先送审" in done.words[0]) is (role == "handler")


def test_what_is_counted_without_its_type_is_not_imported_on_top(world: World) -> None:
    march = Period(dt.date(2021, 3, 1), dt.date(2021, 3, 31))
    city = world.organs["city"]
    actions.count_releases(by=TEST, organ=city, channel="政务微信", period=march, releases=300)
    row = {**PLAIN, "released_on": "2021-03-02", "channel": "政务微信"}
    done = bring([row, {**row, "title": "网站上的", "channel": "政府网站"}], organ=city)
    assert (done.counts.taken, done.counts.wrong) == (1, 1)
    assert "重复计数" in done.words[0]


def test_who_stops_an_import_at_its_last_row_has_stopped_it(world: World) -> None:
    batch = batches.begin(by=TEST, organ=world.organs["city"], name="表.csv", sha256="1" * 64)
    batches.stop(batch, by=TEST)
    batches.finish(batch)
    assert batch.state == Batch.State.STOPPED
    assert Batch.objects.get().state == Batch.State.STOPPED


def test_who_stops_a_trial_while_it_runs_has_stopped_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Import.run

    def stopped_meanwhile(job: Import, *given: Any, **more: Any) -> bool:
        batches.stop(Batch.objects.get(), by=TEST)
        return run(job, *given, **more)

    monkeypatch.setattr(Import, "run", stopped_meanwhile)
    by = world.actor("city-office", "handler", "documents")
    table = io.BytesIO(csv_of([PLAIN]))
    batch = batches.begin_upload(by=by, organ=world.organs["city-office"], name="表.csv", table=table)
    batch.refresh_from_db()
    assert (batch.state, batch.note) == (Batch.State.STOPPED, "由经办人中止。")


def test_a_trial_is_asked_after_every_chunk_whether_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    job = Import(by=TEST)
    rows = numbered({**PLAIN, "title": f"信息{n}"} for n in range(9))
    assert not job.run(rows, going=lambda: job.counts.rows < 4)
    assert job.counts.rows == 4
    job.close()


def test_an_error_ends_what_was_tried_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*given: Any, **more: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(Import, "run", breaks)
    by = world.actor("city-office", "handler", "documents")
    with pytest.raises(ZeroDivisionError):
        batches.begin_upload(
            by=by, organ=world.organs["city-office"], name="表.csv", table=io.BytesIO(csv_of([PLAIN]))
        )
    batch = Batch.objects.get()
    assert (batch.state, batch.note) == (State.STOPPED, "核对时发生错误，没有完成；请重新上传。")


def test_a_spreadsheet_is_never_tried_while_the_page_is_waited_for(world: World) -> None:
    """However small: what it holds unpacked is not told by its size."""
    by = world.actor("city-office", "handler", "documents")
    content = xlsx_bytes([HEADERS[key] for key in PLAIN], [list(PLAIN.values())])
    given = {"by": by, "organ": world.organs["city-office"], "name": "表.xlsx"}
    batch = batches.begin_upload(table=io.BytesIO(content), **given)
    assert batch.state == State.CHECKING
    assert OutboxMessage.objects.get(topic=batches.TOPIC).done_at is None


def test_what_nobody_confirms_ends_with_its_table_and_its_problems_later(world: World) -> None:
    by = world.actor("city-office", "handler", "documents")
    table = io.BytesIO(csv_of([{**PLAIN, "made_on": "昨天"}]))
    batch = batches.begin_upload(by=by, organ=world.organs["city-office"], name="表.csv", table=table)
    today = clock.today()
    with clock.on_day(today + dt.timedelta(days=13)):
        batches.forget_old()
        batch.refresh_from_db()
        assert batch.state == State.CHECKED
    with clock.on_day(today + dt.timedelta(days=15)):
        batches.forget_old()
        batch.refresh_from_db()
        assert (batch.state, "没有确认" in batch.note) == (State.STOPPED, True)
    with clock.on_day(today + dt.timedelta(days=76)):
        batches.forget_old()
    assert not Problem.objects.exists()


def test_what_others_file_during_a_long_import_counts_for_the_rows_to_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    city = world.organs["city"]
    march = Period(dt.date(2021, 3, 1), dt.date(2021, 3, 31))

    def rows() -> Iterator[reading.Row]:
        row = {**PLAIN, "released_on": "2021-03-02", "channel": "政务微信"}
        yield 2, row
        yield 3, {**row, "title": "第二份"}
        actions.count_releases(by=TEST, organ=city, channel="政府网站", period=march, releases=300)
        yield 4, {**row, "title": "第三份", "channel": "政府网站"}
        with clock.on_day(dt.date(2021, 3, 1)):
            set_duty(by=TEST, organ=city, valid_from=dt.date(2021, 3, 1), note="测试")
        yield 5, {**row, "title": "第四份"}

    done = bring_rows(rows(), organ=city)
    assert (done.counts.taken, done.counts.wrong) == (2, 2)
    assert "重复计数" in done.words[0]
    assert "先审查、后公开" in done.words[1]


def test_more_problems_than_are_kept_are_counted_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_PROBLEMS", 2)
    monkeypatch.setattr(importing, "CHUNK", 2)
    wrong = [{**PLAIN, "made_on": "昨天", "title": f"第{n}份"} for n in range(5)]
    done = bring(wrong, organ=world.organs["city"])
    assert (done.counts.wrong, done.batch.problems.count()) == (5, 2)
    assert "只留前2行" in importing.not_kept(done.counts)
    assert importing.not_kept(Counts(wrong=2)) == ""


def test_changes_of_validity_are_facts(world: World) -> None:
    bring([FULL], organ=world.organs["city"])
    facts = ValidityFact.objects.order_by("on").values_list("kind", "on", "decided_by")
    assert list(facts) == [
        ("amended", dt.date(2020, 1, 1), "甲政办〔2020〕1号"),
        ("repealed", dt.date(2021, 1, 1), "甲政办〔2021〕1号"),
    ]
