"""One import: rows in, a chunk at a time, each chunk one transaction with the place it reached.

Whatever ends the process, the register holds whole chunks, and the next run goes on behind the last one. A trial run goes
the same way and writes nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field, fields

from django.db import IntegrityError, reset_queries, transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.bulk import cells, checking, twins, writing
from gongkai.documents.bulk.attached import Files, NoFiles
from gongkai.documents.bulk.cells import LEFT_OUT, Draft, Wrong
from gongkai.documents.bulk.checking import Checker, Ready
from gongkai.documents.bulk.lookups import Known
from gongkai.documents.bulk.models import Batch, Problem
from gongkai.documents.bulk.reading import TOO_LONG, Row
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

CHUNK = 500  # rows checked and written together
HEAVY = 32 * 1024 * 1024  # bytes of files, or characters of rows, held before they are written
LONGEST_KEPT = 100_000  # characters of a cell that is kept with a problem
MOST_PROBLEMS = 20_000  # rows with problems that are kept; further ones are only counted
TRIES = 3


class Overtaken(Exception):
    """Another process is at work on the same batch; what this one had not written yet is left to it."""


@dataclass
class Counts:
    """What came of the rows so far."""

    rows: int = 0
    taken: int = 0
    released: int = 0
    attached: int = 0
    known: int = 0
    wrong: int = 0
    mended: int = 0

    def __add__(self, more: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(more), strict=True)))


COUNTS = tuple(one.name for one in fields(Counts))


@dataclass(frozen=True)
class Trouble:
    """A row that was not taken, or (`kept`) taken less something."""

    row: int
    cells: dict[str, str]
    words: str
    kept: bool = False


@dataclass
class _Part:
    """Rows dealt with and not written down yet."""

    last: int
    ready: list[Ready] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    weight: int = 0  # bytes of files held


class Import:
    """A run over a table. Without `batch` it is a trial: nothing is written, `tell` hears of every row in trouble."""

    def __init__(
        self,
        *,
        by: Actor,
        organ: Organ | None = None,
        files: Files | None = None,
        batch: Batch | None = None,
        tell: Callable[[Trouble], object] = lambda trouble: None,
        progress: Callable[[Counts], object] = lambda counts: None,
    ) -> None:
        self._known = Known(by, organ)
        self._checker = Checker(self._known)
        self._files = files or NoFiles()
        self._batch, self._tell, self._progress = batch, tell, progress
        self._seen = twins.Seen() if batch is None else None
        self.counts = Counts(**{name: getattr(batch, name) for name in COUNTS}) if batch else Counts()

    def run(
        self, rows: Iterable[Row], *, until: float | None = None, going: Callable[[], bool] = lambda: True
    ) -> bool:
        """Deal with the rows the batch has not reached; whether that was the last of them. It ends after the chunk at hand
        when `until` (monotonic seconds) has come or `going` says no. Raises TableError for a table that cannot be read on,
        Overtaken."""
        start = self._batch.position if self._batch is not None else 0
        for chunk in _chunks((row for row in rows if row[0] > start), CHUNK):
            self._take(chunk)
            self._progress(self.counts)
            reset_queries()
            if (until is not None and time.monotonic() >= until) or not going():
                return False
        return True

    def close(self) -> None:
        if self._seen is not None:
            self._seen.close()

    def _take(self, chunk: list[Row]) -> None:
        for attempt in range(1, TRIES + 1):
            before = self._batch.position if self._batch is not None else 0
            try:
                for part in self._parts([row for row in chunk if row[0] > before]):
                    self._keep(part)
                return
            except IntegrityError:  # somebody registered one of them meanwhile: look again
                if attempt == TRIES:
                    raise

    def _parts(self, chunk: list[Row]) -> Iterator[_Part]:
        """The rows checked, in pieces that memory bears."""
        drafts: dict[int, Draft | str] = {}
        for number, row in chunk:
            try:
                drafts[number] = cells.draft(number, row, self._known)
            except Wrong as wrong:
                drafts[number] = wrong.words
        good = [one for one in drafts.values() if isinstance(one, Draft)]
        self._checker.refresh({one.organ.path for one in good})
        known = twins.Twins(good, self._seen)
        part, now = _Part(0), clock.now()
        for number, row in chunk:
            self._one(part, number, row, drafts[number], known, now)
            part.last = number
            if part.weight >= HEAVY:
                yield part
                part = _Part(number)
        if part.counts.rows:
            yield part

    def _one(
        self,
        part: _Part,
        number: int,
        row: dict[str, str],
        said: Draft | str,
        known: twins.Twins,
        now: dt.datetime,
    ) -> None:
        part.counts.rows += 1
        try:
            if isinstance(said, str):
                raise Wrong([said])
            if known.is_known(said):
                part.counts.known += 1
                return
            ready = self._checker.ready(said, self._known.actor(said.organ), now)
            checking.take_papers(ready, self._files)
        except Wrong as wrong:
            part.counts.wrong += 1
            part.troubles.append(Trouble(number, _kept(row), wrong.words))
            return
        known.add(said)
        part.counts.taken += 1
        part.counts.released += bool(ready.releases)
        part.counts.attached += len(ready.papers)
        if said.notes:
            part.counts.mended += 1
            part.troubles.append(Trouble(number, _kept(row), "".join(said.notes), kept=True))
        if self._batch is not None:
            part.ready.append(ready)
            part.weight += ready.weight

    def _keep(self, part: _Part) -> None:
        """Write the part down, with how far the batch is now."""
        after = self.counts + part.counts
        if self._batch is not None:
            with (
                writing.files_put_by(part.ready),
                transaction.atomic(),
                _advanced(self._batch, part, after),
            ):
                writing.write(part.ready, self._batch.pk)
            self._batch.position = part.last
        self.counts = after
        for trouble in part.troubles:
            self._tell(trouble)


@contextmanager
def _advanced(batch: Batch, part: _Part, after: Counts) -> Iterator[None]:
    """Inside the transaction: nobody else has gone on with the batch; afterwards it stands behind the part."""
    there = Batch.objects.select_for_update().values_list("position", "state").get(pk=batch.pk)
    if there != (batch.position, Batch.State.RUNNING):
        raise Overtaken
    yield
    keep_problems(batch, part.troubles)
    Batch.objects.filter(pk=batch.pk).update(position=part.last, **asdict(after))


def hear(troubles: list[Trouble], trouble: Trouble) -> None:
    """Remember a row in trouble, as far as they are kept."""
    if len(troubles) < MOST_PROBLEMS:
        troubles.append(trouble)


def keep_problems(batch: Batch, troubles: list[Trouble]) -> None:
    """Write rows in trouble down beside their batch, as long as there is room for them."""
    if not troubles:
        return
    room = max(0, MOST_PROBLEMS - batch.problems.count())
    Problem.objects.bulk_create(
        [
            Problem(batch=batch, row=one.row, words=one.words, cells=one.cells, kept=one.kept)
            for one in troubles[:room]
        ],
        batch_size=200,
    )


def not_kept(counts: Counts | Batch) -> str:
    """A sentence for the rows in trouble that were only counted; "" when every one was kept."""
    if counts.wrong + counts.mended <= MOST_PROBLEMS:
        return ""
    return _("有问题的行太多，问题表只留前%(most)d行；改好这些后再导入一次，其余的会再列出。") % {
        "most": MOST_PROBLEMS
    }


def _kept(row: dict[str, str]) -> dict[str, str]:
    """The row as it stays with its problem: for what is too long a sentence, which is no good when it is brought again."""
    return {
        key: LEFT_OUT if text == TOO_LONG or len(text) > LONGEST_KEPT else text for key, text in row.items()
    }


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    text = 0
    for row in rows:
        chunk.append(row)
        text += sum(map(len, row[1].values()))
        if len(chunk) >= size or text >= HEAVY:
            yield chunk
            chunk, text = [], 0
    if chunk:
        yield chunk


def sentence(counts: Counts, *, done: bool) -> str:
    """What came of a run, in words; `done`: it was no trial."""
    taken = _("已导入%(n)d件") if done else _("可导入%(n)d件")
    said = [_("读取%(n)d行") % {"n": counts.rows}, taken % {"n": counts.taken}]
    for name, words in (
        ("released", _("其中已公开%(n)d件")),
        ("attached", _("附件%(n)d个")),
        ("known", _("已有%(n)d件")),
        ("mended", _("清理后导入%(n)d件")),
        ("wrong", _("有问题%(n)d行")),
    ):
        if number := getattr(counts, name):
            said.append(words % {"n": number})
    return "，".join(said)
