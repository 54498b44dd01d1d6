"""What still stands between an open report and its signature: a list one can tick off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.forms.findings import Finding, Severity

from . import checking, lint, workflow
from .models import ReportVersion, Scope

State = ReportVersion.State
_NAMED = 3


@dataclass(frozen=True)
class Step:
    """One line of the list: what must be so, in words that say how far it is."""

    key: str
    label: str
    done: bool


def steps(version: ReportVersion, today: dt.date, *, moved: bool) -> list[Step]:
    """The steps before the leader signs, in the order one takes them; none for a frozen version. `moved`: the records
    give other figures by now than the version holds."""
    if version.state not in (State.DRAFT, State.SUBMITTED):
        return []
    blocking = checking.blocking(version, "sign")
    found = [
        _figures(moved),
        _errors(sum(_is_error(one) and lint.told(one) is None for one in blocking)),
        _words(
            sum(_is_error(one) and lint.told(one) is not None for one in blocking),
            sum(one.rule == lint.UNWRITTEN for one in blocking),
        ),
        _warnings(sum(_is_warning(one) for one in blocking)),
    ]
    if version.report.scope == Scope.CONSOLIDATED:
        found.append(_children(blocking))
    found.append(_year(version.report.year, today))
    found.append(_submitted(version.state == State.SUBMITTED))
    return found


def left(found: list[Step]) -> int:
    """How many steps are still to be taken."""
    return sum(not step.done for step in found)


def _figures(moved: bool) -> Step:
    words = _("数据在汇总之后有变动，请重新汇总") if moved else _("表中的数与现在的记录一致")
    return Step("figures", words, not moved)


def _errors(count: int) -> Step:
    words = _("%(count)s处勾稽错误须更正数据") % {"count": count} if count else _("没有勾稽错误")
    return Step("errors", words, not count)


def _is_error(one: Finding) -> bool:
    return one.severity is Severity.ERROR and not one.waiting_for


def _is_warning(one: Finding) -> bool:
    return one.severity is Severity.WARNING and not one.waiting_for and one.rule != lint.UNWRITTEN


def _words(wrong: int, unwritten: int) -> Step:
    """Errors in the text, and boxes left empty without a reason."""
    lacks = [
        _("%(count)s处文字有误，须改正") % {"count": wrong} if wrong else "",
        _("还有%(count)s处没有写") % {"count": unwritten} if unwritten else "",
    ]
    said = "，".join(words for words in lacks if words)
    return Step("words", said or _("文字已写，没有错误"), not said)


def _warnings(count: int) -> Step:
    words = _("%(count)s条提示须说明理由") % {"count": count} if count else _("提示都已说明")
    return Step("warnings", words, not count)


def _children(blocking: list[Finding]) -> Step:
    names = list(dict.fromkeys(name for finding in blocking for name in finding.waiting_for))
    if not names:
        return Step("children", _("下级报告都已定稿"), True)
    shown = "、".join(names[:_NAMED])
    more = _("等") if len(names) > _NAMED else ""
    words = _("%(count)s家下级的报告还没有定稿：%(names)s%(more)s")
    return Step("children", words % {"count": len(names), "names": shown, "more": more}, False)


def _year(year: int, today: dt.date) -> Step:
    if workflow.year_is_over(year, today):
        return Step("year", _("统计期限已届满"), True)
    return Step("year", _("统计期限到%(year)s年12月31日才届满") % {"year": year}, False)


def _submitted(done: bool) -> Step:
    return Step("submit", _("已经送审") if done else _("送领导审签"), done)
