"""The answering term: the vectors of the domain notes, each rule's edge, and what must hold for any facts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.terms import (
    REGULATION_2007,
    Consultation,
    Correction,
    Delay,
    Extension,
    FeeNotice,
    Term,
    TermFacts,
    alarm_level,
    answer_timeliness,
    compute,
    correction_notice_due,
    opinion_due,
)
from gongkai.law.workdays import Calendar

CN = Calendar.shipped()
TODAY = date(2026, 3, 10)


def day(text: str) -> date:
    """A date of 2026 from month and day, or a whole one."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def term(received: str = "03-02", today: str | date = TODAY, **facts) -> Term:
    return compute(TermFacts(day(received), **facts), CN, day(today) if isinstance(today, str) else today)


def third(sent: str, ended: str | None = None, **more) -> Consultation:
    return Consultation(day(sent), day(ended) if ended else None, **more)


def organ(sent: str, ended: str | None = None, **more) -> Consultation:
    return third(sent, ended, kind="organ", **more)


VECTORS = {
    "plain": ({}, "03-30"),
    "extension of 10": ({"extensions": (Extension(10),)}, "04-14"),
    "third party, 9 days left out": ({"consultations": (third("03-09", "03-20"),)}, "04-13"),
    "overlapping consultations count once": (
        {"consultations": (third("03-09", "03-20"), organ("03-16", "03-27"))},
        "04-20",
    ),
    "corrected application": ({"corrections": (Correction(day("03-11"), day("03-18")),)}, "04-16"),
    "correction asked alone": ({"corrections": (Correction(day("03-11")),)}, "03-30"),
    "corrected, notice unknown": ({"corrections": (Correction(None, day("03-18")),)}, "04-16"),
    "correction asked on day 8": ({"corrections": (Correction(day("03-12"), day("03-18")),)}, "03-30"),
    "payment": (
        {"fee_notices": (FeeNotice(day("03-20"), day("03-20"), day("04-02")),)},
        "05-06",
    ),
    "payment after the old due date, notice sent in time": (
        {"fee_notices": (FeeNotice(day("03-30"), day("03-31"), day("04-20")),)},
        "05-20",
    ),
    "fee notice sent too late": (
        {"fee_notices": (FeeNotice(day("03-31"), day("03-31"), day("04-02")),)},
        "03-30",
    ),
    "payment too late": ({"fee_notices": (FeeNotice(day("03-20"), day("03-20"), day("04-21")),)}, "03-30"),
    "revoked notice": (
        {"fee_notices": (FeeNotice(day("03-20"), day("03-20"), None, revoked=True),)},
        "03-30",
    ),
    "paid, nothing else known": ({"fee_notices": (FeeNotice(paid=day("04-02")),)}, "05-06"),
    "delay": ({"delay": Delay(day("06-30"), day("03-30"))}, "06-30"),
    "delay decided too late": ({"delay": Delay(day("06-30"), day("03-31"))}, "03-30"),
    "extension approved on the due date": ({"extensions": (Extension(10, day("03-30")),)}, "04-14"),
    "extension approved after it": ({"extensions": (Extension(10, day("03-31")),)}, "03-30"),
    "extension approved while an inquiry holds the term open": (
        {"consultations": (third("03-09", "03-20"),), "extensions": (Extension(10, day("04-10")),)},
        "04-27",
    ),
    "second extension": ({"extensions": (Extension(10, day("03-10")), Extension(5, day("03-20")))}, "04-14"),
    "extension beyond the limit": ({"extensions": (Extension(25, day("03-10")),)}, "04-28"),
    "extension used before a correction does not count after it": (
        {
            "corrections": (Correction(day("03-11"), day("03-18")),),
            "extensions": (Extension(10, day("03-12")),),
        },
        "04-16",
    ),
    "extension after a correction": (
        {
            "corrections": (Correction(day("03-11"), day("03-18")),),
            "extensions": (Extension(10, day("03-12")), Extension(10, day("03-20"))),
        },
        "04-30",
    ),
    "consultation before a restart": (
        {
            "corrections": (Correction(day("03-11"), day("03-18")),),
            "consultations": (third("03-03", "03-10"),),
        },
        "04-16",
    ),
    "consultation across a restart counts from the restart": (
        {
            "corrections": (Correction(day("03-11"), day("03-18")),),
            "consultations": (third("03-10", "03-20"),),
        },
        "04-20",
    ),
    "consultation sent on the due date": ({"consultations": (third("03-30", "04-03"),)}, "04-03"),
    "consultation sent after the due date": ({"consultations": (third("03-31", "04-10"),)}, "03-30"),
    "no opinion by the end of its term": (
        {"consultations": (third("03-09", served=day("03-10")),), "closed_on": day("06-01")},
        "04-22",
    ),
    "opinion after its term": ({"consultations": (third("03-09", "04-20", served=day("03-10")),)}, "04-22"),
    "order to redo within 10 days": ({"days": 10}, "03-16"),
    "corrected, then paid": (
        {
            "corrections": (Correction(day("03-11"), day("03-18")),),
            "fee_notices": (FeeNotice(day("04-10"), day("04-10"), day("04-20")),),
        },
        "05-20",
    ),
    "second correction": (
        {
            "corrections": (
                Correction(day("03-05"), day("03-10")),
                Correction(day("03-11"), day("03-20")),
            ),
        },
        "04-08",
    ),
}


@pytest.mark.parametrize(("facts", "due"), VECTORS.values(), ids=VECTORS)
def test_due_date(facts: dict, due: str) -> None:
    result = term(today="06-01", **facts)
    assert result.due == day(due)
    assert not result.at_least
    assert result.explanation
    assert all(
        line.text.endswith("。") and line.article for line in (*result.explanation, *result.violations)
    )


@pytest.mark.parametrize(
    "case",
    [
        "correction asked on day 8",
        "fee notice sent too late",
        "delay decided too late",
        "extension approved after it",
        "second extension",
        "extension beyond the limit",
        "second correction",
    ],
)
def test_violations_are_reported(case: str) -> None:
    facts, _ = VECTORS[case]
    assert len(term(**facts).violations) == 1


@pytest.mark.parametrize(
    "case", ["plain", "payment too late", "consultation sent after the due date", "payment"]
)
def test_not_every_misfortune_is_a_violation(case: str) -> None:
    facts, _ = VECTORS[case]
    assert term(**facts).violations == ()


def test_terms_of_the_applicant_and_third_parties() -> None:
    assert opinion_due(day("03-10"), CN) == day("03-31")
    assert correction_notice_due(day("03-02"), CN) == day("03-11")


def test_the_lines_name_the_facts_and_their_articles() -> None:
    result = term(consultations=(third("03-09", "03-20"), organ("03-16", "03-27")), today="04-01")
    assert [
        (line.text, line.article.removeprefix("《政府信息公开条例》")) for line in result.explanation
    ] == [
        ("2026年3月2日收到申请，答复期限为20个工作日，自次日起计算。", "第三十三条第二款"),
        ("2026年3月9日至2026年3月20日征求第三方意见，所需的9个工作日不计算在期限内。", "第三十三条第三款"),
        ("2026年3月16日至2026年3月27日征求其他机关意见，所需的9个工作日不计算在期限内。", "第三十三条第三款"),
        ("征求意见重叠的期间只扣除一次，合计扣除14个工作日。", "第三十三条第三款"),
        ("答复期限至2026年4月20日届满。", "第三十三条第二款"),
    ]
    assert result.excluded_days == 14


@pytest.mark.parametrize(
    ("today", "used", "left"),
    [
        ("03-02", 0, 20),
        ("03-09", 5, 15),
        ("03-15", 5, 15),
        ("03-20", 5, 15),
        ("04-13", 20, 0),
        ("04-20", 25, -5),
    ],
)
def test_days_used_and_left(today: str, used: int, left: int) -> None:
    result = term(today=today, consultations=(third("03-09", "03-20"),))
    future = CN.between(max(day(today), day("03-09")), day("03-20"))
    assert result.days_used == used
    # What is known to be left out ahead still lies between today and the due date.
    assert result.days_left == left + max(future, 0)


def test_before_its_anchor_nothing_is_used() -> None:
    assert term(today="2026-02-20").days_used == 0


def test_the_clock_stops_when_the_case_is_closed() -> None:
    open_inquiry = (third("03-09"),)
    result = term(today="06-01", consultations=open_inquiry, closed_on=day("03-20"))
    assert (result.due, result.at_least, result.days_used, result.days_left) == (day("04-13"), False, 5, 15)


@pytest.mark.parametrize(("today", "due"), [("03-09", "03-30"), ("03-20", "04-13"), ("04-20", "05-13")])
def test_an_open_inquiry_moves_the_date_day_by_day(today: str, due: str) -> None:
    result = term(today=today, consultations=(third("03-09"),))
    assert (result.due, result.at_least, result.days_left) == (day(due), True, 15)
    assert "至少" in result.explanation[-1].text


def test_an_open_inquiry_that_was_sent_too_late_changes_nothing() -> None:
    result = term(today="05-01", consultations=(third("04-01"),))
    assert (result.due, result.at_least) == (day("03-30"), False)


def test_an_inquiry_lapses_with_its_opinion_term() -> None:
    waiting = term(today="03-31", consultations=(third("03-09", served=day("03-10")),))
    assert (waiting.at_least, waiting.due) == (True, day("04-22"))
    lapsed = term(today="04-01", consultations=(third("03-09", served=day("03-10")),))
    assert (lapsed.at_least, lapsed.due) == (False, day("04-22"))
    assert "期满未收到答复" in lapsed.explanation[1].text


def test_a_delay_ends_the_at_least() -> None:
    facts = {"consultations": (third("03-09"),), "delay": Delay(day("06-30"), day("03-20"))}
    result = term(today="04-01", **facts)
    assert (result.due, result.at_least) == (day("06-30"), False)


def test_unconfirmed_applications_have_no_clock() -> None:
    result = compute(TermFacts(None), CN, TODAY)
    assert (result.due, result.days_left, result.waiting_for) == (None, None, "confirmation")
    assert result.reason == result.explanation[0].text
    assert "第三十一条" in result.explanation[0].article


def test_waiting_for_the_applicant() -> None:
    assert term(corrections=(Correction(day("03-09")),)).waiting_for == "correction"
    notice = FeeNotice(day("03-09"), day("03-10"))
    assert term(fee_notices=(notice,)).waiting_for == "payment"
    assert term(fee_notices=(replace(notice, served=None),)).waiting_for == "payment"
    late = term(today="04-20", fee_notices=(notice,))
    assert late.waiting_for is None
    assert "申请人未缴费" in late.explanation[1].text
    assert term(fee_notices=(notice,), closed_on=day("03-10")).waiting_for is None


def test_the_extension_is_unused_again_after_a_restart() -> None:
    used = {"extensions": (Extension(10, day("03-09")),)}
    assert term(**used).extension_used
    assert not term(**used, corrections=(Correction(day("03-11"), day("03-18")),)).extension_used


class TestOldRegulation:
    """Applications received before 2019-05-15."""

    def test_fifteen_days(self) -> None:
        assert term("2019-05-14", today="2019-05-20").due == date(2019, 6, 4)
        assert term("2019-05-15", today="2019-05-20").due == date(2019, 6, 13)

    def test_extension_of_fifteen_at_most(self) -> None:
        result = term("2019-03-04", today="2019-03-20", extensions=(Extension(20),))
        assert result.due == CN.add(date(2019, 3, 4), 30)
        assert "超过15个工作日" in result.violations[0].text

    def test_only_third_parties_are_left_out(self) -> None:
        asked = {"sent": date(2019, 3, 11), "ended": date(2019, 3, 22)}
        today = "2019-03-20"
        by_third = term("2019-03-04", today, consultations=(Consultation(**asked),))
        by_organ = term("2019-03-04", today, consultations=(Consultation(**asked, kind="organ"),))
        assert by_third.due == CN.add(date(2019, 3, 4), 15 + 9)
        assert by_organ.due == CN.add(date(2019, 3, 4), 15)
        assert "计入答复期限" in by_organ.explanation[1].text

    def test_an_open_inquiry_to_an_organ_is_no_at_least(self) -> None:
        result = term(
            "2019-03-04", "2019-03-20", consultations=(Consultation(date(2019, 3, 11), kind="organ"),)
        )
        assert not result.at_least

    def test_no_restart_unless_the_setting_says_so(self) -> None:
        facts = TermFacts(date(2019, 3, 4), corrections=(Correction(date(2019, 3, 20), date(2019, 3, 22)),))
        today = date(2019, 3, 25)
        assert compute(facts, CN, today).due == CN.add(date(2019, 3, 4), 15)
        assert compute(facts, CN, today).violations == ()
        restarting = compute(facts, CN, today, replace(REGULATION_2007, restarts=True))
        assert restarting.due == CN.add(date(2019, 3, 22), 15)


class TestMissingYear:
    def test_the_due_date_is_unknown_and_says_why(self) -> None:
        result = term("12-21", today="12-22")
        assert (result.due, result.missing_year, result.days_left) == (None, 2027, None)
        assert result.reason == "2027年的工作日历尚未导入，无法推算期限。"
        assert result.explanation[-1].text == result.reason
        assert result.anchor == day("12-21")

    def test_a_known_due_date_stays_known_when_only_today_is_beyond(self) -> None:
        result = term("11-02", today="2027-01-04")
        assert (result.due, result.days_left, result.missing_year) == (day("11-30"), None, 2027)

    def test_received_before_the_calendar_begins(self) -> None:
        assert term("2003-12-30").missing_year == 2003


@pytest.mark.parametrize(
    ("dispatched", "on_time", "late"), [("03-30", True, 0), ("03-31", False, 1), ("04-07", False, 5)]
)
def test_timeliness_of_an_answer(dispatched: str, on_time: bool, late: int) -> None:
    result = answer_timeliness(term(), day(dispatched), CN)
    assert (result.on_time, result.days_late) == (on_time, late)
    assert result.line.text.endswith("。")


def test_timeliness_is_unknown_without_a_due_date() -> None:
    result = answer_timeliness(compute(TermFacts(None), CN, TODAY), TODAY, CN)
    assert (result.on_time, result.days_late) == (None, None)


@pytest.mark.parametrize(
    ("today", "level"),
    [("03-19", "none"), ("03-23", "five"), ("03-26", "two"), ("03-30", "today"), ("03-31", "overdue")],
)
def test_alarm_levels(today: str, level: str) -> None:
    assert alarm_level(term(today=today)) == level
    assert alarm_level(compute(TermFacts(None), CN, day(today))) is None


def test_contradictory_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="结束日期不能早于发出日期"):
        third("03-09", "03-08")
    with pytest.raises(ValueError, match="收到补正的日期不能早于"):
        Correction(day("03-09"), day("03-08"))
    with pytest.raises(ValueError, match="缴费日期不能早于"):
        FeeNotice(served=day("03-09"), paid=day("03-08"))


# what holds for any facts

RECEIVED = st.dates(date(2019, 5, 15), date(2025, 6, 30))


@st.composite
def consultation(draw, received: date) -> Consultation:
    sent = received + timedelta(draw(st.integers(0, 60)))
    ended = sent + timedelta(draw(st.integers(0, 40)))
    return Consultation(sent, ended, draw(st.sampled_from(["third_party", "organ"])))


@st.composite
def any_facts(draw, restarts: bool = True) -> TermFacts:
    received = draw(RECEIVED)
    days = st.integers(0, 80).map(lambda n: received + timedelta(n))
    corrections, notices = (), ()
    if restarts and draw(st.booleans()):
        asked = draw(days)
        corrections = (Correction(asked, draw(st.none() | days.filter(lambda d: d >= asked))),)
    if restarts and draw(st.booleans()):
        issued = draw(days)
        notices = (FeeNotice(issued, issued, draw(st.none() | days.filter(lambda d: d >= issued))),)
    return TermFacts(
        received,
        corrections=corrections,
        consultations=tuple(draw(st.lists(consultation(received), max_size=4))),
        extensions=tuple(draw(st.lists(st.builds(Extension, st.integers(1, 20), days), max_size=2))),
        fee_notices=notices,
    )


@given(any_facts(), st.integers(0, 150))
def test_the_due_date_is_a_working_day_after_the_anchor(facts: TermFacts, later: int) -> None:
    assert facts.received
    result = compute(facts, CN, facts.received + timedelta(later))
    assert result.due
    assert result.anchor
    assert CN.is_workday(result.due)
    assert CN.between(result.anchor, result.due) >= 20
    assert result.due == CN.add(result.anchor, CN.between(result.anchor, result.due))


@given(any_facts())
def test_the_due_date_does_not_depend_on_today_once_nothing_is_open(facts: TermFacts) -> None:
    assert facts.received
    dues = {compute(facts, CN, facts.received + timedelta(n)).due for n in (0, 17, 200)}
    assert len(dues) == 1


@given(any_facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: TermFacts, rng: random.Random) -> None:
    shuffled = list(facts.consultations)
    rng.shuffle(shuffled)
    again = replace(facts, consultations=tuple(shuffled), extensions=tuple(reversed(facts.extensions)))
    first, second = compute(facts, CN, TODAY), compute(again, CN, TODAY)
    if len({e.approved_on for e in facts.extensions}) == len(facts.extensions):
        assert (first.due, first.days_used) == (second.due, second.days_used)


@given(any_facts(), st.data())
def test_one_more_consultation_never_shortens_the_term(facts: TermFacts, data: st.DataObject) -> None:
    assert facts.received
    more = data.draw(consultation(facts.received))
    longer = compute(replace(facts, consultations=(*facts.consultations, more)), CN, TODAY)
    shorter = compute(facts, CN, TODAY)
    assert longer.due
    assert shorter.due
    assert longer.due >= shorter.due


@given(any_facts(), st.integers(1, 19))
def test_a_longer_extension_never_shortens_the_term(facts: TermFacts, days: int) -> None:
    dues = [compute(replace(facts, extensions=(Extension(n),)), CN, TODAY).due for n in (days, days + 1)]
    assert dues[0]
    assert dues[1]
    assert dues[0] < dues[1]


@given(any_facts(restarts=False))
def test_overlaps_are_left_out_once(facts: TermFacts) -> None:
    assert facts.received
    result = compute(facts, CN, TODAY)
    apart = sum(CN.between(max(c.sent, facts.received), c.ended or c.sent) for c in facts.consultations)
    assert 0 <= result.excluded_days <= apart


@given(any_facts(restarts=False))
def test_a_split_consultation_is_left_out_like_the_whole(facts: TermFacts) -> None:
    if not facts.consultations:
        return
    whole = facts.consultations[0]
    assert whole.ended
    middle = whole.sent + (whole.ended - whole.sent) // 2
    parts = (replace(whole, ended=middle), replace(whole, sent=middle))
    split = replace(facts, consultations=(*facts.consultations[1:], *parts))
    assert compute(split, CN, TODAY).due == compute(facts, CN, TODAY).due


@given(any_facts(), st.integers(0, 200))
def test_used_and_left_make_up_the_term(facts: TermFacts, later: int) -> None:
    assert facts.received
    today = facts.received + timedelta(later)
    known = tuple(c for c in facts.consultations if (c.ended or c.sent) <= today)
    result = compute(replace(facts, consultations=known), CN, today)
    assert result.days_used is not None
    assert result.days_left is not None
    assert result.anchor
    if today >= result.anchor:
        length = CN.between(result.anchor, result.due or today)
        assert result.days_used + result.days_left == length - result.excluded_days


@given(RECEIVED, st.integers(0, 60), st.integers(0, 60))
def test_an_open_inquiry_in_time_always_keeps_the_rest_of_the_term(
    received: date, sent: int, later: int
) -> None:
    sent_on = received + timedelta(sent)
    today = sent_on + timedelta(later)
    result = compute(TermFacts(received, consultations=(Consultation(sent_on),)), CN, today)
    if sent_on <= CN.add(received, 20):
        assert result.at_least
        assert result.days_left == 20 - CN.between(received, sent_on)
    else:
        assert not result.at_least
