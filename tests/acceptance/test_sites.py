"""Rows of the seed checklist about websites and migration, each by its own evidence, from the demo's records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gongkai.accounts.models import OwnSubmission
from gongkai.base.measures import Period
from gongkai.demo.people import PASSWORD
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.demo.sites import VISITOR
from gongkai.documents.models import Document
from gongkai.figures.values import evaluate
from gongkai.monitoring import hosting, rules
from gongkai.monitoring.models import HandOver, Honour, Site, SiteRevision
from gongkai.organs import scope
from gongkai.organs.models import Person
from gongkai.portal import site as sites
from tests.acceptance.conftest import DEMO_DAY


@pytest.fixture(autouse=True)
def _any_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def total(key: str, path: str, year: int, **dims: str) -> Any:
    return evaluate([key], path, Period.year(year)).total(key, path, **dims).number


def site_of(organ: Any, code: str) -> Site:
    return Site.objects.get(organ=organ(code))


@pytest.mark.seed("S165")
def test_six_subsites_joined_the_main_site_in_2019(organ: Any) -> None:
    path = organ(PINGDINGSHAN).path
    assert total("sites.onboarded", path, 2019) == 6
    assert total("sites.onboarded", path, 2018) == 3
    joined = Site.objects.filter(parent=site_of(organ, PINGDINGSHAN), joined_on__year=2019)
    assert all(one.joined_on and one.joined_on.year == 2019 for one in joined)
    for one in joined:
        host = one.domains.get(use="main").name
        page = Client().get("/", headers={"host": host}).content.decode()
        assert f'<meta name="SiteName" content="{one.name}">' in page
        assert f'<meta name="SiteDomain" content="{host}">' in page


def test_a_subsite_lists_its_own_organs_and_documents_only(organ: Any) -> None:
    luoyang, client = site_of(organ, LUOYANG), Client()
    organs = client.get("/o/", headers={"host": "www.pds.gov.cn"}).content.decode()
    assert "平顶山市公安局" in organs
    assert "洛阳市公安局" not in organs
    answer = client.get("/policies/normative_docs/", headers={"host": "www.ly.gov.cn"})
    listed = list(answer.context["documents"])
    assert listed
    assert all(row.path.startswith(luoyang.path) for row in listed)


@pytest.mark.seed("S167")
def test_one_sign_in_serves_applying_and_following() -> None:
    """Of what the row asks one sign-in for, the applications are the one interactive feature there is today."""
    client = Client()
    signed = client.post("/account/sign-in/", {"login": VISITOR, "password": PASSWORD})
    assert signed["Location"] == "/account/"
    submission = OwnSubmission.objects.get().submission
    assert submission.reference in client.get("/account/").content.decode()
    # following: no query number, no secret
    assert client.post(f"/account/applications/{submission.pk}/")["Location"] == "/track/"
    assert client.get("/track/").context["tracked"].submission == submission
    # applying: the same sign-in fills the form
    name = submission.form["applicant_name"]
    assert f'value="{name}"' in client.get(f"/o/{LY_OFFICE}/apply/").content.decode()
    # and nobody must: the form opens for a stranger, empty
    stranger = Client().get(f"/o/{LY_OFFICE}/apply/")
    assert stranger.status_code == 200
    assert name not in stranger.content.decode()


@pytest.mark.seed("S168")
@pytest.mark.parametrize("host", ["www.xigong.gov.cn", "www.ly.gov.cn", "testserver"])
def test_the_front_page_leads_to_the_service_network(host: str) -> None:
    page = Client().get("/", headers={"host": host}).content.decode()
    block = page.partition('<h2 id="services">政务服务网</h2>')[2].partition("</section>")[0]
    assert 'href="https://www.hnzwfw.gov.cn/"' in block
    assert "河南政务服务网" in block


@pytest.mark.seed("S170")
def test_the_register_holds_ipv6_by_site(organ: Any) -> None:
    held = dict(Site.objects.values_list("name", "ipv6"))
    assert held["西工区人民政府"] == "yes"
    assert site_of(organ, XIGONG).ipv6_on == dt.date(2021, 11, 30)
    without = site_of(organ, "pds-d42")
    assert "V6" in {found.rule for found in rules.findings(without, DEMO_DAY)}


@pytest.mark.seed("S171")
def test_irregular_domains_are_found(organ: Any) -> None:
    found = {
        site.organ.code: [one.words for one in rules.findings(site, DEMO_DAY) if one.rule == "D1"]
        for site in Site.objects.select_related("organ", "parent")
    }
    assert {code for code, words in found.items() if words} == {"pds-d12", "pds-d42"}
    assert any("www.pdshbj.gov.cn不规范" in words for words in found["pds-d12"])
    assert any("www.pdsqxj.com.cn不规范" in words for words in found["pds-d42"])


@pytest.mark.seed("S172")
def test_name_domain_and_emblem_of_the_main_site_are_in_order_and_others_are_told(organ: Any) -> None:
    assert rules.findings(site_of(organ, LUOYANG), DEMO_DAY) == []
    wrong = site_of(organ, "pds-d42")
    assert {one.rule for one in rules.findings(wrong, DEMO_DAY)} >= {"D1", "D4", "EM1", "EM2"}
    renamed = site_of(organ, XIGONG)
    renamed.name = "西工之窗"
    assert [one.rule for one in rules.findings(renamed, DEMO_DAY)] == ["SN1"]


@pytest.mark.seed("S174")
def test_one_prize_in_2019(organ: Any) -> None:
    path = organ(LUOYANG).path
    assert total("sites.honours", path, 2019) == 1
    assert total("sites.honours", path, 2020) == 0
    assert Honour.objects.get().name == "中国互联网+快速发展型政务网站"


@pytest.mark.seed("S176")
def test_redesign_machine_room_and_hardware_of_2020(organ: Any) -> None:
    site = site_of(organ, XIGONG)
    kinds = set(SiteRevision.objects.filter(site=site, on__year=2020).values_list("kind", flat=True))
    assert kinds == {"redesign", "room", "hardware"}
    assert total("sites.revisions", organ(XIGONG).path, 2020) == 3


@pytest.mark.seed("S300")
def test_a_batch_has_its_source_items_checks_and_receipt(organ: Any) -> None:
    batch = HandOver.objects.get(giver=organ(MENGJIN))
    assert batch.site == site_of(organ, MENGJIN)
    assert batch.receiver == organ("ly-mengjinqu")
    assert batch.opened_on <= batch.handed_on <= batch.received_on  # type: ignore[operator]
    assert batch.number.startswith("交接〔2021〕")
    items = list(batch.items.all())
    assert {item.kind for item in items} >= {"documents", "sites"}
    for item in items:
        assert item.checked_on
        assert item.received == item.counted
        assert item.received_on
    documents = next(item for item in items if item.kind == "documents")
    there = Document.objects.filter(path__startswith=organ(MENGJIN).path, struck_at__isnull=True)
    assert documents.received == there.filter(made_on__lte=batch.received_on).count() > 0
    heir = organ("ly-mengjinqu").path
    from_both = sum(
        item.received or 0
        for one in HandOver.objects.filter(receiver=organ("ly-mengjinqu"))
        for item in one.items.filter(kind="documents")
    )
    assert total("sites.migrated_items", heir, 2021) == from_both


@pytest.mark.seed("S013")
def test_a_merged_units_site_documents_and_history(organ: Any) -> None:
    old, new = organ(MENGJIN), organ("ly-mengjinqu")
    site = site_of(organ, MENGJIN)
    closing = site.steps.get(kind="closing")
    assert closing.until - closing.on >= dt.timedelta(days=30)  # type: ignore[operator]
    assert site.closed_on is not None
    assert site.closed_on > closing.until  # type: ignore[operator]
    # the former address leads on, path by path
    moved = Client().get(f"/o/{old.code}/reports/?year=2020", headers={"host": "www.mengjin.gov.cn"})
    assert moved.status_code == 301
    assert moved["Location"] == f"http://www.mengjinqu.gov.cn/o/{old.code}/reports/?year=2020"
    # the page of the former organ stays, and says what it is
    page = Client().get(f"/o/{old.code}/", headers={"host": "www.mengjinqu.gov.cn"})
    assert page.status_code == 200
    assert "历史归档" in page.content.decode()
    assert "归档时间：2021年3月17日" in page.content.decode()
    # documents are the predecessor's for ever; the successor's site lists them, the successor's staff work on them
    document = Document.objects.filter(organ=old).first()
    assert document is not None
    heir = next(one for one in hosting.now().by_host.values() if one.roots[0] == new.path)
    with sites.showing(heir):
        assert sites.shows(document.path)
        assert sites.here(Document.objects.filter(pk=document.pk)).exists()
    who = scope.viewer(Person.objects.get(username=f"{MENGJIN}-office"), DEMO_DAY)
    assert [grant.organ_id for grant in who.grants] == [new.pk]
    assert scope.rows(who, Document, scope.WORK).filter(pk=document.pk).exists()
    # so with its applications, columns and site
    assert scope.rows(who, Site, scope.WORK).get(pk=site.pk).state == Site.State.CLOSED
    for register in ("cases", "columns", "sites"):
        assert scope.allows(who, scope.WORK, register, old.path)
