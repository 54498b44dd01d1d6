"""How alike two texts are: 1 for the same, 0 for nothing in common, whichever comes first; and where they agree."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongkai.annualreport.library import likeness
from gongkai.annualreport.library.alike import Pair, among_organs, year_to_year
from gongkai.annualreport.library.lines import Line
from gongkai.forms.layout import form_for
from tests.annualreport.library import shelf

CHINESE = st.text(
    alphabet="政府信息公开年度报告主动申请答复工作情况的一二三，。、0123456789 \n", max_size=300
)
LEFT, RIGHT = (
    st.text(alphabet="甲乙丙丁戊", min_size=1, max_size=80),
    st.text(alphabet="子丑寅卯辰", min_size=1, max_size=80),
)


@given(CHINESE)
def test_identical_texts_are_wholly_alike(text: str) -> None:
    assume(likeness.plain(text))
    assert likeness.likeness(text, text) == 1.0


@given(LEFT, RIGHT)
def test_texts_without_a_character_in_common_are_not_alike_at_all(one: str, other: str) -> None:
    assert likeness.likeness(one, other) == 0.0


@given(CHINESE, CHINESE)
def test_the_order_does_not_matter_and_the_measure_stays_between_nought_and_one(one: str, other: str) -> None:
    share = likeness.likeness(one, other)
    assert share == likeness.likeness(other, one)
    assert 0.0 <= share <= 1.0


@given(CHINESE, st.integers(min_value=0, max_value=9999))
def test_numbers_punctuation_and_blanks_make_no_difference(text: str, number: int) -> None:
    assume(likeness.plain(text))
    changed = text.replace("，", " ；").replace("3", str(number)) + f" {number}。\n"
    assert likeness.likeness(text, changed) == 1.0


@given(CHINESE, CHINESE, st.floats(min_value=0.01, max_value=1.0))
def test_no_pair_is_passed_over_that_would_reach_the_threshold(one: str, other: str, least: float) -> None:
    left, right = likeness.runs(one), likeness.runs(other)
    if likeness.alike(left, right) >= least:
        assert likeness.can_reach(left, right, least)


@given(CHINESE, CHINESE)
def test_the_pieces_are_the_texts_and_passages_agree(one: str, other: str) -> None:
    left, right = likeness.side_by_side(one, other)
    assert "".join(piece.text for piece in left) == one
    assert "".join(piece.text for piece in right) == other
    passages = {piece.passage: piece.text for piece in left if piece.passage}
    assert passages.keys() == {piece.passage for piece in right if piece.passage}
    for piece in right:
        if piece.passage:
            same = likeness.plain(piece.text)
            assert same == likeness.plain(passages[piece.passage])
            assert len(same) >= likeness.SHORTEST_PASSAGE


def test_nothing_is_alike_to_nothing() -> None:
    assert likeness.likeness("", "") == 0.0
    assert likeness.likeness("123", "123") == 0.0


def test_a_copied_paragraph_is_found_among_others() -> None:
    copied = "坚持以公开为常态不公开为例外，全面推进决策执行管理服务结果公开"
    left, right = likeness.side_by_side(
        f"去年我们新建了专栏。{copied}，共12次。", f"{copied}，共345次。今年又开通了热线电话。"
    )
    assert [likeness.plain(piece.text) for piece in left if piece.passage] == [
        likeness.plain(copied + "共次")
    ]
    assert any("热线" in piece.text for piece in right if not piece.passage)


TEXT = "坚持以公开为常态不公开为例外，全面推进决策、执行、管理、服务、结果公开，及时回应社会关切，较好地满足了公众对政府信息的需求，各项工作平稳有序。"
OTHER = "着力完善依申请公开办理流程，建立会商机制，严格登记、审核、答复各个环节，全年没有发生因程序不当引起的行政复议和诉讼，群众满意度逐步提高。"


def line(key: str, year: int, **sections: str) -> Line:
    return Line(key, key, year, "read", 1, 1, 1, "", form_for(year), {}, sections)


def test_each_report_is_compared_with_its_own_year_before() -> None:
    reports = [
        line("organ-1", 2021, s1=TEXT, s5=OTHER),
        line("organ-1", 2022, s1=TEXT, s5=TEXT),
        line("organ-2", 2022, s1=TEXT),
        line("organ-3", 2021, s1="无"),
        line("organ-3", 2022, s1="无"),
    ]
    found = year_to_year(reports, 2022, 0.5)
    assert [(pair.section, pair.one.key, pair.one.year, pair.other.year, pair.percent) for pair in found] == [
        ("s1", "organ-1", 2022, 2021, 100)
    ]


def test_organs_of_one_year_are_compared_each_with_each_but_not_with_itself() -> None:
    reports = [
        line("organ-1", 2022, s1=TEXT),
        line("organ-2", 2022, s1=TEXT),
        line("organ-3", 2022, s1=OTHER),
    ]
    found = among_organs([*reports, reports[0]], "s1", 0.5)
    assert {(pair.one.key, pair.other.key) for pair in found} == {
        ("organ-1", "organ-2"),
        ("organ-2", "organ-1"),
    }


def test_percent_is_rounded_down_so_that_a_hundred_means_the_same() -> None:
    one = line("organ-1", 2022)
    assert Pair("s1", one, one, 0.999).percent == 99


@pytest.mark.parametrize("path", [shelf.LY19, shelf.PDS19])
def test_real_texts_of_two_cities_are_not_taken_for_copies(path) -> None:
    from gongkai.annualreport.library.parsing import parse

    mine = parse(path.read_bytes(), "x").sections["s1"]
    theirs = parse(shelf.MJ20.read_bytes(), "x").sections["s1"]
    assert likeness.likeness(mine, theirs) < 0.2
    assert likeness.likeness(mine, mine) == 1.0
