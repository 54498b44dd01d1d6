"""Which rows are in the register already, told by the key of the older system, 索引号, 发文字号, or title and day."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.base.crypto import fold
from gongkai.documents.bulk.cells import Draft, Wrong
from gongkai.documents.bulk.models import OutsideKey
from gongkai.documents.checks import number_of_another
from gongkai.documents.models import Document
from gongkai.documents.series import Keepers

Mark = tuple[str, str, str]  # what kind of key, whose, and the key itself


@dataclass(frozen=True)
class Twin:
    """A document, here or further up in the table, by its folded title."""

    title: str
    struck: bool = False


class Seen:
    """What the table held further up. On a trial run nothing is written that the register could be asked for, so it is
    kept in a file of its own that dies with the process."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")  # sqlite's own temporary file
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute("CREATE TABLE seen (mark TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID")

    def of(self, marks: Iterable[Mark]) -> dict[Mark, Twin]:
        found = {}
        for mark in marks:
            row = self._base.execute("SELECT title FROM seen WHERE mark = ?", ["\x1f".join(mark)]).fetchone()
            if row is not None:
                found[mark] = Twin(row[0])
        return found

    def add(self, marks: Iterable[Mark], title: str) -> None:
        rows = [("\x1f".join(mark), title) for mark in marks]
        self._base.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", rows)

    def close(self) -> None:
        self._base.close()


class Twins:
    """Asked once a chunk, then row by row in the order of the table."""

    def __init__(self, drafts: list[Draft], seen: Seen | None = None) -> None:
        self._seen = seen
        self._found: dict[Mark, Twin] = _in_register(drafts)
        self._keepers = Keepers(draft.number for draft in drafts)

    def is_known(self, draft: Draft) -> bool:
        """Whether the row is a document that is there already. Raises Wrong when another document has its number,
        or the number is of another organ's series."""
        marks, title = marks_of(draft), fold(draft.title)
        for mark in marks:
            twin = self._found.get(mark) or self._above(mark)
            if twin is None:
                continue
            if mark[0] in ("key", "title"):
                return True
            if twin.title == title and not twin.struck:
                return True
            raise Wrong([_taken(mark)])
        if keeper := self._keepers.other(draft.number, draft.organ.path):
            raise Wrong(number_of_another(draft.number, keeper).messages)
        return False

    def add(self, draft: Draft) -> None:
        """The row will be a document."""
        title = fold(draft.title)
        if self._seen is not None:
            self._seen.add(marks_of(draft), title)
            return
        for mark in marks_of(draft):
            self._found.setdefault(mark, Twin(title))

    def _above(self, mark: Mark) -> Twin | None:
        return self._seen.of([mark]).get(mark) if self._seen is not None else None


def marks_of(draft: Draft) -> list[Mark]:
    """What tells the row's document from others, the surest first. Only one without any goes by title and day."""
    path, found = draft.organ.path, list[Mark]()
    if draft.key:
        found.append(("key", path, draft.key))
    if draft.index_no:
        found.append(("index", "", draft.index_no))
    if draft.number:
        found.append(("number", path, draft.number))
    return found or [("title", f"{path}|{draft.kind}|{draft.made_on.isoformat()}", fold(draft.title))]


def _taken(mark: Mark) -> str:
    if mark[0] == "index":
        return _("索引号：%(number)s已经用过，是另一份文件") % {"number": mark[2]}
    return _("发文字号：%(number)s已登记过，是另一份文件") % {"number": mark[2]}


def _in_register(drafts: list[Draft]) -> dict[Mark, Twin]:
    """Four queries, and one more for each organ and type with rows that carry no number at all."""
    found: dict[Mark, Twin] = {}
    keys = {draft.key for draft in drafts if draft.key}
    for path, key in OutsideKey.objects.filter(key__in=keys).values_list("path", "key") if keys else ():
        found["key", path, key] = Twin("")
    index_nos = {draft.index_no for draft in drafts if draft.index_no}
    rows = Document.objects.filter(index_no__in=index_nos) if index_nos else Document.objects.none()
    for number, title, struck in rows.values_list("index_no", "title", "struck_at"):
        found["index", "", number] = Twin(fold(title), struck is not None)
    numbers = {draft.number for draft in drafts if draft.number}
    rows = Document.objects.filter(number__in=numbers, struck_at=None) if numbers else Document.objects.none()
    for path, number, title in rows.values_list("path", "number", "title"):
        found["number", path, number] = Twin(fold(title))
    days: dict[tuple[str, str], set[dt.date]] = {}
    for draft in drafts:
        if not (draft.key or draft.index_no or draft.number):
            days.setdefault((draft.organ.path, draft.kind), set()).add(draft.made_on)
    for (path, kind), on in days.items():
        same = Document.objects.filter(path=path, kind=kind, made_on__in=on, struck_at=None)
        for title, day in same.values_list("title", "made_on"):
            found["title", f"{path}|{kind}|{day.isoformat()}", fold(title)] = Twin(fold(title))
    return found
