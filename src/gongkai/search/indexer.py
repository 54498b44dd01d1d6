"""The one process that writes the index: follows the feed, turns the day, builds anew what is lost, stale or broken.

What it has taken in stands in the same commit as the entries, so a kill at any moment costs at most the changes since the
last commit, and those are read again from the feed.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import close_old_connections

from gongkai.base import clock
from gongkai.search import feed
from gongkai.search.embedded import Condition, EmbeddedWriter, Folder, Lock
from gongkai.search.engine import Busy, State, Unavailable, Writer
from gongkai.search.place import folder as our_folder
from gongkai.search.sources import SOURCES, Change, Source
from gongkai.search.sources.base import CHUNK

PAUSE = 0.4  # seconds between two looks: what is committed is found well within two seconds
WAIT_FOR_LOCK = 5.0  # seconds between two tries to take over from another process
REMEMBER_EVERY = 30.0  # seconds after which a state without entries of ours is written down too

log = logging.getLogger(__name__)


class Follower:
    """Keeps one index up with the feed."""

    def __init__(self, writer: Writer, state: State) -> None:
        self._writer, self._kept, self.state = writer, state, state
        self._kept_at, self._written = time.monotonic(), False

    def round(self) -> bool:
        """Take in the next changes; whether there were any. One commit a round."""
        self._turn_day()
        feed.seal()
        news = feed.after(self.state)
        if news is not None:
            self._take_in(_touched(news.changes))
            self.state = news.state
        if self._written or (self.state != self._kept and time.monotonic() - self._kept_at > REMEMBER_EVERY):
            self.remember()
        return news is not None

    def catch_up(self) -> None:
        """Round after round until nothing is left."""
        while self.round():
            pass
        self.remember()

    def remember(self) -> None:
        """Commit everything taken in, with how far that is; nothing when nothing is new."""
        if self.state == self._kept and not self._written:
            return
        self._written = False
        self._writer.commit(self.state)
        self._kept, self._kept_at = self.state, time.monotonic()

    def _turn_day(self) -> None:
        """On another day some records show another face, though nobody touched them."""
        today, then = clock.today(), self.state.day
        if today == then:
            return
        first, last = sorted((today, then))
        self.state = dataclasses.replace(self.state, day=today)
        self._take_in((source, source.due(first, last)) for source in SOURCES)

    def _take_in(self, touched: Iterable[tuple[Source, Iterable[int]]]) -> None:
        for source, keys in touched:
            ordered = sorted(set(keys))
            for start in range(0, len(ordered), CHUNK):
                chunk = ordered[start : start + CHUNK]
                entries = source.load(chunk, self.state.day)
                found = {entry.record for entry in entries}
                self._writer.delete({source.record(pk) for pk in chunk} - found)
                self._writer.index(entries)
                self._written = True


def _touched(changes: tuple[Change, ...]) -> Iterable[tuple[Source, Iterable[int]]]:
    return ((source, source.touched(changes)) for source in SOURCES)


class Stopped(Exception):
    """Somebody wants the process to end while an index is being built. What was built so far is rubbish for the next."""


def build(folder: Folder, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Build an index from the database in a folder of its own and let it take over. The caller holds the lock; `meanwhile`
    is called after every chunk: to keep the old one up, or to end it all by raising."""
    place = folder.new()
    feed.seal()
    state = feed.now()  # before reading: what changes from here on is taken in once more, by following
    writer = EmbeddedWriter(place, fresh=True)
    try:
        for source in SOURCES:
            for keys in source.batches():
                writer.index(source.load(keys, state.day))
                meanwhile()
        writer.commit(state)
    finally:
        writer.close()
    folder.switch(place)
    folder.sweep()


def rebuild(folder: Folder | None = None) -> None:
    """Build anew in this process. Raises Busy when another one writes."""
    folder = folder or our_folder()
    with Lock(folder):
        build(folder)


def once(folder: Folder | None = None) -> None:
    """Build if need be, and catch up. Raises Busy when another process does that already."""
    folder = folder or our_folder()
    with Lock(folder):
        writer, follower = _ready(folder, threading.Event())
        try:
            follower.catch_up()
        finally:
            writer.close()


def until(stop: threading.Event, folder: Folder | None = None) -> None:
    """Hold the index up until `stop`. Whatever goes wrong is tried again; what another process holds is waited for."""
    folder = folder or our_folder()
    while not stop.is_set():
        try:
            with Lock(folder):
                _hold(folder, stop)
        except Busy:
            stop.wait(WAIT_FOR_LOCK)
        except Stopped:
            return
        except Exception as error:
            log.error("indexing failed: %s", type(error).__name__)
            stop.wait(WAIT_FOR_LOCK)
        finally:
            close_old_connections()


def _hold(folder: Folder, stop: threading.Event) -> None:
    writer, follower = _ready(folder, stop)
    try:
        while not stop.is_set():
            if folder.current() != writer.place or not (writer.place / "meta.json").is_file():
                raise Unavailable("the index went away")
            if folder.asked_anew.exists():
                build(folder, _between(stop, follower))
                folder.asked_anew.unlink(missing_ok=True)
                return
            if not follower.round():
                close_old_connections()
                stop.wait(PAUSE)
        follower.remember()
    finally:
        writer.close()


def _between(stop: threading.Event, follower: Follower | None = None) -> Callable[[], None]:
    """What a long building does after each chunk: keep the old index up, if there is one, and heed `stop`."""

    def pause() -> None:
        if stop.is_set():
            raise Stopped
        if follower is not None:
            follower.round()

    return pause


def _ready(folder: Folder, stop: threading.Event) -> tuple[EmbeddedWriter, Follower]:
    """An index of this database to write in: the present one, or one built now because there is none that will do."""
    folder.sweep()
    condition = folder.condition()
    if condition is Condition.STALE:
        _replace_stale(folder, stop)
    elif condition is not Condition.WHOLE:
        build(folder, _between(stop))
    try:
        opened = _open(folder.current())
    except Unavailable:
        opened = None
    if opened is None:
        build(folder, _between(stop))
        opened = _open(folder.current())
    if opened is None:
        raise Unavailable("an index just built cannot be opened")
    return opened


def _replace_stale(folder: Folder, stop: threading.Event) -> None:
    """The old index answers, and is kept up, until the new one is there."""
    old = _open(folder.current())
    if old is None:
        build(folder, _between(stop))
        return
    writer, follower = old
    try:
        build(folder, _between(stop, follower))
    finally:
        writer.close()


def _open(place: Path | None) -> tuple[EmbeddedWriter, Follower] | None:
    """None when the index is none of this database's. Raises Unavailable."""
    if place is None:
        return None
    writer = EmbeddedWriter(place)
    state = writer.state()
    if state is None or not feed.belongs(state):
        writer.close()
        return None
    return writer, Follower(writer, state)
