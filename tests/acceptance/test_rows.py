"""Rows of the seed checklist, each by its own evidence: the published figure, computed from the demo's records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from gongkai.annualreport.compile import compile
from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.demo import seeds
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.figures.growth import BELOW, OWN_TIER, WHOLE, rate, year_growth
from gongkai.figures.values import evaluate
from gongkai.organs.models import Organ, Post
from gongkai.requests.models import Case, FeeNotice

Y2019, Y2022 = Period.year(2019), Period.year(2022)


def total(key: str, path: str, year: int, **dims: str) -> Any:
    """The number of a measure at the organ at `path` and below."""
    return evaluate([key], path, Period.year(year)).total(key, path, **dims).number


@pytest.mark.seed("S001")
def test_both_trees_stand_with_tiers_kinds_and_dates(organ: Any) -> None:
    alive_in_2019 = Organ.objects.filter(valid_from__lte=Y2019.end)
    in_2019 = [o for o in alive_in_2019 if o.valid_to is None or o.valid_to >= Y2019.end]

    def below(code: str, **wanted: str) -> int:
        parent = organ(code)
        return sum(
            o.parent_id == parent.pk and all(getattr(o, name) == value for name, value in wanted.items())
            for o in in_2019
        )

    assert below(LUOYANG, tier="county") == 17
    assert below(PINGDINGSHAN, tier="county") == 12
    assert below(PINGDINGSHAN, kind="department") == 51
    assert below(MENGJIN, tier="township") == 10
    assert below(XIGONG, tier="township") == 9
    villages = [o for o in in_2019 if o.tier == "village"]
    assert len(villages) == 64
    assert all(o.path.startswith(organ(XIGONG).path) for o in villages)


@pytest.mark.seed("S003")
def test_internal_units_hold_workflow_roles(organ: Any) -> None:
    held = Post.objects.filter(organ__parent=organ(LY_OFFICE), organ__kind=Organ.Kind.UNIT)
    assert {(post.organ.name, post.role) for post in held} >= {
        ("政务公开科", "office"),
        ("机要文电科", "secrecy"),
    }


@pytest.mark.seed("S050")
@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        (LUOYANG, 2019, (12, 12, 143)),
        (PINGDINGSHAN, 2019, (2, 2, 2)),
        (MENGJIN, 2020, (0, 0, 0)),
        (XIGONG, 2020, (0, 0, 0)),
    ],
)
def test_rules(organ: Any, code: str, year: int, expected: tuple[int, ...]) -> None:
    assert documents(organ(code).path, year, "rules") == expected


@pytest.mark.seed("S051", "F14")
@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        (LUOYANG, 2019, (191, 191, 1003)),
        (MENGJIN, 2020, (14, 14, 78)),
        (XIGONG, 2020, (1, 1, 1)),
        (PINGDINGSHAN, 2019, (86, 90, 169)),
    ],
)
def test_normative_documents(organ: Any, code: str, year: int, expected: tuple[int, ...]) -> None:
    assert documents(organ(code).path, year, "normative_docs") == expected


def documents(path: str, year: int, kind: str) -> tuple[Any, ...]:
    keys = ("documents.made", "documents.newly_disclosed", "documents.total_disclosed")
    return tuple(total(key, path, year, kind=kind) for key in keys)


@pytest.mark.seed("S052")
def test_documents_made_repealed_and_in_force(organ: Any) -> None:
    keys = ("documents.made", "documents.repealed", "documents.in_force")
    path = organ(LY_OFFICE).path
    assert tuple(total(key, path, 2022, kind="normative_docs") for key in keys) == (28, 118, 120)
    repealed = measures.get("documents.repealed").rows(Y2022, path, kind="normative_docs")
    assert repealed.count() == 118


@pytest.mark.seed("S113")
def test_applications_by_level_with_growth_against_an_opening_figure(organ: Any) -> None:
    path = organ(LUOYANG).path
    for level, number, percent in ((WHOLE, 915, "-35.2"), (OWN_TIER, 257, "-44.5"), (BELOW, 658, "-30.6")):
        grown = year_growth("requests.received", path, 2019, level=level)
        assert grown.this.number == number
        assert grown.percent == Decimal(percent)
        assert grown.baseline


@pytest.mark.seed("S117", "F6")
def test_the_cohort_of_pingdingshan(organ: Any) -> None:
    path = organ(PINGDINGSHAN).path
    received, done = (total(f"requests.{key}", path, 2019) for key in ("received", "cohort_closed"))
    closed, carried_in, carried_out = (
        total(f"requests.{key}", path, 2019) for key in ("closed", "carried_in", "carried_out")
    )
    assert (received, done) == (702, 701)
    assert received + carried_in == closed + carried_out == 713
    grid = evaluate(["requests.received", "requests.cohort_closed"], path, Y2019)
    share = rate(grid.total("requests.cohort_closed", path), grid.total("requests.received", path))
    assert share == Decimal("99.86")


@pytest.mark.seed("S117", "F7")
def test_the_cohort_of_the_office(organ: Any) -> None:
    path = organ(LY_OFFICE).path
    found = {
        key: total(f"requests.{key}", path, 2022)
        for key in ("received", "cohort_closed", "closed", "carried_in", "carried_out")
    }
    assert found == {"received": 95, "cohort_closed": 85, "closed": 92, "carried_in": 8, "carried_out": 11}
    still_open = measures.get("requests.carried_out").rows(Y2022, path)
    assert still_open.filter(first_received_on__year=2021).count() == 1
    assert still_open.filter(first_received_on__year=2022).count() == 10


@pytest.mark.seed("S118")
def test_letters_forwarded_are_not_received(organ: Any) -> None:
    path = organ(LY_OFFICE).path
    assert total("requests.forwarded", path, 2022) == 133
    forwarded = measures.get("requests.forwarded").rows(Y2022, path)
    assert not forwarded.exclude(number=None).exists()


@pytest.mark.seed("S119", "S121", "F8", "F9")
def test_ten_notices_one_payer_23_items_1300_yuan(organ: Any) -> None:
    office = organ(LY_OFFICE)
    keys = ("fee_notices", "fee_payers", "split_items", "fee_collected_yuan")
    assert [total(f"requests.{key}", office.path, 2022) for key in keys] == [10, 1, 23, 1300]
    paid = FeeNotice.objects.get(path=office.path, paid_on__year=2022)
    assert sorted(paid.lines.values_list("position", flat=True)) == list(range(11, 24))
    assert set(paid.lines.values_list("amount_yuan", flat=True)) == {100}
    unpaid = total("requests.closed", office.path, 2022, outcome="other_fee_unpaid")
    assert unpaid == 11
    assert FeeNotice.objects.filter(path=office.path, lapsed_on__year=2022).count() == 9
    report = compile(office, 2022)
    assert report.figures.number("table2.art20_8.admin_fees.fee_amount_wan") == Decimal("0.1300")


@pytest.mark.seed("S121")
def test_the_23_items_come_from_one_application(organ: Any) -> None:
    parts = Case.objects.filter(path=organ(LY_OFFICE).path, split_of__isnull=False)
    assert parts.count() == 23
    assert parts.values("submission").distinct().count() == 1
    trunk = parts[0].split_of
    assert trunk is not None
    assert (trunk.state, trunk.counted) == ("split", False)


@pytest.mark.seed("S266")
def test_the_city_is_the_sum_of_its_parts(organ: Any) -> None:
    report = compile(organ(LUOYANG), 2019)
    cell = "table3.new_received.total"
    parts = {line.label: line.figures.number(cell) for line in report.lines}
    assert sum(number or 0 for number in parts.values()) == report.figures.number(cell) == 915
    assert (
        len(
            [
                line
                for line in report.children
                if line.label.endswith(("区人民政府", "县人民政府", "偃师市人民政府"))
            ]
        )
        == 15
    )


@pytest.mark.seed("S130", "S131", "S132")
@pytest.mark.parametrize("key", seeds.ALL)
def test_reviews_and_lawsuits(organ: Any, key: str) -> None:
    source = seeds.seed(key)
    codes = {
        seeds.LY19: LUOYANG,
        seeds.MJ20: MENGJIN,
        seeds.XG20: XIGONG,
        seeds.PDS19: PINGDINGSHAN,
        seeds.LYO22: LY_OFFICE,
    }
    path = organ(codes[key]).path
    for group, columns in source.table4.items():
        for column, expected in columns.items():
            dims = {"group": group} if column == "total" else {"group": group, "column": column}
            assert total("remedies.active", path, source.year, **dims) == expected


@pytest.mark.seed("S132")
def test_every_suit_after_review_names_its_review() -> None:
    from gongkai.remedies.models import Group, Proceeding

    after = Proceeding.objects.filter(group=Group.AFTER_REVIEW)
    assert after.exists()
    assert not after.filter(parent=None).exists()


@pytest.mark.seed("S024")
def test_no_leak_in_any_year_of_the_seeds(organ: Any) -> None:
    """A kept register without an entry is 0, not unknown; before it was kept it is unknown."""
    for code, year in ((LUOYANG, 2019), (MENGJIN, 2020), (XIGONG, 2020), (LY_OFFICE, 2022)):
        assert total("review.leaks", organ(code).path, year) == 0
    assert total("review.leaks", organ(LUOYANG).path, 2018) is None


@pytest.mark.seed("S022")
def test_each_organ_has_its_own_chain(organ: Any) -> None:
    """Per-organ choice of template; those below take their county's."""
    from gongkai.review import chains, choices

    steps = {}
    for code in (LY_OFFICE, MENGJIN, XIGONG):
        chain = choices.chain_for(organ(code), "documents.edition")
        assert chain is not None
        steps[code] = (chain.key, len(chains.read(chain.steps)))
    assert steps == {LY_OFFICE: ("T-LY", 3), MENGJIN: ("T-MJ", 6), XIGONG: ("T-XG", 3)}
    below = Organ.objects.filter(parent=organ(MENGJIN), tier="township").first()
    assert below is not None
    inherited = choices.chain_for(below, "documents.edition")
    assert inherited is not None
    assert inherited.key == "T-MJ"


@pytest.mark.seed("S111")
def test_every_channel_dates_receipt_by_its_own_rule() -> None:
    found = {
        case.submission.channel
        for case in Case.objects.select_related("submission").filter(number__isnull=False)
    }
    assert found >= {"internet", "email", "fax", "plain_mail", "signed_mail", "in_person"}


def test_the_demo_is_whole_by_its_own_verification() -> None:
    from gongkai.operating.verify import checks

    assert {title: list(check()) for title, check in checks()} == {title: [] for title, _ in checks()}


def test_loading_again_changes_nothing() -> None:
    from gongkai.demo.load import load

    before = Case.objects.count()
    assert load(say=lambda line: None) is False
    assert Case.objects.count() == before


def test_the_day_is_the_demos() -> None:
    from gongkai.base import clock

    assert clock.today() == dt.date(2023, 1, 16)
