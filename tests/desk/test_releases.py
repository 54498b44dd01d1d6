"""公开记录, 渠道账号, 渠道 and 信息报送 on the desk: one form, one sheet, one count; each side of an offer its own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.documents import actions
from gongkai.documents.channel_tallies import COUNTED
from gongkai.documents.models import Account, Channel, Document, Offer, Release
from gongkai.organs.tallies import set_coverage
from tests.documents.support import document, released
from tests.support.world import TEST, World

SignIn = Callable[[str], Client]
DAY = dt.date(2022, 5, 9)


def url(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def key(name: str) -> int:
    return Channel.objects.get(key=name).pk


@pytest.fixture
def account(world: World) -> Account:
    return actions.open_account(
        by=TEST,
        organ=world.organs["city-edu"],
        channel="政务微信",
        name="甲市教育",
        opened_on=dt.date(2020, 1, 1),
    )


@pytest.fixture
def kept(world: World) -> Document:
    return document(world, "city-edu", kind="notice", title="招生公告")


def test_a_release_by_hand_names_channel_account_form_and_link(
    sign_in: SignIn, kept: Document, account: Account
) -> None:
    client, at = sign_in("city-edu-handler"), url("register-act", "documents", kept.pk, "release")
    offered = client.get(at).content.decode()
    assert "甲市教育（政务微信）" in offered
    assert "government_website" not in offered
    answer = client.post(
        at,
        {
            "channel": key("wechat"),
            "account": account.pk,
            "form": "chart",
            "on": DAY.isoformat(),
            "carrier": "https://wx.example.cn/1",
        },
        follow=True,
    )
    fact = Release.objects.get()
    assert (fact.account, fact.form, fact.carrier) == (account, "chart", "https://wx.example.cn/1")
    page = answer.content.decode()
    assert "政务微信" in page and "甲市教育" in page and "图解" in page  # noqa: PT018
    shown = client.get(url("register-record", "releases", fact.pk)).content.decode()
    assert "https://wx.example.cn/1" in shown


def _filled(client: Client, at: str) -> dict[str, Any]:
    """What a browser would send of a form left as it opened."""
    form = client.get(at).context["form"]
    found = {one.name: one.value() for one in form}
    return {name: "" if value is None else value for name, value in found.items()}


def test_correcting_leaves_the_closed_account_and_the_old_channel(
    sign_in: SignIn, kept: Document, account: Account
) -> None:
    fact = actions.release(kept, by=TEST, channel="政务微信", on=DAY, account=account)
    actions.close_account(account, by=TEST, on=dt.date(2022, 5, 20), reason="整合注销")
    old = fact.channel
    actions.add_channel(
        by=TEST, name="微信公众号", category="wechat", key=old.key, valid_from=dt.date(2022, 5, 15)
    )
    client, at = sign_in("city-edu-handler"), url("register-act", "releases", fact.pk, "correct")
    given = _filled(client, at)
    assert "甲市教育（用到2022-05-20）（政务微信）" in client.get(at).content.decode()
    client.post(at, given | {"carrier": "https://wx.example.cn/1", "reason": "补网址"})
    fixed = Release.objects.get(supersedes=fact)
    assert (fixed.carrier, fixed.account, fixed.channel) == ("https://wx.example.cn/1", account, old)


def test_what_happened_on_an_ended_or_renamed_channel_is_recorded_late(
    sign_in: SignIn, world: World, kept: Document
) -> None:
    actions.end_channel(Channel.objects.get(key="weibo"), by=TEST, on=dt.date(2022, 5, 20))
    new = actions.add_channel(
        by=TEST, name="微信公众号", category="wechat", key="wechat", valid_from=dt.date(2022, 6, 1)
    )
    client, at = sign_in("city-edu-handler"), url("register-act", "documents", kept.pk, "release")
    client.post(at, _filled(client, at) | {"channel": key("weibo"), "on": DAY.isoformat()})
    assert Release.objects.get().channel.key == "weibo"
    late = client.post(at, _filled(client, at) | {"channel": key("weibo"), "on": "2022-06-01"})
    assert "没有渠道" in late.context["form"].errors["channel"][0]
    planned = client.get(url("register-act", "documents", kept.pk, "plan")).context["form"]
    assert new in planned.fields["channel"].queryset
    assert "weibo" not in planned.fields["channel"].queryset.values_list("key", flat=True)
    given = {
        "organ": world.organs["city-edu"].pk, "channel": new.pk, "month": "2022-05", "releases": "43",
    }  # fmt: skip
    client.post(url("register-create", "releases", "count"), given)
    assert Tally.objects.get().dimensions["channel"] == "wechat"


def test_an_account_of_another_channel_is_refused_beside_its_field(
    sign_in: SignIn, kept: Document, account: Account
) -> None:
    answer = sign_in("city-edu-handler").post(
        url("register-act", "documents", kept.pk, "release"),
        {"channel": key("weibo"), "account": account.pk, "on": DAY.isoformat()},
    )
    assert answer.status_code == 422
    assert "没有账号" in answer.context["form"].errors["account"][0]
    assert not Release.objects.exists()


def test_withdrawn_everywhere_from_the_documents_page(sign_in: SignIn, world: World) -> None:
    out = released(world, DAY, "city-edu", kind="notice")
    actions.release(out, by=TEST, channel="政务微信", on=DAY)
    client = sign_in("city-edu-office")
    client.post(
        url("register-act", "documents", out.pk, "withdraw"), {"on": "2022-06-01", "reason": "数据有误"}
    )
    out.refresh_from_db()
    assert out.withdrawn_on == dt.date(2022, 6, 1)
    again = client.post(
        url("register-act", "documents", out.pk, "withdraw"), {"on": "2022-06-01", "reason": "数据有误"}
    )
    assert "没有可以撤下的公开" in again.content.decode()


def test_a_count_is_given_by_the_month(sign_in: SignIn, world: World, account: Account) -> None:
    client, at = sign_in("city-edu-handler"), url("register-create", "releases", "count")
    given = {
        "organ": world.organs["city-edu"].pk,
        "channel": key("wechat"),
        "account": account.pk,
        "month": "2022-05",
        "releases": "43",
    }
    refused = client.post(at, given | {"month": "五月"})
    assert refused.status_code == 422
    assert "不是月份" in refused.context["form"].errors["month"][0]
    client.post(at, given)
    tally = Tally.objects.get()
    assert (int(tally.value or 0), tally.period_to) == (43, dt.date(2022, 5, 31))
    listed = client.get(url("register", "tallies")).content.decode()
    assert "政务微信、甲市教育（政务微信）" in listed


def test_what_has_no_form_of_its_own_is_counted_by_the_general_one(sign_in: SignIn, world: World) -> None:
    client, at = sign_in("city-edu-handler"), url("register-create", "tallies", "record")
    offered = client.get(at).content.decode()
    for measure in COUNTED:
        assert f"{measure}|" not in offered
    given = {
        "organ": world.organs["city-edu"].pk,
        "period_from": "2022-05-01",
        "period_to": "2022-05-31",
        "value": "12",
        "source": "unit",
    }
    for figure in ("offers.sent|", "offers.adopted|", "offers.returned|", "channels.documents|kind=-"):
        assert f'value="{figure}"' in offered
        client.post(at, given | {"figure": figure})
    assert {row.measure: int(row.value or 0) for row in Tally.objects.all()} == dict.fromkeys(
        ("offers.sent", "offers.adopted", "offers.returned", "channels.documents"), 12
    )


def test_a_sheet_is_tried_and_its_mistakes_are_taken_away(sign_in: SignIn, kept: Document) -> None:
    client, at = sign_in("city-edu-handler"), url("register-import", "releases")
    lines = ["渠道,文件,公开日期", "政务微信,招生公告,2022-05-09", "海报,招生公告,2022-05-09"]
    page = client.post(at, {"sheet": SimpleUploadedFile("公开.csv", "\n".join(lines).encode())})
    assert page.status_code == 422
    errors = client.get(url("register-import-errors", "releases"))
    text = b"".join(errors.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "没有渠道“海报”" in text
    assert not Release.objects.exists()
    good = SimpleUploadedFile("公开.csv", "\n".join(lines[:2]).encode())
    assert "预检通过" in client.post(at, {"sheet": good}).content.decode()
    assert not Release.objects.exists()
    client.post(url("register-import-confirm", "releases"))
    assert Release.objects.get().channel.name == "政务微信"


def test_figures_open_what_they_count(sign_in: SignIn, world: World, kept: Document) -> None:
    set_coverage(
        by=TEST,
        organ=world.organs["city"],
        register="channels",
        mode=Coverage.Mode.HERE,
        valid_from=dt.date(2015, 1, 1),
        whole_tree=True,
    )
    actions.release(kept, by=TEST, channel="政务微信", on=DAY)
    actions.count_releases(
        by=TEST,
        organ=world.organs["city-edu"],
        channel="政务微信",
        period=Period(dt.date(2022, 4, 1), dt.date(2022, 4, 30)),
        releases=9,
    )
    client = sign_in("city-edu-office")
    asked = {"organ": "city-edu", "year": "2022"}
    page = client.get(url("figure", "channels.releases"), asked).content.decode()
    assert "2022 年按渠道类别分" in page
    behind = client.get(url("figure-records", "channels.releases"), asked | {"category": "wechat"})
    words = behind.content.decode()
    assert behind.context["value"].number == 10
    assert "招生公告" in words and "填报数字" in words  # noqa: PT018
    export = client.get(url("figure-export", "channels.releases"), asked)
    assert "公开条次,10" in b"".join(export.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_the_list_of_releases_costs_the_same_however_long(
    sign_in: SignIn, world: World, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("city-edu-office")
    for number in range(25):
        released(world, DAY, "city-edu", kind="notice", title=f"公告{number}")
    client.get(url("register", "releases"))
    with django_assert_max_num_queries(16):
        assert client.get(url("register", "releases")).status_code == 200


def test_only_the_operator_is_offered_a_new_channel(sign_in: SignIn, world: World) -> None:
    at = url("register-create", "channels", "add")
    assert sign_in("city-edu-office").get(at).status_code in (403, 404)
    client = sign_in("city-operator")
    answer = client.post(
        at,
        {
            "name": "《东县通讯》",
            "category": "other",
            "offline": "on",
            "organ": world.organs["county-a"].pk,
            "valid_from": "2020-01-01",
        },
    )
    assert answer.status_code == 302
    assert Channel.objects.get(name="《东县通讯》").organ == world.organs["county-a"]


def test_an_item_goes_up_and_its_fate_shows_on_both_sides(sign_in: SignIn, world: World) -> None:
    below, above = sign_in("county-a-handler"), sign_in("city-office-handler")
    given = {
        "organ": world.organs["county-a"].pk,
        "to_organ": world.organs["city-office"].pk,
        "title": "春耕动态",
        "text": "全县春耕进展",
    }
    form = below.get(url("register-create", "offers", "send")).content.decode()
    assert world.organs["city-office"].name in form
    assert world.organs["county-b"].name not in form
    below.post(url("register-create", "offers", "send"), given)
    row = Offer.objects.get()
    assert (
        "全县春耕进展"
        in above.get(url("register-record", "received-offers", row.received.pk)).content.decode()
    )
    assert above.get(url("register-record", "offers", row.pk)).status_code == 404
    assert below.get(url("register-record", "received-offers", row.received.pk)).status_code == 404
    foreign = below.post(
        url("register-create", "offers", "send"), given | {"to_organ": world.organs["county-b"].pk}
    )
    assert foreign.status_code == 422
    above.post(
        url("register-act", "received-offers", row.received.pk, "adopt"),
        {"on": row.offered_on.isoformat(), "place": "市政府网站“区县动态”"},
    )
    shown = below.get(url("register-record", "offers", row.pk)).content.decode()
    assert "采用" in shown and "市政府网站“区县动态”" in shown  # noqa: PT018
    refused = above.post(
        url("register-act", "received-offers", row.received.pk, "return"),
        {"on": row.offered_on.isoformat(), "reason": "重复"},
    )
    assert "已处理" in refused.content.decode()
    assert Offer.objects.get().outcome == "adopted"
