"""政策解读 and the policy columns on the demo: the published figures, computed from its records."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.demo.interpretations import CIVILISED_CITY, CLEAN_AIR
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN
from gongkai.documents import actions as documents
from gongkai.documents.attachments import lacking_versions
from gongkai.documents.interpretation import checking, term
from gongkai.documents.interpretation.models import (
    Form,
    Interpretation,
    InterpretationLink,
    InterpretationPlan,
)
from gongkai.documents.interpretation.planning import drafting_organ
from gongkai.documents.models import Document
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.figures.growth import rate
from gongkai.figures.values import evaluate
from gongkai.organs.actors import system
from gongkai.review import sheet
from gongkai.review.models import ReviewRun
from tests.acceptance.conftest import DEMO_DAY
from tests.acceptance.test_rows import total


def ratio(part: str, whole: str, path: str, year: int) -> Any:
    grid = evaluate([part, whole], path, Period.year(year))
    return rate(grid.total(part, path), grid.total(whole, path))


@pytest.mark.seed("S056")
@pytest.mark.parametrize(
    ("code", "year", "expected"), [(LUOYANG, 2019, 32), (PINGDINGSHAN, 2019, 35), (LY_OFFICE, 2022, 169)]
)
def test_interpretations_of_the_year(organ: Any, code: str, year: int, expected: int) -> None:
    path = organ(code).path
    assert total("interpretations.released", path, year) == expected
    rows = measures.get("interpretations.released").rows(Period.year(year), path)
    assert rows.count() == expected
    linked = InterpretationLink.objects.filter(interpretation__document__in=rows)
    assert linked.values("interpretation").distinct().count() == expected


@pytest.mark.seed("S057")
@pytest.mark.parametrize(("code", "year", "documents"), [(LUOYANG, 2019, 32), (LY_OFFICE, 2022, 28)])
def test_every_document_that_needs_one_is_interpreted(
    organ: Any, code: str, year: int, documents: int
) -> None:
    path = organ(code).path
    assert total("interpretations.required", path, year) == documents
    assert ratio("interpretations.done", "interpretations.required", path, year) == 100


@pytest.mark.seed("S057", "S060")
def test_what_is_owed_and_what_came_late_is_listed(organ: Any) -> None:
    rows = Document.objects.filter(organ=organ(LY_OFFICE))
    owed = list(term.owing(rows, DEMO_DAY, late=True))
    assert [row.first_released_on.year for row in owed] == [2021]
    late = term.interpreted_late(rows, dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    assert len(late) == 2
    path = organ(LY_OFFICE).path
    assert total("interpretations.required", path, 2021) == 15
    assert total("interpretations.done", path, 2021) == 14
    assert total("interpretations.on_time", path, 2021) == 12


@pytest.mark.seed("S060")
def test_within_three_working_days_of_the_document(organ: Any) -> None:
    path = organ(LUOYANG).path
    assert ratio("interpretations.on_time", "interpretations.required", path, 2019) == 100
    rows = measures.get("interpretations.required").rows(Period.year(2019), path).select_related("organ")
    standings = term.standings(list(rows), DEMO_DAY)
    assert {one.days for one in standings.values()} == {3}
    assert {one.status for one in standings.values()} == {term.Status.ON_TIME}
    assert "3日内发布解读" in next(iter(standings.values())).sentence


@pytest.mark.seed("S058")
def test_who_drafted_interprets(organ: Any) -> None:
    rows = InterpretationLink.objects.select_related("document__organ", "interpretation__document__organ")
    assert rows.exists()
    assert all(drafting_organ(row.document) == row.interpretation.document.organ for row in rows)
    departments = {row.interpretation.document.organ.code for row in rows} - {
        LY_OFFICE,
        PINGDINGSHAN,
        MENGJIN,
    }
    assert departments == {"pds-d12", "pds-d14"}, "the departments that drafted for the city"


@pytest.mark.seed("S059", "S062")
def test_a_plan_is_signed_with_its_paper(organ: Any) -> None:
    """Those who signed had it before them, field by field; another plan would be another content."""
    signed = InterpretationPlan.objects.get(
        edition__document__organ=organ(LY_OFFICE), edition__document__made_on__year=2023
    )
    run = ReviewRun.objects.get(subject_kind=KIND, subject_key=str(signed.edition_id))
    printed = sheet.of(run)
    (draft,) = printed.drafts
    told = dict(draft.told)
    assert printed.completed
    assert {one.draft for one in printed.signatures} == {draft.number}
    assert told["解读提纲"] == signed.outline
    assert told["解读形式"] == "文字解读、图解"
    assert (told["解读途径"], told["解读时间"]) == (signed.ways, signed.timing)
    subject = subject_of(signed.edition)
    assert subject.digest == draft.hash
    InterpretationPlan.objects.filter(pk=signed.pk).update(timing="以后再说")
    assert subject_of(signed.edition).digest != draft.hash


@pytest.mark.seed("S062")
@pytest.mark.parametrize(("code", "year"), [(LY_OFFICE, 2022), (MENGJIN, 2020)])
def test_each_document_that_needs_one_had_its_plan_before_it_was_released(
    organ: Any, code: str, year: int
) -> None:
    needing = measures.get("interpretations.required").rows(Period.year(year), organ(code).path)
    plans = InterpretationPlan.objects.filter(edition__document__in=needing, afterwards=False, exempt=False)
    assert plans.count() == needing.count() > 0
    for plan in plans.select_related("edition__document"):
        assert all((plan.outline, plan.forms, plan.ways, plan.timing))
        assert plan.recorded_at.date() <= plan.edition.document.first_released_on


@pytest.mark.seed("S061")
def test_every_link_leads_both_ways(client: Client) -> None:
    assert checking.troubles(Document.objects.all(), DEMO_DAY) == []
    link = InterpretationLink.objects.order_by("pk")[0]
    document, own = link.document, link.interpretation.document
    assert f'href="/d/{own.pk}/"' in client.get(f"/d/{document.pk}/").content.decode()
    assert f'href="/d/{document.pk}/"' in client.get(f"/d/{own.pk}/").content.decode()


@pytest.mark.seed("S063")
def test_the_forms_are_counted(organ: Any) -> None:
    path = organ(MENGJIN).path
    five = (Form.INTERVIEW, Form.GRAPHIC, Form.BRIEFING, Form.TEXT, Form.DIALOGUE)
    numbers = [total("interpretations.released", path, 2020, form=form) for form in five]
    assert numbers == [3, 3, 3, 3, 2]
    assert sum(numbers) == total("interpretations.released", path, 2020)
    assert total("interpretations.released", organ(LY_OFFICE).path, 2022, form=Form.VIDEO) > 0


@pytest.mark.seed("S289")
def test_articles_on_older_policies_are_linked_to_them(organ: Any) -> None:
    rows = Interpretation.objects.filter(
        document__in=measures.get("interpretations.released").rows(
            Period.year(2019), organ(PINGDINGSHAN).path
        )
    )
    assert rows.count() == 35
    for topic in (CIVILISED_CITY, CLEAN_AIR):
        of_topic = rows.filter(topic=topic)
        assert of_topic.exists()
        explained = Document.objects.filter(interpretation_links__interpretation__in=of_topic).distinct()
        assert [topic in one.title for one in explained] == [True]
        assert explained[0].first_released_on.year == 2018


@pytest.mark.seed("S064")
def test_the_column_fills_itself(client: Client) -> None:
    page = client.get("/interpretations/?year=2022").content.decode()
    assert "共 169 件" in page
    assert (
        "共 3 件"
        in client.get("/interpretations/?year=2020&form=interview&organ=ly-mengjin").content.decode()
    )
    feed = client.get("/interpretations/feed.xml").content.decode()
    newest = Document.objects.filter(kind="interpretation").order_by("-first_released_on", "-pk")[0]
    assert newest.title in feed


@pytest.mark.seed("S053")
def test_48_rules_in_force_each_with_text_and_page_image(client: Client, organ: Any) -> None:
    assert total("documents.in_force", organ(LUOYANG).path, 2022, kind="rules") == 48
    page = client.get("/policies/rules/?organ=luoyang").content.decode()
    assert "共 48 件" in page
    rows = Document.objects.filter(kind="rules", organ=organ(LUOYANG))
    assert rows.count() == 48
    assert not lacking_versions(rows).exists()
    shown = client.get(f"/d/{rows[0].pk}/").content.decode()
    assert "图片版" in shown
    assert re.search(r"第一条", shown)
    address = re.search(rf"/d/{rows[0].pk}/files/\d+/file\.pdf", shown)
    assert address is not None
    assert client.get(address[0]).content.startswith(b"%PDF")


@pytest.mark.seed("S053")
def test_a_rule_that_is_repealed_leaves_the_library(client: Client, organ: Any) -> None:
    rows = Document.objects.filter(kind="rules", organ=organ(LUOYANG)).order_by("pk")
    lacking = set(lacking_versions(Document.objects.all()).values_list("pk", flat=True))
    gone = rows[0]
    documents.change_validity(
        gone, by=system("test"), kind="repealed", on=DEMO_DAY, decided_by="洛阳市人民政府令第200号"
    )
    page = client.get("/policies/rules/?organ=luoyang").content.decode()
    assert "共 47 件" in page
    assert f'href="/d/{gone.pk}/"' not in page
    assert "共 48 件" in client.get("/policies/rules/?organ=luoyang&force=all").content.decode()
    assert set(lacking_versions(Document.objects.all()).values_list("pk", flat=True)) == lacking


@pytest.mark.seed("S053")
def test_the_check_finds_the_rules_without_an_image(organ: Any) -> None:
    """The other city has not scanned its two."""
    lacking = lacking_versions(Document.objects.all())
    assert {row.organ_id for row in lacking} == {organ(PINGDINGSHAN).pk}
    assert lacking.count() == 2
    assert all(row.lacks_image and not row.lacks_text for row in lacking)


@pytest.mark.seed("S054")
def test_120_documents_in_force_are_listed(client: Client, organ: Any) -> None:
    assert total("documents.in_force", organ(LY_OFFICE).path, 2022, kind="normative_docs") == 120
    address = "/policies/normative_docs/?organ=luoyang-office"
    assert "共 120 件" in client.get(address).content.decode()
    assert "共 118 件" in client.get(f"{address}&force=no").content.decode()
    assert "共 238 件" in client.get(f"{address}&force=all").content.decode()


@pytest.mark.seed("S055")
def test_the_column_is_searched_by_title_number_year_issuer_topic_and_validity(client: Client) -> None:
    def found(**asked: str) -> str:
        page = client.get("/policies/normative_docs/", asked).content.decode()
        return re.search(r"共 (\d+) 件", page)[1]  # type: ignore[index]

    office = {"organ": "luoyang-office"}
    assert found(q="洛政办〔2022〕7号", **office) == "1"
    assert found(year="2022", **office) == "28"
    assert found(year="2016", force="no", **office) == "12"
    assert found(organ="ly-mengjin") == "18"
    in_title = int(found(q="文物保护", **office))
    assert 0 < in_title < 120
    themed = Document.objects.filter(kind="normative_docs", theme__isnull=False, organ__code="luoyang-office")
    assert found(theme=themed[0].theme.code, **office) != "120"
    assert int(found(theme=themed[0].theme.code, **office)) > 0
