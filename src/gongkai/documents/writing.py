"""Writing the body of the open edition, so that of two people at one draft neither loses a word; comparing texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.documents import richtext
from gongkai.documents.common import authorised, log
from gongkai.documents.models import Edition
from gongkai.documents.projection import project
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused

_MOST_LINES = 4_000


class Overtaken(Refused):
    """Somebody else saved the draft meanwhile. `theirs` is the edition as it stands; nothing was overwritten."""

    def __init__(self, theirs: Edition) -> None:
        super().__init__(_("您打开以后，另一位同事保存了这份草稿。您写的没有丢，请对照两份，改好后再保存。"))
        self.theirs = theirs


@dataclass(frozen=True)
class Pair:
    """One line of a comparison: `same`, `changed`, `removed` or `added`, with the paragraph on each side."""

    kind: str
    left: str
    right: str


@transaction.atomic
def write(
    edition: Edition,
    *,
    by: Actor,
    title: str,
    html: str | None = None,
    text: str | None = None,
    seen: str | None = None,
) -> tuple[Edition, tuple[str, ...]]:
    """Keep the title and the body of the open edition, given as HTML or as plain text; returns it and what was left out.
    `seen` is the seal of what the writer began from. Raises Overtaken, Refused or ValidationError."""
    document = authorised(by, edition.document)
    edition = document.editions.select_for_update().get(pk=edition.pk)
    edition.document = document
    if edition.closed:
        raise Refused(_("该版本已定稿，不能再改；需要修改时请新建一个版本。"))
    if seen is not None and seen != seal_of(edition):
        raise Overtaken(edition)
    if html is None:
        html = richtext.from_text(text or "")
    cleaned = richtext.clean(html)
    edition.title, edition.rich, edition.body = title.strip(), cleaned.html, cleaned.text
    if not edition.title:
        raise ValidationError({"title": _("请填写标题。")})
    edition.clean_fields(exclude=["document"])
    edition.save(update_fields=["title", "rich", "body"])
    project(document)
    log(by, "edition.write", document, edition=edition.seq, characters=len(edition.body))
    return edition, cleaned.told


def seal_of(edition: Edition) -> str:
    """What tells this wording from an earlier or later one."""
    return richtext.seal(edition.title, edition.body, edition.rich)


def plain(edition: Edition) -> str:
    """An edition as lines, the title first."""
    return f"{edition.title}\n{edition.body}"


def compare(left: str, right: str) -> list[Pair]:
    """The paragraphs of two texts side by side."""
    return list(_pairs(_lines(left), _lines(right)))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:_MOST_LINES]


def _pairs(left: list[str], right: list[str]) -> Iterator[Pair]:
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Pair("same", line, line) for line in left[a:b])
            continue
        for n in range(max(b - a, d - c)):
            was = left[a + n] if a + n < b else ""
            now = right[c + n] if c + n < d else ""
            yield Pair("changed" if was and now else "removed" if was else "added", was, now)
