"""Whose reports one sees and works on; everything else does not exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gongkai.annualreport.models import Report, ReportVersion
from tests.annualreport.flow import draft
from tests.desk.reports.conftest import Desk
from tests.support.world import World

CELL = "table3.granted.natural_person"


@pytest.fixture
def version(kept: World) -> ReportVersion:
    return draft(kept, "city-office", 2022)


def addresses(version: ReportVersion) -> list[str]:
    report = f"/desk/reports/{version.report_id}/"
    return [report, f"{report}v1/", f"{report}v1/cells/{CELL}/"]


@pytest.mark.parametrize(
    "username", ["city-edu-handler", "city-edu-office", "city-edu-leader", "county-a-office", "city-operator"]
)
def test_other_organs_people_find_nothing(
    version: ReportVersion, at_desk: Callable[..., Desk], username: str
) -> None:
    stranger = at_desk(username)
    for address in addresses(version):
        stranger.get(address, expect=404)
    for verb in ("edit", "submit", "sign", "publish", "recompile"):
        stranger.post(f"/desk/reports/{version.report_id}/v1/do/{verb}/", expect=404, seen="0")
    stranger.post("/desk/reports/open/", expect=404, organ="city-office", year="2021")
    assert "甲市人民政府办公室2022年" not in stranger.get("/desk/reports/?year=2022")
    assert ReportVersion.objects.get().state == "draft"


def test_the_operator_has_no_door_to_reports_or_figures(at_desk: Callable[..., Desk]) -> None:
    operator = at_desk("city-operator")
    page = operator.get("/desk/settings/")
    assert 'href="/desk/reports/"' not in page
    assert 'href="/desk/figures/"' not in page


def test_a_handler_reads_the_own_organs_report_and_changes_nothing(
    version: ReportVersion, at_desk: Callable[..., Desk]
) -> None:
    handler = at_desk("city-office-handler")
    for address in addresses(version):
        page = handler.get(address)
        assert "/do/" not in page
    handler.post(f"/desk/reports/{version.report_id}/v1/do/submit/", expect=409, seen="0")
    assert "没有办成" in handler.page
    handler.post("/desk/reports/open/", expect=403, organ="city-office", year="2021")
    assert Report.objects.count() == 1


def test_the_government_above_reads_and_does_not_work_on_it(
    version: ReportVersion, at_desk: Callable[..., Desk]
) -> None:
    above = at_desk("city-office")
    page = above.get(f"/desk/reports/{version.report_id}/")
    assert "/do/" not in page
    above.post(f"/desk/reports/{version.report_id}/v1/do/submit/", expect=409, seen="0")
    assert ReportVersion.objects.get().state == "draft"


def test_the_list_counts_and_narrows(version: ReportVersion, at_desk: Callable[..., Desk]) -> None:
    above = at_desk("city-office")
    page = above.get("/desk/reports/?year=2022")
    assert page.count('<th scope="row"') == 8  # every organ of the small city, the ended one too
    assert "编制中</span> <strong>1</strong>" in page
    assert "未开始</span> <strong>7</strong>" in page
    narrowed = above.get("/desk/reports/?year=2022&where=open")
    assert narrowed.count('<th scope="row"') == 1
    assert "没有符合条件的报告" in above.get("/desk/reports/?year=2022&where=done")


@pytest.mark.parametrize("address", ["/desk/reports/99/", "/desk/reports/1/v9/"])
def test_what_is_not_there_is_not_found(kept: World, at_desk: Callable[..., Desk], address: str) -> None:
    at_desk("city-office-office").get(address, expect=404)


def test_a_cell_or_verb_the_form_has_not_is_not_found(
    version: ReportVersion, at_desk: Callable[..., Desk]
) -> None:
    office, here = at_desk("city-office-office"), f"/desk/reports/{version.report_id}/v1/"
    office.get(f"{here}cells/table3.nonsense.total/", expect=404)
    office.get(f"{here}cells/{CELL}/?part=99", expect=404)
    office.post(f"{here}do/abolish/", expect=404)
    office.get(f"{here}do/submit/", expect=405)
    office.post("/desk/reports/open/", expect=404, organ="city-office", year="neunzehn")
    office.post("/desk/reports/open/", expect=404, organ="city-office", year="2022", scope="whole")
