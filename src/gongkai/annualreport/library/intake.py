"""Importing from the desk: files, zips and addresses given in one go, read one by one, and what came of each.

A few plain files are read at once. Everything else is left to the worker (base.outbox), so that no page waits for it.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.annualreport.checked import confine
from gongkai.base import audit, clock, outbox
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.authority import WORK, require
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from . import actions, apart, fetching, parsing, sources
from .actions import REGISTER
from .models import Intake, IntakeItem, ReadVersion
from .parsing import NotKept
from .stash import stash

log = logging.getLogger(__name__)
TOPIC = "library.intake"
AT_ONCE, AT_ONCE_BYTES = 3, 3 * 1024 * 1024
MOST_FILES, MOST_ADDRESSES = 100, 500
MOST_MEMBERS = 2000
LARGEST_ARCHIVE = 300 * 1024 * 1024
MOST_UNPACKED = 500 * 1024 * 1024  # bytes of one go, everything in it unpacked
MOST_ATTEMPTS = 3
# A message taken up again after its lease finds the item free; whoever reads it still cannot be that late.
TAKEN_FOR = outbox.LEASE * 0.8
State, Source = IntakeItem.State, ReadVersion.Source


@dataclass(frozen=True)
class Given:
    """One thing to read: bytes under a name, an address, or something refused at the door."""

    name: str
    kind: str
    content: bytes | None = None
    trouble: str = ""


def from_upload(name: str, content: bytes) -> Iterator[Given]:
    """A file, or the members of a zip one by one. Raises ValidationError when the whole cannot be taken."""
    if not name.lower().endswith(".zip"):
        yield _one(name, content)
        return
    if len(content) > LARGEST_ARCHIVE:
        raise ValidationError(
            _("压缩包超过%(most)s MB，请分几次导入，或者请运维岗用命令导入。")
            % {"most": LARGEST_ARCHIVE // 2**20}
        )
    try:
        listed = list(sources.members(io.BytesIO(content)))
    except NotKept as problem:
        raise ValidationError(_("%(name)s：%(problem)s") % {"name": name, "problem": problem}) from None
    if len(listed) > MOST_MEMBERS:
        raise ValidationError(
            _("压缩包里有%(count)s个文件，一次最多%(most)s个；请分几次导入，或者请运维岗用命令导入。")
            % {"count": len(listed), "most": MOST_MEMBERS}
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        _within(sum(members[index].file_size for index, _name, trouble in listed if not trouble))
        for index, member, trouble in listed:
            try:
                unpacked = None if trouble else sources.member_bytes(archive, members[index])
            except NotKept as problem:
                unpacked, trouble = None, str(problem)
            yield Given(f"{name}/{member}", Source.ARCHIVE, unpacked, trouble)


def _one(name: str, content: bytes) -> Given:
    if len(content) > parsing.LARGEST:
        trouble = _("文件超过%(most)s MB，没有读取。") % {"most": parsing.LARGEST // 2**20}
        return Given(name, Source.FILE, None, trouble)
    return Given(name, Source.FILE, content)


def from_addresses(text: str) -> Iterator[Given]:
    """The pasted addresses; lines that are none are told, not dropped. Raises ValidationError for too many."""
    good, bad = fetching.addresses_in(text)
    if len(good) + len(bad) > MOST_ADDRESSES:
        raise ValidationError(
            _("一次最多%(most)s个网址；更多的请运维岗用命令导入。") % {"most": MOST_ADDRESSES}
        )
    yield from (Given(address, Source.ADDRESS) for address in good)
    for line in bad:
        yield Given(line[:200], Source.ADDRESS, trouble=_("不是完整的 http 或 https 网址。"))


def begin(*, by: Actor, library: Organ, given: Iterable[Given], title: str) -> Intake:
    """Take in what was given and begin reading it. Raises Refused; ValidationError when there is nothing."""
    require(by, WORK, REGISTER, library.path)
    stash.sweep()
    items: list[IntakeItem] = []
    unpacked = 0
    try:
        for position, one in enumerate(given, start=1):
            unpacked += len(one.content or b"")
            _within(unpacked)
            items.append(_item(position, one))
        if not items:
            raise ValidationError(_("没有可以导入的内容。"))
        intake, at_once = _begun(by, library, items, title, unpacked)
    except BaseException:
        for item in items:
            stash.drop(item.token)
        raise
    if at_once:
        for item in items:
            if item.state == State.WAITING:
                _carry_out(item, by, wait=False)
    return intake


def _within(unpacked: int) -> None:
    if unpacked > MOST_UNPACKED:
        raise ValidationError(
            _("解开后合计超过%(most)s MB，请分几次导入，或者请运维岗用命令导入。")
            % {"most": MOST_UNPACKED // 2**20}
        )


def _begun(
    by: Actor, library: Organ, items: list[IntakeItem], title: str, unpacked: int
) -> tuple[Intake, bool]:
    """The intake written down, and whether it is small enough to be read at once."""
    with transaction.atomic():
        intake = Intake.objects.create(
            organ=library,
            begun_at=clock.now(),
            author=by.key,
            person_id=by.person_id,
            post=by.post,
            post_key=by.post_id,
            title=title[:200],
        )
        for item in items:
            item.intake = intake
        IntakeItem.objects.bulk_create(items, batch_size=200)
        audit.record(
            actor=by.key,
            post=by.post,
            verb="library.intake",
            subject=intake,
            path=intake.path,
            detail={"items": len(items)},
        )
        waiting = [item for item in items if item.state == State.WAITING]
        at_once = _is_small(waiting, unpacked)
        if waiting and not at_once:
            outbox.post(TOPIC, intake=intake.pk)
    return intake, at_once


def _is_small(waiting: list[IntakeItem], unpacked: int) -> bool:
    return (
        0 < len(waiting) <= AT_ONCE
        and all(item.kind == Source.FILE for item in waiting)
        and unpacked <= AT_ONCE_BYTES
    )


def _item(position: int, given: Given) -> IntakeItem:
    item = IntakeItem(position=position, name=given.name[:2000], kind=given.kind)
    if given.trouble:
        item.state, item.note, item.done_at = State.FAILED, given.trouble[:300], clock.now()
    elif given.content is not None:
        item.token = stash.put(given.content)
    return item


def work_on(intake_id: int) -> None:
    """One waiting item of an intake, and a new message for the rest: what the worker does between other duties. What
    another worker reads just now is left to it."""
    item = (
        IntakeItem.objects.select_related("intake__organ", "intake__person")
        .filter(_free(), intake=intake_id, state=State.WAITING)
        .order_by("position")
        .first()
    )
    if item is None:
        return
    by = _author(item.intake)
    if by is None:
        reason = _("导入人已不在可以导入的岗位，没有继续读取。")
        for left in item.intake.items.filter(state=State.WAITING):
            stash.drop(left.token)
        item.intake.items.filter(state=State.WAITING).update(
            state=State.FAILED, note=reason, token="", done_at=clock.now()
        )
        return
    _carry_out(item, by, wait=True)
    if IntakeItem.objects.filter(_free(), intake=intake_id, state=State.WAITING).exists():
        outbox.post(TOPIC, intake=intake_id)


def _free() -> Q:
    """Items nobody reads: never begun, or begun so long ago that whoever did is gone."""
    return Q(taken_at=None) | Q(taken_at__lte=clock.machine_now() - TAKEN_FOR)


def _take(item: IntakeItem) -> bool:
    """Begin on an item, if nobody else has; counted now, as a worker that dies over it cannot count it afterwards."""
    waiting = IntakeItem.objects.filter(_free(), pk=item.pk, state=State.WAITING)
    if not waiting.update(taken_at=clock.machine_now(), attempts=F("attempts") + 1):
        return False
    item.refresh_from_db(fields=["taken_at", "attempts"])
    return True


def _author(intake: Intake) -> Actor | None:
    """Who gave the list, in the post they gave it in, if they still hold it."""
    if intake.person is None:
        return Actor(key=intake.author, role=intake.post)
    who = scope.viewer(intake.person, clock.today())
    capacities = actors_for(who, REGISTER, intake.path)
    return next((one for one in capacities if one.post_id == intake.post_key), None)


def _carry_out(item: IntakeItem, by: Actor, *, wait: bool) -> None:
    """Fetch if need be, read, keep, and write down what came of it. Slow things happen outside the transaction. A page does
    not `wait` for room to read: then the item is left to the worker."""
    if not _take(item):
        return
    try:
        if item.attempts > MOST_ATTEMPTS:
            raise NotKept(_("读取%(times)s次都中断了，没有读成。") % {"times": MOST_ATTEMPTS})
        kept = _kept(item, by, wait=wait)
    except confine.Busy:
        _mine(item).update(taken_at=None, attempts=F("attempts") - 1)
        outbox.post(TOPIC, intake=item.intake_id)
    except (NotKept, Refused) as problem:
        _done(item, State.FAILED, str(problem))
    except Exception as error:  # one item that breaks the reader must not hold up the others for ever
        log.error("library item #%s failed: %s", item.pk, type(error).__name__)
        _done(item, State.FAILED, parsing.BROKEN)
    else:
        version = kept.version
        if not kept.is_new:
            _done(item, State.KNOWN, "", version)
        elif version.is_claimed:
            _done(item, State.KEPT, version.waits_for, version)
        else:
            _done(item, State.UNCLAIMED, version.waits_for, version)


def _mine(item: IntakeItem) -> QuerySet[IntakeItem]:
    """The item, unless another worker has begun on it since: then what it writes down counts."""
    return IntakeItem.objects.filter(pk=item.pk, attempts=item.attempts, state=State.WAITING)


def _done(item: IntakeItem, state: str, note: str, version: ReadVersion | None = None) -> None:
    done = {"state": state, "note": note[:300], "version": version, "token": "", "done_at": clock.now()}
    if _mine(item).update(**done):
        stash.drop(item.token)


def _kept(item: IntakeItem, by: Actor, *, wait: bool) -> actions.Kept:
    if item.kind == Source.ADDRESS:
        name, content = item.name, fetching.fetch(item.name)
    else:
        found = stash.get(item.token)
        if found is None:
            raise NotKept(_("等待读取的文件已过期，请重新导入。"))
        name, content = item.name, found
    library = item.intake.organ
    if there := actions.known(library, parsing.digest(content)):
        return actions.Kept(there, False)
    parsed = apart.parse(content, name, wait=wait)
    kept = actions.keep(by=by, library=library, content=content, parsed=parsed, name=name, kind=item.kind)
    for one in actions.to_check_again(kept.version):
        outbox.post(actions.CHECK_AGAIN, version=one.pk)
    return kept
