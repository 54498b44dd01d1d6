"""A drafted answer as the review room sees it, for offices that take answers through a chain of signatures as well. What the
procedure of a case asks for stays as it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.law.outcomes import OUTCOMES
from gongkai.requests import facts as f
from gongkai.requests import load
from gongkai.requests.course import CaseFacts
from gongkai.requests.models import Case
from gongkai.review.subjects import Subject

KIND = "requests.case"


class AnswerSubject:
    """The adapter of a case with a draft; the key is the case's. Its title and text name nobody: who signs reads the draft
    on the page of the case, where personal data is guarded; the hash covers all of it."""

    kind = KIND
    label = gettext_lazy("依申请公开答复")

    def sorts(self) -> list[tuple[str, str]]:
        return []

    def load(self, key: str) -> Subject | None:
        """None for a case without a draft, or whose answer has gone out."""
        case = Case.objects.select_related("organ").filter(pk=key).first() if key.isdigit() else None
        if case is None or case.dispatched_on is not None:
            return None
        facts = load.case_facts(case, private=True)
        draft = facts.draft_content
        return None if draft is None else _subject(case, facts, draft)


def _subject(case: Case, facts: CaseFacts, draft: f.Drafted) -> Subject:
    payload, sealed = f.encode(draft)
    content: dict[str, Any] = {"case": case.pk, "payload": payload, "sealed": sealed or {}}
    files = tuple(one.file for one in load.annexes(case, facts).select_related("file__organ"))
    return Subject(
        kind=KIND,
        key=str(case.pk),
        organ=case.organ,
        title=_("%(number)s申请的答复") % {"number": case.number or _("未编号")},
        text=_("拟答复：%(outcome)s。答复全文和附件在案件页上看。")
        % {"outcome": OUTCOMES[draft.outcome].label},
        content=content,
        files=files,
    )
