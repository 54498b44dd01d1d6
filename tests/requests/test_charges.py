"""The information processing fee from proposal to payment, lapse and refund."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, casefile
from gongkai.requests.models import Case, FeeLine, FeeNotice, FeeRefund, RequestSettings
from tests.requests.stories import Office, day

YEAR = Period.year(2022)


def figure(key: str) -> int | Decimal:
    return measures.get(key).count(YEAR)


def split(office: Office, count: int) -> list[Case]:
    """An application of 2 March split into items, all accepted."""
    trunk = office.registered()
    parts = actions.split(
        trunk, by=office.office, parts=[f"第{n + 1}项" for n in range(count)], reason="一事一申请", on=day("03-03")
    )  # fmt: skip
    return [actions.accept(part, by=office.handler, on=day("03-04")) for part in parts]


def noticed(office: Office, cases: list[Case], **how: object) -> FeeNotice:
    for case in cases:
        actions.propose_fee(case, by=office.handler, reason="数量过多", on=day("03-07"), **how)
    return actions.approve_fee(cases, by=office.head, on=day("03-08"), served_on=day("03-09"))


@pytest.mark.seed("S119", "F8", "F9")
def test_notices_payers_items_and_yuan_of_a_year_are_four_different_counts(office: Office) -> None:
    """LYO22: 10 notices, 1 payer with 23 items and 1300 yuan, 11 items no longer handled for unpaid fees."""
    parts = split(office, 23)
    notice = noticed(office, parts[10:])
    assert (notice.total_yuan, notice.lines.count(), notice.pay_due_on) == (1300, 13, day("04-07"))
    assert [line.position for line in notice.lines.order_by("pk")] == list(range(11, 24))
    assert parts[9].state == "in_process"  # the first ten of the month are not held back
    actions.record_payment(parts[10], by=office.handler, amount_yuan=1300, on=day("03-21"))
    for number, size in enumerate((2, 2, 1, 1, 1, 1, 1, 1, 1)):
        group = [office.in_process(id_number=f"4103001990010{number:05}") for _ in range(size)]
        noticed(office, group, basis="by_volume", pages=40)
        actions.lapse_fee(group[0], by=office.handler, on=day("04-11"))

    assert figure("requests.fee_notices") == 10
    assert figure("requests.fee_payers") == 1
    assert figure("requests.split_items") == 23
    assert measures.get("requests.closed").count(YEAR, outcome="other_fee_unpaid") == 11
    assert figure("requests.fee_collected_yuan") == 1300
    assert Decimal(figure("requests.fee_collected_yuan")) / 10_000 == Decimal("0.13")


def test_payment_starts_every_term_on_the_notice_anew(office: Office) -> None:
    parts = split(office, 12)
    noticed(office, parts[10:])
    paid = actions.record_payment(parts[11], by=office.handler, amount_yuan=200, on=day("03-21"))
    assert {case.pk for case in paid} == {parts[10].pk, parts[11].pk}
    for case in Case.objects.filter(pk__in=[part.pk for part in parts[10:]]):
        assert (case.state, case.anchor_on, case.due_on) == ("in_process", day("03-21"), day("04-19"))


def test_an_item_in_the_free_tier_cannot_be_charged(office: Office) -> None:
    case = office.in_process()
    actions.propose_fee(case, by=office.handler, reason="数量过多", on=day("03-07"))
    with pytest.raises(ValidationError, match="不产生费用"):
        actions.approve_fee(case, by=office.head, on=day("03-08"))
    assert not FeeNotice.objects.exists()


def test_the_price_shown_is_the_price_charged(office: Office) -> None:
    parts = split(office, 12)
    quoted = casefile.fee_quote(parts[11])
    assert (quoted.position, quoted.amount) == (12, 100)
    by_volume = casefile.fee_quote(parts[11], "by_volume", 150)
    assert by_volume.amount == 1700
    actions.propose_fee(
        parts[11], by=office.handler, reason="篇幅大", basis="by_volume", pages=150, on=day("03-07")
    )
    notice = actions.approve_fee(parts[11], by=office.head, on=day("03-08"))
    line = notice.lines.get()
    assert (line.basis, line.position, line.pages, line.amount_yuan) == ("by_volume", 12, 150, 1700)


def test_the_month_and_the_applicant_bound_a_notice(office: Office) -> None:
    march, april = office.in_process("03-02"), office.in_process("04-06")
    for case, on in ((march, "03-07"), (april, "04-07")):
        actions.propose_fee(case, by=office.handler, reason="篇幅大", basis="by_volume", pages=40, on=day(on))
    other = office.in_process("03-02", id_number="another")
    actions.propose_fee(
        other, by=office.handler, reason="篇幅大", basis="by_volume", pages=40, on=day("03-07")
    )
    for pair in ([march, april], [march, other]):
        with pytest.raises((ValidationError, Refused)):
            actions.approve_fee(pair, by=office.head, on=day("04-07"))
    with pytest.raises(ValidationError, match="同一申请人"):
        actions.approve_fee([march, other], by=office.head, on=day("03-08"))


def test_counting_starts_again_each_month_and_for_each_organ(office: Office) -> None:
    for _ in range(10):
        office.registered("03-02")
    assert casefile.fee_quote(office.registered("03-31")).position == 11
    assert casefile.fee_quote(office.registered("04-01")).position == 1
    assert casefile.fee_quote(Office(office.world, "city-edu").registered("03-02")).position == 1


def test_items_are_priced_in_order_of_receipt(office: Office) -> None:
    late, early = office.registered("03-20"), office.registered("03-10")
    assert (casefile.fee_quote(early).position, casefile.fee_quote(late).position) == (1, 2)


def test_only_the_head_charges_and_only_within_the_term(office: Office) -> None:
    case = office.in_process()
    actions.propose_fee(
        case, by=office.handler, reason="篇幅大", basis="by_volume", pages=40, on=day("03-07")
    )
    with pytest.raises(Refused, match="负责人"):
        actions.approve_fee(case, by=office.office, on=day("03-08"))
    with pytest.raises(Refused, match="办理期限内"):
        actions.approve_fee(case, by=office.head, on=day("03-31"))
    actions.decline_fee(case, by=office.head, on=day("03-09"))
    assert (case.state, case.proposed) == ("in_process", None)


def test_an_office_that_charges_nothing_is_told(office: Office) -> None:
    RequestSettings.objects.create(organ=office.world.organs["city-office"], charges_fees=False)
    with pytest.raises(Refused, match="未开展"):
        actions.propose_fee(office.in_process(), by=office.handler, reason="数量过多", on=day("03-07"))


def waiting(office: Office) -> Case:
    case = office.in_process()
    noticed(office, [case], basis="by_volume", pages=40)
    return case


def test_part_of_the_sum_is_no_payment(office: Office) -> None:
    case = waiting(office)
    with pytest.raises(Refused, match="未缴足"):
        actions.record_payment(case, by=office.handler, amount_yuan=50, on=day("03-21"))
    actions.record_payment(case, by=office.handler, amount_yuan=50, on=day("03-21"), hold=True)
    assert case.state == "fee_pending"
    assert figure("requests.fee_collected_yuan") == 0
    actions.refund(case, by=office.office, reason="未缴足", on=day("03-22"))
    assert not FeeRefund.objects.exists()
    with pytest.raises(Refused, match="没有可退付"):
        actions.refund(case, by=office.office, reason="再退")


def test_late_money_is_held_and_paid_back(office: Office) -> None:
    case = waiting(office)
    with pytest.raises(Refused, match="尚未逾期"):
        actions.lapse_fee(case, by=office.handler, on=day("04-07"))
    actions.lapse_fee(case, by=office.handler, on=day("04-11"))
    assert (case.state, case.outcome) == ("lapsed", "other_fee_unpaid")
    with pytest.raises(Refused, match="逾期缴纳"):
        actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("04-12"))
    actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("04-12"), hold=True)
    assert (case.state, FeeNotice.objects.get().paid_on) == ("lapsed", None)
    actions.refund(case, by=office.office, reason="逾期", on=day("04-13"))
    assert figure("requests.fee_refunded_yuan") == 0  # it never was income


def test_a_payment_in_time_that_was_taken_for_late_needs_the_lapse_put_right(office: Office) -> None:
    case = waiting(office)
    actions.lapse_fee(case, by=office.handler, on=day("04-11"))
    with pytest.raises(Refused, match="请先更正"):
        actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("04-07"))
    lapse = case.actions.get(kind="lapse_fee")
    actions.supersede(case, by=office.handler, seq=lapse.seq, annul=True, reason="款项已于4月7日到账")
    assert (case.state, FeeNotice.objects.get().lapsed_on) == ("fee_pending", None)
    actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("04-07"))
    assert (case.state, case.outcome, case.closed_on) == ("in_process", "", None)


def test_a_counted_payment_paid_back_lowers_the_years_net(office: Office) -> None:
    case = waiting(office)
    actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("03-21"), receipt_number="票据1")
    with pytest.raises(ValidationError):
        actions.refund(case, by=office.office, reason="收费有误", amount_yuan=101)
    actions.refund(case, by=office.office, reason="收费有误", on=day("04-01"))
    assert figure("requests.fee_collected_yuan") - figure("requests.fee_refunded_yuan") == 0
    assert FeeNotice.objects.get().receipt_number == "票据1"


def test_a_revoked_notice_can_be_issued_anew_and_counts_once(office: Office) -> None:
    parts = split(office, 12)
    noticed(office, parts[10:])
    actions.revoke_fee(parts[10], by=office.head, reason="件数有误", on=day("03-10"))
    assert {Case.objects.get(pk=part.pk).state for part in parts[10:]} == {"in_process"}
    for case in parts[10:]:
        actions.propose_fee(case, by=office.handler, reason="数量过多", on=day("03-11"))
    actions.approve_fee(parts[10:], by=office.head, on=day("03-11"), served_on=day("03-11"))
    assert FeeNotice.objects.count() == 2
    assert figure("requests.fee_notices") == 1


def test_a_withdrawn_item_does_not_stop_the_others_of_its_notice(office: Office) -> None:
    parts = split(office, 12)
    noticed(office, parts[10:])
    actions.withdraw(parts[10], by=office.handler, reason="书面撤回", on=day("03-10"))
    paid = actions.record_payment(parts[11], by=office.handler, amount_yuan=200, on=day("03-11"))
    assert [case.pk for case in paid] == [parts[11].pk]


def test_service_can_be_told_later_for_the_whole_notice(office: Office) -> None:
    parts = split(office, 12)
    for case in parts[10:]:
        actions.propose_fee(case, by=office.handler, reason="数量过多", on=day("03-07"))
    notice = actions.approve_fee(parts[10:], by=office.head, on=day("03-08"))
    assert (notice.served_on, notice.pay_due_on) == (None, None)
    with pytest.raises(Refused, match="尚未开始计算"):
        actions.lapse_fee(parts[10], by=office.handler, on=day("05-10"))
    entry = parts[10].actions.get(kind="approve_fee")
    actions.supersede(parts[10], by=office.head, seq=entry.seq, served_on=day("03-10"), reason="补录送达日期")
    notice.refresh_from_db()
    assert (notice.served_on, notice.pay_due_on) == (day("03-10"), day("04-08"))
    assert {Case.objects.get(pk=p.pk).wait_until for p in parts[10:]} == {dt.date(2022, 4, 8)}
    assert FeeLine.objects.count() == 2
