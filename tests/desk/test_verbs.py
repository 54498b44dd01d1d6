"""The audit log in words: every verb the rooms write has some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongkai
from gongkai.desk.register import verbs
from gongkai.law.procedure import ACTIONS

SOURCE = Path(gongkai.__file__).parent
ROOMS = (
    "monitoring",
    "accounts",
    "review",
    "organs",
    "documents",
    "keyareas",
    "requests",
    "remedies",
    "annualreport",
)
_CALLS = (
    re.compile(r'\bverb="([a-z_]+\.[a-z_]+)"'),
    re.compile(r'\b_?(?:record|log|audit|_write|write)\((?:[^"()]*, )?"([a-z_]+\.[a-z_]+)"'),
)


def written() -> set[str]:
    found: set[str] = set()
    for room in ROOMS:
        for path in (SOURCE / room).rglob("*.py"):
            for pattern in _CALLS:
                found.update(pattern.findall(path.read_text("utf-8")))
    return found


def test_the_search_finds_the_verbs() -> None:
    assert {"organ.create", "document.add", "tally.record", "calendar.load"} <= written()


@pytest.mark.parametrize("verb", sorted(written() | {f"case.{key}" for key in ACTIONS}))
def test_a_verb_has_words(verb: str) -> None:
    assert verbs.knows(verb), f"{verb} needs words in desk/register/verbs.py"


def test_a_verb_without_words_is_shown_as_it_is() -> None:
    assert verbs.said("unknown.thing") == "unknown.thing"
