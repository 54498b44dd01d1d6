"""Small texts and entries that several tests of the search use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.search import labels
from gongkai.search.engine import Entry, Query

DAY = dt.date(2022, 6, 1)
TOP = "0001."


def entry(number: int, title: str = "", text: str = "", **given: Any) -> Entry:
    """A public document of the organ at the top, unless told otherwise."""
    values: dict[str, Any] = {
        "record": f"documents/{number}",
        "category": "documents",
        "title": title or f"文件{number}",
        "path": TOP,
        "labels": labels.ANYBODY,
        "text": text,
        "on": DAY,
    }
    return Entry(**{**values, **given})


def ask(text: str = "", **given: Any) -> Query:
    """A question anybody asks."""
    return Query(**{"labels": labels.ANYBODY, "text": text, **given})
