"""Behind a published figure: the records for the public, with nothing of the applicant, the text or the place."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from gongkai.annualreport import actions, exports, public, verify
from gongkai.annualreport.models import ReportEvidence, ReportVersion
from gongkai.base.clock import on_day
from gongkai.documents.models import Document
from gongkai.forms.figures import Figures
from gongkai.forms.layout import NoSuchCell
from tests.annualreport.flow import publish, reporter, sign_off, submitted, zero_tables
from tests.annualreport.records import case, cover, keep_all, proceeding, tally
from tests.annualreport.test_sections import fee
from tests.support.world import TEST, World

D = dt.date


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"], but=("acts.decisions",))
    for code, organ in world.organs.items():
        cover(organ, "acts.decisions", mode="tally" if code == "city-edu" else "none")
    return world


def test_of_a_case_month_outcome_article_and_days(kept: World) -> None:
    edu = kept.organs["city-edu"]
    case(edu, received=D(2022, 5, 5), closed=D(2022, 5, 20), outcome="denied_third_party", days_used=11)
    case(edu, received=D(2022, 12, 5))
    with on_day(D(2023, 1, 10)):
        for row in ("admin_license", "admin_penalty", "admin_coercion"):
            tally(edu, "keyareas.decisions", 7 if row == "admin_license" else 0, 2022, row=row)
    version = publish(kept, "city-edu", 2022)
    closed = public.behind(version, "table3.denied_third_party.total")
    assert closed.cases == (
        public.CountedCase("2022年5月", "保护第三方合法权益", "《政府信息公开条例》第十五条、第三十二条", 11),
    )
    received = public.behind(version, "table3.new_received.natural_person")
    assert [(one.month, one.outcome, one.days_used) for one in received.cases] == [
        ("2022年5月", "保护第三方合法权益", 11),
        ("2022年12月", "", None),
    ]
    assert "张三丰" not in repr(received)
    assert "绝密内容" not in repr(received)
    tallied = public.behind(version, "table2.art20_5.admin_license.decisions").tallies
    assert [(one.organ, one.value, one.source) for one in tallied] == [("甲市教育局", 7, "单位填报")]
    with pytest.raises(NoSuchCell):
        public.behind(version, "table3.nothing.total")


def test_a_later_outcome_does_not_show_through_the_frozen_one(kept: World) -> None:
    office = kept.organs["city-office"]
    one = case(office, received=D(2022, 5, 5), closed=D(2022, 5, 20), outcome="granted")
    version = publish(kept, "city-office", 2022)
    one.outcome = "denied_state_secret"
    one.save()
    (shown,) = public.behind(version, "table3.granted.total").cases
    assert (shown.outcome, shown.article) == ("予以公开", "")


def test_documents_show_title_number_and_date_and_other_records_the_month(kept: World) -> None:
    office = kept.organs["city-office"]
    Document.objects.create(
        organ=office,
        kind="normative_docs",
        number="甲政办〔2022〕1号",
        made_on=D(2022, 4, 2),
        title="关于某事的通知",
        entered_by="test",
        recorded_at=dt.datetime(2022, 4, 2, tzinfo=dt.UTC),
    )
    proceeding(office, filed=D(2022, 3, 1), group="review", closed=D(2022, 6, 1))
    fee(kept, "city-office", items=23, paid=True)
    version = publish(kept, "city-office", 2022)
    made = public.behind(version, "table2.art20_1.normative_docs.made_this_year")
    assert made.documents == (public.CountedDocument("关于某事的通知", "甲政办〔2022〕1号", D(2022, 4, 2)),)
    reviews = public.behind(version, "table4.review.total")
    assert [one.month for one in reviews.records] == ["2022年3月"]
    fees = public.behind(version, "table2.art20_8.admin_fees.fee_amount_wan")
    assert [(one.month, one.amount) for one in fees.records] == [("2022年6月", 1300)]
    assert str(fees.value.number) == "0.1300"
    assert verify.problems() == []


def test_a_consolidated_figure_leads_to_the_childrens_own_reports(kept: World) -> None:
    for code in ("county-a-office", "town-a1"):
        case(kept.organs[code], received=D(2022, 5, 5))
    published = publish(kept, "town-a1", 2022)
    signed = sign_off(kept, "county-a-office", 2022)
    version = sign_off(kept, "county-a", 2022)
    found = public.behind(version, "table3.new_received.total")
    assert [(one.label, one.source, one.value.number, one.version) for one in found.contributions] == [
        ("东县人民政府办公室", "frozen", 1, None),
        ("东县东一镇人民政府", "frozen", 1, published),
    ]
    assert [line["version"] for line in version.contributions] == [None, signed.pk, published.pk]
    assert verify.problems() == []


class TestExports:
    def test_json_holds_the_tables_and_their_metadata_and_no_findings(self, kept: World) -> None:
        case(kept.organs["city-office"], received=D(2022, 5, 5))
        version = publish(kept, "city-office", 2022)
        content = json.loads(json.dumps(exports.public_json(version), ensure_ascii=False))
        assert {key: content[key] for key in ("organ", "report_year", "format", "scope", "version")} == {
            "organ": "甲市人民政府办公室",
            "report_year": 2022,
            "format": "fmt2021",
            "scope": "own",
            "version": 1,
        }
        assert content["hash"] == version.hash
        assert content["published_at"].startswith("2023-01-19T")
        assert content["table3"]["new_received"]["total"] == 1
        assert content["table2"]["art20_8"]["admin_fees"]["fee_amount_wan"] == "0.0000"
        assert "findings" not in content
        assert Figures.from_seed_tables(content)["table3.new_received.total"].number == 1

    def test_csv_has_a_line_per_cell_and_leaves_the_unknown_empty(self, world: World) -> None:
        keep_all(world.organs["city-office"], but=("remedies",))
        version = sign_off(world, "city-office", 2022)
        lines = exports.public_csv(version).split("\r\n")
        assert lines[0].startswith("机关,年度,格式,范围,版本,单元格")
        assert len(lines) == len(version.cells) + 2
        unknown = next(line for line in lines if "table4.review.total" in line)
        assert unknown.endswith(",,件（项）,未知")
        money = next(line for line in lines if "fee_amount_wan" in line)
        assert money.endswith(",0.0000,万元,")
        assert exports.public_json(version)["not_known"]["table4.review.total"] == "unknown"


class TestVerify:
    def test_a_changed_figure_is_found_by_its_hash_and_by_its_evidence(self, kept: World) -> None:
        case(kept.organs["city-office"], received=D(2022, 5, 5))
        version = sign_off(kept, "city-office", 2022)
        assert verify.problems() == []
        own = dict(version.contributions[0])
        own["cells"] = {**own["cells"], "table3.new_received.natural_person": 2}
        ReportVersion.objects.filter(pk=version.pk).update(contributions=[own])
        found = "".join(verify.problems())
        assert "哈希不符" in found
        assert "记录清单不符" in found

    def test_lost_evidence_is_found(self, kept: World) -> None:
        case(kept.organs["city-office"], received=D(2022, 5, 5))
        sign_off(kept, "city-office", 2022)
        ReportEvidence.objects.all()._raw_delete("default")
        assert len(verify.problems()) == 2  # received, carried out

    def test_imported_reports_and_drafts_have_no_evidence_to_check(self, kept: World) -> None:
        actions.import_report(
            by=TEST, organ=kept.organs["city"], year=2021, tables=zero_tables(2021), source="网站"
        )
        submitted(kept, "city-office", 2022)
        assert verify.problems() == []
        assert reporter(kept, "city-office", "leader").role == "leader"
