"""The advisory pre-screen of a text: markings, personal numbers, names in lists, and the office's own sensitive words."""

from __future__ import annotations

from collections.abc import Iterable

from . import markings, names, numbers, words
from .finding import Finding, bounded

#: Longer texts are screened up to here; nothing an office publishes comes near it.
MOST_CHARACTERS = 2_000_000


def prescreen(text: str, sensitive: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What a reviewer should look at before `text` is made public. Personal numbers are masked in what is quoted."""
    shown = text[:MOST_CHARACTERS]
    return bounded(
        [*markings.find(shown), *numbers.find(shown), *names.find(shown), *words.find(shown, sensitive)]
    )
