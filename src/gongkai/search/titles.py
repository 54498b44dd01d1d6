"""Which documents may hold some words in title or number: a short way to what the database would find by reading them all.

The database still judges: it reads the few that are named here instead of every one. So an answer never depends on whether
there is an index, and how far it is.
"""

from __future__ import annotations

import datetime as dt

from gongkai.documents.models import Document
from gongkai.search import feed, labels, words
from gongkai.search.engine import IN_TITLE, NEWEST, Query, Unavailable
from gongkai.search.place import reader

MOST = 500  # more are found quickly by reading on from the newest


def holding(
    text: str, kind: str, day: dt.date, *, within: str = "", roots: tuple[str, ...] = ()
) -> set[int] | None:
    """The keys of a type's public documents that may hold `text` as it stands in their title or number: every one that does,
    and perhaps others. `within` and `roots` narrow as in a question.

    None where nobody but the database can say: there is no index of this day, it has much to take in, too many documents
    hold the words, or these begin or end inside a number or a foreign word, of which the index knows whole ones only.
    """
    if not _whole(text):
        return None
    asked = Query(
        labels.ANYBODY,
        text=text,
        place=IN_TITLE,
        type=kind,
        within=within,
        roots=roots,
        sort=NEWEST,
        limit=MOST,
    )
    try:
        state = reader().state()  # before the question: what is taken in between is only named twice
        if state is None or state.day != day or not feed.belongs(state):
            return None
        found = reader().query(asked)
    except Unavailable:
        return None
    later = feed.ahead(state, MOST) if found.total <= MOST else None
    if later is None:
        return None
    changed = {int(one.subject_id) for one in later if one.subject_type == Document._meta.label_lower}
    return changed | {hit.pk for hit in found.hits}


def _whole(text: str) -> bool:
    """Whether the index holds every place where the text stands: its first and last sign cut no number or word in two."""
    if not words.question(text).units:
        return False
    folded = words.fold(text)
    edges = words.runs(folded[0]) + words.runs(folded[-1])
    return all(words.is_han(edge) for edge in edges)
