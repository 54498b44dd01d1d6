"""What can be done with reviews and lawsuits. Every step is a dated fact; corrections: :mod:`.corrections`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.organs import authority, scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.remedies.common import REGISTER, authorised, log, required, write
from gongkai.remedies.corrections import correct_step, void_step
from gongkai.remedies.models import Column, Group, Proceeding, State, StepKind, family_of
from gongkai.remedies.results import WITHDRAWN, rule_for, set_column
from gongkai.remedies.settings_actions import set_count_basis
from gongkai.requests import actions as requests
from gongkai.requests.models import Case

__all__ = [
    "accept",
    "appeal",
    "close",
    "correct_step",
    "decide",
    "decline",
    "file_proceeding",
    "join",
    "link",
    "order_redo",
    "reopen",
    "reply",
    "resume",
    "set_column",
    "set_count_basis",
    "suspend",
    "void_step",
    "withdraw",
]


@transaction.atomic
def file_proceeding(
    *,
    by: Actor,
    organ: Organ,
    group: str,
    number: str,
    forum: str,
    filed_on: dt.date,
    respondents: Iterable[Organ] = (),
    case: Case | None = None,
    act: str = "",
    parent: Proceeding | None = None,
    no_parent_reason: str = "",
    parties: dict[str, Any] | None = None,
) -> Proceeding:
    """Open the file of a review or lawsuit on the day its notice came in. `organ` keeps the file and, unless others are
    named, is the respondent. A suit after review names that review, or says why it cannot.

    Raises Refused or ValidationError.
    """
    authority.require(by, authority.WORK, REGISTER, organ.path)
    named = list(respondents) or [organ]
    _check_respondents(organ, named)
    proceeding = Proceeding(
        organ=organ,
        path=organ.path,
        group=group,
        number=number.strip(),
        forum=forum.strip(),
        filed_on=filed_on,
        case=case,
        act=act,
        parent=parent,
        no_parent_reason=no_parent_reason.strip(),
        parties=parties,
    )
    proceeding.clean_fields(exclude=["organ", "path", "case", "parent", "parties"])
    _check_links(by, proceeding)
    _check_number(proceeding)
    proceeding.save()
    keys = sorted({respondent.pk for respondent in named})
    write(by, proceeding, StepKind.FILED, filed_on, {"group": group, "respondents": keys})
    return proceeding


@transaction.atomic
def accept(proceeding: Proceeding, *, by: Actor, on: dt.date, simplified: bool = False) -> Proceeding:
    """The forum took the case; `simplified` says by which procedure."""
    return _step(by, proceeding, StepKind.ACCEPTED, on, {"simplified": simplified})


@transaction.atomic
def decline(
    proceeding: Proceeding, *, by: Actor, on: dt.date, result: str = "", document: str = ""
) -> Proceeding:
    """The forum did not take the case: closed under 其他结果."""
    default = "review_not_accepted" if proceeding.group == Group.REVIEW else "court_not_docketed"
    if proceeding.state != State.FILED:
        raise Refused(_("案件已受理，不能再登记为不予受理；请登记审结结果。"))
    return close(proceeding, by=by, on=on, result=result or default, document=document)


@transaction.atomic
def reply(proceeding: Proceeding, *, by: Actor, on: dt.date) -> Proceeding:
    """The organ handed in its answer or defence with the evidence."""
    return _step(by, proceeding, StepKind.REPLIED, on)


@transaction.atomic
def suspend(proceeding: Proceeding, *, by: Actor, on: dt.date, reason: str = "") -> Proceeding:
    """The forum suspended the case."""
    return _step(by, proceeding, StepKind.SUSPENDED, on, sealed={"reason": reason})


@transaction.atomic
def resume(proceeding: Proceeding, *, by: Actor, on: dt.date) -> Proceeding:
    """The forum took the case up again."""
    return _step(by, proceeding, StepKind.RESUMED, on)


@transaction.atomic
def join(proceeding: Proceeding, *, by: Actor, organ: Organ, on: dt.date) -> Proceeding:
    """Another organ became a respondent too; the case counts in its table from that day."""
    return _step(by, proceeding, StepKind.JOINED, on, {"organ": organ.pk})


@transaction.atomic
def decide(
    proceeding: Proceeding,
    *,
    by: Actor,
    on: dt.date,
    result: str,
    document: str = "",
    ruling: bool = False,
) -> Proceeding:
    """A decision was served. A review ends with it. A court's is of first instance: pending until :func:`close`, because
    it may be appealed (`ruling`: 裁定, with the shorter term)."""
    if proceeding.group == Group.REVIEW:
        return close(proceeding, by=by, on=on, result=result, document=document)
    rule_for(result, family_of(proceeding.group))
    payload = {"result": result, "document": document, "ruling": ruling}
    return _step(by, proceeding, StepKind.DECIDED, on, payload)


@transaction.atomic
def appeal(proceeding: Proceeding, *, by: Actor, on: dt.date) -> Proceeding:
    """Somebody appealed against the first instance."""
    return _step(by, proceeding, StepKind.APPEALED, on)


@transaction.atomic
def close(
    proceeding: Proceeding, *, by: Actor, on: dt.date, result: str = "", document: str = ""
) -> Proceeding:
    """The result took effect on the day `on`: that day counts. Without `result` the first instance's became final."""
    if result:
        rule_for(result, family_of(proceeding.group))
    payload = {name: value for name, value in (("result", result), ("document", document)) if value}
    return _step(by, proceeding, StepKind.CLOSED, on, payload)


@transaction.atomic
def withdraw(proceeding: Proceeding, *, by: Actor, on: dt.date, document: str = "") -> Proceeding:
    """The applicant or plaintiff took the case back: closed under 其他结果."""
    result = WITHDRAWN[family_of(proceeding.group)]
    return close(proceeding, by=by, on=on, result=result, document=document)


@transaction.atomic
def reopen(proceeding: Proceeding, *, by: Actor, on: dt.date, reason: str) -> Proceeding:
    """A retrial (再审) was ordered. The years before keep the old result; from now on the case is pending again."""
    return _step(by, proceeding, StepKind.REOPENED, on, sealed={"reason": required(reason)})


@transaction.atomic
def order_redo(
    proceeding: Proceeding, *, by: Actor, on: dt.date, order: str = "", days: int | None = None
) -> Case:
    """The result demands a new answer: opens the case that redoes the application and ties it to the proceeding.

    `on` is the day the decision was served, from which the new term runs: `days` working days if the decision sets
    them, else 20. Returns the new case. Raises Refused or ValidationError.
    """
    proceeding = authorised(by, proceeding)
    if proceeding.case is None:
        raise Refused(_("本案没有关联原申请，不能交办重新答复；请先关联。"))
    if proceeding.state != State.CLOSED or proceeding.column != Column.CORRECTED:
        raise Refused(_("只有结果为纠正并已审结的案件，才交办重新答复。"))
    if proceeding.redo_id is not None:
        raise Refused(_("本案已交办过重新答复。"))
    text = order or _("%(forum)s%(number)s") % {"forum": proceeding.forum, "number": proceeding.number}
    case = requests.redo(proceeding.case, by=by, order=text, served_on=on, days=days, on=on)
    write(by, proceeding, StepKind.REDO, on, {"case": case.pk})
    return case


@transaction.atomic
def link(
    proceeding: Proceeding,
    *,
    by: Actor,
    case: Case | None = None,
    parent: Proceeding | None = None,
    no_parent_reason: str = "",
) -> Proceeding:
    """Tie the proceeding to the application it is about, or to the review it followed. Raises Refused or
    ValidationError."""
    proceeding = authorised(by, proceeding)
    proceeding.case = case or proceeding.case
    proceeding.parent = parent or proceeding.parent
    proceeding.no_parent_reason = no_parent_reason.strip() or proceeding.no_parent_reason
    _check_links(by, proceeding)
    proceeding.save(update_fields=["case", "parent", "no_parent_reason", "path"])
    log(
        by,
        "proceeding.link",
        proceeding,
        case=proceeding.case_id,
        parent=proceeding.parent_id,
    )
    return proceeding


def _step(
    by: Actor,
    proceeding: Proceeding,
    kind: StepKind,
    on: dt.date,
    payload: dict[str, Any] | None = None,
    sealed: dict[str, Any] | None = None,
) -> Proceeding:
    proceeding = authorised(by, proceeding)
    write(by, proceeding, kind, on, payload, sealed)
    return proceeding


def _check_respondents(keeper: Organ, named: list[Organ]) -> None:
    """The file stands with a respondent, or with the office that answers for its government."""
    spoken_for = {keeper.pk, keeper.parent_id}
    if not any(respondent.pk in spoken_for for respondent in named):
        raise ValidationError(
            {"respondents": _("本机关或者本级政府不是被申请人、被告的案件，请由被诉机关登记。")}
        )


def _check_links(by: Actor, proceeding: Proceeding) -> None:
    case, parent = proceeding.case, proceeding.parent
    if case is not None and not _in_sight(by, Case, case.pk):
        raise ValidationError({"case": _("没有找到这件申请。")})
    if parent is not None and not _in_sight(by, Proceeding, parent.pk):
        raise ValidationError({"parent": _("没有找到这件复议。")})
    if parent is not None and (parent.group != Group.REVIEW or parent.state == State.STRUCK):
        raise ValidationError({"parent": _("前置案件应是行政复议。")})
    if parent is not None and proceeding.group != Group.AFTER_REVIEW:
        raise ValidationError({"parent": _("只有复议后起诉的案件才关联前置复议。")})
    if proceeding.group == Group.AFTER_REVIEW and parent is None and not proceeding.no_parent_reason:
        raise ValidationError({"parent": _("复议后起诉的，请关联前置复议；没有登记的，请写明原因。")})


def _in_sight(by: Actor, model: Any, key: int) -> bool:
    who = scope.SYSTEM if by.is_machine else by.viewer or scope.NOBODY
    return scope.rows(who, model).filter(pk=key).exists()


def _check_number(proceeding: Proceeding) -> None:
    twins = Proceeding.objects.filter(path=proceeding.path, number=proceeding.number)
    if twins.exclude(state=State.STRUCK).exists():
        raise ValidationError({"number": _("本机关已登记过案号%(number)s。") % {"number": proceeding.number}})
