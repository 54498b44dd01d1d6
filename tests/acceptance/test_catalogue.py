"""Columns, rules, guides, profiles and platforms in the demo: each row of the checklist by its own evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from gongkai import readiness
from gongkai.base import clock
from gongkai.base.fields import within
from gongkai.catalogue import queries, statutory
from gongkai.catalogue.models import Column, ColumnVersion, GuideVersion, PlatformDuty
from gongkai.demo import plan_catalogue as plan
from gongkai.demo.places import LUOYANG, LUOYANG_DEPARTMENTS, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.documents import actions, columns
from gongkai.documents.models import Document, Release
from gongkai.organs.actors import system
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.portal import gathering, profiles, rules

DAY = dt.date(2023, 1, 16)


def html(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def titles(text: str) -> list[str]:
    """The documents a page lists, in order."""
    return re.findall(r'<a href="/d/\d+/">([^<]+)</a>', text[text.index('<main id="main"') :])


def brought(organ: Organ, slug: str, day: dt.date = DAY) -> list[Document]:
    """Everything a column shows."""
    return columns.newest(columns.sources([Column.objects.get(organ=organ, slug=slug)]), day, 500)


def shape(organ: Organ, day: dt.date) -> dict[str, list[str]]:
    return {root.title: [one.title for one in root.children] for root in queries.tree_on(organ, day)}


@pytest.mark.seed("S006")
def test_the_rules_of_the_systems_are_documents_with_number_category_validity_and_year(organ: Any) -> None:
    """The names of the four reports; 西工's 指南, the fifth of its list, is its guide (S007)."""
    named = {
        (MENGJIN, 2020): (
            "考核制度", "依申请公开政府信息工作制度", "发布协调办法", "统计制度", "责任追究办法", "社会评议办法", "保密审查规定",
            "信息发布制度", "基层行政决策公众参与制度", "政策解读回应工作制度", "公文公开属性标示", "考核办法",
        ),
        (XIGONG, 2020): ("信息公开制度", "依申请公开制度", "保密审查制度", "公文公开发布实施办法"),
        (PINGDINGSHAN, 2019): ("政务网络信息审核发布管理制度", "政务微博微信管理制度", "政府舆情跟踪监测与研判应对工作制度"),
        ("ly-ecology", 2019): ("重点领域信息公开实施办法",),
    }  # fmt: skip
    for (code, year), names in named.items():
        library = rules.library(organ(code), DAY)
        assert dict(library.by_year) == {year: len(names)}
        shown = [rule.document for rule in library.rules]
        assert all(sum(name in one.title for one in shown) == 1 for name in names)
        assert all(rule.category and rule.validity == "现行有效" for rule in library.rules)
        assert len({one.number for one in shown} - {""}) == len(names)
        text = html(f"/o/{code}/rules/")
        assert f"{year}年 {len(names)} 件" in text
        for one in shown:
            row = text[text.index(f">{one.title}</a>") :].partition("</tr>")[0]
            assert all(words in row for words in (one.number, organ(code).name, one.made_on.isoformat()))
    assert queries.guide(organ(XIGONG), DAY) is not None


@pytest.mark.seed("S007")
def test_guides_are_published_in_versions_with_the_fields_of_article_12(organ: Any) -> None:
    for code in (XIGONG, PINGDINGSHAN, LUOYANG):
        text = html(f"/o/{code}/guide/")
        for label in ("机构名称", "办公地址", "办公时间", "联系电话", "传真号码", "互联网联系方式"):
            assert label in text
        newest = GuideVersion.objects.filter(organ=organ(code)).order_by("seq").last()
        assert newest is not None
        assert f"更新日期：{newest.on.year}年{newest.on.month}月{newest.on.day}日" in text
    assert [one.seq for one in queries.guides(organ(LUOYANG))] == [2, 1]
    with clock.on_day(dt.date(2021, 1, 1)):
        assert queries.guide(organ(LUOYANG), clock.today()).seq == 1  # type: ignore[union-attr]
    assert "指南正在修订" not in html(f"/o/{LUOYANG}/guide/")
    Organ.objects.filter(code=LUOYANG).update(phones="0379-00000099")
    text = html(f"/o/{LUOYANG}/guide/")
    assert "指南正在修订" in text
    assert "<li>联系电话：0379-00000099</li>" in text
    assert "P4" in {one.rule for one in readiness.standing(organ(LUOYANG), DAY, searching=False).findings}


@pytest.mark.seed("S037")
def test_the_catalogue_has_its_columns_and_is_improved_by_dated_changes(organ: Any) -> None:
    city = organ(PINGDINGSHAN)
    named = ["指南", "组织机构", "综合政务", "业务管理"]
    assert shape(city, dt.date(2019, 5, 19)) == {"政府信息公开目录": [*named, "政务简报"]}
    assert shape(city, dt.date(2019, 5, 20)) == {"政府信息公开目录": named}
    assert all(brought(city, slug) for slug in ("guide", "organisation", "general", "business"))
    text = html(f"/o/{PINGDINGSHAN}/columns/")
    assert "政务公开目录动态完善" in text
    assert html(f"/o/{PINGDINGSHAN}/c/bulletin/", 410)


@pytest.mark.seed("S039", "S273")
def test_columns_are_views_over_one_repository(organ: Any) -> None:
    """洛政 and 洛政办 documents are kept once; every column and channel, the gazette among them, refers to that record,
    and no second is made by whomever."""
    office = Document.objects.filter(organ=organ(LY_OFFICE), number__startswith="洛政办〔2022〕").first()
    city = Document.objects.filter(organ=organ(LUOYANG), number__startswith="洛政〔2019〕").first()
    shown = brought(organ(LUOYANG), "policy")
    names = {field.name for one in (Column, Release) for field in one._meta.get_fields()}
    assert not names & {"body", "content", "html", "text", "rich"}
    for document in (office, city):
        assert document is not None
        assert document in shown
        for keeper in (document.organ, organ("ly-edu"), organ(XIGONG)):
            with pytest.raises(ValidationError, match=r"已登记过|请直接引用"):
                actions.add_document(
                    by=system("test"),
                    organ=keeper,
                    kind=document.kind,
                    title="另存一份",
                    made_on=document.made_on,
                    number=document.number,
                )
        actions.release(document, by=system("test"), channel="gazette", on=DAY)
        assert Document.objects.filter(number=document.number, struck_at=None).count() == 1


@pytest.mark.seed("S064")
def test_the_column_of_interpretations_fills_by_itself(organ: Any) -> None:
    shown = brought(organ(LUOYANG), "interpretation")
    everything = Document.objects.filter(within("path", organ(LUOYANG).path), kind="interpretation")
    public = columns.documents(
        [columns.Source(organ(LUOYANG).path, columns.Rule(kinds=("interpretation",), organs="subtree"))], DAY
    )
    assert shown
    assert {one.pk for one in shown} <= set(everything.values_list("pk", flat=True))
    assert len(shown) == min(500, public.count())
    assert titles(html(f"/o/{LUOYANG}/c/interpretation/"))[0] == shown[0].title


@pytest.mark.seed("S069")
def test_supervision_has_a_column_since_2022(organ: Any) -> None:
    city = organ(LUOYANG)
    assert "督查督办" not in shape(city, dt.date(2021, 12, 31))["政务公开"]
    assert "督查督办" in shape(city, dt.date(2022, 12, 31))["政务公开"]
    shown = brought(city, "supervision")
    assert len(shown) == 3
    assert {one.kind for one in shown} == {"supervision"}
    assert {one.organ.code for one in shown} >= {LY_OFFICE}


@pytest.mark.seed("S070")
def test_every_department_has_a_profile_of_the_same_shape(organ: Any) -> None:
    for key in LUOYANG_DEPARTMENTS:
        found = profiles.profile(organ(f"ly-{key}"), DAY)
        assert found.functions
        assert found.leaders[0]["name"]
        assert dict(found.facts)["机构名称"] == organ(f"ly-{key}").name
    shapes = {
        tuple(re.findall(r'<h2 id="([a-z]+)"', html(f"/o/ly-{key}/profile/"))) for key in LUOYANG_DEPARTMENTS
    }
    assert shapes == {("basics", "functions", "leaders", "units")}
    assert "政务公开科" in html(f"/o/{LY_OFFICE}/profile/")


@pytest.mark.seed("S071")
def test_power_lists_and_service_lists_have_columns_across_organs(organ: Any) -> None:
    departments = {f"ly-{key}" for key in list(LUOYANG_DEPARTMENTS)[:6]}
    for slug, group in (("power-lists", "D21"), ("service-lists", "D22")):
        shown = brought(organ(LUOYANG), slug)
        assert {one.organ.code for one in shown} >= departments | {LY_OFFICE}
        assert {(one.kind, one.group.code if one.group else "") for one in shown} == {("list", group)}
        assert titles(html(f"/o/{LUOYANG}/c/{slug}/")) == [one.title for one in shown]
        items = plan.POWERS if slug == "power-lists" else plan.SERVICES
        for one in (row for row in shown if row.organ.code in departments):
            rows = re.findall(r"<tr>(.*?)</tr>", html(f"/d/{one.pk}/"), re.DOTALL)
            cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
            assert [tuple(row[1:4]) for row in cells if row] == list(items)


@pytest.mark.seed("S072")
def test_tax_relief_is_a_topic_column(organ: Any) -> None:
    column = Column.objects.get(organ=organ(LUOYANG), slug="tax")
    assert (column.kind, column.state, column.opened_on) == ("topic", "open", plan.NEW_IN_2022)
    shown = brought(organ(LUOYANG), "tax")
    assert len(shown) >= 4
    assert {one.group.name for one in shown if one.group} == {"减税降费"}


@pytest.mark.seed("S073")
def test_public_enterprises_of_all_eight_trades_publish(organ: Any) -> None:
    publishers = Organ.objects.filter(within("path", organ(LUOYANG).path), kind=Organ.Kind.PUBLIC_ENTERPRISE)
    assert publishers.count() == 8
    shown = brought(organ(LUOYANG), "enterprises")
    assert Counter(one.organ_id for one in shown) == {one.pk: 2 for one in publishers}
    water = publishers.get(code="ly-pe-water")
    assert [item.code for item in queries.required(water, DAY)] == ["E1", "E2", "E3", "E4", "E5"]
    assert len(titles(html("/o/ly-pe-water/content/E3/"))) == 1
    assert titles(html(f"/o/{LUOYANG}/c/enterprises/")) == [one.title for one in shown]


@pytest.mark.seed("S160")
def test_the_portal_has_five_blocks_and_two_that_were_added(organ: Any) -> None:
    district = organ(XIGONG)
    before, after = plan.BLOCKS_ADDED_ON - dt.timedelta(days=1), plan.BLOCKS_ADDED_ON
    assert list(shape(district, before)) == ["西工资讯", "政务公开", "社会服务", "政务互动", "人文西工"]
    assert list(shape(district, after))[5:] == ["重点领域", "综合政务"]
    changes = ColumnVersion.objects.filter(column__organ=district, change="added", on=after)
    assert {one.title for one in changes} == {"重点领域", "综合政务"}
    news = ColumnVersion.objects.filter(column__organ=organ(LUOYANG), column__slug="news")
    assert [(one.change, one.title) for one in news] == [("added", "政务动态"), ("renamed", "洛阳要闻")]
    assert all(brought(district, one.column.slug) for one in queries.fronts(district))


@pytest.mark.seed("S161")
def test_every_unit_of_the_county_has_a_checklist_with_the_years_end_as_deadline(organ: Any) -> None:
    county = organ(MENGJIN)
    duties = PlatformDuty.objects.filter(within("path", county.path))
    direct = Organ.objects.filter(parent=county).count()
    assert duties.count() == direct + 1
    assert {one.due_on for one in duties} == {dt.date(2020, 12, 31)}
    own = duties.get(organ=county)
    assert own.launched_on is not None
    assert own.launched_on <= own.due_on
    ready = readiness.standing(county, DAY, searching=False)
    # all but the report of 2020, which its successor published after the county had ended
    assert {one.words for one in ready.findings if one.weight == "red"} <= {"还没有公布政府信息公开年报。"}
    assert ready.filled == ready.required == 22
    bare = readiness.standing(Organ.objects.filter(parent=county, tier="township")[0], DAY, searching=False)
    assert not bare.ready
    assert {"P1", "P2"} <= {one.rule for one in bare.findings}
    assert bare.late_on(dt.date(2021, 1, 4))
    waiting = {one.due_on for one in PlatformDuty.objects.filter(organ__code__in=("ly-edu", "ly-civil"))}
    assert waiting == {dt.date(2023, 6, 30)}


@pytest.mark.seed("S162")
def test_one_layout_serves_every_department(organ: Any) -> None:
    layouts = set()
    for key in LUOYANG_DEPARTMENTS:
        text = html(f"/o/ly-{key}/content/")
        menu = text[text.index('class="side-index"') : text.index("</nav>", text.index('class="side-index"'))]
        labels = re.findall(r"<a [^>]*>([^<]+)</a>", menu)
        items = re.findall(r"/content/([A-Z]\d+)/", text)
        layouts.add((tuple(labels[:5]), tuple(items)))
    ((labels, items),) = layouts
    assert labels == (
        "政府信息公开指南",
        "政府信息公开制度",
        "法定主动公开内容",
        "政府信息公开年报",
        "依申请公开",
    )
    found = statutory.codes(one for one in statutory.items_of(organ("ly-edu")) if not one.profile)
    assert items == found


@pytest.mark.seed("S297")
def test_what_city_and_counties_made_public_is_gathered_in_one_table(organ: Any) -> None:
    for code in (PINGDINGSHAN, LUOYANG):
        city = organ(code)
        table = gathering.table(city, DAY)
        everything = columns.documents([columns.Source(city.path, columns.Rule(organs="subtree"))], DAY)
        assert table.total == everything.count()
        counties = {line.organ.code for line in table.lines if line.organ.tier == "county"}
        assert len(counties) >= 10
        text = html(f"/o/{code}/gathered/")
        assert f'name="organ" value="{code}"' in text


@pytest.mark.seed("S298")
def test_every_column_of_the_catalogue_has_its_standard(organ: Any) -> None:
    made = Column.objects.filter(organ=organ(PINGDINGSHAN), parent__slug="catalogue", state="open")
    assert made.count() == 4
    for column in made:
        assert column.owner is not None
        assert column.owner.name == "政务公开科"
        assert column.responsible
        assert column.update_days
        assert column.get_kind_display()
    late = {one.column.pk: one.days for one in columns.overdue(SYSTEM, DAY, most=1_000)}
    assert all(late[one.pk] > 0 for one in made), "nothing new since 2019: whoever answers for them is told"
