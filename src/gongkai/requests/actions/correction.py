"""Records added and records put right: attachments, and facts that supersede a mistaken one. Both stay."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS, OUTCOMES
from gongkai.law.procedure import ACTIONS
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.requests import applicants, fees, load
from gongkai.requests import facts as f
from gongkai.requests.actions.charges import lock_notice
from gongkai.requests.actions.course import CONSULTED
from gongkai.requests.actions.steps import Step, Upload, begin, choice, optional, past_day, text
from gongkai.requests.course import Entry
from gongkai.requests.models import Case, CaseAction, CaseFile, FeeNotice, Submission

# What may be put right in an entry besides its day. What an answer says is not here: it was approved as it stood.
CORRECTABLE: dict[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "submit": "channel applicant_kind submitted_on form",
        "contact": "method reached note",
        "confirm": "received_on method note",
        "forward": "organ_id to note",
        "part": "received_on applicant_kind",
        "redone": "received_on applicant_kind days order",
        "accept": "note",
        "assign": "note",
        "ask_correction": "until what",
        "receive_correction": "text",
        "extend_correction": "until reason",
        "lapse_correction": "note",
        "ask_explanation": "until what",
        "receive_explanation": "reasonable text",
        "lapse_explanation": "note",
        "consult": "whom served_on name what",
        "close_consultation": "reply ended_on text",
        "approve_extension": "days note",
        "approve_delay": "until note",
        "approve_fee": "served_on note",
        "record_payment": "receipt_number payment_code",
        "refund": "amount reason",
        "dispatch": "way note",
        "serve": "way receiver note",
        "withdraw": "reason",
        "lapse": "sub_reason reason",
        "attach": "note",
    }.items()
}
_CHOICES = {
    "channel": CHANNELS,
    "applicant_kind": APPLICANT_KINDS,
    "whom": CONSULTED,
    "reply": f.REPLIES,
    "sub_reason": OUTCOMES["other_misc"].sub_reasons,
}
_FUTURE = {"until"}  # dates that may lie ahead
_NEVER_ANNULLED = {"submit", "confirm", "part", "redone", "split", "redo", "approve_fee"}
_BEHIND_THE_ANSWER = {"draft", "submit_draft", "review_draft", "approve_draft", "answer", "dispatch"}
# What the parts of a split carry on from their trunk: they hold it as their own.
_CARRIED_ON = {
    "confirm",
    "part",
    "redone",
    "ask_correction",
    "receive_correction",
    "ask_explanation",
    "consult",
    "close_consultation",
    "approve_extension",
    "approve_delay",
}
# One fact about a whole notice, told on each of its cases.
_OF_THE_NOTICE = {"approve_fee", "record_payment", "revoke_fee", "lapse_fee"}


@transaction.atomic
def attach(
    case: Case,
    *,
    by: Actor,
    files: Iterable[Upload],
    note: str = "",
    on: dt.date | None = None,
) -> Case:
    """Add files to the case: identity evidence, search records, replies that came on paper."""
    step = begin(case, "attach", by, on)
    kept = list(files)
    if not kept:
        raise ValidationError({"files": _("请选择要上传的文件。")})
    if by.role == "applicant":
        kept = [Upload(u[0], u[1], _applicants(Upload(*u).purpose)) for u in kept]
    step.write(f.Attached(note=optional(note, "note", 2000)), files=kept)
    return step.case


def _applicants(purpose: str) -> str:
    return purpose if purpose == CaseFile.Purpose.IDENTITY else CaseFile.Purpose.APPLICANT


@transaction.atomic
def supersede(
    case: Case,
    *,
    by: Actor,
    seq: int,
    reason: str,
    on: dt.date | None = None,
    annul: bool = False,
    **changes: Any,
) -> CaseAction:
    """Put entry `seq` right: another day (`on`), other values (see CORRECTABLE), or, with `annul`, that it never was.

    Writes a fact of the same kind in its place; the mistaken one stays, marked. `reason` is kept with it. The rest of
    the case must still hold together afterwards. What a dispatched answer says is never put right this way: another
    answer replaces it. For ``submit``, ``form={…}`` corrects the applicant's fields. Returns the new entry.
    """
    lock_notice(case)
    step = begin(case, "supersede", by, None)
    reason = text(reason, "reason", _("请写明更正的理由。"), 2000)
    old = _entry(step, seq)
    _may_correct(step, old, annul)
    unknown = set(changes) - CORRECTABLE.get(old.kind, frozenset())
    if unknown:
        raise ValidationError(_("该记录的%(names)s不能更正。") % {"names": "、".join(sorted(unknown))})
    if not annul and on is None and not changes:
        raise ValidationError(_("没有需要更正的内容。"))
    new = f.Annulled(because=reason) if annul else _corrected(step, old, reason, on, changes)
    day = old.on if on is None or annul else past_day(on)
    row = _write(step, old, new, day)
    if old.kind in _OF_THE_NOTICE | {"refund"}:
        _same_on_the_notice(step, old, new, day)
    if "form" in changes:
        _project_form(step.case, json.loads(getattr(new, "form", "{}")))
    return row


def _entry(step: Step, seq: int) -> Entry:
    old = step.facts.entry(seq)
    if old is None or old.kind == "annul" or seq in step.facts.superseded:
        raise ValidationError({"seq": _("没有可以更正的这条记录。")})
    return old


def _may_correct(step: Step, old: Entry, annul: bool) -> None:
    action = ACTIONS.get(old.kind)
    if action and not step.by.is_machine and step.by.role not in action.roles:
        raise Refused(_("“%(label)s”的记录须由有权办理该事项的岗位更正。") % {"label": action.label})
    if step.facts.state == "split" and old.kind in _CARRIED_ON:
        raise Refused(_("本件已拆分，请在各拆分件上更正。"))
    if annul and old.kind in _NEVER_ANNULLED:
        raise Refused(_("立件、登记、拆分和收费通知的记录不能撤销，只能更正；收费有误的，请撤销收费通知。"))
    dispatched = step.facts.dispatched_on is not None
    if annul and dispatched and old.kind in _BEHIND_THE_ANSWER:
        raise Refused(_("答复已发出，不得撤销；如有错误，请另行作出替代答复。"))


def _corrected(step: Step, old: Entry, reason: str, on: dt.date | None, changes: dict[str, Any]) -> f.Fact:
    row = CaseAction.objects.get(case=step.case, seq=old.seq)
    values = dict(changes)
    for name, value in values.items():
        if name in _CHOICES:
            choice(value, _CHOICES[name], name)
        elif isinstance(value, dt.date) and name not in _FUTURE:
            past_day(value, name)
        elif isinstance(value, str):
            values[name] = optional(value, name)
    if "form" in values:
        values["form"] = applicants.canonical(applicants.clean(values["form"], online=False)).decode()
    if on is not None and old.kind == "confirm" and CHANNELS[step.facts.channel].needs_confirmation:
        values.setdefault("received_on", on)
    before = load.entry_of(row, old.place, private=True).fact
    if on is not None and isinstance(before, f.ConsultationClosed) and before.reply != "silent":
        values.setdefault("ended_on", on)
    return dataclasses.replace(before, because=reason, **values)


def _write(step: Step, old: Entry, new: f.Fact, day: dt.date) -> CaseAction:
    known = set(step.facts.contradictions())
    step.on = day
    try:
        row = step.write(new, supersedes=old, detail={"of": old.seq})
        found = [problem for problem in step.facts.contradictions() if problem not in known]
    except ValueError as error:  # the law's own facts refuse dates in the wrong order
        raise ValidationError(str(error)) from error
    if found:
        raise ValidationError([_("这样更正后：%(problem)s。") % {"problem": problem} for problem in found])
    return row


def _same_on_the_notice(step: Step, old: Entry, new: f.Fact, day: dt.date) -> None:
    """Tell the correction on the other cases of the notice too, then write the notice's columns."""
    notice = FeeNotice.objects.get(pk=getattr(old.fact, "notice", 0))
    if old.kind in _OF_THE_NOTICE:
        others = Case.objects.select_related("organ").filter(fee_lines__notice=notice)
        for case in others.exclude(pk=step.case.pk).order_by("pk"):
            other = begin(case, "supersede", step.by, None)
            twin = next((entry for entry in other.facts.entries if _same_fact(entry, old)), None)
            if twin is not None:
                _write(other, twin, _like(new, other, twin), day)
    fees.project_notice(notice, step.calendar)


def _same_fact(entry: Entry, old: Entry) -> bool:
    return entry.kind == old.kind and getattr(entry.fact, "notice", 0) == getattr(old.fact, "notice", 0)


def _like(new: f.Fact, other: Step, twin: Entry) -> f.Fact:
    """The twin's own fact with what was put right for the whole notice."""
    if isinstance(new, f.Annulled):
        return new
    own = load.entry_of(CaseAction.objects.get(case=other.case, seq=twin.seq), twin.place, private=True).fact
    shared = {name: getattr(new, name) for name in CORRECTABLE.get(twin.kind, frozenset())}
    return dataclasses.replace(own, because=new.because, **shared)


def _project_form(case: Case, form: dict[str, str]) -> None:
    """The submission shows the corrected fields and is found by them; its raw bytes stay as they came."""
    Submission.objects.filter(pk=case.submission_id).update(form=form, **applicants.indexes(form))
