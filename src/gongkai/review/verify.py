"""What `gongkai verify` checks here: the chain of every run, the wordings that were signed, the records' own hashes, and the
columns that follow."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.base.models import AuditEntry
from gongkai.review import common, course, drafts
from gongkai.review.actions import reexamining, secrecy
from gongkai.review.course import OPEN
from gongkai.review.models import ReviewOpinion, ReviewRun, SecrecyConclusion, SubmittedDraft, Withheld


def problems() -> Iterator[str]:
    """One sentence per problem; none when all is whole."""
    logged = _logged()
    rows = ReviewRun.objects.select_related("template", "organ").prefetch_related("opinions", "tasks")
    for run in rows.iterator(chunk_size=200):
        yield from _run(run, logged.get(str(run.pk), set()))
    yield from _drafts()
    for record in SecrecyConclusion.objects.order_by("pk").iterator():
        if secrecy.hash_of(record) != record.hash:
            yield f"保密审查记录第{record.pk}号被改动"
    for row in Withheld.objects.select_related("organ").prefetch_related("examinations"):
        last = max(row.examinations.all(), key=lambda one: (one.on, one.pk), default=None)
        opened = last is not None and last.conclusion == reexamining.Conclusion.OPEN
        if opened is not (row.ended_on is not None):
            yield f"未主动公开信息第{row.pk}号的结论与评估记录不符"


def _logged() -> dict[str, set[str]]:
    """The hashes of the opinions as the audit log has them, by run: what was cut off the end of a run is still there."""
    found: dict[str, set[str]] = {}
    verbs = [f"review.{opinion}" for opinion in ReviewOpinion.Opinion.values]
    entries = AuditEntry.objects.filter(subject_type="review.reviewrun", verb__in=verbs)
    for key, detail in entries.values_list("subject_id", "detail").iterator():
        found.setdefault(key, set()).add(detail.get("hash", ""))
    return found


def _drafts() -> Iterator[str]:
    """The wordings that were submitted: each gives the hash that was signed, and none is missing."""
    kept = set()
    for draft in SubmittedDraft.objects.order_by("run", "number").iterator(chunk_size=200):
        kept.add((str(draft.run_id), draft.subject_hash))
        if not drafts.is_whole(draft):
            yield f"审签第{draft.run_id}号的送审稿{draft.number}被改动"
    verbs = [f"review.{opinion}" for opinion in course.SUBMITTING]
    entries = AuditEntry.objects.filter(subject_type="review.reviewrun", verb__in=verbs)
    for key, detail in entries.order_by("pk").values_list("subject_id", "detail").iterator():
        content = detail.get("content")  # what was submitted before drafts were kept says nothing of it
        if content and (key, content) not in kept:
            yield f"审签第{key}号第{detail.get('seq')}条送审的文稿没有留存"


def _run(run: ReviewRun, logged: set[str]) -> Iterator[str]:
    name = f"审签第{run.pk}号"
    entries = sorted(run.opinions.all(), key=lambda entry: entry.seq)
    previous = common.GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.seq != expected:
            yield f"{name}缺少第{expected}条意见"
            break
        if entry.previous_hash != previous or common.hash_of(entry) != entry.hash:
            yield f"{name}第{entry.seq}条意见被改动，或者与前一条不衔接"
            break
        previous = entry.hash
    else:
        if (run.last_seq, run.last_hash or common.GENESIS) != (len(entries), previous):
            yield f"{name}最后的意见被删除"
    if logged != {entry.hash for entry in entries}:
        yield f"{name}的意见与审计日志不符"
    where = course.replay(common.steps_of(run), run.facts, map(common.said_by, entries))
    if (run.state, run.step, run.rounds) != (where.state, where.step, where.rounds):
        yield f"{name}的状态与意见不符"
    open_tasks = {(task.step, task.member) for task in run.tasks.all()}
    if open_tasks != _expected(run, where):
        yield f"{name}的待签事项与意见不符"
    if (run.closed_on is None) is not (where.state in OPEN):
        yield f"{name}的结束日期与意见不符"


def _expected(run: ReviewRun, where: course.Course) -> set[tuple[int, int]]:
    if where.state not in OPEN:
        return set()
    if where.state != course.SIGNING or not where.step:
        return {(course.AUTHOR, 0)}
    return {(where.step, member) for member in where.waiting()}
