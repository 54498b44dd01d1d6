"""``gongkai verify`` finds every column that does not follow from the actions, and every gap in the numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongkai.base import clock
from gongkai.base.models import Sequence
from gongkai.organs import calendars
from gongkai.organs.actors import system
from gongkai.requests import actions, recompute, verify
from gongkai.requests.models import Case, CaseAction, FeeLine, FeeNotice, Submission
from tests.requests.stories import MACHINE, Office, day


def problems() -> list[str]:
    return list(verify.problems())


@pytest.fixture
def whole(office: Office) -> Case:
    """A register with a bit of everything, and one case on a fee notice."""
    office.submitted()
    actions.forward(office.submitted(), by=office.office, to="市教育局", on=day("03-03"))
    office.dispatched(office.in_process(), "03-10")
    actions.split(office.registered(), by=office.office, parts=["甲", "乙"], reason="一事一申请")
    case = office.in_process()
    actions.propose_fee(
        case, by=office.handler, reason="篇幅大", basis="by_volume", pages=40, on=day("03-07")
    )
    actions.approve_fee(case, by=office.head, on=day("03-08"), served_on=day("03-09"))
    actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("03-21"))
    actions.refund(case, by=office.office, reason="收费有误", amount_yuan=40, on=day("03-22"))
    actions.supersede(case, by=office.handler, seq=3, on=day("03-03"), reason="日期录错")
    return case


def test_a_register_written_by_actions_is_whole(whole: Case) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "drafting"),
        ("due_on", dt.date(2022, 5, 5)),
        ("first_received_on", dt.date(2021, 3, 2)),
        ("outcome", "granted"),
        ("counted", False),
        ("kind", "other_org"),
        ("wait_until", dt.date(2022, 5, 5)),
    ],
)
def test_a_column_that_does_not_follow_is_named(whole: Case, column: str, value: Any) -> None:
    Case.objects.filter(pk=whole.pk).update(**{column: value})
    assert problems() == [f"办理件{whole.number}的“{column}”与由记录推算的不一致"]


def test_a_lost_action_is_noticed(whole: Case) -> None:
    FeeLine.objects.filter(case=whole).delete()
    CaseAction.objects.filter(case=whole, kind="submit")._raw_delete("default")
    assert f"办理件{whole.number}的办理记录不连续" in problems()


def test_an_altered_original_is_noticed(whole: Case) -> None:
    Submission.objects.filter(pk=whole.submission_id).update(raw=b"something else")
    assert problems() == [f"申请{whole.submission.reference}的原件与登记的哈希不符"]


def test_a_gap_in_the_numbers_is_noticed(whole: Case) -> None:
    Case.objects.filter(pk=whole.pk).update(number="city-office-2022-0009")
    said = problems()
    assert f"机关{whole.organ_id}的2022年登记编号有缺号" in said
    assert f"机关{whole.organ_id}的2022年下一登记编号与已用编号不衔接" in said


def test_a_number_given_twice_in_the_series_is_noticed(whole: Case) -> None:
    Sequence.objects.filter(key=f"case:{whole.organ_id}:2022").update(next_value=2)
    assert problems() == [f"机关{whole.organ_id}的2022年下一登记编号与已用编号不衔接"]


def test_numbers_of_an_older_book_are_no_gap(office: Office) -> None:
    case = office.submitted()
    actions.confirm(case, by=MACHINE, on=day("03-02"), number="city-office-2022-0041")
    assert office.registered().number == "city-office-2022-0042"
    assert problems() == []


def test_an_altered_fee_is_noticed(whole: Case) -> None:
    FeeNotice.objects.update(paid_yuan=90)
    FeeLine.objects.update(amount_yuan=90)
    number = FeeNotice.objects.get().number
    assert problems() == [
        f"收费通知{number}的“paid_yuan”与由记录推算的不一致",
        f"收费通知{number}的明细的“amount_yuan”与由记录推算的不一致",
    ]


def test_memory_stays_flat_and_queries_come_in_chunks(
    office: Office, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for _ in range(9):
        office.registered()
    with django_assert_max_num_queries(16):
        assert problems() == []
    monkeypatch.setattr(verify, "CHUNK", 3)
    assert problems() == []


def test_a_loaded_year_gives_the_due_dates_it_was_missing(office: Office) -> None:
    late = dt.date(2027, 12, 20)
    with clock.on_day(late):
        case = office.in_process("2027-12-20", channel="in_person", by=MACHINE)
    other = office.in_process()
    assert (case.due_on, other.due_on) == (None, day("03-30"))
    for year in (2027, 2028):
        calendars.load_calendar(
            by=system("test"),
            region="CN",
            year=year,
            off_days=[dt.date(year, 1, 1)],
            extra_workdays=[],
            source="测试日历",
        )
    assert problems() != []
    assert recompute.reproject("CN", 2028) == 1
    case.refresh_from_db()
    assert case.due_on == dt.date(2028, 1, 17)
    assert problems() == []
    calendars.reset()
