"""The remedy paragraph by outcome and date, and the ends of the applicant's terms."""

from datetime import date

import pytest

from gongkai.law.outcomes import OUTCOMES, review_first
from gongkai.law.remedy import lawsuit_after_review_until, lawsuit_until, remedy_text, review_until
from gongkai.law.workdays import Calendar

ORGAN, COURT = "洛阳市人民政府", "洛阳市西工区人民法院"
FIRST, EITHER = "先向洛阳市人民政府申请行政复议", "也可以自收到本答复之日起6个月内"


@pytest.mark.parametrize("key", OUTCOMES)
@pytest.mark.parametrize("decided_on", [date(2023, 12, 31), date(2024, 1, 1)])
def test_text_a_or_b(key: str, decided_on: date) -> None:
    text = remedy_text(key, decided_on, ORGAN, COURT)
    assert (FIRST in text) is review_first(key, decided_on)
    assert (EITHER in text) is (not review_first(key, decided_on) or key == "partially_granted")
    assert COURT in text
    assert "60日" in text
    assert text.endswith("。")


def test_a_partial_answer_on_other_grounds_has_text_b_alone() -> None:
    text = remedy_text("partially_granted", date(2025, 1, 1), ORGAN, COURT, withheld_under_14_to_16=False)
    assert FIRST not in text


def test_the_online_channel_for_review_is_named_from_2024() -> None:
    url = "https://xzfy.example.gov.cn"
    assert url in remedy_text("granted", date(2024, 1, 1), ORGAN, COURT, url)
    assert url not in remedy_text("granted", date(2023, 12, 31), ORGAN, COURT, url)


def test_a_remedy_without_organ_or_court_is_not_written() -> None:
    with pytest.raises(ValueError, match="尚未设置"):
        remedy_text("granted", date(2024, 1, 1), "", COURT)


def test_ends_of_the_applicants_terms() -> None:
    calendar = Calendar.shipped()
    assert review_until(date(2026, 3, 2), calendar) == date(2026, 5, 6)
    assert lawsuit_until(date(2026, 4, 1), calendar) == date(2026, 10, 8)
    assert lawsuit_after_review_until(date(2026, 3, 2), calendar) == date(2026, 3, 17)
