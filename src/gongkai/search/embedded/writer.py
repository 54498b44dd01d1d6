"""Writes an index. One process at a time: it holds the folder's lock, which the kernel takes back however it ends."""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from gongkai.search.embedded import schema
from gongkai.search.embedded.folder import Folder, open_index, read_state
from gongkai.search.engine import Busy, Entry, State, Unavailable

_MEMORY = 48_000_000  # bytes of the index that is being written; more makes fewer and larger segments
_LARGE_MEMORY = 192_000_000
_NOTHING = "~nothing"  # no record


class Lock:
    """The right to write in a folder. Raises Busy when another process has it; the message names it."""

    def __init__(self, folder: Folder) -> None:
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[str] = (folder.path / "writer.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise Busy(holder) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.release()


class EmbeddedWriter:
    """Writes the index at `place`; whoever makes one holds the :class:`Lock`. `fresh`: the index is empty, nothing has to be
    taken out before it is put in."""

    def __init__(self, place: Path, *, fresh: bool = False) -> None:
        self.place, self._fresh = place, fresh
        self._schema = schema.schema()
        self._index = open_index(place, new=fresh)
        try:
            memory = _LARGE_MEMORY if fresh else _MEMORY
            self._writer = self._index.writer(memory, 1)
            if not fresh:
                # Who was killed while committing left files that nothing points to, and a commit of the same number
                # would not overwrite them: it would fail, and fail again.
                self._writer.garbage_collect_files()
                # The first operation of a writer bears the number of the last commit, and a merge that begins with it may
                # take it for done already: a deletion would be lost (seen in tantivy 0.27). So the first one deletes nothing.
                self.delete([_NOTHING])
        except ValueError as error:
            raise Unavailable(str(error)) from error

    def index(self, entries: Iterable[Entry]) -> None:
        """Put entries in place of whatever their records had."""
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            grouped[entry.record].append(entry)
        if not self._fresh:
            self.delete(grouped)
        for found in grouped.values():
            for entry in found:
                self._writer.add_document(schema.document(entry))

    def delete(self, records: Iterable[str]) -> None:
        """Take out every entry of these records."""
        for record in records:
            self._writer.delete_documents_by_term("record", record)

    def commit(self, state: State) -> None:
        """Everything since the last commit and `state`, durable and visible together."""
        self._writer.delete_documents_by_term("record", schema.STATE_KEY)
        self._writer.add_document(schema.state_document(state))
        self._writer.commit()

    def state(self) -> State | None:
        """What the last commit said."""
        self._index.reload()
        return read_state(self._index.searcher())

    def close(self) -> None:
        """Wait until segments being merged are merged; what was not committed is gone."""
        self._writer.wait_merging_threads()

    def __enter__(self) -> EmbeddedWriter:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
