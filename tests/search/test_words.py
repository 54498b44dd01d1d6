"""Folding, cutting, numbers and marking: pure text work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.search import numbers, words
from gongkai.search.snippets import WIDTH, marked, snippet, spans
from gongkai.search.words import question

TEXTS = st.text(
    st.sampled_from("洛阳市公租房办法（试行）〔2022〕5号，。 aBＣ１\n<&>\"'\U00020000㎡ﬀ①"), max_size=60
)


@given(st.text(max_size=200))
def test_folding_never_changes_the_length_and_folds_once(text: str) -> None:
    folded = words.fold(text)
    assert len(folded) == len(text)
    assert words.fold(folded) == folded


def test_width_case_and_compatibility_forms_are_folded() -> None:
    assert words.fold("ＡＢＣ（２０２２）①　Gdp") == "abc(2022)1 gdp"
    assert words.plain("《办法》（试行） 2022 年") == "办法试行2022年"


def test_terms_stand_one_place_after_another_and_parts_keep_apart() -> None:
    assert words.indexed("洛政〔2022〕5号") == "洛政 政 2022 5 号"
    assert words.indexed("甲乙", "丙") == "甲乙 乙 ¶ 丙"
    assert "¶" not in words.indexed("甲¶乙")


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("城中村改造 补偿", ["城中村", "改造", "补偿"]),
        ("张三的申请", ["张三", "申请"]),
        ("“规范性文件”", ["规范性文件"]),
        ("《政府信息公开条例》解读", ["政府信息公开条例", "解读"]),
        ("税", ["税"]),
        ("的", ["的"]),
        ("洛政〔2022〕5号", ["洛政20225号"]),
        ("GDP增长", ["gdp", "增长"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_a_question_is_cut_into_what_must_be_there(typed: str, units: list[str]) -> None:
    assert [unit.text for unit in question(typed).units] == units


def test_a_question_is_bounded() -> None:
    assert len(question("甲乙丙丁 " * 500).units) <= words.MOST_UNITS
    assert len(question("x" * 10_000).whole) <= words.LONGEST_QUESTION


SAME = [
    (
        "洛政〔2022〕5号",
        ["洛政[2022]5号", "洛政（2022）5号", "洛政(2022)第5号", "洛政【２０２２】005号", "洛政 2022 5"],
    ),
    ("甲市人民政府令第12号", ["甲市人民政府令 第12号", "甲市人民政府令12号"]),
    (
        "00574832-X/2022-00012",
        ["00574832X2022-12", "574832-x 2022 12", "００５７４８３２－Ｘ／２０２２－０００１２"],
    ),
]


@pytest.mark.parametrize(("number", "ways"), SAME)
def test_every_way_of_writing_a_number_has_one_key(number: str, ways: list[str]) -> None:
    assert {numbers.key(way) for way in ways} == {numbers.key(number)}


def test_other_numbers_have_other_keys_and_words_have_none() -> None:
    several = [
        "洛政〔2022〕5号",
        "洛政〔2022〕15号",
        "洛政〔202〕25号",
        "洛政办〔2022〕5号",
        "洛政〔2021〕5号",
    ]
    assert len({numbers.key(one) for one in several}) == len(several)
    assert numbers.key("规范性文件") == ""
    assert numbers.key("") == ""


@given(
    st.text(st.sampled_from("洛阳政办发教"), min_size=1, max_size=5),
    st.integers(1949, 2050),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "［］", "()", "（）", "【】", "  "]),
    st.sampled_from(["", " ", "　"]),
    st.sampled_from(["", "0", "00", "第"]),
    st.booleans(),
)
def test_brackets_blanks_width_and_zeros_make_no_difference(
    letters: str, year: int, serial: int, brackets: str, blank: str, lead: str, wide: bool
) -> None:
    written = f"{letters}{blank}{brackets[0]}{year}{brackets[1]}{blank}{lead}{serial}{blank}号"
    if wide:
        written = written.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    assert numbers.key(written) == numbers.key(f"{letters}〔{year}〕{serial}号") != ""


@given(TEXTS, TEXTS)
def test_pieces_put_together_are_the_text_and_marks_are_what_was_asked(text: str, typed: str) -> None:
    asked = question(typed)
    assert "".join(piece for piece, _ in marked(text, asked)) == text
    runs = {run for unit in (*asked.units, *asked.phrases) for run in unit.runs}
    for piece, hit in marked(text, asked):
        assert not hit or words.fold(piece) in runs


@given(TEXTS, TEXTS, st.integers(40, 80))
def test_a_snippet_is_a_stretch_of_the_text(text: str, typed: str, width: int) -> None:
    pieces = snippet(text, question(typed), width)
    shown = "".join(piece for piece, _ in pieces).replace("\n", " ")
    assert len(shown) <= width + 2
    assert shown.removeprefix("…").removesuffix("…") in text.replace("\n", " ")


def test_a_snippet_shows_where_most_of_the_words_stand() -> None:
    text = "补偿。" + "前言。" * 200 + "关于城中村改造的补偿标准。" + "附则。" * 200
    shown = snippet(text, question("城中村 补偿"))
    assert [piece for piece, hit in shown if hit] == ["城中村", "补偿"]
    assert shown[0] == shown[-1] == ("…", False)
    assert sum(len(piece) for piece, _ in shown) <= WIDTH + 2
    assert snippet("短文", question("别的")) == [("短文", False)]
    assert snippet("", question("别的")) == []


def test_letters_and_digits_are_marked_as_whole_words_only() -> None:
    assert spans("2022年12月22日", question("22")) == [(8, 10)]
    assert spans("GDP和gdps", question("gdp")) == [(0, 3)]


def test_marking_a_long_text_of_hits_is_quick_enough_to_show() -> None:
    text = "公开信息" * 50_000
    assert [piece for piece, hit in snippet(text, question("公开 信息")) if hit][:2] == ["公开", "信息"]
