"""The office drafts, is blocked by two findings, mends one and explains the other, the leader signs — in a real browser.

Made to be carried on: :func:`to_signature` leaves a signed version, from which printing and publishing go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client

from gongkai.annualreport.models import ReportVersion
from tests.annualreport.flow import wrote
from tests.support.world import TEST, World

WRONG = "2022年共收到政府信息公开申请59件，全部按时答复。"
ODD = "二是把政府信息公开纳入年度考核。"
REASON = "按上级统一的提纲分点，第一点写在“平台建设”。"


def cookie(address: str, world: World, username: str) -> dict[str, str]:
    client = Client()
    client.force_login(world.people[username])
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


def to_signature(
    address: str, world: World, code: str, year: int, open_page: Callable[..., Any]
) -> ReportVersion:
    """From "开始编制" to "签发" for the organ `code`, which has applications of the year; the signed version."""
    office, leader = open_page(), open_page()
    office.context.add_cookies([cookie(address, world, f"{code}-office")])
    leader.context.add_cookies([cookie(address, world, f"{code}-leader")])
    name = world.organs[code].name
    office.goto(f"{address}/desk/reports/?year={year}")
    office.get_by_role("button", name=f"开始编制{name}的报告").click()
    office.get_by_text("还有7处没有写").wait_for()
    version = ReportVersion.objects.get(report__organ=world.organs[code], report__year=year)
    wrote(version, TEST, on_request="", supervision="")
    here = f"{address}/desk/reports/{version.report_id}/v{version.number}/"

    _drafts_with_chips(office, here)
    _is_blocked_by_two(office, here)
    _mends_one(office, here)
    _explains_the_other(office, here)
    office.get_by_role("button", name="送审", exact=True).click()
    office.get_by_text("已送领导审签").wait_for()

    leader.goto(here)
    leader.get_by_text("可以签发了").wait_for()
    leader.get_by_role("button", name="签发", exact=True).click()
    leader.get_by_text("已签发。数和文字从此固定").wait_for()
    return ReportVersion.objects.get(pk=version.pk)


def _drafts_with_chips(office: Any, here: str) -> None:
    """A click puts the chip at the caret; the number comes with saving."""
    office.goto(here)
    office.get_by_role("link", name=re.compile("修改文字.*主动公开")).click()
    text = office.locator("textarea[name=text]")
    text.fill("年新收申请件，已处理。")
    text.evaluate("box => box.setSelectionRange(0, 0)")
    office.get_by_role("button", name=re.compile("插入.*报告年度")).click()
    at = text.input_value().index("件")
    text.evaluate(f"box => box.setSelectionRange({at}, {at})")
    office.get_by_role("button", name=re.compile("插入.*本年新收")).click()
    assert text.input_value() == "{{year}}年新收申请{{table3.new_received.total}}件，已处理。"
    office.get_by_role("button", name="保存并看效果").click()
    office.locator(".preview").get_by_role("link").wait_for()
    for box, words in (("s1.on_request", WRONG), ("s1.supervision", ODD)):
        office.goto(f"{here}write/{box}/")
        office.locator("textarea[name=text]").fill(words)
        office.get_by_role("button", name="保存并看效果").click()
        office.locator("mark").first.wait_for()


def _is_blocked_by_two(office: Any, here: str) -> None:
    office.goto(here)
    office.get_by_text("1处文字有误，须改正").wait_for()
    office.get_by_text("1条提示须说明理由").wait_for()
    office.get_by_role("button", name="送审", exact=True).click()
    refusal = office.get_by_role("alert").inner_text()
    assert "暂不能送审" in refusal
    assert "59件" in refusal
    assert "没有“一是”" in refusal


def _mends_one(office: Any, here: str) -> None:
    office.goto(f"{here}write/s1.on_request/")
    office.get_by_role("button", name=re.compile("把 59 换成联动数")).click()
    office.get_by_text("已换成联动数").wait_for()
    assert "{{table3.new_received.total}}" in office.locator("textarea[name=text]").input_value()


def _explains_the_other(office: Any, here: str) -> None:
    office.goto(here)
    finding = office.locator("#findings li", has_text="没有“一是”")
    finding.get_by_text("说明理由").click()
    finding.locator("textarea").fill(REASON)
    finding.get_by_role("button", name="记下理由").click()
    office.get_by_text(REASON).first.wait_for()
    office.get_by_text("提示都已说明").wait_for()
