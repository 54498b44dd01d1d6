"""栏目 on the desk: every rule of a feed can be seen and changed, and nothing is lost that was not touched."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.catalogue.models import Column, Inapplicable, ProfileVersion
from gongkai.documents import actions as documents
from gongkai.documents import columns
from gongkai.organs import actions as organs
from gongkai.organs.scope import SYSTEM
from tests.support.world import TEST, World

SignIn = Callable[[str], Client]
DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def column(world: World, slug: str = "news", code: str = "city-office", **more: Any) -> Column:
    given: dict[str, Any] = {"title": f"栏目{slug}", "description": "说明", "on": dt.date(2022, 1, 1)} | more
    return actions.add_column(by=TEST, organ=world.organs[code], slug=slug, **given)


def release(world: World, code: str, kind: str, on: dt.date) -> None:
    made = documents.add_document(
        by=TEST, organ=world.organs[code], kind=kind, title=f"{kind}-{code}-{on}", made_on=on
    )
    documents.release(made, by=TEST, channel="政府网站", on=on)


# --- the feed --------------------------------------------------------------------------------------------------------


def opened(client: Client, row: Column) -> tuple[str, dict[str, Any]]:
    """The form's address, and what it would send as it stands."""
    at = reverse("desk:register-act", args=["columns", row.pk, "feed"])
    form = client.get(at).context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.field.prepare_value(field.value()) if hasattr(field.field, "prepare_value") else None
        if value not in (None, "", False, (), []):
            sent[field.html_name] = value
    return at, sent | {"on": DAY.isoformat()}


FEED = (
    Rule(kinds=("news",), organs=SUBTREE, channels=("wechat",)),
    Rule(groups=("A07", "B1"), in_force=True),
)


def test_a_feed_that_is_opened_and_saved_is_the_same_feed(world: World, sign_in: SignIn) -> None:
    row = column(world, feed=FEED)
    client = sign_in("city-office-office")
    at, sent = opened(client, row)
    assert client.post(at, sent).status_code == 302
    kept = Column.objects.get(pk=row.pk)
    assert kept.feed == row.feed
    page = client.get(reverse("desk:register-record", args=["columns", row.pk])).content.decode()
    assert "本机关及下级，政务信息，经政务微信公开；本机关，组配分类 A07 B1，现行有效" in page


def test_any_rule_can_be_changed_removed_and_added(world: World, sign_in: SignIn) -> None:
    row = column(world, feed=FEED)
    client = sign_in("city-office-office")
    at, sent = opened(client, row)
    cleared = {name: value for name, value in sent.items() if not name.endswith("_1")} | {"organs_1": "own"}
    changed = cleared | {"groups_2": "A08，B2", "kinds_3": ["notice"], "channels_3": ["government_website"]}
    assert client.post(at, changed).status_code == 302
    assert Column.objects.get(pk=row.pk).feed == [
        Rule(groups=("A08", "B2"), in_force=True).dump(),
        Rule(kinds=("notice",), channels=("government_website",)).dump(),
    ]


def test_what_names_nothing_and_what_only_narrows_is_named_at_its_field(
    world: World, sign_in: SignIn
) -> None:
    row = column(world, feed=FEED)
    client = sign_in("city-office-office")
    at, sent = opened(client, row)
    page = client.post(at, sent | {"groups_2": "A07 没有", "themes_3": "99999"})
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "groups_2": ["没有这样的代码：没有。"],
        "themes_3": ["没有这样的代码：99999。"],
    }
    half = client.post(at, {name: value for name, value in sent.items() if name != "kinds_1"})
    assert "请全部清空" in half.context["form"].errors["kinds_1"][0]
    assert Column.objects.get(pk=row.pk).feed == row.feed


def test_a_feed_changed_meanwhile_is_not_overwritten(world: World, sign_in: SignIn) -> None:
    row = column(world, feed=FEED[:1])
    client = sign_in("city-office-office")
    at, sent = opened(client, row)
    actions.set_feed(row, by=TEST, feed=FEED, on=DAY)
    page = client.post(at, sent)
    assert page.status_code == 422
    assert "请重新打开" in page.content.decode()
    assert len(Column.objects.get(pk=row.pk).feed) == 2


# --- freshness -------------------------------------------------------------------------------------------------------


def test_a_column_that_gathers_is_as_fresh_as_its_page_and_the_export_says_the_same(
    world: World, sign_in: SignIn
) -> None:
    above = column(world, "above", update_days=7, title="政务公开")
    column(world, "below", parent=above, feed=[Rule(kinds=("notice",))], update_days=7, title="公告")
    column(world, "empty", feed=[Rule(kinds=("list",))], update_days=7, title="清单")
    release(world, "city-office", "notice", dt.date(2022, 5, 20))
    client = sign_in("city-office-office")
    answer = client.get(reverse("desk:register-export", args=["columns", "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    said = {line["栏目名称"]: line["最近更新"] for line in csv.DictReader(io.StringIO(text))}
    assert said == {"政务公开": "12天没有更新", "公告": "12天没有更新", "清单": "没有内容"}


def test_who_answers_for_a_column_is_reminded_until_it_is_kept(
    world: World, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    office, standard = world.organs["city-office"], {"update_days": 7, "feed": [Rule(kinds=("notice",))]}
    column(world, "owned", "city", owner=office, title="市公告", **standard)
    column(world, "kept", "city", title="市里自己的", **standard)
    column(world, "other", "county-a", title="县公告", **standard)
    column(world, "free", "city", owner=office, title="不定期", feed=[Rule(kinds=("list",))])
    release(world, "city", "notice", dt.date(2022, 5, 20))

    def said(username: str) -> str:
        return sign_in(username).get(reverse("desk:today")).content.decode()

    page = said("city-office-handler")
    assert "市公告" in page
    assert "超过更新周期 5 天" in page
    assert "更新周期 7 天，最近更新 2022年5月20日。" in page
    assert 'href="/o/city/c/owned/"' in page
    assert not any(title in page for title in ("市里自己的", "县公告", "不定期"))
    assert "市里自己的" in said("city-office")
    assert "市里自己的" not in said("city-handler")  # keeps documents, no columns
    assert "市公告" not in said("city-supervisor")
    reminded, free = (world.viewer(code, "handler") for code in ("city-office", "city-edu"))
    with django_assert_num_queries(3):
        assert len(columns.overdue(reminded, DAY)) == 1
    with django_assert_num_queries(1):
        assert columns.overdue(free, DAY) == []
    assert {one.column.title for one in columns.overdue(SYSTEM, DAY)} == {"市公告", "市里自己的", "县公告"}
    release(world, "city", "notice", dt.date(2022, 5, 31))
    assert "市公告" not in said("city-office-handler")


# --- what organs say of themselves, and what does not apply -----------------------------------------------------------


def test_a_leaders_duties_keep_their_commas(world: World, sign_in: SignIn) -> None:
    form = {
        "organ": world.organs["city-office"].pk,
        "functions": "一、起草文件。",
        "leaders": "李四,主任,主持全面工作, 分管A,B两科\n王五，副主任，协助李四",
        "on": DAY.isoformat(),
    }
    at = reverse("desk:register-create", args=["profiles", "publish"])
    assert sign_in("city-office-office").post(at, form).status_code == 302
    assert ProfileVersion.objects.get().leaders == [
        {"name": "李四", "post": "主任", "duties": "主持全面工作, 分管A,B两科"},
        {"name": "王五", "post": "副主任", "duties": "协助李四"},
    ]


def test_a_guide_that_is_behind_says_in_what(world: World, sign_in: SignIn) -> None:
    office = world.organs["city-office"]
    row = actions.publish_guide(by=TEST, organ=office, on=DAY)
    organs.edit_profile(by=TEST, organ=office, office_hours="全天", phones="0000-9")
    page = sign_in("city-office-office").get(reverse("desk:register-record", args=["guides", row.pk]))
    assert "发布以后，办公时间、联系电话有变化，请修订指南。" in page.content.decode()


def test_what_a_higher_organ_asks_for_can_be_marked_as_not_applying(world: World, sign_in: SignIn) -> None:
    actions.require_item(
        by=TEST,
        organ=world.organs["city"],
        code="D7",
        title="减税降费",
        document="甲政办〔2022〕3号",
        on=dt.date(2022, 4, 1),
    )
    client = sign_in("city-edu-office")
    at = reverse("desk:register-create", args=["inapplicable", "mark"])
    form = {"organ": world.organs["city-edu"].pk, "code": "D7", "reason": "不征税", "on": DAY.isoformat()}
    assert client.post(at, form).status_code == 302
    row = Inapplicable.objects.get()
    page = client.get(reverse("desk:register-record", args=["inapplicable", row.pk])).content.decode()
    assert "D7 减税降费" in page
