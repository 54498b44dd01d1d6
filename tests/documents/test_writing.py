"""The formatted body: what is kept of a paste, two people at one draft, and editions side by side."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gongkai.documents import actions, richtext, writing
from gongkai.documents.models import Edition
from gongkai.organs.refusals import Refused
from tests.documents.support import document
from tests.support.world import TEST, World

WORD = """<html xmlns:o="urn:x"><head><style>p.MsoNormal{mso-style:1}</style><title>草稿</title></head><body>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings>rubbish</o:OfficeDocumentSettings></xml><![endif]-->
<p class=MsoNormal align=center style='mso-margin-top-alt:auto;text-align:center'><b><span
style='font-family:"FangSong";mso-bidi-font-size:22pt'>关于供水的通知<o:p></o:p></span></b></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><h1>一、总体要求</h1><p style="text-align:right">2022年12月1日</p>
<table border=1 style="width:9pt"><tr><td colspan=2 width=3>甲</td></tr><tr><td onclick="x()">乙</td><td>丙</td></tr></table>
<script>alert(1)</script><a href="javascript:x()">此处</a><img src="data:image/png;base64,AAAA"><iframe src="//e.cn">x</iframe></body></html>"""


def test_of_a_word_paste_the_document_is_kept_and_the_rubbish_goes() -> None:
    kept = richtext.clean(WORD)
    assert '<p class="t-center"><strong>关于供水的通知</strong></p>' in kept.html
    assert '<p class="t-right">2022年12月1日</p>' in kept.html
    assert "<h2>一、总体要求</h2>" in kept.html
    assert '<td colspan="2">甲</td>' in kept.html
    for rubbish in (
        "mso",
        "o:p",
        "style",
        "font",
        "script",
        "alert",
        "onclick",
        "javascript",
        "img",
        "iframe",
        "<!--",
        "草稿",
    ):
        assert rubbish not in kept.html, rubbish
    assert kept.text.splitlines() == [
        "关于供水的通知",
        "一、总体要求",
        "2022年12月1日",
        "甲",
        "乙\t丙",
        "此处",
    ]
    assert "1张图片" in kept.told[0]


@given(st.text(alphabet="<>/=\"' pbimgsvgscriptonclickstyle:text-align;center&#x3c;!-乙\n", max_size=120))
def test_whatever_is_pasted_cleaning_again_changes_nothing_and_nothing_runs(source: str) -> None:
    once = richtext.clean(source).html
    assert richtext.clean(once).html == once
    for forbidden in ("<script", "<img", "<svg", ' onclick="', ' style="'):
        assert forbidden not in once.lower() or "&lt;" in once or forbidden.startswith(" ")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>" + "x" * richtext.LARGEST_PASTE, "太大"),
        ("<table>" + "<tr><td>1</td></tr>" * 10_000 + "</table>", "10000行"),
        ("<p>" + "字" * (richtext.LARGEST + 1) + "</p>", "请分成正文和附件"),
    ],
)
def test_too_much_is_refused_with_what_to_do(source: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        richtext.clean(source)


def test_plain_text_becomes_paragraphs() -> None:
    kept = richtext.from_text("# 总则\r\n第一条 <本法>\n- 甲\n- 乙\n\n附则")
    assert kept == "<h2>总则</h2>\n<p>第一条 &lt;本法&gt;</p>\n<ul><li>甲</li><li>乙</li></ul>\n<p>附则</p>"
    assert richtext.plain(kept).splitlines() == ["总则", "第一条 <本法>", "甲", "乙", "附则"]


def test_of_two_people_at_one_draft_the_second_is_told_and_loses_nothing(world: World) -> None:
    edition = document(world, body="原文").editions.get()
    seen = writing.seal_of(edition)
    actions.write(edition, by=TEST, title="甲写的", html="<p>甲的正文</p>", seen=seen)
    with pytest.raises(writing.Overtaken, match="另一位同事") as overtaken:
        actions.write(edition, by=TEST, title="乙写的", text="乙的正文", seen=seen)
    assert (overtaken.value.theirs.title, overtaken.value.theirs.body) == ("甲写的", "甲的正文")
    actions.write(
        edition, by=TEST, title="乙写的", text="乙的正文", seen=writing.seal_of(overtaken.value.theirs)
    )
    kept = Edition.objects.select_related("document").get()
    assert (kept.rich, kept.document.title) == ("<p>乙的正文</p>", "乙写的")


def test_a_formatted_body_is_not_flattened_by_the_short_form(world: World) -> None:
    edition = document(world).editions.get()
    edition, told = actions.write(
        edition, by=TEST, title="题", html="<p>甲</p><table><tr><td>1</td></tr></table>"
    )
    assert told == ()
    actions.edit_edition(edition, by=TEST, title="新题", body="甲\r\n1")
    with pytest.raises(ValidationError, match="编辑正文"):
        actions.edit_edition(edition, by=TEST, body="改了")
    actions.close_edition(edition, by=TEST)
    with pytest.raises(Refused, match="已定稿"):
        actions.write(edition, by=TEST, title="题", text="x")
    later = actions.open_edition(edition.document, by=TEST)
    assert later.rich == Edition.objects.get(pk=edition.pk).rich != ""


def test_two_editions_stand_side_by_side(world: World) -> None:
    kept = document(world, title="办法", body="第一条 甲\n第二条 乙\n第三条 丙")
    first = kept.editions.get()
    actions.close_edition(first, by=TEST)
    second = actions.open_edition(kept, by=TEST, body="第一条 甲\n第二条 改\n第三条 丙\n第四条 丁")
    found = writing.compare(writing.plain(first), writing.plain(second))
    pairs = [(pair.kind, pair.left, pair.right) for pair in found]
    assert pairs == [
        ("same", "办法", "办法"),
        ("same", "第一条 甲", "第一条 甲"),
        ("changed", "第二条 乙", "第二条 改"),
        ("same", "第三条 丙", "第三条 丙"),
        ("added", "", "第四条 丁"),
    ]
