"""The kinds of result and the columns they count in by default (04 §5). The kinds are law, the sorting is practice."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.remedies.models import Column, Family, Proceeding, Respondent, ResultRule

R, L = Family.REVIEW, Family.LITIGATION
UP, CORR, OTHER = Column.UPHELD, Column.CORRECTED, Column.OTHER

# What a proceeding that ends without a decision on the act is closed with.
WITHDRAWN: dict[str, str] = {R: "review_terminated", L: "court_withdrawn"}

DEFAULTS: tuple[tuple[str, str, str, str], ...] = (
    ("review_upheld", "维持", R, UP),
    ("review_request_dismissed", "驳回复议请求", R, UP),
    ("review_revoked", "撤销", R, CORR),
    ("review_partly_revoked", "部分撤销", R, CORR),
    ("review_changed", "变更", R, CORR),
    ("review_unlawful", "确认违法", R, CORR),
    ("review_void", "确认无效", R, CORR),
    ("review_ordered", "责令履行", R, CORR),
    ("review_redo", "责令重新作出", R, CORR),
    ("review_not_accepted", "不予受理", R, OTHER),
    ("review_application_rejected", "驳回复议申请", R, OTHER),
    ("review_terminated", "终止", R, OTHER),
    ("review_mediated", "调解", R, OTHER),
    ("review_settled", "和解", R, OTHER),
    ("court_claims_dismissed", "判决驳回诉讼请求", L, UP),
    ("court_dismissal_upheld", "二审维持驳回诉讼请求的判决", L, UP),
    ("court_revoked", "判决撤销", L, CORR),
    ("court_partly_revoked", "判决部分撤销", L, CORR),
    ("court_changed", "判决变更", L, CORR),
    ("court_unlawful", "确认违法", L, CORR),
    ("court_void", "确认无效", L, CORR),
    ("court_ordered", "责令履行", L, CORR),
    ("court_redo", "责令重新作出", L, CORR),
    ("court_payment", "判决给付", L, CORR),
    ("court_not_docketed", "不予立案", L, OTHER),
    ("court_suit_rejected", "裁定驳回起诉", L, OTHER),
    ("court_withdrawn", "准许撤诉", L, OTHER),
    ("court_terminated", "终结", L, OTHER),
    ("court_transferred", "移送", L, OTHER),
    ("court_mediated", "调解", L, OTHER),
)


def ensure_defaults(model: Any = ResultRule) -> int:
    """Add the kinds of result that are not there yet; what an office re-sorted stays as it is. Returns how many."""
    known = set(model.objects.values_list("code", flat=True))
    missing = [
        model(code=code, label=label, family=family, column=column)
        for code, label, family, column in DEFAULTS
        if code not in known
    ]
    model.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def rule_for(code: str, family: str) -> ResultRule:
    """The kind of result `code` of a review or lawsuit. Raises ValidationError."""
    rule = ResultRule.objects.filter(code=code, family=family).first()
    if rule is None:
        raise ValidationError({"result": _("请选择与案件类别相符的结果。")})
    return rule


@transaction.atomic
def set_column(rule: ResultRule, *, by: Actor, column: str) -> ResultRule:
    """Count a kind of result in another column from now on, in every year that is not frozen. Raises Refused or
    ValidationError."""
    authority.require(by, authority.MANAGE, "settings", "")
    before, rule.column = rule.column, column
    rule.clean_fields()
    rule.save(update_fields=["column"])
    Respondent.objects.filter(result=rule.code).update(column=column)
    Proceeding.objects.filter(result=rule.code).update(column=column)
    audit.record(
        actor=by.key,
        post=by.post,
        verb="result_rule.set_column",
        subject=rule,
        path=authority.place(by),
        detail={"code": rule.code, "before": before, "after": column},
    )
    return rule
