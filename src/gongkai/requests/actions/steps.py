"""How every action writes: the case under lock, the procedure asked, fact, files, projections, audit and notice — together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, files
from gongkai.base.models import StoredFile
from gongkai.law import procedure
from gongkai.law.wording import zh_date
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.organs import authority, calendars
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.requests import facts as f
from gongkai.requests import load, notices
from gongkai.requests.course import CaseFacts, Entry, append, read
from gongkai.requests.models import Case, CaseAction, CaseFile

# Rooms above tell us whether a frozen report counts a case; see `frozen_by`.
_frozen: list[Callable[[Case], bool]] = []


def frozen_by(check: Callable[[Case], bool]) -> None:
    """Register who knows whether a frozen report counts a case (the annual report, in its ``apps.ready``)."""
    if check not in _frozen:
        _frozen.append(check)


def counted_in_frozen(case: Case) -> bool:
    """Whether a frozen report counts `case`: then it is no longer split."""
    return any(check(case) for check in _frozen)


class Upload(NamedTuple):
    """A file to keep with an action. `purpose` is a CaseFile.Purpose, by default what fits the action."""

    name: str
    content: bytes
    purpose: str = ""


@dataclass
class Step:
    """A case under lock, on the day an action counts for, in the capacity of who acts."""

    case: Case
    facts: CaseFacts
    by: Actor
    on: dt.date
    calendar: Calendar
    given: Case | None = None

    def require(self, action: str) -> None:
        """Raise Refused with the procedure's sentence unless the action is permitted now."""
        sentence = refusal(action, self.by, self.case, self.facts, self.calendar, self.on)
        if sentence:
            raise Refused(sentence)

    def write(
        self,
        fact: f.Fact,
        *,
        files: Iterable[Upload] = (),
        supersedes: Entry | None = None,
        tell: bool = True,
        detail: dict[str, Any] | None = None,
    ) -> CaseAction:
        """Write one fact with everything that goes with it."""
        self._in_order(fact, supersedes)
        before = _forget(self.given, self.case)
        payload, private = f.encode(fact)
        row = CaseAction.objects.create(
            case=self.case,
            seq=self.facts.last_seq + 1,
            kind=fact.kind,
            on=self.on,
            recorded_at=clock.now(),
            actor=self.by.key,
            post=self.by.post,
            payload=payload,
            sealed=private,
            supersedes_id=supersedes.pk if supersedes else None,
        )
        keep_files(row, self.case, files)
        self._take_in(row, fact, supersedes)
        columns = project(self.case, self.facts, self.calendar, self.given, before)
        _remember(self.given or self.case, self.facts, row, columns)
        audit.record(
            actor=self.by.key,
            post=self.by.post,
            verb=f"case.{'supersede' if supersedes else fact.kind}",
            subject=self.case,
            path=self.case.path,
            detail={"seq": row.seq, "on": self.on.isoformat(), **(detail or {})},
        )
        if tell:
            notices.owe(row, fact, self.case, self.by)
        return row

    def _in_order(self, fact: f.Fact, supersedes: Entry | None) -> None:
        """A step that moves the case cannot count for a day before the step it follows."""
        if supersedes or self.facts.state_on is None:
            return
        earliest = self.facts.state_on if _moves(fact) else self.case.arrived_on
        if self.on < earliest:
            raise ValidationError(
                {"on": _("日期不能早于%(day)s，请核对此前的办理记录。") % {"day": zh_date(earliest)}}
            )

    def _take_in(self, row: CaseAction, fact: f.Fact, supersedes: Entry | None) -> None:
        place = supersedes.place if supersedes else row.seq
        entry = Entry(row.pk, row.seq, place, row.on, row.actor, fact)
        if supersedes:
            gone = self.facts.superseded | {supersedes.seq}
            self.facts = read([*self.facts.all_entries, entry], gone)
        else:
            append(self.facts, entry)


def _moves(fact: f.Fact) -> bool:
    action = procedure.ACTIONS.get(fact.kind)
    return fact.kind == "record_payment" or bool(action and action.to_state)


def begin(case: Case, action: str, by: Actor, on: dt.date | None, *, check: bool = True) -> Step:
    """Lock `case` and ask the procedure. Must run inside a transaction. Raises ValidationError, Refused."""
    day = past_day(on)
    require_place(by, case)
    locked = lock(case)
    step = Step(
        case=locked,
        facts=_facts_of(case, locked),
        by=by,
        on=day,
        calendar=calendars.for_region(locked.organ.region),
        given=case,
    )
    if check:
        step.require(action)
    return step


def begin_many(cases: Sequence[Case], action: str, by: Actor, on: dt.date | None) -> list[Step]:
    """The same for several cases, locked in one order so that two writers never wait for each other."""
    return [begin(case, action, by, on) for case in sorted(cases, key=lambda case: case.pk)]


def open_new(case: Case, by: Actor, on: dt.date) -> Step:
    """A step on a case that was created in this transaction and has no entries yet."""
    return Step(case, CaseFacts(), by, on, calendars.for_region(case.organ.region))


@dataclass(frozen=True)
class _Known:
    """What the last action on this very object left: facts and columns, and the row they end with."""

    facts: CaseFacts
    last: tuple[int, dt.datetime]
    columns: dict[str, Any]


# Asked before every step, and written out: Django takes much longer to build this statement than the database to answer.
_LAST_ROW = "SELECT id, recorded_at FROM requests_caseaction WHERE case_id = %s ORDER BY seq DESC LIMIT 1"


def _facts_of(given: Case, locked: Case) -> CaseFacts:
    """The facts under lock. Rows are only ever added: if the last one is still the last, what we knew still holds."""
    known: _Known | None = given.__dict__.get("_known")
    if known is not None:
        last = CaseAction.objects.raw(_LAST_ROW, [given.pk])
        if [(row.pk, row.recorded_at) for row in last] == [known.last]:
            return known.facts
    given.__dict__.pop("_known", None)
    return load.case_facts(locked)


def _forget(*cases: Case | None) -> dict[str, Any] | None:
    """Know nothing while writing, so that a failure leaves nothing wrong behind; returns the columns known."""
    known = [case.__dict__.pop("_known", None) for case in cases if case is not None]
    return next((k.columns for k in known if k is not None), None)


def _remember(case: Case, facts: CaseFacts, row: CaseAction, columns: dict[str, Any]) -> None:
    case.__dict__["_known"] = _Known(facts, (row.pk, row.recorded_at), columns)


def lock(case: Case) -> Case:
    """The stored row of `case`, held until the transaction ends. Where one writer at a time is the rule, itself."""
    if not connection.features.has_select_for_update:
        return case
    return Case.objects.select_for_update(of=("self",)).select_related("organ").get(pk=case.pk)


def refusal(
    action: str, by: Actor, case: Case, facts: CaseFacts, calendar: Calendar, today: dt.date
) -> str | None:
    """Why `by` may not do this now, or None. A job of the machine may what any role may in this state."""
    frozen = action == "split" and counted_in_frozen(case)
    view = facts.view(calendar, today, by.person_id, frozen)
    if not by.is_machine:
        return procedure.refusal(action, by.role, view)
    sentences = [procedure.refusal(action, role, view) for role in procedure.ACTIONS[action].roles]
    return None if None in sentences else sentences[-1]


def require_place(by: Actor, case: Case) -> None:
    """Staff act on the records of their own organ and of its predecessors; the applicant on their own case."""
    if by.role != "applicant":
        authority.require(by, authority.WORK, "cases", case.path, _("本件不属于您所在岗位的办理范围。"))


def past_day(on: dt.date | None, field: str = "on") -> dt.date:
    """The day a fact counts for: today unless recorded later. Raises ValidationError for a day to come."""
    today = clock.today()
    if on is None:
        return today
    if isinstance(on, dt.datetime) or not isinstance(on, dt.date):
        raise ValidationError({field: _("请填写日期。")})
    if on > today:
        raise ValidationError({field: _("日期不能晚于今天（%(day)s）。") % {"day": zh_date(today)}})
    return on


def project(
    case: Case,
    facts: CaseFacts,
    calendar: Calendar,
    given: Case | None = None,
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the columns that follow from the facts, show them on the caller's object too, and return them.

    All of them, as the object in hand may be older than the row, unless `before` says what the row holds.
    """
    columns = facts.columns(calendar)
    changed = columns if before is None else _changed(before, columns)
    Case.objects.filter(pk=case.pk).update(**changed)
    for shown in (case, given):
        if shown is not None:
            for name, value in columns.items():
                setattr(shown, name, value)
    return columns


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name, ...) != value}


def keep_files(row: CaseAction, case: Case, uploads: Iterable[Upload]) -> list[StoredFile]:
    """Store the files of an action. Raises ValidationError under ``files``."""
    kept = []
    for upload in uploads:
        upload = upload if isinstance(upload, Upload) else Upload(*upload)
        purpose = upload.purpose or _PURPOSES.get(row.kind, CaseFile.Purpose.EVIDENCE)
        if purpose not in CaseFile.Purpose.values:
            raise ValidationError({"files": _("不认识的附件用途。")})
        try:
            stored = files.store(case.organ, upload.name, upload.content)
        except ValidationError as error:
            raise ValidationError({"files": error.messages}) from error
        CaseFile.objects.create(action=row, file=stored, purpose=purpose)
        kept.append(stored)
    return kept


_PURPOSES = {
    "submit": CaseFile.Purpose.APPLICANT,
    "receive_correction": CaseFile.Purpose.APPLICANT,
    "receive_explanation": CaseFile.Purpose.APPLICANT,
    "withdraw": CaseFile.Purpose.APPLICANT,
    "draft": CaseFile.Purpose.ANSWER,
    "answer": CaseFile.Purpose.ANSWER,
    "serve": CaseFile.Purpose.SERVICE,
}


def text(value: str, field: str, message: str, longest: int = 20_000) -> str:
    """A text that must be there. Raises ValidationError under `field`."""
    value = optional(value, field, longest)
    if not value:
        raise ValidationError({field: message})
    return value


def optional(value: str, field: str, longest: int = 20_000) -> str:
    """A text that may be empty, cleared of outer space. Raises ValidationError when it is too long."""
    value = (value or "").strip()
    if len(value) > longest:
        raise ValidationError({field: _("内容过长，请控制在%(count)s字以内。") % {"count": longest}})
    return value


def choice(value: str, known: Iterable[str], field: str) -> str:
    """One of the known keys. Raises ValidationError under `field`."""
    if value not in known:
        raise ValidationError({field: _("请从列出的选项中选择。")})
    return value


def term_end(calendar: Calendar, start: dt.date, days: int, field: str) -> dt.date:
    """The `days`-th working day after `start`. Raises ValidationError naming the year that is not loaded."""
    try:
        return calendar.add(start, days)
    except CalendarYearMissing as missing:
        raise ValidationError(
            {field: _("%(reason)s请直接填写日期。") % {"reason": str(missing)}}
        ) from missing
