"""Outcomes of a request, kinds of applicants and channels of receipt.

One item gets exactly one outcome; its key is at the same time its row in annual table 3 (Regulation
arts. 14-16, 30, 35-39). The finer reason is kept beside it, because the form merges what letters and
lawsuits must tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from .articles import FEE_RULES, regulation

Group = Literal["granted", "partial", "denied", "unable", "rejected", "other"]

GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "granted": "予以公开",
        "partial": "部分公开",
        "denied": "不予公开",
        "unable": "无法提供",
        "rejected": "不予处理",
        "other": "其他处理",
    }
)

# The revised Administrative Review Law (art. 23) applies to decisions from this day on.
REVIEW_FIRST_FROM: Final = date(2024, 1, 1)


def _frozen(value: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(value))


@dataclass(frozen=True)
class Outcome:
    """One way in which an item can end.

    ``review_first``: administrative review comes before a lawsuit (decisions from 2024-01-01).
    ``by_closing``: the item is closed by a record (a lapse), not by an answer to the applicant's question.
    ``sub_reasons``: the finer reasons, key to label; ``sub_reason_required`` when one must be chosen.
    """

    key: str
    label: str
    group: Group
    article: str
    review_first: bool = False
    needs_reason: bool = False
    needs_article: bool = False
    by_closing: bool = False
    row2019: str = ""
    row2021: str = ""
    sub_reasons: Mapping[str, str] = field(default_factory=dict)
    sub_reason_required: bool = False

    @property
    def group_label(self) -> str:
        return GROUPS[self.group]


def _denied(key: str, label: str, article: str, **more: object) -> Outcome:
    options: dict = {"review_first": True, **more}
    return Outcome(key, label, "denied", article, needs_reason=True, needs_article=True, **options)


def _unable(key: str, label: str, article: str, **more: object) -> Outcome:
    options: dict = dict(more)
    return Outcome(key, label, "unable", article, needs_reason=True, **options)


def _rejected(key: str, label: str, article: str) -> Outcome:
    return Outcome(key, label, "rejected", article, needs_reason=True)


_IN_FORM_ORDER: tuple[Outcome, ...] = (
    Outcome(
        "granted",
        "予以公开",
        "granted",
        regulation("第三十六条第（一）项、第（二）项"),
        sub_reasons=_frozen(
            {"provided": "提供该政府信息", "already_public": "已主动公开，告知获取方式、途径"}
        ),
    ),
    Outcome(
        "partially_granted",
        "部分公开",
        "partial",
        regulation("第三十七条"),
        review_first=True,
        needs_reason=True,
        needs_article=True,
    ),
    _denied("denied_state_secret", "属于国家秘密", regulation("第十四条")),
    _denied("denied_law_prohibited", "其他法律行政法规禁止公开", regulation("第十四条")),
    _denied(
        "denied_security_stability",
        "危及“三安全一稳定”",
        regulation("第十四条"),
        sub_reasons=_frozen(
            {
                "national_security": "国家安全",
                "public_security": "公共安全",
                "economic_security": "经济安全",
                "social_stability": "社会稳定",
            }
        ),
    ),
    _denied(
        "denied_third_party",
        "保护第三方合法权益",
        regulation("第十五条、第三十二条"),
        sub_reasons=_frozen(
            {"trade_secret": "商业秘密", "privacy": "个人隐私", "other_rights": "其他合法权益"}
        ),
    ),
    _denied(
        "denied_internal_affairs",
        "属于三类内部事务信息",
        regulation("第十六条第一款"),
        sub_reasons=_frozen(
            {"personnel": "人事管理", "logistics": "后勤管理", "workflow": "内部工作流程"},
        ),
        sub_reason_required=True,
    ),
    _denied(
        "denied_process_info",
        "属于四类过程性信息",
        regulation("第十六条第二款"),
        sub_reasons=_frozen(
            {
                "discussion_record": "讨论记录",
                "working_draft": "过程稿",
                "negotiation_letter": "磋商信函",
                "request_report": "请示报告",
            }
        ),
        sub_reason_required=True,
    ),
    _denied("denied_enforcement_file", "属于行政执法案卷", regulation("第十六条第二款")),
    _denied("denied_admin_query", "属于行政查询事项", regulation("第三十六条第（七）项"), review_first=False),
    _unable(
        "unable_not_held",
        "本机关不掌握相关政府信息",
        regulation("第三十六条第（四）项、第（五）项"),
        sub_reasons=_frozen(
            {"not_exist": "经检索该政府信息不存在", "not_responsible": "不属于本机关负责公开"}
        ),
        sub_reason_required=True,
    ),
    _unable("unable_needs_creation", "没有现成信息需要另行制作", regulation("第三十八条")),
    _unable("unable_unclear_after_correction", "补正后申请内容仍不明确", regulation("第三十条")),
    _rejected("rejected_petition", "信访举报投诉类申请", regulation("第三十九条第一款")),
    _rejected("rejected_duplicate", "重复申请", regulation("第三十六条第（六）项")),
    _rejected("rejected_publication", "要求提供公开出版物", regulation("第三十九条第二款")),
    _rejected("rejected_excessive", "无正当理由大量反复申请", regulation("第三十五条")),
    # The form has this row, but no article of the Regulation stands behind it.
    _rejected("rejected_reissue", "要求行政机关确认或重新出具已获取信息", ""),
    Outcome(
        "other_correction_lapsed",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "other",
        regulation("第三十条"),
        by_closing=True,
        row2019="other",
    ),
    Outcome(
        "other_fee_unpaid",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "other",
        FEE_RULES + "第六条",
        by_closing=True,
        row2019="other",
    ),
    Outcome(
        "other_misc",
        "其他",
        "other",
        "",
        needs_reason=True,
        row2019="other",
        sub_reasons=_frozen(
            {
                "withdrawn": "申请人撤回申请",
                "not_government_info": "不属于政府信息或仅为咨询",
                "other": "其他情形",
            }
        ),
    ),
)


def _with_rows(outcome: Outcome) -> Outcome:
    """Fill in the rows of both forms; only the three kinds of 其他处理 differ between them."""
    return replace(outcome, row2019=outcome.row2019 or outcome.key, row2021=outcome.row2021 or outcome.key)


OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType({o.key: _with_rows(o) for o in _IN_FORM_ORDER})


def review_first(outcome_key: str, decided_on: date, *, withheld_under_14_to_16: bool = True) -> bool:
    """Must the applicant go to administrative review before the court (行政复议法 art. 23)?

    ``withheld_under_14_to_16`` matters for a partial answer only: false when every withheld part
    rests on other grounds.
    Raises ``KeyError`` for an unknown outcome.
    """
    outcome = OUTCOMES[outcome_key]
    if decided_on < REVIEW_FIRST_FROM or not outcome.review_first:
        return False
    return outcome.group != "partial" or withheld_under_14_to_16


@dataclass(frozen=True)
class ApplicantKind:
    """A column of annual table 3; exactly one per submission."""

    key: str
    label: str
    group: Literal["natural", "organisation"]

    @property
    def group_label(self) -> str:
        return "自然人" if self.group == "natural" else "法人或其他组织"


APPLICANT_KINDS: Final[Mapping[str, ApplicantKind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            ApplicantKind("natural_person", "自然人", "natural"),
            ApplicantKind("commercial_enterprise", "商业企业", "organisation"),
            ApplicantKind("research_institution", "科研机构", "organisation"),
            ApplicantKind("public_welfare_org", "社会公益组织", "organisation"),
            ApplicantKind("legal_service_org", "法律服务机构", "organisation"),
            ApplicantKind("other_org", "其他", "organisation"),
        )
    }
)


@dataclass(frozen=True)
class ConfirmRule:
    """Which date is the receipt date of a channel (Regulation art. 31).

    ``receipt``: ``submitted`` the day of submission, ``signed`` the day the organ signed for the mail,
    ``confirmed`` the day both sides confirmed; until then the term does not run.
    ``same_day_contact``: the office must contact the applicant on the day of arrival.
    """

    receipt: Literal["submitted", "signed", "confirmed"]
    text: str
    same_day_contact: bool = False

    @property
    def needs_confirmation(self) -> bool:
        return self.receipt == "confirmed"

    def receipt_date(
        self,
        *,
        submitted_on: date | None = None,
        arrived_on: date | None = None,
        confirmed_on: date | None = None,
    ) -> date | None:
        """The receipt date, or ``None`` while it is not fixed yet."""
        if self.receipt == "confirmed":
            return confirmed_on
        return arrived_on if self.receipt == "signed" else submitted_on or arrived_on


@dataclass(frozen=True)
class Channel:
    """A way in which an application reaches the organ."""

    key: str
    label: str
    confirm_rule: ConfirmRule
    article: str

    @property
    def needs_confirmation(self) -> bool:
        return self.confirm_rule.needs_confirmation


_ON_SUBMISSION = ConfirmRule("submitted", "以提交之日为收到申请之日")
_ON_SIGNING = ConfirmRule("signed", "以行政机关签收之日为收到申请之日")
_PLAIN_MAIL = ConfirmRule(
    "confirmed", "收到当日与申请人确认，以确认之日为收到申请之日", same_day_contact=True
)
_BOTH_CONFIRM = ConfirmRule("confirmed", "以双方确认之日为收到申请之日")

CHANNELS: Final[Mapping[str, Channel]] = MappingProxyType(
    {
        channel.key: channel
        for channel in (
            Channel("in_person", "当面提交", _ON_SUBMISSION, regulation("第三十一条第（一）项")),
            Channel(
                "oral", "口头申请（代为填写）", _ON_SUBMISSION, regulation("第二十九条、第三十一条第（一）项")
            ),
            Channel("signed_mail", "邮寄（需签收）", _ON_SIGNING, regulation("第三十一条第（二）项")),
            Channel("plain_mail", "平常信函（无需签收）", _PLAIN_MAIL, regulation("第三十一条第（二）项")),
            Channel("internet", "互联网渠道", _BOTH_CONFIRM, regulation("第三十一条第（三）项")),
            Channel("email", "电子邮件", _BOTH_CONFIRM, regulation("第三十一条第（三）项")),
            Channel("fax", "传真", _BOTH_CONFIRM, regulation("第三十一条第（三）项")),
        )
    }
)
