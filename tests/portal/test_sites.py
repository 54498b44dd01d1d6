"""Several sites under one installation: each host its own name and organs; notices, archives, former addresses, emblems."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from gongkai.base import files
from gongkai.base.hosts import AllowedHosts
from gongkai.catalogue import actions as catalogue
from gongkai.documents import actions as documents
from gongkai.documents.models import Document
from gongkai.monitoring import actions
from gongkai.monitoring.models import Site
from gongkai.organs.models import Organ
from gongkai.portal import site as sites
from tests.monitoring.conftest import OPENED, new_site
from tests.support.world import TEST, World

A, B, CITY = "www.a.gov.cn", "www.b.gov.cn", "www.jia.gov.cn"


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = AllowedHosts(["testserver"])


def site(organ: Organ, domain: str) -> Site:
    made = new_site(organ)
    actions.add_domain(made, by=TEST, name=domain, use="main", valid_from=OPENED)
    return made


def published(organ: Organ, title: str) -> Document:
    made = documents.add_document(
        by=TEST, organ=organ, kind="normative_docs", title=title, made_on=dt.date(2022, 1, 5)
    )
    documents.release(made, by=TEST, channel="政府网站", on=dt.date(2022, 1, 6))
    return made


@pytest.fixture
def two(world: World) -> World:
    """Sites of two counties, a document of each, one of 西区's predecessor."""
    site(world.organs["county-a"], A)
    site(world.organs["county-b"], B)
    for code in ("county-a", "town-a1", "county-b", "old-b", "city-office"):
        published(world.organs[code], f"文件来自{code}")
    return world


def get(path: str, host: str = "testserver", **headers: str) -> Any:
    return Client().get(path, headers={"host": host, **headers})


def text(path: str, host: str = "testserver") -> str:
    answer = get(path, host)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_each_host_has_its_own_name_and_codes(two: World) -> None:
    for host, name in ((A, "甲市东县人民政府"), (B, "甲市西区人民政府")):
        page = text("/", host)
        assert f'<meta name="SiteName" content="{name}">' in page
        assert f'<meta name="SiteDomain" content="{host}">' in page
        assert f"主办单位：{name}" in page
    fallback = text("/")
    assert '<meta name="SiteName" content="政府信息公开平台">' in fallback


def test_a_host_nobody_registered_is_refused(two: World) -> None:
    for host in ("evil.example", f"evil.{A}", f"{A}.evil.example"):
        assert get("/", host).status_code == 400


def test_an_unknown_but_configured_host_gets_the_default_site(two: World) -> None:
    actions.make_default(Site.objects.get(organ__code="county-a"), by=TEST)
    assert "甲市东县人民政府" in text("/")
    assert "甲市西区人民政府" in text("/", B)


@pytest.mark.parametrize("path", ["/policies/normative_docs/", "/policies/normative_docs/feed.xml"])
def test_lists_and_feeds_hold_the_sites_own_organs(two: World, path: str) -> None:
    held = {
        A: {"county-a", "town-a1"},
        B: {"county-b", "old-b"},  # and what the predecessor left
        "testserver": {"county-a", "town-a1", "county-b", "old-b", "city-office"},
    }
    for host, codes in held.items():
        page = text(path, host)
        assert {code for code in two.organs if f"文件来自{code}<" in page} == codes, host


def test_organs_counts_and_choices_are_the_sites_own(two: World) -> None:
    page = text("/o/", A)
    assert "东县东一镇人民政府" in page
    assert "甲市教育局" not in page
    assert "西区" not in page
    assert "西区" not in text("/policies/normative_docs/", A)
    assert "教育局" not in text("/o/?q=教育", A)
    assert "教育局" in text("/o/?q=教育")
    map_of_a = text("/sitemap-documents-1.xml", A)
    assert map_of_a.count("<loc>") == 2
    assert f"http://{A}/d/" in map_of_a


def test_the_site_map_of_a_site_names_its_own_columns(two: World) -> None:
    for code in ("county-a", "town-a1", "county-b"):
        catalogue.add_column(
            by=TEST, organ=two.organs[code], slug="news", title="要闻", description="要闻", on=OPENED
        )
    held = {A: {"county-a", "town-a1"}, B: {"county-b"}, "testserver": {"county-a", "town-a1", "county-b"}}
    for host, codes in held.items():
        page = text("/sitemap.xml", host)
        assert {code for code in two.organs if f"/o/{code}/c/news/" in page} == codes, host


def test_search_finds_on_a_site_what_is_of_the_site(two: World, index: Callable[[], None]) -> None:
    index()
    for host, codes in ((A, {"county-a", "town-a1"}), (B, {"county-b", "old-b"})):
        shown = get("/search/?q=文件&kind=documents", host).context["shown"]
        titles = {"".join(piece for piece, _hit in line.title) for line in shown.lines}
        assert titles == {f"文件来自{code}" for code in codes}


def test_one_page_after_another_never_mixes_sites(two: World) -> None:
    client = Client()
    for host, name in ((A, "东县"), (B, "西区"), (A, "东县"), ("testserver", "公开平台")) * 3:
        page = client.get("/", headers={"host": host}).content.decode()
        assert name in page.partition('class="site-name"')[2][:80]
    assert sites.hosted() is None


def test_a_single_page_opens_on_every_site(two: World) -> None:
    foreign = Document.objects.get(title="文件来自county-b")
    assert get(f"/d/{foreign.pk}/", A).status_code == 200
    assert get("/o/county-b/", A).status_code == 200


def test_the_register_costs_a_page_no_query(two: World, django_assert_num_queries: Any) -> None:
    get("/accessibility/", A)
    with django_assert_num_queries(0):
        get("/accessibility/", A)


def test_a_closing_site_says_so_on_every_page(two: World) -> None:
    closing(Site.objects.get(organ__code="county-a"), f"http://{B}/")
    for path in ("/", "/o/", "/accessibility/"):
        page = text(path, A)
        assert "将于2022年4月1日公示期满后关停" in page
        assert f'href="http://{B}/"' in page
        assert "关停" not in text(path, B)


def test_a_foreign_new_address_is_led_through_the_notice(two: World) -> None:
    closing(Site.objects.get(organ__code="county-a"), "https://www.example.com/")
    page = text("/", A)
    assert 'href="https://www.example.com/"' not in page
    assert 'href="/leaving/?to=https%3A%2F%2Fwww.example.com%2F' in page


def closing(one: Site, new_address: str) -> None:
    actions.step(
        one, by=TEST, kind="closing", on=dt.date(2022, 3, 1), until=dt.date(2022, 4, 1),
        new_address=new_address, reason="合并",
    )  # fmt: skip


def closed(one: Site, new_address: str) -> None:
    closing(one, new_address)
    actions.step(one, by=TEST, kind="closed", on=dt.date(2022, 4, 2))


def test_a_closed_site_leads_path_by_path_to_its_successor(two: World) -> None:
    closed(Site.objects.get(organ__code="county-a"), f"http://{B}/neues/")
    moved = get("/o/county-a/?q=x&page=2", A)
    assert (moved.status_code, moved["Location"]) == (301, f"http://{B}/o/county-a/?q=x&page=2")
    assert get("/", B).status_code == 200


def test_the_desk_stays_where_it_is_when_a_site_is_closed(two: World) -> None:
    closed(Site.objects.get(organ__code="county-a"), f"http://{B}/")
    page = get("/desk/", A)
    assert B not in page.get("Location", "")
    assert page.status_code in (200, 302)
    assert page.status_code == 200 or page["Location"].startswith("/desk/")


@pytest.mark.parametrize("address", ["http://elsewhere.gov.cn/", f"http://{A}/"])
def test_without_a_running_successor_here_it_stays_as_an_archive(two: World, address: str) -> None:
    closed(Site.objects.get(organ__code="county-a"), address)
    page = text("/o/county-a/", A)
    assert "历史归档　归档时间：2022年4月2日" in page
    assert "内容不再更新" in page


def test_two_closed_sites_do_not_send_readers_round(two: World) -> None:
    closed(Site.objects.get(organ__code="county-a"), f"http://{B}/")
    closed(Site.objects.get(organ__code="county-b"), f"http://{A}/")
    assert get("/", A).status_code == 200


def test_an_abolished_organs_page_and_documents_are_marked(two: World) -> None:
    Organ.objects.filter(code="old-b").update(valid_to=dt.date(2021, 3, 17))
    document = Document.objects.get(title="文件来自old-b")
    for path in ("/o/old-b/", f"/d/{document.pk}/"):
        assert "历史归档　归档时间：2021年3月17日" in text(path, B)
    assert "历史归档" not in text("/o/county-b/", B)


def test_a_former_address_is_kept(two: World) -> None:
    one = Site.objects.get(organ__code="county-a")
    actions.add_old_address(one, by=TEST, old="/html/2015/zfgb.shtml", new="/policies/")
    moved = get("/html/2015/zfgb.shtml", A)
    assert (moved.status_code, moved["Location"]) == (301, "/policies/")
    assert get("/html/2015/zfgb.shtml", B).status_code == 404
    assert get("/html/2015/other.shtml", A).status_code == 404


def test_a_former_address_is_found_as_browsers_send_it(two: World) -> None:
    one = Site.objects.get(organ__code="county-a")
    for old in (
        "/%E4%B8%93%E9%A2%98/1.html",
        "/%D7%A8%CC%E2/2.html",
    ):  # in UTF-8, and in GBK as sites once wrote
        actions.add_old_address(one, by=TEST, old=old, new="/policies/")
        assert get(old, A)["Location"] == "/policies/"
    assert get("/专题/1.html", A)["Location"] == "/policies/"


def test_an_emblem_is_shown_and_no_other_file(two: World) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "PNG")
    one = Site.objects.get(organ__code="county-a")
    logo = actions.set_logo(one, by=TEST, name="l.png", content=kept.getvalue()).logo
    assert logo is not None
    answer = get(f"/site/logo/{logo.pk}/", A)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    letter = files.store(two.organs["county-a"], "信函.png", kept.getvalue())
    assert get(f"/site/logo/{letter.pk}/", A).status_code == 404


def test_services_are_the_sites_own(two: World) -> None:
    for code, url in (("county-a", "https://a.hnzwfw.gov.cn/"), ("county-b", "https://b.hnzwfw.gov.cn/")):
        actions.add_service(Site.objects.get(organ__code=code), by=TEST, title="政务服务网", url=url)
    assert "https://a.hnzwfw.gov.cn/" in text("/", A)
    assert "https://b.hnzwfw.gov.cn/" not in text("/", A)
    both = text("/")
    assert "https://a.hnzwfw.gov.cn/" in both
    assert "https://b.hnzwfw.gov.cn/" in both
    actions.end_service(Site.objects.get(organ__code="county-a").services.get(), by=TEST)
    assert 'id="services"' not in text("/", A)
