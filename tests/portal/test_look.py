"""The shared look: no inline script or style anywhere, tags, reading modes, headers."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client

import gongkai
from gongkai.forms.figures import Figures
from gongkai.forms.grid import grid
from gongkai.forms.layout import form_for
from gongkai.forms.values import State, Value, known, unknown
from gongkai.portal.templatetags import house

ROOT = Path(gongkai.__file__).parent
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))


def _render(text: str, **context: object) -> str:
    return Template("{% load house %}" + text).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_inline_script_or_style(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle\s*=|javascript:|\son[a-z]+\s*=\s*[\"']", text, re.IGNORECASE)
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.DOTALL):
        assert script.strip() == ""
    assert not re.search(r"(src|href)\s*=\s*[\"']https?://", text)


def test_the_stylesheet_is_whole_and_asks_nobody_else() -> None:
    css = (ROOT / "portal/static/gongkai/gongkai.css").read_text("utf-8")
    assert css.count("{") == css.count("}")
    assert "url(" not in css
    assert "@import" not in css
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", css))
    declared = set(re.findall(r"^\s*(--[a-z0-9-]+):", css, re.MULTILINE))
    assert used <= declared


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _palettes() -> list[dict[str, str]]:
    css = (ROOT / "portal/static/gongkai/gongkai.css").read_text("utf-8")
    blocks = re.findall(r"\{([^{}]*--ink:[^{}]*)\}", css)
    return [dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark", "contrast"])
def test_every_colour_pair_keeps_its_contrast(palette: dict[str, str]) -> None:
    inks = ("--ink", "--ink-2", "--brand", "--brand-deep", "--seal", "--good", "--warn", "--unknown")
    grounds = ("--page", "--surface", "--brand-wash", "--seal-wash", "--good-wash", "--warn-wash")
    pairs = [(ink, ground) for ink in inks for ground in grounds] + [("--on-brand", "--brand")]
    pairs += [(ink, "--found") for ink in ("--ink", "--ink-2", "--brand", "--brand-deep")]
    for ink, ground in pairs:
        light, dark = sorted((_luminance(palette[ink]), _luminance(palette[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_dates_and_money_are_written_as_an_office_writes_them() -> None:
    day = dt.date(2022, 12, 30)
    assert house.cndate(day) == "2022年12月30日"
    assert house.tabledate(day) == "2022-12-30"
    assert house.cndate(dt.datetime(2022, 12, 30, 17, 0, tzinfo=dt.UTC)) == "2022年12月31日"
    assert house.cntime(dt.datetime(2022, 12, 30, 1, 5, tzinfo=dt.UTC)) == "2022年12月30日 09:05"
    assert house.cndate(None) == ""
    assert house.yuan(1300) == "1,300元"
    assert house.yuan(Decimal("0.5")) == "0.5元"
    assert house.masked("欧阳测试") == "欧**"
    assert house.masked("王五") == "王*"
    assert house.filesize(3 * 1024 * 1024) == "3.0 MB"


def test_a_state_is_a_word_with_a_shape() -> None:
    assert (
        _render("{% state 'over' '已超期' %}")
        == '<span class="state state--over"><span class="state__shape" aria-hidden="true">▲</span>已超期</span>'
    )


def test_a_statutory_table_hatches_what_is_unknown_and_links_what_is_known() -> None:
    form = form_for(2022)
    figures = Figures(
        form,
        {
            "table3.new_received.natural_person": known(89),
            "table3.new_received.total": unknown(89, ["某局"]),
            "table3.granted.total": Value(State.UNREAD),
        },
    )
    html = _render(
        "{% statutory_table form lines figures '收到和处理情况' links %}",
        form=form,
        lines=grid(form, "table3"),
        figures=figures,
        links={cell: f"/cells/{cell}/" for cell in figures.numbers},
    )
    assert '<a class="fig" href="/cells/table3.new_received.natural_person/"' in html
    assert "一、本年新收政府信息公开申请数量·自然人：89，查看所统计的记录" in html
    assert '<td class="unknown"><span class="fig">至少 89</span></td>' in html
    assert '<td class="unknown"><span class="fig">未读出</span></td>' in html
    assert html.count("<tr>") == len(grid(form, "table3"))
    assert 'rowspan="8"' in html


def test_answers_carry_a_strict_policy_and_no_foreign_address(client: Client, world: object) -> None:
    response = client.get("/o/city-office/guide/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http://" not in response.content.decode()
    assert response["X-Frame-Options"] == "DENY"


def test_the_elderly_version_is_a_cookie_and_leads_back(client: Client, db: None) -> None:
    response = client.get("/reading/elder/on/", {"next": "/o/"})
    assert (response.status_code, response["Location"]) == (302, "/o/")
    assert 'class="portal elder"' in client.get("/o/").content.decode()
    client.get("/reading/contrast/on/")
    assert 'class="portal elder contrast"' in client.get("/").content.decode()
    client.get("/reading/elder/off/")
    assert 'class="portal contrast"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_the_switch_never_leads_elsewhere(client: Client, db: None, target: str) -> None:
    assert client.get("/reading/elder/on/", {"next": target})["Location"] == "/"


def test_an_unknown_reading_mode_is_not_found(client: Client, db: None) -> None:
    assert client.get("/reading/huge/on/").status_code == 404
    assert client.get("/reading/elder/maybe/").status_code == 404
    client.cookies["reading"] = 'elder"><script>'
    assert "<script>" not in client.get("/").content.decode().replace('<script src="', "")
