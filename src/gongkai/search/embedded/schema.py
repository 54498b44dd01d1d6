"""The fields of the index and what an entry becomes in them."""

from __future__ import annotations

import datetime as dt
import json
from importlib.metadata import version
from typing import Any

import tantivy

from gongkai.base.fields import prefixes
from gongkai.search import labels, words
from gongkai.search.engine import Entry, Hit, State
from gongkai.search.numbers import key as number_key

VERSION = 2  # raise it when a field, or what is put into one, changes
STATE_KEY = "~state"  # the one document that is no entry: how far the index is
STATE_LABEL = "~state"
BLANK = "~blank"  # the tokenizer: terms come parted by blanks
_EXACT_LONGEST = 150


def fingerprint() -> dict[str, Any]:
    """What an index was made with. With another `fields` it cannot be asked, with another `cutting` it answers less well."""
    return {"fields": f"{VERSION} tantivy-{version('tantivy')}", "cutting": words.CUTTING}


def schema() -> tantivy.Schema:
    """Raw fields are filters; `title` and `everything` hold terms with their places, `weighed` words for the order."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("shown", stored=True)
    builder.add_text_field("category", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("record", "labels", "within", "type", "validity", "columns", "exact", "numbers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("on", indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=BLANK, index_option="position")
    builder.add_text_field("everything", tokenizer_name=BLANK, index_option="position")
    builder.add_text_field("weighed", tokenizer_name=BLANK, index_option="freq")
    return builder.build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Make known how our fields are cut: at blanks, because :mod:`gongkai.search.words` has cut them already."""
    blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(BLANK, blank)
    return index


def document(entry: Entry) -> tantivy.Document:
    """An entry as the index keeps it."""
    kept = tantivy.Document()
    kept.add_text("key", entry.key)
    kept.add_text("record", entry.record)
    kept.add_text("category", entry.category)
    for label in (*entry.labels, labels.EVERYTHING):
        kept.add_text("labels", label)
    for prefix in prefixes(entry.path):
        kept.add_text("within", prefix)
    for name, values in (
        ("type", (entry.type,)),
        ("validity", (entry.validity,)),
        ("columns", entry.columns),
    ):
        for value in filter(None, values):
            kept.add_text(name, value)
    titles = (entry.title, *entry.names)
    for title in titles:
        if exact := exactly(title):
            kept.add_text("exact", exact)
    for number in filter(None, map(number_key, entry.numbers)):
        kept.add_text("numbers", number)
    kept.add_unsigned("on", as_number(entry.on))
    head = (*titles, *entry.numbers)
    kept.add_text("title", words.indexed(*head))
    kept.add_text("everything", words.indexed(*head, entry.about, entry.text))
    kept.add_text("weighed", words.weighed(*titles, entry.about, entry.text))
    kept.add_bytes("shown", json.dumps(_shown(entry), ensure_ascii=False).encode("utf-8", "replace"))
    return kept


def exactly(title: str) -> str:
    """A title as it is compared with a question typed out in full."""
    return words.plain(title)[:_EXACT_LONGEST]


def as_number(day: dt.date | None) -> int:
    return 0 if day is None else day.toordinal()


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "record": entry.record,
        "part": entry.part,
        "category": entry.category,
        "title": entry.title,
        "path": entry.path,
        "names": entry.names,
        "numbers": entry.numbers,
        "text": entry.text[: words.LONGEST_TEXT],
        "on": entry.on.isoformat() if entry.on else "",
        "type": entry.type,
        "validity": entry.validity,
        "digest": entry.digest,
    }


def _kept(document: tantivy.Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(document.get_first("shown") or b""))
    return found


def hit(kept: tantivy.Document) -> Hit:
    """What `document` kept, for showing."""
    shown = _kept(kept)
    del shown["digest"]
    shown["on"] = dt.date.fromisoformat(shown["on"]) if shown["on"] else None
    return Hit(**{**shown, "names": tuple(shown["names"]), "numbers": tuple(shown["numbers"])})


def digest(kept: tantivy.Document) -> tuple[str, str]:
    return str(kept.get_first("key")), str(_kept(kept)["digest"])


def state_document(state: State) -> tantivy.Document:
    """The state travels as a document of the same commit: there is no moment at which one is on disk without the other."""
    kept = tantivy.Document()
    kept.add_text("key", STATE_KEY)
    kept.add_text("record", STATE_KEY)
    kept.add_text("labels", STATE_LABEL)
    kept.add_bytes("shown", json.dumps({**vars(state), "day": state.day.isoformat()}).encode())
    return kept


def state(kept: tantivy.Document) -> State:
    shown = _kept(kept)
    return State(int(shown["seal"]), str(shown["mark"]), dt.date.fromisoformat(shown["day"]))
