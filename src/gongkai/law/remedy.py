"""The remedy paragraph of a decision, and the ends of the applicant's own terms.

Text A: review must come first (decisions from 2024-01-01 that withhold under arts. 14-16). Text B: review or lawsuit.
Which organ and which court stand in it is a setting of each organ, never computed here.
"""

from __future__ import annotations

from datetime import date

from .outcomes import OUTCOMES, REVIEW_FIRST_FROM, review_first
from .workdays import Calendar


def remedy_text(
    outcome_key: str,
    decided_on: date,
    review_organ: str,
    court: str,
    net_channel: str = "",
    *,
    withheld_under_14_to_16: bool = True,
) -> str:
    """The remedy paragraph for a decision of this day.

    ``net_channel``: where review can be applied for online; needed in decisions served online from 2024-01-01.
    ``withheld_under_14_to_16``: for a partial answer, whether a withheld part rests on arts. 14-16.
    Raises ``KeyError`` for an unknown outcome and ``ValueError`` when organ or court is not set.
    """
    if not review_organ.strip() or not court.strip():
        raise ValueError("尚未设置行政复议机关或者管辖法院，不能生成救济途径告知。")
    first = review_first(outcome_key, decided_on, withheld_under_14_to_16=withheld_under_14_to_16)
    if not first:
        text = f"如对本答复不服，{_either(review_organ, court)}"
    elif OUTCOMES[outcome_key].group == "partial":
        text = (
            "如对依据《政府信息公开条例》第十四条、第十五条、第十六条不予公开的部分不服，"
            f"{_review_then_court(review_organ, court)}如对本答复的其他部分不服，{_either(review_organ, court)}"
        )
    else:
        text = f"如对本答复不服，{_review_then_court(review_organ, court)}"
    if net_channel.strip() and decided_on >= REVIEW_FIRST_FROM:
        text += f"行政复议申请也可以通过互联网渠道提交：{net_channel.strip()}。"
    return text


def review_until(served_on: date, calendar: Calendar) -> date:
    """Last day for administrative review: 60 days from service."""
    return calendar.add_days_calendar(served_on, 60)


def lawsuit_until(served_on: date, calendar: Calendar) -> date:
    """Last day for a direct lawsuit: six months from service."""
    return calendar.add_months(served_on, 6)


def lawsuit_after_review_until(served_on: date, calendar: Calendar) -> date:
    """Last day for a lawsuit after review: 15 days from receiving the review decision."""
    return calendar.add_days_calendar(served_on, 15)


def _review_then_court(review_organ: str, court: str) -> str:
    return (
        f"应当自收到本答复之日起60日内先向{review_organ}申请行政复议；对行政复议决定不服的，"
        f"可以自收到行政复议决定书之日起15日内向{court}提起行政诉讼；行政复议机关决定不予受理、驳回申请"
        "或者逾期不作答复的，可以自收到决定书之日或者行政复议期限届满之日起15日内，依法向该法院提起行政诉讼。"
    )


def _either(review_organ: str, court: str) -> str:
    return (
        f"可以自收到本答复之日起60日内向{review_organ}申请行政复议，"
        f"也可以自收到本答复之日起6个月内向{court}提起行政诉讼。"
    )
