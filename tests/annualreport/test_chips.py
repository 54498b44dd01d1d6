"""The tokens that stand for figures: every chip reads back as it was written, nothing else passes for one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annualreport import chips
from gongkai.annualreport.chips import BadChip, Chip, Item, Show
from gongkai.forms.values import Number

NAME = st.from_regex(r"[a-z][a-z0-9_]{0,12}(\.[a-z0-9_]{1,12}){0,3}", fullmatch=True)
DIMS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_\-]{1,8}", fullmatch=True),
    max_size=3,
)


@st.composite
def items(draw: st.DrawFn, first: bool) -> Item:
    measure = draw(st.booleans())
    dims = tuple(sorted(draw(DIMS).items())) if measure else ()
    return Item(draw(NAME), measure, dims, 1 if first else draw(st.sampled_from((1, -1))))


@st.composite
def sums(draw: st.DrawFn) -> tuple[Item, ...]:
    rest = draw(st.lists(items(first=False), max_size=4))
    return (draw(items(first=True)), *rest)


@st.composite
def any_chip(draw: st.DrawFn) -> Chip:
    show = draw(st.sampled_from(Show))
    count = {Show.YEAR: 0, Show.LAST_YEAR: 0, Show.RATE: 2}.get(show, 1)
    made = Chip(show, tuple(draw(sums()) for _ in range(count)))
    bare = show is Show.FIGURE and made.items[0].figure in ("year", "last_year")
    return Chip(Show.YEAR) if bare or len(made.token) > chips.LONGEST else made


PLAIN = st.text(alphabet=st.characters(blacklist_characters="{}"), min_size=1, max_size=30)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str | Chip, ...]:
    """Words and chips in turn, as they are written."""
    parts: list[str | Chip] = []
    for part in draw(st.lists(st.one_of(PLAIN, any_chip()), max_size=8)):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


@given(texts())
def test_what_is_written_reads_back_the_same(parts: tuple[str | Chip, ...]) -> None:
    assert chips.parse(chips.unparse(parts)) == parts


def read(text: str) -> tuple[tuple[str | Chip, ...], BadChip | None]:
    try:
        return chips.parse(text), None
    except BadChip as bad:
        return (), bad


@given(st.text(max_size=200) | st.text(alphabet="{}:/+-=(), .abrt0123measuregrowthlast_", max_size=80))
def test_any_text_is_read_or_refused_politely(text: str) -> None:
    parts, bad = read(text)
    if bad is not None:
        assert bad.token.startswith("{{")
        assert bad.token in str(bad)
        return
    assert chips.parse(chips.unparse(parts)) == parts
    if "{{" not in text:
        assert "".join(part for part in parts if isinstance(part, str)) == text


@given(texts(), st.one_of(st.none(), st.integers(0, 10_000)))
def test_a_figure_is_printed_or_unknown_and_never_zero_for_nothing(
    parts: tuple[str | Chip, ...], number: int | None
) -> None:
    for chip in (part for part in parts if isinstance(part, Chip)):
        printed = chips.show(chip, 2022, lambda item, last: number)
        assert (printed.text == chips.UNKNOWN) == bool(printed.lacks)
        if number is None and chip.sums:
            assert printed.text == chips.UNKNOWN


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_rate_is_never_100_or_0_unless_it_is(part: int, whole: int) -> None:
    text = chips.percent(part, whole)
    if text in ("0", "100"):
        exact = Decimal(100) * part / whole
        assert exact == Decimal(text) or abs(exact - Decimal(text)) < Decimal("0.000001")
    assert abs(Decimal(text) - Decimal(100) * part / whole) <= Decimal("0.005")


def figures(**known: Number) -> chips.Lookup:
    return lambda item, last: known.get(("last_" if last else "") + item.name.replace(".", "_"))


@pytest.mark.parametrize(
    ("token", "printed"),
    [
        ("{{year}}", "2022"),
        ("{{last_year}}", "2021"),
        ("{{ a.b }}", "702"),
        ("{{a.b + c.d}}", "713"),
        ("{{a.b-c.d}}", "691"),
        ("{{last:a.b}}", "600"),
        ("{{growth:a.b}}", "增长17%"),
        ("{{growth:c.d}}", "下降50%"),
        ("{{growth:e.f}}", "持平"),
        ("{{rate:c.d/a.b}}", "1.57%"),
        ("{{rate:a.b/a.b}}", "100%"),
        ("{{money.wan}}", "0.1300"),
        ("{{measure:money.yuan}}", "1300"),
        ("{{measure:money.cents(kind=x, row=y)}}", "12.50"),
    ],
)
def test_how_each_kind_is_printed(token: str, printed: str) -> None:
    known = figures(
        a_b=702, c_d=11, last_a_b=600, last_c_d=22, e_f=5, last_e_f=5, money_wan=Decimal("0.13"),
        money_yuan=Decimal("1300.00"), money_cents=Decimal("12.5"),
    )  # fmt: skip
    (chip,) = chips.parse(token)
    assert isinstance(chip, Chip)
    assert chips.show(chip, 2022, known) == chips.Printed(printed)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("{{nobody.knows}}", "还不知道"),
        ("{{last:c.d}}", "没有上年的数"),
        ("{{growth:c.d}}", "没有上年的数"),
        ("{{growth:g.h}}", "上年是0"),
        ("{{rate:a.b/z.z}}", "分母是0"),
    ],
)
def test_why_there_is_no_number(token: str, why: str) -> None:
    (chip,) = chips.parse(token)
    assert isinstance(chip, Chip)
    printed = chips.show(chip, 2022, figures(a_b=1, c_d=1, g_h=3, last_g_h=0, z_z=0))
    assert printed.text == "未知"
    assert why in printed.lacks


@pytest.mark.parametrize(
    "text",
    [
        "{{",
        "{{}}",
        "{{table3.granted.total",
        "{{新收}}",
        "{{a.b/c.d}}",
        "{{rate:a.b}}",
        "{{rate:a.b/c.d/e.f}}",
        "{{a.b(kind=x)}}",
        "{{measure:a.b(kind=x,kind=y)}}",
        "{{a.b+}}",
        "{{sum:a.b}}",
        "{{" + "+".join(["a.b"] * 40) + "}}",
        "{{" + "a" * 700 + "}}",
    ],
)
def test_what_is_no_chip_is_refused(text: str) -> None:
    with pytest.raises(BadChip):
        chips.parse(text)


def test_only_a_figure_of_one_cell_of_this_year_leads_to_its_records() -> None:
    leads = {"{{a.b}}": "a.b", "{{growth:a.b}}": "a.b", "{{rate:a.b/c.d}}": "a.b"}
    for token in (*leads, "{{last:a.b}}", "{{a.b+c.d}}", "{{measure:a.b}}", "{{year}}"):
        (chip,) = chips.parse(token)
        assert isinstance(chip, Chip)
        assert chip.cell == leads.get(token, ""), token
