"""Where indexes lie: ``<home>/search/<generation>/`` holds one, ``current.json`` says which one answers.

A new index is built in a folder of its own and takes over by one rename, so that at every moment there is either a whole
index or none. What nobody points to is rubbish and is removed by the next writer.
"""

from __future__ import annotations

import enum
import json
import os
import secrets
import shutil
from pathlib import Path

import tantivy

from gongkai.search.embedded import schema
from gongkai.search.engine import Unavailable


class Condition(enum.Enum):
    """What an index is good for."""

    WHOLE = "whole"
    MISSING = "missing"  # there is none, or its folder is gone
    STALE = "stale"  # made by another version's cutting: it answers until a new one is there
    FOREIGN = "foreign"  # made with other fields: it cannot be asked
    BROKEN = "broken"  # files are missing or cut short


class Folder:
    """The folder of the indexes. Making the object touches nothing on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def pointer(self) -> Path:
        return self.path / "current.json"

    @property
    def asked_anew(self) -> Path:
        """A mark that somebody wants the index rebuilt by whoever writes it."""
        return self.path / "rebuild"

    def current(self) -> Path | None:
        """The index that answers, or None."""
        try:
            return self.path / str(json.loads(self.pointer.read_text("utf-8"))["generation"])
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def condition(self) -> Condition:
        """Open the index as a reader would, and say what it is good for."""
        try:
            kept = json.loads(self.pointer.read_text("utf-8"))
            place, made_with = self.path / str(kept["generation"]), kept["made_with"]
        except (OSError, ValueError, LookupError, TypeError):
            return Condition.MISSING
        if not place.is_dir():
            return Condition.MISSING
        if made_with.get("fields") != schema.fingerprint()["fields"]:
            return Condition.FOREIGN
        try:
            read_state(open_index(place).searcher())
        except (Unavailable, ValueError, OSError):
            return Condition.BROKEN
        return Condition.WHOLE if made_with == schema.fingerprint() else Condition.STALE

    def new(self) -> Path:
        """An empty folder for an index that nobody reads yet."""
        place = self.path / f"index-{secrets.token_hex(6)}"
        place.mkdir(parents=True, mode=0o700)
        return place

    def switch(self, place: Path) -> None:
        """Let the index at `place` answer from now on."""
        kept = {"generation": place.name, "made_with": schema.fingerprint()}
        partial = self.pointer.with_suffix(".part")
        with partial.open("w", encoding="utf-8") as handle:
            json.dump(kept, handle)
            handle.flush()
            os.fsync(handle.fileno())
        partial.rename(self.pointer)
        self._sync()

    def sweep(self, keep: tuple[Path, ...] = ()) -> None:
        """Remove what nobody points to. Readers that still hold an old index keep it open until they turn to the new one."""
        kept = {place.name for place in (self.current(), *keep) if place is not None}
        for place in self.path.glob("index-*"):
            if place.name not in kept:
                shutil.rmtree(place, ignore_errors=True)

    def size(self) -> int:
        """Bytes of the index that answers."""
        place = self.current()
        return sum(file.stat().st_size for file in place.iterdir()) if place and place.is_dir() else 0

    def _sync(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_index(place: Path, *, new: bool = False) -> tantivy.Index:
    """Open an index with our fields, or begin a `new` one in an empty folder. Raises Unavailable when it cannot be opened."""
    if not new and not (place / "meta.json").is_file():
        raise Unavailable("the folder holds no index")
    try:
        index = tantivy.Index(schema.schema(), str(place))
        index.config_reader(reload_policy="manual")
    except (ValueError, OSError) as error:
        raise Unavailable(str(error)) from error
    return schema.prepare(index)


def read_state(searcher: tantivy.Searcher) -> schema.State | None:
    """How far the index is; None when nothing was committed yet."""
    asked = tantivy.Query.term_query(schema.schema(), "key", schema.STATE_KEY)
    found = searcher.search(asked, 1).hits
    return schema.state(searcher.doc(found[0][1])) if found else None
