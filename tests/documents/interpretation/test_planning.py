"""解读方案: who needs one, what it says, and that it is signed with the document."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions, choices, planning, term
from gongkai.documents.models import Document, Edition
from gongkai.documents.reviewing import subject_of
from gongkai.organs import actions as organs
from gongkai.organs.actors import actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import MANAGE
from gongkai.review import actions as reviews
from tests.documents.interpretation.support import PLAN, interpretation, plan, settings
from tests.documents.support import document, released
from tests.review import support as review
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.on_day(DAY):
        yield


def lacking(kept: Document) -> tuple[str, ...]:
    return subject_of(kept.editions.order_by("seq").last()).lacking


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("rules", True),
        ("normative_docs", True),
        ("other", False),
        ("notice", False),
        ("interpretation", False),
    ],
)
def test_which_types_need_a_plan(world: World, kind: str, asked: bool) -> None:
    assert bool(lacking(document(world, kind=kind))) is asked


def test_a_policy_marked_important_needs_one_until_the_mark_is_taken_back(world: World) -> None:
    kept = document(world, kind="other")
    actions.mark_important(kept, by=TEST, reason="涉及群众切身利益")
    assert lacking(kept)
    with pytest.raises(Refused, match="已标为重要政策"):
        actions.mark_important(kept, by=TEST)
    actions.unmark_important(kept, by=TEST)
    assert not lacking(kept)
    with pytest.raises(Refused, match="没有标为重要政策"):
        actions.unmark_important(kept, by=TEST)


def test_what_is_not_to_be_public_needs_none(world: World) -> None:
    assert not lacking(document(world, attribute="closed", attribute_reason="内部事务信息"))


def test_the_nearest_organ_decides(world: World) -> None:
    settings(world, "city", kinds=["notice"])
    settings(world, "county-a", kinds=[], marked=False)
    assert lacking(document(world, "city", kind="notice"))
    assert not lacking(document(world, "city"))
    assert lacking(document(world, "city-edu", kind="notice"))
    assert not lacking(document(world, "town-a1"))
    assert not lacking(document(world, "town-a1", kind="notice"))


def test_a_further_setting_leaves_what_was_public_before_as_it_was(world: World) -> None:
    settings(world, "city", since=dt.date(2019, 1, 1), days=3)
    before = released(world, DAY)
    with clock.on_day(DAY + dt.timedelta(days=30)):
        with pytest.raises(ValidationError, match="以前公开的文件仍按当时的设置"):
            settings(world, "city", since=DAY, kinds=["notice"])
        settings(world, "city", since=clock.today(), kinds=["notice"], days=5)
        after = released(world, clock.today(), kind="notice")
        other = released(world, clock.today())
        rules = choices.Rules.read()
        asked = set(Document.objects.filter(choices.required(rules)).values_list("pk", flat=True))
        assert asked == {before.pk, after.pk}
        told = term.standings([before, after], clock.today())
        assert [told[one.pk].days for one in (before, after)] == [3, 5]
        assert [choices.asks(one, clock.today(), rules) for one in (before, after, other)] == [
            True,
            True,
            False,
        ]


def test_settings_are_the_operators_and_are_checked(world: World) -> None:
    operator = world.viewer("city", "operator", DAY)
    by = actors_for(operator, "settings", world.organs["city"].path, MANAGE)[0]
    given = {"organ": world.organs["city"], "marked": True, "since": DAY, "basis": "本市办法"}
    row = actions.set_choices(by=by, kinds=["rules"], days=5, **given)
    assert (row.kinds, row.days) == (["rules"], 5)
    for wrong, field in (
        ({"kinds": ["telegram"], "days": 3}, "kinds"),
        ({"kinds": ["interpretation"], "days": 3}, "kinds"),
        ({"kinds": [], "days": 61}, "days"),
        ({"kinds": [], "days": 3, "basis": " "}, "basis"),
    ):
        with pytest.raises(ValidationError) as refused:
            actions.set_choices(by=by, **(given | wrong))
        assert field in refused.value.message_dict
    with pytest.raises(Refused):
        actions.set_choices(by=world.actor("city", "handler", "documents", DAY), kinds=[], days=3, **given)


def test_a_plan_says_outline_forms_ways_and_time(world: World) -> None:
    edition = document(world).editions.get()
    for missing in ("outline", "forms", "ways", "timing"):
        with pytest.raises(ValidationError) as refused:
            plan(edition, **{missing: [] if missing == "forms" else " "})
        assert list(refused.value.message_dict) == [missing]
    with pytest.raises(ValidationError):
        plan(edition, forms=["dance"])
    row = plan(edition, forms=["video", "text"], first_interpreter="王某 市长")
    assert row.forms == ["text", "video"]
    assert row.form_words == "文字解读、视频、动漫"
    assert plan(edition, outline="改过的提纲").pk == row.pk


@pytest.mark.seed("S062")
def test_the_plan_is_shown_to_those_who_sign_and_signed_with_the_document(world: World) -> None:
    with clock.on_day(review.DAY):
        kept = document(world, "city-edu", made_on=review.DAY)
        review.chain(world.organs["city-edu"], *review.THREE)
        edition = kept.editions.get()
        plan(edition, first_interpreter="李局长")
        subject = subject_of(edition)
        told = dict(subject.told)
        assert told == {
            "公开属性": "主动公开",
            "解读提纲": PLAN["outline"],
            "解读形式": "文字解读、图解",
            "解读途径": "政府网站",
            "解读时间": "与文件同时公开",
            "第一解读人": "李局长",
        }
        run = reviews.start(by=review.actor(world, "city-edu", "handler"), subject=subject)
        plan(edition, timing="公开后3个工作日内")
        with pytest.raises(Refused, match="内容有改动"):
            review.sign(world, run, "office")
        reviews.resubmit(by=review.actor(world, "city-edu", "handler"), run=run, text="改了解读时间")
        review.sign(world, run, "office", "head", "leader")
        assert run.state == "completed"


@pytest.mark.seed("S059")
def test_without_plan_or_reason_nothing_is_submitted(world: World) -> None:
    with clock.on_day(review.DAY):
        kept = document(world, "city-edu", made_on=review.DAY)
        review.chain(world.organs["city-edu"], *review.THREE)
        by, edition = review.actor(world, "city-edu", "handler"), kept.editions.get()
        with pytest.raises(Refused, match="须有解读方案，或者写明不需要解读的理由"):
            reviews.start(by=by, subject=subject_of(edition))
        with pytest.raises(ValidationError):
            actions.exempt(kept, by=TEST, reason=" ")
        actions.exempt(kept, by=TEST, reason="只转发上级文件")
        subject = subject_of(edition)
        assert subject.told == (("公开属性", "主动公开"), ("不需要解读", "只转发上级文件"))
        run = reviews.start(by=by, subject=subject)
        actions.lift_exemption(kept, by=TEST)
        with pytest.raises(Refused, match="须有解读方案"):
            reviews.resubmit(by=by, run=run, text="再送")
        plan(edition)
        reviews.resubmit(by=by, run=run, text="补了方案")
        run.refresh_from_db()
        assert run.state == "signing"


def test_the_new_name_of_the_drafter_changes_nothing_that_was_signed(world: World) -> None:
    edition = document(world).editions.get()
    drafter = world.organs["city-edu"]
    plan(edition, drafter=drafter)
    before = subject_of(edition)
    assert ("起草机关", "甲市教育局") in before.told
    organs.rename(by=TEST, organ=drafter, name="甲市教育和体育局", on=DAY)
    after = subject_of(Edition.objects.get(pk=edition.pk))
    assert after.digest == before.digest
    assert ("起草机关", "甲市教育和体育局") in after.told


def test_who_drafted_is_what_the_plan_in_force_says(world: World) -> None:
    kept = document(world)
    plan(kept.editions.get(), drafter=world.organs["city-edu"])
    assert planning.drafting_organ(kept) == world.organs["city-edu"]
    documents.close_edition(kept.editions.get(), by=TEST)
    plan(documents.open_edition(kept, by=TEST))
    assert planning.drafting_organ(kept) == kept.organ
    plan(kept.editions.get(closed=False), drafter=world.organs["city-edu"])
    assert actions.exempt(kept, by=TEST, reason="内容简明").drafter is None
    assert planning.drafting_organ(kept) == kept.organ


def test_a_plan_stays_once_the_wording_is_final_and_serves_the_next(world: World) -> None:
    kept = document(world)
    first = kept.editions.get()
    plan(first)
    before = subject_of(first).digest
    documents.close_edition(first, by=TEST)
    with pytest.raises(Refused, match="已定稿"):
        plan(first)
    second = documents.open_edition(kept, by=TEST)
    assert not lacking(kept)
    assert planning.plan_of(second).edition_id == first.pk
    plan(second, outline="第二版的提纲")
    first.refresh_from_db()
    assert subject_of(first).digest == before


def test_an_exemption_afterwards_was_not_signed(world: World) -> None:
    kept = released(world, dt.date(2019, 4, 1))
    edition = kept.editions.get()
    before = subject_of(edition).digest
    row = actions.exempt(kept, by=TEST, reason="内容简明")
    assert row.afterwards
    assert subject_of(edition).digest == before
    assert not Document.objects.filter(choices.required(choices.Rules.read()), pk=kept.pk).exists()
    actions.lift_exemption(kept, by=TEST)
    assert Document.objects.filter(choices.required(choices.Rules.read()), pk=kept.pk).exists()
    with pytest.raises(Refused, match="没有登记为不需要解读"):
        actions.lift_exemption(kept, by=TEST)


def test_a_signed_exemption_is_not_lifted(world: World) -> None:
    kept = document(world)
    actions.exempt(kept, by=TEST, reason="内容简明")
    documents.release(kept, by=TEST, channel="政府网站", on=DAY)
    with pytest.raises(Refused, match="已随文件审签"):
        actions.lift_exemption(kept, by=TEST)


def test_what_an_interpretation_shows_beyond_its_text_is_signed_too(world: World) -> None:
    row = interpretation(released(world, dt.date(2019, 4, 1)), url="https://www.example.gov.cn/v/1")
    edition = row.document.editions.get()
    before = subject_of(edition)
    assert ("视频或者原文链接", "https://www.example.gov.cn/v/1") in before.told
    actions.describe_interpretation(row.document, by=TEST, form="video", url="https://www.example.gov.cn/v/2")
    assert subject_of(edition).digest != before.digest


@pytest.mark.parametrize("role", ["handler", "office", "head", "secrecy", "leader", "supervisor", "auditor"])
def test_keepers_of_the_organ_write_plans_and_nobody_else(world: World, role: str) -> None:
    kept = document(world, "city-edu")
    may = role in ("handler", "office", "head")
    for code in ("city-edu", "county-a"):
        found = _actors(world, code, role, kept)
        assert bool(found) is (may and code == "city-edu")
    if may:
        by = world.actor("city-edu", role, "documents", DAY)
        actions.set_plan(kept.editions.get(), by=by, **PLAN)
        other = document(world, "county-a")
        with pytest.raises(Refused):
            actions.set_plan(other.editions.get(), by=by, **PLAN)


def _actors(world: World, code: str, role: str, kept: Document):
    return actors_for(world.viewer(code, role, DAY), "documents", kept.path)
