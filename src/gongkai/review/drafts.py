"""送审稿: every wording that was submitted is kept beside the opinions on it, so that what was signed can be read when the
draft itself has long been mended."""

from __future__ import annotations

from gongkai.base import clock
from gongkai.review import subjects
from gongkai.review.models import ReviewRun, SubmittedDraft
from gongkai.review.subjects import Subject


def keep(run: ReviewRun, subject: Subject) -> None:
    """Keep the wording a run is about from here on; one handed in again unchanged is kept already. In the caller's
    transaction."""
    if run.drafts.filter(subject_hash=subject.digest).exists():
        return
    earlier = SubmittedDraft.objects.filter(
        run__subject_kind=run.subject_kind, run__subject_key=run.subject_key
    )
    SubmittedDraft.objects.create(
        run=run,
        number=earlier.count() + 1,
        subject_hash=subject.digest,
        title=run.title,
        text=subject.text,
        told=subject.told,
        content=subject.content,
        files=sorted(file.sha256 for file in subject.files),
        at=clock.now(),
    )


def is_whole(draft: SubmittedDraft) -> bool:
    """Whether what is kept gives the hash that was signed."""
    return subjects.digest(draft.content, draft.files) == draft.subject_hash


def plain(draft: SubmittedDraft) -> str:
    """All its signers read, as lines: the title, what was signed with the text, the text."""
    told = "\n".join(f"{label}：{words}" for label, words in draft.told)
    return "\n\n".join(part for part in (draft.title, told, draft.text) if part)
