"""Outcomes, applicant kinds and channels against the Regulation and the two report forms."""

from datetime import date

import pytest

from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS, GROUPS, OUTCOMES, review_first

OLD_FORM_LEAVES = 19
NEW_FORM_LEAVES = 21


def test_every_outcome_has_a_row_in_both_forms() -> None:
    assert len({o.row2019 for o in OUTCOMES.values()}) == OLD_FORM_LEAVES
    assert len({o.row2021 for o in OUTCOMES.values()}) == NEW_FORM_LEAVES
    others = ["other_correction_lapsed", "other_fee_unpaid", "other_misc"]
    assert [OUTCOMES[key].row2019 for key in others] == ["other"] * 3
    assert [OUTCOMES[key].row2021 for key in others] == others


def test_groups_hold_as_many_outcomes_as_the_form_has_rows() -> None:
    sizes = {group: sum(o.group == group for o in OUTCOMES.values()) for group in GROUPS}
    assert sizes == {"granted": 1, "partial": 1, "denied": 8, "unable": 3, "rejected": 5, "other": 3}
    assert OUTCOMES["denied_admin_query"].group_label == "不予公开"


@pytest.mark.parametrize("key", OUTCOMES)
def test_review_comes_first_exactly_for_refusals_under_articles_14_to_16(key: str) -> None:
    expected = key == "partially_granted" or (key.startswith("denied_") and key != "denied_admin_query")
    assert review_first(key, date(2024, 1, 1)) is expected
    assert review_first(key, date(2023, 12, 31)) is False


def test_a_partial_answer_on_other_grounds_needs_no_review_first() -> None:
    assert not review_first("partially_granted", date(2025, 1, 1), withheld_under_14_to_16=False)


@pytest.mark.parametrize(
    ("key", "sub_reasons"),
    [
        ("granted", {"provided", "already_public"}),
        ("unable_not_held", {"not_exist", "not_responsible"}),
        ("denied_internal_affairs", {"personnel", "logistics", "workflow"}),
        (
            "denied_process_info",
            {"discussion_record", "working_draft", "negotiation_letter", "request_report"},
        ),
    ],
)
def test_what_the_form_merges_is_kept_apart(key: str, sub_reasons: set[str]) -> None:
    assert set(OUTCOMES[key].sub_reasons) == sub_reasons


def test_applicant_kinds_are_the_columns_of_table_3() -> None:
    assert [k.label for k in APPLICANT_KINDS.values()] == [
        "自然人",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
    ]
    assert [k.group_label for k in APPLICANT_KINDS.values()] == ["自然人", *["法人或其他组织"] * 5]


SUBMITTED, ARRIVED, CONFIRMED = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)


@pytest.mark.parametrize(
    ("channel", "unconfirmed", "receipt"),
    [
        ("in_person", SUBMITTED, SUBMITTED),
        ("oral", SUBMITTED, SUBMITTED),
        ("signed_mail", ARRIVED, ARRIVED),
        ("plain_mail", None, CONFIRMED),
        ("internet", None, CONFIRMED),
        ("email", None, CONFIRMED),
        ("fax", None, CONFIRMED),
    ],
)
def test_receipt_date_by_channel(channel: str, unconfirmed: date | None, receipt: date) -> None:
    rule = CHANNELS[channel].confirm_rule
    assert rule.receipt_date(submitted_on=SUBMITTED, arrived_on=ARRIVED) == unconfirmed
    assert rule.receipt_date(submitted_on=SUBMITTED, arrived_on=ARRIVED, confirmed_on=CONFIRMED) == receipt
    assert CHANNELS[channel].needs_confirmation is (unconfirmed is None)


def test_only_plain_mail_demands_contact_on_the_day_of_arrival() -> None:
    assert [c.key for c in CHANNELS.values() if c.confirm_rule.same_day_contact] == ["plain_mail"]
