"""The register of sites: who may write it, the life of a site step by step, its domains, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from gongkai.base import clock, measures
from gongkai.base.hosts import AllowedHosts
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry
from gongkai.monitoring import actions, life
from gongkai.monitoring.models import Site, SiteDomain, SiteStep, TrustedDomain
from gongkai.monitoring.verify import problems
from gongkai.organs.refusals import Refused
from tests.monitoring.conftest import OPENED, new_site
from tests.support.world import TEST, World

Kind = SiteStep.Kind
DAY = dt.date(2022, 3, 1)


def close(site: Site, on: dt.date = DAY, days: int = 30) -> SiteStep:
    return actions.step(
        site,
        by=TEST,
        kind=Kind.CLOSING,
        on=on,
        until=on + dt.timedelta(days=days),
        new_address="http://www.yi.gov.cn/",
        reason="合并",
    )


def test_only_the_disclosure_office_and_the_operator_write(world: World) -> None:
    organ = world.organs["county-a"]
    for role in ("handler", "secrecy", "leader", "supervisor", "auditor"):
        with pytest.raises((Refused, StopIteration)):
            actions.register_site(
                by=world.actor("county-a", role, "sites"),
                organ=organ,
                name="网站",
                kind="portal",
                opened_on=OPENED,
            )
    for role in ("office", "head", "operator"):
        by = world.actor("county-a", role, "sites")
        made = actions.register_site(by=by, organ=organ, name=f"网站{role}", kind="portal", opened_on=OPENED)
        assert made.state == Site.State.OPEN
        assert made.entered_by == by.key
    with pytest.raises(Refused):  # a neighbour's office
        actions.register_site(
            by=world.actor("county-b", "office", "sites"),
            organ=organ,
            name="网站",
            kind="portal",
            opened_on=OPENED,
        )
    assert AuditEntry.objects.filter(verb="site.register").count() == 3


def test_a_site_lives_step_by_step(world: World) -> None:
    site = actions.register_site(by=TEST, organ=world.organs["city"], name="甲市人民政府", kind="portal")
    today = clock.today()
    assert site.state == Site.State.PROPOSED
    with pytest.raises(Refused, match="不能办理“开办”"):
        actions.step(site, by=TEST, kind=Kind.OPENED, on=today)
    for kind, state in (
        (Kind.APPLIED, "applying"),
        (Kind.OPENED, "open"),
        (Kind.CHANGING, "changing"),
        (Kind.CHANGED, "open"),
    ):
        actions.step(site, by=TEST, kind=kind, on=today)
        site.refresh_from_db()
        assert site.state == state
    assert site.opened_on == today
    assert problems() == []


@pytest.mark.parametrize("kind", Kind.values)
def test_every_step_in_every_state_is_taken_or_refused_as_the_table_says(site: Site, kind: str) -> None:
    allowed, leads_to = life.STEPS[kind]
    for state in Site.State.values:
        Site.objects.filter(pk=site.pk).update(state=state)
        site.refresh_from_db()
        assert (actions.refusal(site, kind) == "") is (state in allowed), (kind, state)
    assert leads_to in Site.State.values


def test_a_closing_notice_runs_thirty_days_and_names_the_new_address(site: Site) -> None:
    with pytest.raises(ValidationError, match="不少于30天"):
        close(site, days=29)
    with pytest.raises(ValidationError, match="新网址"):
        actions.step(
            site, by=TEST, kind=Kind.CLOSING, on=DAY, until=DAY + dt.timedelta(days=30), reason="合并"
        )
    close(site)
    site.refresh_from_db()
    assert (site.state, site.notice_until) == ("closing", dt.date(2022, 3, 31))
    with pytest.raises(ValidationError, match="期满后才能关停"):
        actions.step(site, by=TEST, kind=Kind.CLOSED, on=dt.date(2022, 3, 31))
    actions.step(site, by=TEST, kind=Kind.CLOSED, on=dt.date(2022, 4, 1))
    site.refresh_from_db()
    assert (site.state, site.closed_on, site.new_address) == (
        "closed",
        dt.date(2022, 4, 1),
        "http://www.yi.gov.cn/",
    )


def test_a_site_rests_once_a_year_and_thirty_days_at_most(site: Site) -> None:
    def rest(on: dt.date, days: int) -> SiteStep:
        until = on + dt.timedelta(days=days)
        return actions.step(site, by=TEST, kind=Kind.OFFLINE, on=on, until=until, reason="机房检修")

    with pytest.raises(ValidationError, match="最多30天"):
        rest(DAY, 31)
    with pytest.raises(ValidationError, match="不晚于2022年3月30日"):
        rest(DAY, 30)  # from the first day to the last, both included: thirty-one
    rest(DAY, 29)
    actions.step(site, by=TEST, kind=Kind.RESUMED, on=dt.date(2022, 3, 20))
    with pytest.raises(ValidationError, match="2022年已经临时下线过一次，一年最多一次"):
        rest(dt.date(2022, 9, 1), 3)
    rest(dt.date(2023, 1, 5), 3)


def test_a_site_was_not_opened_tomorrow(world: World) -> None:
    with pytest.raises(ValidationError, match="不能在今天之后") as caught:
        new_site(world.organs["city"], opened_on=clock.today() + dt.timedelta(days=1))
    assert list(caught.value.message_dict) == ["opened_on"]


def test_the_default_site_is_not_closed(site: Site, world: World) -> None:
    actions.make_default(site, by=TEST)
    with pytest.raises(Refused, match="请先把另一个网站设为缺省网站"):
        close(site)
    other = new_site(world.organs["county-a"])
    actions.make_default(other, by=TEST)
    close(site)
    # nor by way of a notice that was given up, and given up in error
    resumed = actions.step(site, by=TEST, kind=Kind.RESUMED, on=DAY)
    actions.make_default(Site.objects.get(pk=site.pk), by=TEST)
    actions.withdraw_step(resumed, by=TEST, reason="登记错了")
    with pytest.raises(Refused, match="请先把另一个网站设为缺省网站"):
        actions.step(site, by=TEST, kind=Kind.CLOSED, on=dt.date(2022, 4, 1))


def test_a_default_site_no_longer_served_is_none(site: Site) -> None:
    actions.make_default(site, by=TEST)
    actions.edit_site(site, by=TEST, served=False)
    assert not Site.objects.filter(is_default=True).exists()
    assert close(site).kind == Kind.CLOSING


def test_only_the_latest_step_is_taken_back(site: Site) -> None:
    close(site)
    with pytest.raises(Refused):
        actions.withdraw_step(site.steps.get(kind=Kind.OPENED), by=TEST, reason="登记错了")
    actions.withdraw_step(site.steps.get(kind=Kind.CLOSING), by=TEST, reason="不关了")
    site.refresh_from_db()
    assert (site.state, site.notice_until, site.new_address) == ("open", None, "")
    assert problems() == []
    Site.objects.filter(pk=site.pk).update(state="closed")
    assert "state" in problems()[0]


@pytest.mark.parametrize(
    "name", ["*", ".gov.cn", "*.gov.cn", "http://a.gov.cn", "a.gov.cn/b", "a.gov.cn:80", "gov", "a b.cn", ""]
)
def test_a_domain_is_a_plain_name(site: Site, name: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_domain(site, by=TEST, name=name, use="other", valid_from=OPENED)


@pytest.mark.parametrize(
    "name", ["www.city.gov.cn", "127.0.0.1", "evil.example", "gov.cn.evil.example", "fakegov.cn"]
)
def test_the_installations_names_and_foreign_ones_are_the_operators_of_all(
    site: Site, world: World, settings: Any, name: str
) -> None:
    settings.ALLOWED_HOSTS = AllowedHosts(["WWW.city.gov.cn", "127.0.0.1"])
    given = {"name": name, "use": "other", "valid_from": OPENED}
    town = new_site(world.organs["town-a1"])
    for code, role, of in (
        ("town-a1", "office", town),
        ("town-a1", "operator", town),
        ("city", "office", site),
    ):
        with pytest.raises(Refused, match="全平台的运维岗"):
            actions.add_domain(of, by=world.actor(code, role, "sites"), **given)
    by = world.actor("town-a1", "office", "sites")
    for plain in ("dongyi.jia.gov.cn", "东一.政务"):
        actions.add_domain(town, by=by, **(given | {"name": plain}))
    assert actions.add_domain(site, by=TEST, **given).name == name


@pytest.mark.parametrize(
    ("pattern", "name"), [(".jia.gov.cn", "dongyi.jia.gov.cn"), ("*", "www.bing.gov.cn")]
)
def test_a_pattern_makes_a_name_the_installations_own(
    site: Site, world: World, settings: Any, pattern: str, name: str
) -> None:
    settings.ALLOWED_HOSTS = AllowedHosts([pattern])
    town = new_site(world.organs["town-a1"])
    given = {"name": name, "use": "other", "valid_from": OPENED}
    with pytest.raises(Refused, match="全平台的运维岗"):
        actions.add_domain(town, by=world.actor("town-a1", "office", "sites"), **given)
    assert actions.add_domain(town, by=TEST, **given).name == name


def test_a_name_is_used_once_and_again_when_it_was_given_back(site: Site, world: World) -> None:
    other = new_site(world.organs["county-a"])
    with pytest.raises(ValidationError, match="已登记在一个网站名下"):
        actions.add_domain(other, by=TEST, name="WWW.Jia.gov.cn.", use="main", valid_from=OPENED)
    with pytest.raises(ValidationError, match="已有主域名"):
        actions.add_domain(site, by=TEST, name="www.jia2.gov.cn", use="main", valid_from=OPENED)
    actions.cancel_domain(site.domains.get(), by=TEST, on=DAY)
    actions.add_domain(other, by=TEST, name="www.jia.gov.cn", use="main", valid_from=DAY)
    assert SiteDomain.objects.filter(name="www.jia.gov.cn").count() == 2


def test_chinese_names_are_kept_as_browsers_send_them(site: Site) -> None:
    made = actions.add_domain(site, by=TEST, name="甲市.政务", use="other", valid_from=OPENED)
    assert made.name.endswith(".xn--zfr164b")


def test_one_default_site_by_the_operator_of_all(site: Site, world: World) -> None:
    other = new_site(world.organs["county-a"])
    with pytest.raises(Refused, match="全平台"):
        actions.make_default(other, by=world.actor("county-a", "operator", "sites"))
    actions.make_default(site, by=world.actor("city", "operator", "sites"))
    actions.make_default(other, by=TEST)
    assert list(Site.objects.filter(is_default=True)) == [other]


def test_a_subsite_hangs_on_a_main_site_from_its_day(site: Site, world: World) -> None:
    with pytest.raises(ValidationError, match="请选择主站"):
        new_site(world.organs["city-edu"], kind="department", joined_on=DAY)
    made = new_site(world.organs["city-edu"], kind="department", parent=site, joined_on=DAY)
    with pytest.raises(ValidationError, match="本身不是子站"):
        new_site(world.organs["county-a"], parent=made)
    with pytest.raises(ValidationError, match="还有子站"):
        actions.edit_site(site, by=TEST, parent=new_site(world.organs["county-b"]))
    path = world.organs["city"].path
    counted = measures.get("sites.onboarded")
    assert (counted.count(Period.year(2022), path), counted.count(Period.year(2021), path)) == (1, 0)


def test_sites_in_operation_follow_the_steps(site: Site, world: World) -> None:
    close(site)
    actions.step(site, by=TEST, kind=Kind.CLOSED, on=dt.date(2022, 6, 1))
    counted = measures.get("sites.in_operation")
    path = world.organs["city"].path
    assert [counted.count(Period.year(year), path) for year in (2014, 2015, 2021, 2022)] == [0, 1, 1, 0]


def test_honours_and_revisions_struck_are_not_counted(site: Site) -> None:
    kept = actions.add_honour(site, by=TEST, name="优秀网站", awarded_by="评估机构", on=DAY)
    wrong = actions.add_honour(site, by=TEST, name="录错的", awarded_by="评估机构", on=DAY)
    actions.strike(wrong, by=TEST)
    with pytest.raises(Refused):
        actions.strike(wrong, by=TEST)
    assert list(measures.get("sites.honours").rows(Period.year(2022))) == [kept]
    with pytest.raises(ValidationError):
        actions.add_revision(
            site, by=TEST, kind="redesign", on=clock.today() + dt.timedelta(days=1), text="改版"
        )


def test_an_emblem_is_a_small_picture(site: Site) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (10, 10)).save(kept, "PNG")
    assert actions.set_logo(site, by=TEST, name="logo.png", content=kept.getvalue()).logo is not None
    for name, content in (
        ("logo.svg", b"<svg/>"),
        ("logo.png", b"GIF89a"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 300_000),
    ):
        with pytest.raises(ValidationError):
            actions.set_logo(site, by=TEST, name=name, content=content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a", "/b"),
        ("/a?id=3", "/b"),
        ("/a#top", "/b"),
        ("/a", "http://evil.cn/"),
        ("/a", "//evil.cn"),
        ("/a", "/\\evil.cn"),
        ("/a", "/a"),
    ],
)
def test_a_former_address_leads_to_a_path_of_the_same_site(site: Site, old: str, new: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_old_address(site, by=TEST, old=old, new=new)


def test_a_former_address_is_registered_once_and_taken_back(site: Site, world: World) -> None:
    row = actions.add_old_address(site, by=TEST, old="/%E4%B8%93%E9%A2%98/a.html", new="/policies/")
    assert row.old == "/专题/a.html"  # as a request's path is read
    with pytest.raises(ValidationError, match="这个原路径已登记"):
        actions.add_old_address(site, by=TEST, old="/专题/a.html", new="/")
    with pytest.raises(Refused):
        actions.remove_old_address(row, by=world.actor("county-a", "office", "sites"))
    actions.remove_old_address(row, by=world.actor("city", "office", "sites"))
    assert not site.old_addresses.exists()
    told = AuditEntry.objects.get(verb="site.remove_old_address")
    assert told.detail == {"old": "/专题/a.html", "new": "/policies/"}


def test_a_used_code_is_told_in_words(site: Site, world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        new_site(world.organs["county-a"], id_code=site.id_code)
    assert caught.value.message_dict == {"id_code": ["这个网站标识码已登记在另一个网站名下。"]}


def test_what_is_over_is_not_changed(site: Site) -> None:
    domain = site.domains.get()
    actions.cancel_domain(domain, by=TEST, on=DAY)
    with pytest.raises(Refused, match="已经注销"):
        actions.idle_domain(domain, by=TEST, on=DAY)
    link = actions.add_service(site, by=TEST, title="政务服务网", url="https://www.hnzwfw.gov.cn/")
    actions.end_service(link, by=TEST)
    with pytest.raises(Refused, match="已经停用"):
        actions.edit_service(link, by=TEST, title="旧", url=link.url, note="", place=1)


def test_trusted_domains_are_the_operators_of_all(world: World) -> None:
    with pytest.raises(Refused):
        actions.trust_domain(
            by=world.actor("county-a", "operator", "sites"), name="people.com.cn", reason="媒体"
        )
    row = actions.trust_domain(by=TEST, name="People.com.cn", reason="中央媒体")
    assert row.name == "people.com.cn"
    actions.distrust_domain(row, by=TEST)
    assert actions.trust_domain(by=TEST, name="people.com.cn", reason="恢复").ended_on is None
    assert TrustedDomain.objects.count() == 1


def test_an_unknown_field_is_a_programming_error(site: Site) -> None:
    wrong: dict[str, Any] = {"state": "closed"}
    with pytest.raises(TypeError):
        actions.edit_site(site, by=TEST, **wrong)


def test_an_edit_without_change_leaves_no_entry(site: Site, world: World) -> None:
    before = AuditEntry.objects.count()
    actions.edit_site(site, by=world.actor("city", "office", "sites"), name=site.name)
    assert AuditEntry.objects.count() == before
    assert actions.edit_site(site, by=TEST, ipv6="no").ipv6 == "no"
