"""Channels as a dated table, accounts, releases on them, counts beside the records, and the measures of both."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction

from gongkai.base import clock
from gongkai.base.measures import Period, get
from gongkai.base.models import AuditEntry, Coverage, Tally
from gongkai.documents import actions, channels, queries, scheduling
from gongkai.documents.channel_tallies import month
from gongkai.documents.models import CURRENT, Account, Channel, Release
from gongkai.figures.values import drill, evaluate
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import SYSTEM
from gongkai.organs.tallies import record_tally, set_coverage, supersede_tally
from tests.documents.support import document, released
from tests.support.world import TEST, World

APR, MAY = dt.date(2022, 4, 8), dt.date(2022, 5, 9)
MAY_2022 = Period(dt.date(2022, 5, 1), dt.date(2022, 5, 31))
RELEASES, COPIES, EVENTS, DOCUMENTS = (
    f"channels.{name}" for name in ("releases", "copies", "events", "documents")
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.on_day(dt.date(2022, 7, 1)):
        yield


@pytest.fixture
def counted(world: World) -> World:
    """The world, with the whole tree's releases kept here."""
    for register in ("channels", "channels.documents"):
        set_coverage(
            by=TEST,
            organ=world.organs["city"],
            register=register,
            mode=Coverage.Mode.HERE,
            valid_from=dt.date(2015, 1, 1),
            whole_tree=True,
        )
    return world


def total(world: World, key: str, code: str = "city", **dims: str) -> int | None:
    path = world.organs[code].path
    return evaluate([key], path, Period.year(2022)).total(key, path, **dims).number


def account(world: World, code: str = "city", **changes) -> Account:
    values = {"channel": "政务微信", "name": "甲市发布", "opened_on": dt.date(2020, 1, 1)}
    return actions.open_account(by=TEST, organ=world.organs[code], **(values | changes))


def operator(world: World) -> Actor:
    viewer = world.viewer("city", Role.OPERATOR)
    grant = viewer.grants[0]
    return Actor(
        key="staff:1", role=grant.role.value, person_id=viewer.person_id, post_id=grant.post_id, viewer=viewer
    )


# --- the table -------------------------------------------------------------------------------------------------------


def test_the_shipped_channels_are_there_once(world: World) -> None:
    before = Channel.objects.count()
    assert channels.ensure_shipped_channels() == 0
    assert Channel.objects.count() == before
    assert {"政府网站", "政务微博", "政务微信", "政府公报", "新闻发布会", "公开栏、公告栏", "其他"} <= set(
        Channel.objects.values_list("name", flat=True)
    )
    assert Channel.objects.get(key="government_website").category == Channel.Category.WEBSITE


@pytest.mark.parametrize("given", ["政府网站", " government_website "])
def test_a_channel_is_found_by_name_or_code(world: World, given: str) -> None:
    assert channels.find(given, world.organs["city"].path, APR).key == "government_website"


def test_an_unknown_channel_is_refused_and_nothing_stays(world: World) -> None:
    kept = document(world)
    with pytest.raises(ValidationError, match="没有渠道“海报”"):
        actions.release(kept, by=TEST, channel="海报", on=APR)
    assert not Release.objects.exists()
    assert not kept.editions.get().closed


def test_the_operator_adds_renames_and_ends_channels(world: World) -> None:
    made = actions.add_channel(by=TEST, name="便民手册", category="other", valid_from=dt.date(2020, 1, 1))
    later = actions.add_channel(
        by=TEST, key=made.key, name="便民服务手册", category="other", valid_from=dt.date(2022, 5, 1)
    )
    made.refresh_from_db()
    assert made.valid_to == dt.date(2022, 4, 30)
    path = world.organs["city"].path
    assert channels.find(made.key, path, APR) == made
    assert channels.find(made.key, path, MAY) == later
    first = actions.release(document(world), by=TEST, channel=made.key, on=APR)
    second = actions.release(document(world), by=TEST, channel=made.key, on=MAY)
    assert [first.channel.name, second.channel.name] == ["便民手册", "便民服务手册"]
    assert get(RELEASES).count(Period.year(2022), path, channel=made.key) == 2  # one channel under two names
    actions.end_channel(later, by=TEST, on=dt.date(2022, 6, 1))
    with pytest.raises(ValidationError):
        channels.find(made.key, path, dt.date(2022, 6, 2))
    with pytest.raises(Refused):
        actions.end_channel(later, by=TEST, on=dt.date(2022, 6, 3))
    verbs = AuditEntry.objects.filter(subject_type="documents.channel").values_list("verb", flat=True)
    assert sorted(verbs) == ["channel.add", "channel.add", "channel.end"]


@pytest.mark.parametrize(
    "change",
    [
        {"key": "wechat", "valid_from": dt.date(2008, 5, 1)},
        {"name": "政务微信"},
        {"name": " "},
        {"category": "radio"},
    ],
)
def test_channels_that_cannot_be_added(world: World, change: dict) -> None:
    values = {"name": "便民手册", "category": "other", "valid_from": dt.date(2020, 1, 1)}
    with pytest.raises(ValidationError):
        actions.add_channel(by=TEST, **(values | change))
    assert not Channel.objects.filter(name="便民手册").exists()


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("code", ["city", "county-a"])
def test_only_the_operator_at_the_top_changes_the_table(world: World, role: str, code: str) -> None:
    viewer = world.viewer(code, role)
    grant = viewer.grants[0]
    by = Actor(key="staff:1", role=role, person_id=viewer.person_id, post_id=grant.post_id, viewer=viewer)
    values = {"by": by, "name": "便民手册", "category": "other", "valid_from": dt.date(2020, 1, 1)}
    if (role, code) == (Role.OPERATOR, "city"):
        assert actions.add_channel(**values).key.startswith("own-")
        return
    with pytest.raises(Refused):
        actions.add_channel(**values)


def test_a_channel_is_meant_whichever_of_its_wordings_is_given(world: World) -> None:
    """What is recorded late, corrected or planned stands on the wording of its day."""
    city, old = world.organs["city"], Channel.objects.get(key="weibo")
    early = actions.release(document(world), by=TEST, channel=old, on=APR)
    with clock.on_day(APR):
        at = dt.datetime(2022, 5, 9, 9, tzinfo=clock.SHANGHAI)
        plan = actions.plan_release(document(world), by=TEST, channel=old, at=at)
    new = actions.add_channel(
        by=operator(world), name="新浪微博", category="weibo", key="weibo", valid_from=dt.date(2022, 5, 1)
    )
    counted = actions.count_releases(
        by=TEST,
        organ=city,
        channel=new,
        period=Period(dt.date(2022, 4, 1), dt.date(2022, 4, 30)),
        releases=5,
        kind="news",
    )
    assert counted[0].dimensions["channel"] == "weibo"
    later = actions.correct_release(early, by=TEST, on=MAY, reason="实为五月")
    assert later.channel == new
    assert actions.correct_release(later, by=TEST, on=APR, reason="还是四月").channel == old
    with clock.on_day(APR), pytest.raises(Refused, match="已安排"):
        actions.plan_release(plan.document, by=TEST, channel=new, at=at)
    assert scheduling.carry_out_due() == 1
    assert plan.document.releases.get().channel == new


def test_an_organs_own_channel_is_offered_to_it_and_below_alone(world: World) -> None:
    own = actions.add_channel(
        by=operator(world),
        name="《东县通讯》",
        category="other",
        organ=world.organs["county-a"],
        valid_from=dt.date(2020, 1, 1),
    )
    for code, seen in {"county-a": True, "town-a1": True, "city": False, "county-b": False}.items():
        assert (own in channels.offered(world.organs[code].path, APR)) is seen
    fact = actions.release(document(world, "town-a1"), by=TEST, channel="《东县通讯》", on=APR)
    assert fact.channel == own
    with pytest.raises(ValidationError):
        actions.release(document(world, "county-b"), by=TEST, channel="《东县通讯》", on=APR)


# --- accounts --------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_renamed_and_closed(world: World) -> None:
    held = account(world)
    with pytest.raises(ValidationError, match="同名"):
        account(world)
    actions.correct_account(held, by=TEST, name="甲市政务", opened_on=held.opened_on, reason="改名")
    with pytest.raises(ValidationError):
        actions.close_account(held, by=TEST, on=dt.date(2019, 1, 1), reason="注销")
    closed = actions.close_account(held, by=TEST, on=APR, reason="整合注销")
    assert closed.closed_on == APR
    with pytest.raises(Refused):
        actions.close_account(held, by=TEST, on=APR, reason="整合注销")
    assert account(world, name="甲市政务").pk != held.pk  # the name is free again


def test_accounts_are_the_organs_own(world: World) -> None:
    held = account(world, "county-a")
    with pytest.raises(Refused):
        actions.open_account(
            by=world.actor("county-b", Role.OFFICE, "documents"),
            organ=world.organs["county-a"],
            channel="政务微信",
            name="东县发布",
            opened_on=APR,
        )
    for given in (held, "甲市发布"):
        with pytest.raises(ValidationError, match="没有账号"):
            actions.release(document(world), by=TEST, channel="政务微信", on=APR, account=given)
        with pytest.raises(ValidationError, match="没有账号"):
            actions.release(document(world, "county-a"), by=TEST, channel="政务微博", on=APR, account=given)
    fact = actions.release(
        document(world, "county-a"), by=TEST, channel="政务微信", on=APR, account="甲市发布"
    )
    assert fact.account == held


@pytest.mark.parametrize("on", [dt.date(2019, 12, 31), dt.date(2022, 4, 9)])
def test_an_account_is_used_only_while_it_is_open(world: World, on: dt.date) -> None:
    held = account(world)
    actions.close_account(held, by=TEST, on=APR, reason="注销")
    with pytest.raises(ValidationError, match="没有开通，或者已经停用"):
        actions.release(document(world), by=TEST, channel="政务微信", on=on, account=held)


def test_of_two_accounts_of_a_name_the_one_open_that_day_is_meant(world: World) -> None:
    first = account(world)
    actions.close_account(first, by=TEST, on=APR, reason="注销")
    second = account(world, opened_on=MAY)
    path, wechat = world.organs["city"].path, first.channel
    assert channels.account_of("甲市发布", path, wechat, APR) == first
    assert channels.account_of("甲市发布", path, wechat, MAY) == second
    with pytest.raises(ValidationError, match="没有开通，或者已经停用"):
        channels.account_of("甲市发布", path, wechat, APR + dt.timedelta(days=1))


# --- releases --------------------------------------------------------------------------------------------------------


def test_a_release_keeps_what_it_was_told_through_correction_and_withdrawal(world: World) -> None:
    kept, held = document(world), account(world)
    fact = actions.release(
        kept,
        by=TEST,
        channel="政务微信",
        on=APR,
        account=held,
        form="chart",
        carrier=" https://wx.example.cn/1 ",
        copies=3,
        place="大厅",
        events=2,
    )
    fixed = actions.correct_release(fact, by=TEST, reason="份数有误", copies=5, place="")
    over = actions.withdraw_release(fixed, by=TEST, on=MAY, reason="过时")
    names = ("channel", "account", "form", "carrier", "copies", "place", "events")
    assert [getattr(over, name) for name in names] == [
        fact.channel, held, "chart", "https://wx.example.cn/1", 5, "", 2,
    ]  # fmt: skip
    assert kept.releases.filter(CURRENT).count() == 1


def test_moving_a_release_to_another_channel_leaves_the_account_behind(world: World) -> None:
    fact = actions.release(document(world), by=TEST, channel="政务微信", on=APR, account=account(world))
    moved = actions.correct_release(fact, by=TEST, reason="渠道有误", channel="政务微博")
    assert (moved.channel.key, moved.account) == ("weibo", None)


@pytest.mark.parametrize("change", [{"copies": 0}, {"events": 0}, {"copies": -1}, {"form": "song"}])
def test_impossible_releases(world: World, change: dict) -> None:
    with pytest.raises(ValidationError):
        actions.release(document(world), by=TEST, channel="印发资料", on=APR, **change)


def test_withdrawn_from_one_channel_it_is_public_on_the_other_until_withdrawn_everywhere(
    world: World,
) -> None:
    kept = released(world, APR)
    actions.release(kept, by=TEST, channel="政务微信", on=APR)
    web = kept.releases.get(channel__key="government_website")
    actions.withdraw_release(web, by=TEST, on=MAY, reason="有误")
    assert kept in queries.public_documents(MAY)
    gone = actions.withdraw_everywhere(kept, by=TEST, on=MAY, reason="有误")
    assert [one.channel.key for one in gone] == ["wechat"]
    assert kept not in queries.public_documents(MAY)
    kept.refresh_from_db()
    assert kept.withdrawn_on == MAY
    with pytest.raises(Refused, match="没有在任何渠道"):
        actions.withdraw_everywhere(kept, by=TEST, on=MAY, reason="有误")


# --- the two counts --------------------------------------------------------------------------------------------------


def test_documents_and_releases_are_two_counts(counted: World) -> None:
    first, second = released(counted, APR), released(counted, MAY, kind="notice")
    for channel in ("政务微信", "政务微博"):
        actions.release(first, by=TEST, channel=channel, on=MAY)
    void = actions.release(second, by=TEST, channel="政务微信", on=MAY)
    actions.void_release(void, by=TEST, reason="没有发")
    gone = released(counted, APR)
    actions.withdraw_everywhere(gone, by=TEST, on=MAY, reason="有误")
    struck = released(counted, APR)
    actions.strike_document(struck, by=TEST, reason="重复登记")
    early = released(counted, dt.date(2021, 4, 1))
    actions.release(early, by=TEST, channel="政务微信", on=APR)
    assert total(counted, RELEASES) == 6
    assert total(counted, DOCUMENTS) == 4
    assert {c: total(counted, RELEASES, category=c) for c in Channel.Category.values} == {
        "website": 3, "weibo": 1, "wechat": 2, "other": 0,
    }  # fmt: skip
    assert total(counted, RELEASES, kind="notice") == 1
    again = actions.release(first, by=TEST, channel="政务微信", on=MAY)
    by_category = {
        c: total(counted, "channels.documents_by_category", category=c) for c in Channel.Category.values
    }
    assert by_category == {"website": 3, "weibo": 1, "wechat": 2, "other": 0}  # twice on one counts once
    actions.void_release(again, by=TEST, reason="没有发")
    found = drill(SYSTEM, RELEASES, Period.year(2022), counted.organs["city"].path, category="wechat")
    assert {row.document_id for row in found.rows} == {first.pk, early.pk}


def test_copies_and_events_add_up(counted: World) -> None:
    kept = document(counted)
    actions.release(kept, by=TEST, channel="印发资料", on=APR, form="leaflet", copies=500, place="入户")
    actions.release(kept, by=TEST, channel="印发资料", on=MAY, form="calendar", copies=200)
    actions.release(kept, by=TEST, channel="广播", on=MAY, carrier="行风热线", events=4)
    assert (total(counted, COPIES), total(counted, COPIES, form="leaflet")) == (700, 500)
    assert (total(counted, EVENTS), total(counted, EVENTS, channel="radio")) == (4, 4)
    assert (total(counted, RELEASES), total(counted, DOCUMENTS)) == (3, 1)


def test_counts_stand_beside_records(counted: World) -> None:
    held = account(counted)
    actions.release(document(counted, kind="notice"), by=TEST, channel="政务微信", on=APR, account=held)
    made = actions.count_releases(
        by=TEST,
        organ=counted.organs["city"],
        channel="政务微信",
        account="甲市发布",
        period=MAY_2022,
        releases=30,
        events=2,
    )
    assert [one.measure for one in made] == [RELEASES, EVENTS]
    assert made[0].dimensions == {
        "category": "wechat",
        "channel": "wechat",
        "account": str(held.pk),
        "kind": "-",
        "form": "-",
        "group": "-",
    }
    assert total(counted, RELEASES) == 31
    assert total(counted, RELEASES, account=str(held.pk)) == 31
    assert total(counted, RELEASES, kind="notice") == 1
    found = drill(SYSTEM, RELEASES, Period.year(2022), counted.organs["city"].path, channel="wechat")
    assert (found.rows.count(), [int(row.value) for row in found.tallies]) == (1, [30])


def test_nothing_counts_twice(counted: World) -> None:
    told = {"channel": "政务微信", "kind": "notice", "period": MAY_2022, "by": TEST}
    city = counted.organs["city"]
    tally = actions.count_releases(organ=city, releases=5, form="text", **told)[0]
    notice = document(counted, kind="notice")
    with pytest.raises(ValidationError, match="已按数填报"):
        actions.release(notice, by=TEST, channel="政务微信", on=MAY, form="text")
    actions.release(notice, by=TEST, channel="政务微信", on=APR, form="text")  # another month
    actions.release(notice, by=TEST, channel="政务微信", on=MAY)  # a form that is not told
    actions.release(notice, by=TEST, channel="政务微信", on=MAY, form="video")  # another sort
    with pytest.raises(ValidationError, match="期间重叠"):
        actions.count_releases(organ=city, releases=6, form="text", **told)
    supersede_tally(tally, by=TEST, value=None, reason="改为逐条登记")
    fact = actions.release(document(counted, kind="notice"), by=TEST, channel="政务微信", on=MAY, form="text")
    with pytest.raises(ValidationError, match="重复计数"):
        actions.count_releases(organ=city, releases=5, form="text", **told)
    actions.void_release(fact, by=TEST, reason="没有发")
    assert actions.count_releases(organ=city, releases=5, form="text", **told)


def test_what_a_count_leaves_untold_it_holds(counted: World) -> None:
    """A count of a month without types holds the releases of every type, whichever of the two comes first."""
    city, plain = counted.organs["city"], {"by": TEST, "channel": "政务微信"}
    whole = actions.count_releases(organ=city, period=MAY_2022, releases=300, **plain)[0]
    for more in ({}, {"form": "video"}, {"account": account(counted)}):
        with pytest.raises(ValidationError, match="政务微信在2022-05-01至2022-05-31已按数填报"):
            actions.release(document(counted, kind="notice"), on=MAY, **plain, **more)
    assert total(counted, RELEASES) == 300
    actions.release(document(counted), by=TEST, channel="政务微博", on=MAY)  # another channel
    supersede_tally(whole, by=TEST, value=None, reason="改为逐条登记")
    actions.release(document(counted, kind="notice"), on=MAY, **plain)
    with pytest.raises(ValidationError, match="重复计数"):
        actions.count_releases(organ=city, period=MAY_2022, releases=300, **plain)
    assert actions.count_releases(organ=city, period=MAY_2022, releases=3, kind="news", **plain)


@pytest.mark.parametrize(
    ("measure", "dimensions", "more"),
    [
        (DOCUMENTS, {}, {}),
        (COPIES, {"channel": "handout"}, {"copies": 5}),
        (EVENTS, {"channel": "handout"}, {"events": 1}),
    ],
)
def test_every_number_a_release_adds_to_is_asked(
    counted: World, measure: str, dimensions: dict, more: dict
) -> None:
    city = counted.organs["city"]
    record_tally(by=TEST, organ=city, measure=measure, dimensions=dimensions, period=MAY_2022, value=9)
    kept = document(counted)
    with pytest.raises(ValidationError, match="已按数填报"):
        actions.release(kept, by=TEST, channel="印发资料", on=MAY, **more)
    actions.release(kept, by=TEST, channel="印发资料", on=APR, **more)
    with pytest.raises(ValidationError, match="重复计数"):
        record_tally(
            by=TEST,
            organ=city,
            measure=measure,
            dimensions=dimensions,
            period=Period(dt.date(2022, 4, 1), dt.date(2022, 4, 30)),
            value=9,
        )


@pytest.mark.parametrize("down", [False, True])
def test_a_correction_into_a_counted_month_is_refused(counted: World, down: bool) -> None:
    """What was taken down counts still."""
    fact = actions.release(document(counted, kind="notice"), by=TEST, channel="政务微信", on=APR)
    if down:
        fact = actions.withdraw_release(fact, by=TEST, on=dt.date(2022, 6, 1), reason="过时")
    actions.count_releases(
        by=TEST, organ=counted.organs["city"], channel="政务微信", kind="notice", period=MAY_2022, releases=5
    )
    with pytest.raises(ValidationError, match="已按数填报"):
        actions.correct_release(fact, by=TEST, on=MAY, reason="日期有误")


@pytest.mark.django_db(transaction=True)
def test_a_count_waits_for_the_release_of_its_month(counted: World) -> None:
    """A count begun while a release of the month is being written sees it, and is refused."""
    channels.ensure_shipped_channels()
    city, begun = counted.organs["city"], threading.Event()

    def count() -> str:
        begun.set()
        try:
            with clock.on_day(dt.date(2022, 7, 1)):
                actions.count_releases(by=TEST, organ=city, channel="政务微信", period=MAY_2022, releases=5)
        except ValidationError as refused:
            return str(refused)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.release(document(counted), by=TEST, channel="政务微信", on=MAY)
            waiting = pool.submit(count)
            assert begun.wait(30)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
        assert "重复计数" in waiting.result(timeout=30)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"period": Period(dt.date(2022, 7, 1), dt.date(2022, 7, 31))}, "结束以后"),
        ({"releases": None}, "至少填写"),
        ({"channel": "海报"}, "没有渠道"),
        ({"account": "没有的号"}, "没有账号"),
        ({"kind": "poem"}, "不是"),
        ({"releases": -1}, "负数"),
    ],
)
def test_counts_that_are_refused(counted: World, change: dict, words: str) -> None:
    values = {
        "by": TEST,
        "organ": counted.organs["city"],
        "channel": "政务微信",
        "period": MAY_2022,
        "releases": 5,
    }
    with pytest.raises(ValidationError, match=words):
        actions.count_releases(**(values | change))
    assert not Tally.objects.exists()


def test_a_count_by_the_general_form_names_its_channel(counted: World) -> None:
    values = {
        "by": TEST,
        "organ": counted.organs["city"],
        "measure": RELEASES,
        "period": MAY_2022,
        "value": 3,
    }
    with pytest.raises(ValidationError, match="请写明渠道"):
        record_tally(dimensions={}, **values)
    with pytest.raises(ValidationError, match="不属于"):
        record_tally(dimensions={"channel": "wechat", "category": "weibo"}, **values)
    theirs = account(counted, "county-a")
    with pytest.raises(ValidationError, match="没有这个账号"):
        record_tally(dimensions={"channel": "wechat", "account": str(theirs.pk)}, **values)
    assert record_tally(dimensions={"channel": "wechat"}, **values).dimensions["category"] == "wechat"


@pytest.mark.parametrize("text", ["2019-03", "2019年3月", "201903", "2019/3", "2019.03"])
def test_months_as_people_write_them(text: str) -> None:
    assert month(text) == Period(dt.date(2019, 3, 1), dt.date(2019, 3, 31))


@pytest.mark.parametrize("text", ["", "3月", "2019-13", "二〇一九年三月", "2019"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="不是月份"):
        month(text)


def test_a_whole_tree_takes_one_query_per_measure(counted: World, django_assert_num_queries) -> None:
    for code in counted.organs:
        released(counted, MAY, code)
    path = counted.organs["city"].path
    for key in (RELEASES, COPIES, EVENTS, DOCUMENTS):
        with django_assert_num_queries(1):
            get(key).by_path(Period.year(2022), path)
