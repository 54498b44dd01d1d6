"""Imports that outlast one process: begun from the desk or on the command line, tried, confirmed, carried on, stopped."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
import time
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, outbox
from gongkai.base.stash import Stash
from gongkai.base.tables import TableError
from gongkai.documents.bulk import attached, reading
from gongkai.documents.bulk.importing import COUNTS, Import, Overtaken, Trouble, hear, keep_problems
from gongkai.documents.bulk.models import Batch, Problem
from gongkai.organs import authority, scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

log = logging.getLogger(__name__)
TOPIC = "documents.bulk"
REGISTER = "documents"
SLICE = 60.0  # seconds of one turn of an import, so that the worker gets back to its other duties; a trial has one turn
AT_ONCE = 256 * 1024  # bytes of a plain table without files that is tried while the page is waited for
LARGEST_TABLE = 100 * 1024 * 1024
LARGEST_FILES = 200 * 1024 * 1024
KEPT = dt.timedelta(days=60)  # problems of a batch are kept so long after its end
State = Batch.State
stash = Stash("documents", dt.timedelta(days=14))  # the tables and files that wait


def register() -> None:
    """Make the worker know the topic (in the app's ``ready``)."""
    outbox.handles(TOPIC, slow=True)(lambda payload: work_on(int(payload["batch"])))


def begin_upload(
    *, by: Actor, organ: Organ, name: str, table: IO[bytes], files: IO[bytes] | None = None
) -> Batch:
    """Put by what was uploaded and begin to try it. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    if PurePath(name).suffix.lower() not in reading.SUFFIXES:
        raise ValidationError({"table": _("请选择 .csv、.xlsx、.json 或者 .jsonl 表格。")})
    stash.sweep()
    forget_old()
    seen = hashlib.sha256()
    tokens = [stash.put(_pieces(table, LARGEST_TABLE, "table", seen))]
    # the size of an XLSX tells nothing of its rows
    at_once = (
        files is None and PurePath(name).suffix.lower() != ".xlsx" and table.seek(0, io.SEEK_END) <= AT_ONCE
    )
    try:
        if files is not None:
            tokens.append(stash.put(_pieces(files, LARGEST_FILES, "files")))
        with transaction.atomic():
            batch = _new(by, organ, name, seen.hexdigest(), State.CHECKING)
            batch.table, batch.files = tokens[0], (tokens[1] if len(tokens) > 1 else "")
            batch.save(update_fields=["table", "files", "path"])
            if not at_once:
                outbox.post(TOPIC, batch=batch.pk)
    except BaseException:
        stash.drop(*tokens)
        raise
    if at_once:
        try:
            work_on(batch.pk)
        except BaseException:  # nobody else was told to go on with it
            _end_if(batch, State.CHECKING, note=_("核对时发生错误，没有完成；请重新上传。"))
            raise
        batch.refresh_from_db()
    return batch


def begin(*, by: Actor, organ: Organ, name: str, sha256: str) -> Batch:
    """A batch for a table on this machine: the one that was cut off, if the same table was being imported for the same
    organ, else a new one. Raises Refused."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    forget_old()
    with transaction.atomic():
        cut_off = Batch.objects.filter(
            path=organ.path, sha256=sha256, table="", author=by.key, state__in=(State.RUNNING, State.STOPPED)
        ).order_by("-pk")
        found = cut_off.first()
        if found is None:
            return _new(by, organ, name, sha256, State.RUNNING)
        found.state, found.note, found.done_at = State.RUNNING, "", None
        found.save(update_fields=["state", "note", "done_at", "path"])
        return found


@transaction.atomic
def confirm(batch: Batch, *, by: Actor) -> Batch:
    """Import what was tried: in the background, rows without problems. Raises Refused."""
    batch = _authorised(by, batch)
    if batch.state != State.CHECKED:
        raise Refused(_("这一批不在等待确认，请刷新后再看。"))
    batch.problems.all().delete()
    for name in COUNTS:
        setattr(batch, name, 0)
    batch.state, batch.position, batch.done_at = State.RUNNING, 0, None
    batch.save()
    _log(by, "batch.confirm", batch)
    outbox.post(TOPIC, batch=batch.pk)
    return batch


@transaction.atomic
def stop(batch: Batch, *, by: Actor) -> Batch:
    """Give it up, or interrupt it; what was imported stays. Raises Refused."""
    batch = _authorised(by, batch)
    if batch.state in (State.DONE, State.STOPPED):
        raise Refused(_("这一批已经结束。"))
    _end(batch, State.STOPPED, _("由经办人中止。"))
    _log(by, "batch.stop", batch, taken=batch.taken)
    return batch


def work_on(key: int, seconds: float = SLICE) -> None:
    """One turn of the worker at a batch, and a new message when that was not the end of it."""
    batch = Batch.objects.select_related("organ", "person").filter(pk=key).first()
    if batch is None or not batch.running:
        return
    by = _author(batch)
    if by is None:
        interrupt(batch, _("导入人已不在可以登记文件的岗位，没有继续。"))
        return
    try:
        ended = _turn(batch, by, time.monotonic() + seconds)
    except Overtaken:
        return
    except (TableError, ValidationError) as error:
        words = str(error) if isinstance(error, TableError) else "；".join(error.messages)
        interrupt(batch, words)
        return
    except FileNotFoundError:
        interrupt(batch, _("等待导入的表格已过期，请重新上传。"))
        return
    if not ended:
        outbox.post(TOPIC, batch=key)


def _turn(batch: Batch, by: Actor, until: float) -> bool:
    """Whether the end was reached."""
    trial = batch.state == State.CHECKING
    with stash.taken(batch.table) as table:
        if not batch.files:
            return _run(batch, by, table, attached.NoFiles(), trial, until)
        with stash.taken(batch.files) as packed:
            files = attached.Zip(packed())
            try:
                return _run(batch, by, table, files, trial, until)
            finally:
                files.close()


def _run(
    batch: Batch, by: Actor, table: reading.Opener, files: attached.Files, trial: bool, until: float
) -> bool:
    rows = reading.read(table, str(batch.name), organ_given=True)
    if not trial:
        ended = Import(by=by, organ=batch.organ, files=files, batch=batch).run(rows, until=until)
        if ended:
            finish(batch)
        return ended
    troubles: list[Trouble] = []
    # a trial writes nothing, so it cannot be carried on by another turn: it is gone through in one
    job = Import(by=by, organ=batch.organ, files=files, tell=partial(hear, troubles))
    try:
        if not job.run(rows, going=partial(_still_tried, batch)):
            return True
    finally:
        job.close()
    with transaction.atomic():
        if not _still(batch, State.CHECKING):
            return True
        batch.problems.all().delete()
        keep_problems(batch, troubles)
        for name in COUNTS:
            setattr(batch, name, getattr(job.counts, name))
        batch.state = State.CHECKED
        batch.save()
    return True


def _still_tried(batch: Batch) -> bool:
    """Whether nobody gave it up meanwhile. However long the trial takes, no other worker begins it beside this one."""
    outbox.hold()
    return Batch.objects.filter(pk=batch.pk, state=State.CHECKING).exists()


def finish(batch: Batch) -> None:
    """Every row was dealt with; nothing happens to a batch that was stopped meanwhile."""
    _end_if(batch, State.RUNNING, state=State.DONE)


def interrupt(batch: Batch, words: str) -> None:
    """It cannot go on as it is; the same table begun again goes on behind the last row dealt with."""
    _end_if(batch, State.CHECKING, State.RUNNING, note=words)


def forget_old() -> None:
    """Rows kept for mending hold texts; nobody mends them after two months. What nobody confirmed ends when its table
    does."""
    waiting = Batch.objects.filter(state__in=(State.CHECKING, State.CHECKED))
    for batch in waiting.filter(begun_at__lt=clock.now() - stash.keep):
        _end_if(
            batch, State.CHECKING, State.CHECKED, note=_("两周内没有确认导入，已放弃；要导入请重新上传。")
        )
    Problem.objects.filter(batch__done_at__lt=clock.now() - KEPT).delete()


def _still(batch: Batch, *states: str) -> bool:
    """Whether it is in one of the states, locked until the transaction ends: whoever stops it waits, or was first."""
    return bool(Batch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk) in states)


@transaction.atomic
def _end_if(batch: Batch, *states: str, state: str = State.STOPPED, note: str = "") -> None:
    """End it if it is in one of `states`."""
    going = _still(batch, *states)
    batch.refresh_from_db()
    if going:
        _end(batch, state, note)


def _end(batch: Batch, state: str, note: str) -> None:
    batch.state, batch.note, batch.done_at = state, note[:300], clock.now()
    batch.save(update_fields=["state", "note", "done_at", "path"])
    transaction.on_commit(partial(stash.drop, batch.table, batch.files))


def _new(by: Actor, organ: Organ, name: str, sha256: str, state: str) -> Batch:
    batch = Batch.objects.create(
        organ=organ,
        name=PurePath(name).name[-120:],
        sha256=sha256,
        author=by.key,
        person_id=by.person_id,
        post=by.post,
        post_key=by.post_id,
        begun_at=clock.now(),
        state=state,
    )
    _log(by, "batch.begin", batch)
    return batch


def _pieces(stream: IO[bytes], most: int, field: str, seen: Any = None) -> Iterator[bytes]:
    stream.seek(0)
    size = 0
    while piece := stream.read(1 << 20):
        size += len(piece)
        if size > most:
            raise ValidationError(
                {field: _("文件超过 %(most)d MB；更大的请由运维岗用命令导入。") % {"most": most // 1024**2}}
            )
        if seen is not None:
            seen.update(piece)
        yield piece
    if not size:
        raise ValidationError({field: _("文件是空的。")})


def _authorised(by: Actor, batch: Batch) -> Batch:
    authority.require(by, authority.WORK, REGISTER, batch.path)
    return Batch.objects.select_for_update(of=("self",)).select_related("organ", "person").get(pk=batch.pk)


def _author(batch: Batch) -> Actor | None:
    """Who began it, in the post they began it in, if they still hold it."""
    if batch.person is None:
        return None
    who = scope.viewer(batch.person, clock.today())
    capacities = actors_for(who, REGISTER, batch.path)
    return next((one for one in capacities if one.post_id == batch.post_key), None)


def _log(by: Actor, verb: str, batch: Batch, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=batch, path=batch.path, detail=detail)
