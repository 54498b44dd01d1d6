"""Release to channels: every published figure of the four reports, counted from single releases and monthly counts."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from gongkai.base.measures import Period, get
from gongkai.demo.places import LUOYANG, LY_OFFICE, PINGDINGSHAN, XIGONG
from gongkai.documents import chronicle
from gongkai.documents.channels import offered
from gongkai.documents.models import CURRENT, Account, Channel, Document, Received, Release
from gongkai.figures.growth import BELOW, OWN_TIER, WHOLE, level_total, rate, year_growth
from gongkai.figures.values import drill, evaluate
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM

RELEASES, COPIES, EVENTS, DOCUMENTS = (
    f"channels.{name}" for name in ("releases", "copies", "events", "documents")
)


def total(key: str, path: str, year: int, **dims: str) -> Any:
    """The number of a measure at the organ at `path` and below; None where it is not known."""
    return evaluate([key], path, Period.year(year)).total(key, path, **dims).number


def at_least(number: int, published: int, unit: int) -> bool:
    """Whether `number` is what a report rounds down to `published` units and 余."""
    return number // unit == published and number % unit > 0


def account(name: str) -> str:
    return str(Account.objects.get(name=name).pk)


@pytest.mark.seed("S026")
def test_publications_by_level_with_growth(organ: Any) -> None:
    path = organ(LUOYANG).path
    whole, own, below = (year_growth(RELEASES, path, 2019, level=level) for level in (WHOLE, OWN_TIER, BELOW))
    numbers = [one.this.number for one in (whole, own, below)]
    assert all(at_least(number, tenth, 1_000) for number, tenth in zip(numbers, (386, 105, 281), strict=True))
    assert numbers[0] == numbers[1] + numbers[2]
    assert whole.percent == Decimal("14.2")
    assert all(one.baseline for one in (whole, own, below)), (
        "2018 was before the register: taken over, and said so"
    )


@pytest.mark.seed("S027")
def test_publications_by_channel_add_up_to_the_whole(organ: Any) -> None:
    path = organ(LUOYANG).path
    by_channel = {
        category: total(RELEASES, path, 2019, category=category) for category in Channel.Category.values
    }
    published = {"website": 96, "weibo": 67, "wechat": 52, "other": 171}
    assert {key: number // 1_000 for key, number in by_channel.items()} == published
    assert sum(by_channel.values()) == total(RELEASES, path, 2019)
    found = drill(SYSTEM, RELEASES, Period.year(2019), path, category="wechat")
    assert found.rows.count() + sum(row.value for row in found.tallies) == by_channel["wechat"]


@pytest.mark.seed("S028")
def test_overlapping_channels_of_a_district(organ: Any) -> None:
    path = organ(XIGONG).path
    documents, wechat, others = (
        total(DOCUMENTS, path, 2020),
        total(RELEASES, path, 2020, category="wechat"),
        total(RELEASES, path, 2020, category="other"),
    )
    assert (documents // 5 * 5, wechat // 100 * 100, others) == (4325, 3300, 463)
    assert total(RELEASES, path, 2020) > documents  # releases and documents are two counts


@pytest.mark.seed("S029")
def test_a_districts_website_by_group(organ: Any) -> None:
    path = organ(XIGONG).path
    web = total(RELEASES, path, 2020, category="website")
    news = total(RELEASES, path, 2020, category="website", kind="news")
    key_areas = total(RELEASES, path, 2020, category="website", group="D6")
    assert (web, news, key_areas, web - news - key_areas) == (1038, 569, 250, 219)


@pytest.mark.seed("S030", "S286")
def test_a_citys_website_by_type(organ: Any) -> None:
    path = organ(PINGDINGSHAN).path
    by_kind = {
        kind: total(RELEASES, path, 2019, category="website", kind=kind)
        for kind in ("legislation", "notice", "personnel", "news")
    }
    web = total(RELEASES, path, 2019, category="website")
    assert at_least(web, 115, 100)
    assert (by_kind["legislation"], by_kind["notice"], by_kind["personnel"]) == (72, 128, 7)
    assert web > by_kind["news"] > 10_000  # 政务信息: the rest but for the documents of table 2


@pytest.mark.seed("S031")
def test_gazette_and_chronicle(organ: Any) -> None:
    path = organ(PINGDINGSHAN).path
    chronicle = Channel.objects.get(name="平顶山大事记")
    parts = [total(RELEASES, path, 2019, channel=key) for key in ("gazette", chronicle.key)]
    assert all(parts)
    assert sum(parts) == 211


@pytest.mark.seed("S032")
def test_a_citys_accounts(organ: Any) -> None:
    path = organ(PINGDINGSHAN).path
    assert total(RELEASES, path, 2019, category="weibo", account=account("平顶山市人民政府")) == 71
    assert total(RELEASES, path, 2019, category="wechat", account=account("平顶山发布")) == 743
    linked = Release.objects.filter(CURRENT, account__name="平顶山发布").exclude(carrier="")
    assert linked.count() == 3


@pytest.mark.seed("S033")
def test_an_offices_website_and_account(organ: Any) -> None:
    path = organ(LY_OFFICE).path
    assert total(RELEASES, path, 2022, category="website") == 17_100
    assert total(RELEASES, path, 2022, category="wechat", account=account("洛阳市政府网")) == 812


@pytest.mark.seed("S034")
def test_an_offices_files_and_notices(organ: Any) -> None:
    path = organ(LY_OFFICE).path
    files = [
        total(RELEASES, path, 2022, category="website", kind=kind)
        for kind in ("rules", "normative_docs", "other", "legislation")
    ]
    assert sum(files) == 196
    assert total(RELEASES, path, 2022, category="website", kind="notice") == 24


@pytest.mark.seed("S042")
def test_copies_given_out(organ: Any) -> None:
    path = organ(LUOYANG).path
    assert total(COPIES, path, 2019, form="calendar") == 200_000
    materials = sum(total(COPIES, path, 2019, form=form) for form in ("flowchart", "booklet"))
    assert at_least(materials, 2, 1_000)
    rows = Release.objects.filter(CURRENT, on__year=2019, document__path__startswith=path)
    for wanted in (
        {"channel__name": "公开栏、公告栏"},
        {"channel__name": "宣传栏"},
        {"channel__name": "电子显示屏"},
        {"form": "leaflet"},
    ):
        assert rows.filter(**wanted).exclude(place="").exists()


@pytest.mark.seed("S043")
def test_broadcasts_and_papers(organ: Any) -> None:
    path = organ(LUOYANG).path
    assert total(EVENTS, path, 2019, channel="radio") == 4
    radio = drill(SYSTEM, EVENTS, Period.year(2019), path, channel="radio")
    assert {row.carrier for row in radio.rows} == {"行风热线"}
    assert all(
        total(RELEASES, path, 2019, channel=key) for key in ("television", "mobile_tv", "newspaper", "radio")
    )


@pytest.mark.seed("S044")
def test_a_districts_own_periodical(organ: Any) -> None:
    district = organ(XIGONG)
    own = Channel.objects.get(name="《西工通讯》")
    assert own.organ == district
    day = dt.date(2020, 11, 13)
    assert own in offered(district.path, day)
    assert own not in offered(organ(LUOYANG).path, day)
    assert total(RELEASES, district.path, 2020, channel=own.key) == 1
    assert total(RELEASES, district.path, 2020, channel="newspaper") == 1


@pytest.mark.seed("S045")
def test_forms_and_conferences(organ: Any) -> None:
    path = organ(LUOYANG).path
    assert total(EVENTS, path, 2019, channel="press_conference", form="conference") == 11
    assert total(RELEASES, path, 2019, form="conference") == 2
    assert total(RELEASES, path, 2019, form="video") == 2
    assert total(RELEASES, path, 2019, form="chart") >= 1


def documents_of(code: str, kind: str, year: int, **more: Any) -> list[Document]:
    """What the organ released first in the year."""
    rows = Document.objects.filter(organ__code=code, kind=kind, first_released_on__year=year, **more)
    return list(rows.order_by("pk"))


@pytest.mark.seed("S069")
def test_supervision_is_a_type_of_its_own(organ: Any) -> None:
    assert len(documents_of(LY_OFFICE, "supervision", 2022)) == 3
    assert total(RELEASES, organ(LY_OFFICE).path, 2022, kind="supervision", category="website") == 3


@pytest.mark.seed("S071")
def test_lists_of_powers_and_services(organ: Any) -> None:
    found = {row.group.name for row in documents_of(LY_OFFICE, "list", 2022) if row.group}
    assert found >= {"权责清单", "公共服务事项目录"}
    path = organ(LY_OFFICE).path
    assert [total(RELEASES, path, 2022, group=code) for code in ("D21", "D22")] == [1, 2]


@pytest.mark.seed("S072")
def test_tax_relief_is_a_topic(organ: Any) -> None:
    assert total(RELEASES, organ(LY_OFFICE).path, 2022, group="D7") >= 4
    assert all("减税降费" in row.title for row in documents_of(LY_OFFICE, "news", 2022, group__code="D7"))


@pytest.mark.seed("S073")
def test_public_enterprises_publish(organ: Any) -> None:
    enterprises = Organ.objects.filter(kind="public_enterprise", code__startswith="ly-pe-")
    published = Document.objects.filter(organ__in=enterprises, first_released_on__isnull=False)
    assert {row.organ.code.removeprefix("ly-pe-") for row in published} == {
        "school", "hospital", "water", "power", "gas", "heat", "waste", "bus",
    }  # fmt: skip
    assert {row.group.code for row in published} == {"E2", "E3"}
    # they write no report: what they publish counts for the organ that looks after them
    assert total(RELEASES, organ("ly-housing").path, 2022, kind="list") == 6


@pytest.mark.seed("S074")
def test_appointments_name_person_post_and_action() -> None:
    found = documents_of(PINGDINGSHAN, "personnel", 2019)
    assert len(found) == 7
    lines = [one for row in found for one in row.appointments.all()]
    assert {one.action for one in lines} == {"appointed", "removed"}
    assert all(one.person and one.position for one in lines)


@pytest.mark.seed("S285")
def test_the_chronicle_has_dated_entries_and_is_published(organ: Any) -> None:
    found = documents_of(PINGDINGSHAN, "chronicle", 2019)
    assert len(found) == 12
    told = {row: chronicle.entries(row.editions.get().body, row.made_on) for row in found}
    days = [one.on for row in sorted(found, key=lambda row: row.made_on) for one in told[row]]
    assert days == sorted(days)
    assert len(set(days)) == len(days) == 60
    for row, entries in told.items():
        assert {(one.on.year, one.on.month) for one in entries} == {(2019, row.made_on.month)}
        page = Client().get(f"/d/{row.pk}/").content.decode()
        assert re.findall(r'<li><time datetime="([-\d]+)">', page) == [one.on.isoformat() for one in entries]
    shown = Release.objects.filter(CURRENT, Q(channel__name="平顶山大事记"), document__in=found)
    assert shown.count() == 12
    assert get(RELEASES).count(Period.year(2019), organ(PINGDINGSHAN).path, kind="chronicle") == 24


def test_the_old_key_of_the_website_shows_in_words() -> None:
    assert {"政府网站", "政务微信"} <= set(Release.objects.values_list("channel__name", flat=True))
    assert not Channel.objects.filter(name__contains="_").exists()


def test_levels_are_grids_of_the_same_values(organ: Any) -> None:
    path = organ(LUOYANG).path
    grid = evaluate([RELEASES], path, Period.year(2019))
    parts = [level_total(grid, RELEASES, level, category="weibo").number for level in (OWN_TIER, BELOW)]
    assert sum(parts) == total(RELEASES, path, 2019, category="weibo")


@pytest.mark.seed("S035")
def test_items_offered_upward_and_adopted(organ: Any) -> None:
    district, office = organ(XIGONG), organ(LY_OFFICE)
    grid = evaluate(["offers.sent", "offers.adopted"], district.path, Period.year(2020))
    sent, adopted = (grid.total(key, district.path) for key in ("offers.sent", "offers.adopted"))
    assert (sent.number, adopted.number) == (225, 157)
    assert rate(adopted, sent) == Decimal("69.78")
    received = Received.objects.filter(organ=office, offer__organ=district)
    assert received.count() == total("offers.received", office.path, 2020) == 225
    assert set(received.values_list("offer__outcome", flat=True)) == {"adopted", "returned", ""}
    used = drill(SYSTEM, "offers.adopted", Period.year(2020), district.path).rows
    assert all(row.facts.get().place for row in used.prefetch_related("facts"))
