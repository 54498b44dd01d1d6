"""保密审查: the conclusion without which nothing is published."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock, crypto
from gongkai.inspection import Weight
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.review import screening, workflow
from gongkai.review.actions.settling import settle
from gongkai.review.common import (
    GENESIS,
    capacity_words,
    course_of,
    locked,
    log,
    person_of,
    post_of,
    unchanged,
)
from gongkai.review.models import ReviewRun, SecrecyConclusion

Answer, Conclusion = SecrecyConclusion.Answer, SecrecyConclusion.Conclusion
PUBLISHABLE = SecrecyConclusion.PUBLISHABLE


@transaction.atomic
def conclude_secrecy(
    *,
    by: Actor,
    run: ReviewRun,
    answers: Mapping[str, str],
    conclusion: str,
    note: str = "",
    redaction: str = "",
    consulted: str = "",
    consulted_reply: str = "",
    basis: str = "",
) -> SecrecyConclusion:
    """Record the secrecy review of what the run submitted: every question answered, and what follows from the answers.

    A later conclusion on the same content replaces an earlier one. Raises Refused, ValidationError.
    """
    run = locked(run)
    workflow.check(by, "conclude_secrecy", run.path, run.state)
    reviewer, post = person_of(by), post_of(by)
    if {reviewer.pk, by.delegated_from or 0} & course_of(run).author:
        raise Refused(_("送审人不能对自己送审的件作保密审查。"))
    unchanged(run)
    record = SecrecyConclusion(
        organ=run.organ,
        run=run,
        subject_hash=run.subject_hash,
        answers=dict(answers),
        conclusion=conclusion,
        basis=basis.strip() or str(SecrecyConclusion.BASIS),
        note=note.strip(),
        redaction=redaction.strip(),
        consulted=consulted.strip(),
        consulted_reply=consulted_reply.strip(),
        reviewer=reviewer,
        reviewer_name=reviewer.name,
        post=by.post,
        capacity=capacity_words(post),
        on=clock.today(),
        at=clock.now(),
    )
    record.clean_fields(exclude=["organ", "path", "run", "reviewer", "answers", "hash"])
    _check(record, marked=any(f.weight is Weight.BLOCK for f in screening.findings(run.prescreen)))
    record.hash = hash_of(record)
    record.save()
    log(by, "review.conclude_secrecy", run, conclusion=conclusion, record=record.pk, hash=record.hash)
    settle(by, run)
    return record


def _check(record: SecrecyConclusion, marked: bool) -> None:
    """What the answers allow. Raises ValidationError."""
    questions = SecrecyConclusion.QUESTIONS
    if set(record.answers) != set(questions) or set(record.answers.values()) - set(Answer.values):
        raise ValidationError(
            {"answers": _("请逐项回答：%(all)s。") % {"all": "、".join(map(str, questions.values()))}}
        )
    publishable = record.conclusion in PUBLISHABLE
    given = set(record.answers.values())
    if publishable and record.answers["state_secret"] != Answer.NO:
        raise ValidationError(
            {
                "conclusion": _(
                    "涉及国家秘密或者拿不准的，不能作出可以公开的结论；拿不准的请选“报请确定”（条例第十七条）。"
                )
            }
        )
    if publishable and record.answers["aggregated"] == Answer.YES:
        raise ValidationError({"conclusion": _("汇聚、关联后涉密的，不能公开（保密法第三十六条）。")})
    if publishable and Answer.UNSURE in given and not (record.consulted and record.consulted_reply):
        raise ValidationError(
            {"conclusion": _("有拿不准的项目，请先咨询有关部门并登记答复，或者选“报请确定”。")}
        )
    if record.conclusion == Conclusion.OPEN and Answer.YES in given and not record.note:
        raise ValidationError({"note": _("有涉及的项目仍可以公开的，请说明理由。")})
    if record.conclusion == Conclusion.OPEN and marked and not record.note:
        raise ValidationError({"note": _("自动初筛发现了密级标志或者个人号码，请说明核对的结果。")})
    if record.conclusion == Conclusion.PARTLY and not record.redaction:
        raise ValidationError({"redaction": _("部分公开的，请写明删减了什么。")})
    if record.conclusion in (Conclusion.CLOSED, Conclusion.REFERRED) and not record.note:
        raise ValidationError({"note": _("请写明理由。")})


def hash_of(record: SecrecyConclusion) -> str:
    """The keyed hash of everything the record says."""
    fields = [
        record.run_id,
        record.subject_hash,
        sorted(record.answers.items()),
        record.conclusion,
        record.basis,
        record.note,
        record.redaction,
        record.consulted,
        record.consulted_reply,
        record.reviewer_id,
        record.reviewer_name,
        record.post,
        record.capacity,
        record.on.isoformat(),
        record.at.astimezone(clock.SHANGHAI).isoformat(),
    ]
    return crypto.chain(GENESIS, json.dumps(fields, ensure_ascii=False).encode())
