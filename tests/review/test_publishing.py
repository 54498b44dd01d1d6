"""先审查、后公开: what stands between a subject and the public, and that each obstacle is named in words."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock, files
from gongkai.documents.reviewing import subject_of
from gongkai.inspection import Kind
from gongkai.organs.refusals import Refused
from gongkai.review import actions, queries, screening, subjects
from gongkai.review.models import ConsultationReply, FileInspection, ReviewRun
from gongkai.review.subjects import Subject
from tests.inspection import samples
from tests.review import support
from tests.review.support import CLEAR, DAY, actor, sign, started
from tests.support.world import World

pytestmark = pytest.mark.django_db
CITY = "city-edu"


def subject(run: ReviewRun) -> Subject:
    found = subjects.load(run.subject_kind, run.subject_key)
    assert found is not None
    return found


def conclude(world: World, run: ReviewRun, conclusion: str = "open", **more: object) -> None:
    given = {"answers": CLEAR} | more
    actions.conclude_secrecy(by=actor(world, CITY, "secrecy"), run=run, conclusion=conclusion, **given)  # type: ignore[arg-type]


def reasons(run: ReviewRun) -> str:
    return " ".join(queries.may_publish(subject(run)).reasons)


def test_the_way_to_publishing(world: World) -> None:
    never = subject_of(support.edition(world.organs["city-office"]))
    assert queries.may_publish(never).reasons == ("还没有送审。先审查、后公开。",)
    run = started(world)
    assert "审签没有完成" in reasons(run)
    assert "还没有作出保密审查结论" in reasons(run)
    sign(world, run, "office", "head", "leader")
    assert reasons(run) == "还没有作出保密审查结论。"
    conclude(world, run)
    assert queries.may_publish(subject(run)).ok
    support.change(support.Edition.objects.get(pk=run.subject_key), "改过")
    assert "审签完成以后内容又有改动" in reasons(run)
    assert "保密审查以后内容又有改动" in reasons(run)


@pytest.mark.seed("S025")
def test_the_secrecy_record(world: World) -> None:
    """Reviewer, conclusion, consulted organ, doubtful items with their escalation, and nothing published meanwhile."""
    run = sign(world, started(world), "office", "head", "leader")
    unsure = CLEAR | {"state_secret": "unsure"}
    with pytest.raises(ValidationError, match="报请确定"):
        conclude(world, run, answers=unsure, consulted="市国家保密局", consulted_reply="请报")
    with pytest.raises(ValidationError, match="理由"):
        conclude(world, run, "referred", answers=unsure)
    conclude(world, run, "referred", answers=unsure, note="附表涉及管线坐标", consulted="市国家保密局")
    assert "已报请确定" in reasons(run)
    conclude(
        world,
        run,
        "partly",
        redaction="删去附表第三列",
        consulted="市国家保密局",
        consulted_reply="删去坐标后可以公开",
    )
    assert queries.may_publish(subject(run)).ok
    record = run.secrecy.order_by("pk").last()
    assert record is not None
    assert (record.reviewer_name, record.conclusion, record.consulted) == (
        "测试secrecy",
        "partly",
        "市国家保密局",
    )
    assert "第三十五条" in record.basis
    assert run.secrecy.count() == 2


def test_what_the_answers_allow(world: World) -> None:
    run = started(world)
    for answers, conclusion, more, words in (
        ({}, "open", {}, "逐项回答"),
        (CLEAR | {"privacy": "perhaps"}, "open", {}, "逐项回答"),
        (CLEAR | {"state_secret": "yes"}, "partly", {"redaction": "x"}, "国家秘密"),
        (CLEAR | {"aggregated": "yes"}, "open", {"note": "x"}, "汇聚"),
        (CLEAR | {"sensitive": "unsure"}, "open", {}, "先咨询"),
        (CLEAR | {"privacy": "yes"}, "open", {}, "说明理由"),
        (CLEAR, "partly", {}, "删减"),
        (CLEAR, "closed", {}, "理由"),
    ):
        with pytest.raises(ValidationError, match=words):
            conclude(world, run, conclusion, answers=answers, **more)
    conclude(world, run, "closed", answers=CLEAR | {"state_secret": "yes"}, note="标有密级")
    assert "不得公开" in reasons(run)


def test_marks_found_by_the_prescreen_must_be_explained(world: World) -> None:
    run = started(world, body="机密★10年\n关于……身份证11010519491231002X")
    found = {one.kind for one in screening.findings(run.prescreen)}
    assert found == {Kind.STATE_SECRET, Kind.ID_CARD}
    with pytest.raises(ValidationError, match="初筛"):
        conclude(world, run)
    conclude(world, run, note="标志是引用的示例，证件号码将删去")


def test_who_may_conclude(world: World) -> None:
    run = started(world)
    for role in ("handler", "office", "head", "leader"):
        with pytest.raises(Refused, match="保密审查岗"):
            actions.conclude_secrecy(by=actor(world, CITY, role), run=run, answers=CLEAR, conclusion="open")
    with pytest.raises(Refused):
        actions.conclude_secrecy(
            by=actor(world, "city-office", "secrecy"), run=run, answers=CLEAR, conclusion="open"
        )


@pytest.mark.seed("S270")
def test_other_organs_are_asked_before_their_information_is_published(world: World) -> None:
    """Organ, asked, answered, agreed text; deadline and silence; an objection stands in the way."""
    run = sign(world, started(world), "office", "head", "leader")
    conclude(world, run)
    asker, other = actor(world, CITY, "office"), world.organs["county-a"]
    asked = actions.consult(
        by=asker, run=run, question="文中涉及东县学校数据，是否同意公开", organs=[other], outside=["市地震局"]
    )
    assert asked.due_on == dt.date(2022, 6, 9)
    assert "征询甲市东县人民政府还没有答复" in reasons(run)
    inside = asked.parties.get(outside=False)
    assert list(queries.to_answer(world.viewer("county-a", "office", DAY))) == [inside]
    answering = actor(world, "county-a", "office")
    with pytest.raises(ValidationError, match="理由"):
        actions.reply(by=answering, party=inside, kind="objects")
    actions.reply(by=answering, party=inside, kind="objects", text="数据尚未核实")
    assert "甲市东县人民政府不同意公开" in reasons(run)
    with pytest.raises(ValidationError, match="商定"):
        actions.reply(by=answering, party=inside, kind="agrees_changed")
    actions.reply(by=answering, party=inside, kind="agrees_changed", agreed_text="学校120所（不含幼儿园）")
    assert not queries.to_answer(world.viewer("county-a", "office", DAY)).exists()
    letter = asked.parties.get(outside=True)
    with pytest.raises(Refused, match="还没有届满"):
        actions.note_silence(by=asker, party=letter)
    with pytest.raises(Refused):
        actions.reply(by=answering, party=letter, kind="agrees")
    with clock.on_day(dt.date(2022, 6, 10)):
        actions.note_silence(by=actor(world, CITY, "office"), party=letter)
    assert queries.may_publish(subject(run)).ok
    given = ConsultationReply.objects.filter(party=inside).order_by("pk").last()
    assert given is not None
    assert (given.agreed_text, given.on) == ("学校120所（不含幼儿园）", DAY)


def test_asking_nobody_or_oneself_is_refused(world: World) -> None:
    run, by = started(world), actor(world, CITY, "office")
    for organs, outside, words in (([], [" "], "被征询"), ([world.organs[CITY]], [], "本机关")):
        with pytest.raises(ValidationError, match=words):
            actions.consult(by=by, run=run, question="问", organs=organs, outside=outside)


def test_a_hidden_sheet_stands_in_the_way_until_it_is_cleaned(world: World) -> None:
    run = sign(world, started(world), "office", "head", "leader")
    conclude(world, run)
    organ = world.organs[CITY]
    stored = files.store(organ, "附表.xlsx", samples.xlsx(samples.hidden_sheet))
    carrying = replace(subject(run), files=(stored,))
    said = queries.may_publish(carrying).reasons
    assert "附件1还没有检查有无隐藏内容。" in said
    assert any("审签完成以后内容又有改动" in one for one in said), "a file more is another content"
    by = actor(world, CITY, "handler")
    kept = actions.inspect_file(by=by, file=stored)
    assert (kept.blocked, kept.cleanable) == (True, True)
    assert any("隐藏的工作表“底稿”" in one for one in queries.may_publish(carrying).reasons)
    cleaned = actions.clean_file(by=by, file=stored)
    assert openpyxl.load_workbook(io.BytesIO(files.read(cleaned))).sheetnames == ["公示"]
    assert not any("附件" in one for one in queries.may_publish(replace(carrying, files=(cleaned,))).reasons)
    assert actions.inspect_file(by=by, file=stored).pk == kept.pk
    with pytest.raises(Refused, match="没有可以自动清理"):
        actions.clean_file(by=by, file=cleaned)
    with pytest.raises(Refused):
        actions.clean_file(by=actor(world, "city-office", "handler"), file=stored)


def test_what_files_show_is_screened_too(world: World) -> None:
    stored = files.store(world.organs[CITY], "附表.xlsx", samples.xlsx(samples.hidden_sheet))
    plain = replace(subject_of(support.edition(world.organs[CITY])), files=(stored,))
    found = screening.findings(screening.prescreen_of(plain))
    assert [(one.kind, one.where) for one in found] == [(Kind.ID_CARD, "附件1")]
    assert FileInspection.objects.get(file=stored).blocked


def test_a_lost_file_is_said_not_raised(world: World) -> None:
    stored = files.store(world.organs[CITY], "附表.xlsx", samples.xlsx())
    files.location(stored.key).unlink()
    kept = actions.inspect_file(by=actor(world, CITY, "handler"), file=stored)
    assert kept.refused == "文件缺失，请重新上传。"


def test_the_answer_costs_the_same_however_long_the_history(
    world: World, django_assert_max_num_queries: object
) -> None:
    run = started(world)
    for _round in range(3):
        sign(world, run, "office")
        actions.return_(by=actor(world, CITY, "head"), run=run, text="再核")
        actions.resubmit(by=actor(world, CITY, "handler"), run=run, text="已核")
    sign(world, run, "office", "head", "leader")
    conclude(world, run)
    about = subject(run)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert queries.may_publish(about).ok
