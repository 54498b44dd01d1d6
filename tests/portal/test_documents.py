"""The public page of a document, its files, the policy columns, feeds and the site map."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.documents import actions, queries
from gongkai.documents.models import Classification, Document
from tests.documents.support import document, released
from tests.inspection import samples
from tests.support.world import TEST, World

APR, MAY, DAY = dt.date(2019, 4, 1), dt.date(2019, 5, 1), dt.date(2022, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.on_day(DAY):
        yield


def _get(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def _whole(world: World) -> Document:
    kept = document(world, title="供水管理办法", number="甲政〔2019〕3号")
    edition = kept.editions.get()
    actions.write(
        edition,
        by=TEST,
        title="供水管理办法",
        html="<p>第一条 为了供水。</p><table><tr><td>水价</td></tr></table>",
    )
    actions.set_co_organs(kept, by=TEST, names=["甲市教育局"])
    actions.describe(
        kept,
        by=TEST,
        theme=Classification.objects.get(scheme="theme", code="0201"),
        keywords="供水 水价",
        summary="规定供水与水价。",
        effective_on=MAY,
    )
    actions.attach(edition, by=TEST, name="水价表.xlsx", content=samples.xlsx(), title="水价表")
    actions.attach(edition, by=TEST, name="签发稿.txt", content=b"inside", role="original")
    actions.release(kept, by=TEST, channel="政府网站", on=APR, at=dt.time(9, 5))
    kept.refresh_from_db()
    return kept


def test_the_page_shows_text_catalogue_files_and_the_ten_tags(client: Client, world: World) -> None:
    kept = _whole(world)
    page = _get(client, f"/d/{kept.pk}/")
    facts = dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page))
    assert facts == {
        "索引号": kept.index_no,
        "主题分类": "综合政务\\政务公开",
        "发文机关": "甲市人民政府、甲市教育局",
        "成文日期": "2019年3月1日",
        "标题": "供水管理办法",
        "发文字号": "甲政〔2019〕3号",
        "发布日期": "2019年4月1日",
        "实施日期": "2019年5月1日",
        "有效性": "现行有效",
        "公开方式": "主动公开",
        "关键词": "供水 水价",
        "内容概述": "规定供水与水价。",
    }
    assert "<p>第一条 为了供水。</p>" in page
    assert "<td>水价</td>" in page
    assert "签发稿" not in page
    tags = re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)"', page)
    names = [name for name, _content in tags]
    for name in (
        "SiteName",
        "SiteDomain",
        "SiteIDCode",
        "ColumnName",
        "ColumnDescription",
        "ColumnKeywords",
        "ColumnType",
        "ArticleTitle",
        "PubDate",
        "ContentSource",
    ):
        assert names.count(name) == 1, name
    assert all(content for _name, content in tags)
    assert dict(tags)["PubDate"] == "2019-04-01 09:05"
    assert dict(tags)["ArticleTitle"] == "供水管理办法"
    assert len(page.encode()) < 100_000


def test_files_are_downloads_with_an_etag_and_only_those_that_are_public(
    client: Client, world: World
) -> None:
    kept = _whole(world)
    annex, original = kept.editions.get().attachments.all()
    address = f"/d/{kept.pk}/files/{annex.pk}/file.xlsx"
    assert address in _get(client, f"/d/{kept.pk}/")
    answer = client.get(address)
    assert (answer.status_code, answer["ETag"]) == (200, f'"{annex.file.sha256}"')
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for wrong in (
        f"/d/{kept.pk}/files/{original.pk}/file.txt",
        f"/d/{kept.pk}/files/{annex.pk}/file.pdf",
        f"/d/{kept.pk + 1}/files/{annex.pk}/file.xlsx",
    ):
        _get(client, wrong, 404)
    actions.withdraw_release(kept.releases.get(), by=TEST, on=DAY, reason="有误")
    _get(client, address, 404)


def test_what_is_not_public_is_not_there(client: Client, world: World) -> None:
    closed = {"attribute": "closed", "attribute_reason": "条例第十六条"}
    for kept in (document(world), document(world, kind="telegram", **closed)):
        _get(client, f"/d/{kept.pk}/", 404)
    struck = released(world, APR)
    actions.strike_document(struck, by=TEST, reason="误登")
    _get(client, f"/d/{struck.pk}/", 404)
    _get(client, "/d/99999/", 404)


def test_a_new_draft_shows_nowhere_until_it_is_released(client: Client, world: World) -> None:
    kept = released(world, APR, title="旧题", body="旧文")
    actions.open_edition(kept, by=TEST, title="新题未公开", body="新文未公开")
    for address in (f"/d/{kept.pk}/", "/policies/", "/policies/normative_docs/", "/o/city/content/"):
        page = _get(client, address)
        assert "旧题" in page
        assert "未公开" not in page
    with clock.on_day(DAY):
        actions.release(kept, by=TEST, channel="政府网站", on=DAY)
    assert "新文未公开" in _get(client, f"/d/{kept.pk}/")


def test_a_withdrawn_document_leaves_its_reason_or_leads_on(client: Client, world: World) -> None:
    kept, other = released(world, APR, title="错发的通知"), released(world, APR, title="正确的通知")
    actions.withdraw_release(kept.releases.get(), by=TEST, on=MAY, reason="附件有误，已更正")
    page = _get(client, f"/d/{kept.pk}/", 410)
    assert "附件有误，已更正" in page
    assert "2019年5月1日" in page
    second = released(world, APR, title="又错发的通知")
    actions.withdraw_release(second.releases.get(), by=TEST, on=MAY, reason="重发", onward=other)
    answer = client.get(f"/d/{second.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/d/{other.pk}/")
    actions.withdraw_release(other.releases.get(), by=TEST, on=MAY, reason="也有误")
    _get(client, f"/d/{second.pk}/", 410)


def test_the_banner_says_what_replaced_it(client: Client, world: World) -> None:
    old, new = released(world, APR), released(world, MAY, title="新办法", number="甲政〔2019〕9号")
    actions.change_validity(old, by=TEST, kind="repealed", on=MAY, decided_by="《新办法》（甲政〔2019〕9号）")
    page = _get(client, f"/d/{old.pk}/")
    assert "本文件自2019年5月1日起废止" in page
    assert f'<a href="/d/{new.pk}/">新办法</a>' in page
    assert "<dt>废止日期</dt><dd>2019年5月1日</dd>" in page
    actions.change_validity(new, by=TEST, kind="expired", on=dt.date(2030, 1, 1), note="有效期届满")
    assert "本文件将自2030年1月1日起失效" in _get(client, f"/d/{new.pk}/")
    tagged = released(world, APR)
    actions.describe(tagged, by=TEST, valid_until=dt.date(2021, 3, 31))
    assert "有效期已于2021年3月31日届满" in _get(client, f"/d/{tagged.pk}/")


def test_the_column_shows_what_is_in_force_and_narrows(client: Client, world: World) -> None:
    _whole(world)
    gone = released(world, APR, title="已废止的办法")
    actions.change_validity(gone, by=TEST, kind="repealed", on=MAY, decided_by="甲政〔2019〕9号")
    released(world, APR, "county-a", title="东县的意见", made_on=dt.date(2018, 5, 1))
    released(world, APR, kind="rules", title="某规章")

    def titles(query: str = "") -> set[str]:
        return set(re.findall(r'href="/d/\d+/">(.*?)</a>', _get(client, f"/policies/normative_docs/{query}")))

    assert titles() == {"供水管理办法", "东县的意见"}
    assert titles("?force=no") == {"已废止的办法"}
    assert titles("?force=all") == {"供水管理办法", "东县的意见", "已废止的办法"}
    assert titles("?q=供水") == titles("?q=〔2019〕3号") == titles("?theme=02") == {"供水管理办法"}
    assert titles("?year=2018") == titles("?organ=county-a") == {"东县的意见"}
    assert titles("?organ=city&year=x&theme=zz&page=99") == {"供水管理办法", "东县的意见"}
    assert titles("?q=没有") == set()
    assert "某规章" in _get(client, "/policies/rules/")
    for wrong in ("telegram", "nothing"):
        _get(client, f"/policies/{wrong}/", 404)


def test_lists_ask_the_same_for_few_and_many(
    client: Client, world: World, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        released(world, APR)
    _get(client, "/accessibility/")  # the register of hosts is read once and kept for some seconds
    for address, most in (
        ("/policies/", 5),  # the log's end, the counts, and the newest of three types, each off its index
        ("/policies/normative_docs/", 6),
        ("/sitemap-documents-1.xml", 1),
    ):
        with django_assert_max_num_queries(most):
            _get(client, address)
    with django_assert_max_num_queries(10):
        _get(client, f"/d/{Document.objects.order_by('pk')[0].pk}/")


def test_feed_and_site_map_name_every_public_document(client: Client, world: World) -> None:
    kept = _whole(world)
    document(world, title="草稿")
    feed = ET.fromstring(_get(client, "/policies/normative_docs/feed.xml"))  # noqa: S314 - our own
    assert [one.findtext("title") for one in feed.iter("item")] == ["供水管理办法"]
    assert [one.findtext("link") for one in feed.iter("item")] == [f"http://testserver/d/{kept.pk}/"]
    assert [one.findtext("pubDate") for one in feed.iter("item")] == ["Mon, 01 Apr 2019 00:00:00 +0800"]
    assert f"<loc>http://testserver/d/{kept.pk}/</loc>" in _get(client, "/sitemap-documents-1.xml")
    _get(client, "/sitemap-documents-2.xml", 404)
    assert "sitemap-documents-1.xml" in _get(client, "/robots.txt")
    assert queries.public_documents(DAY).count() == 1


def test_larger_text_is_a_choice_without_script(client: Client, world: World) -> None:
    kept = _whole(world)
    address = f"/d/{kept.pk}/"
    assert 'class="portal"' in _get(client, address)
    answer = client.get(f"/reading/large/on/?next={address}")
    assert answer["Location"] == address
    assert 'class="portal large"' in _get(client, address)
