"""What is signed and published together with a wording but kept by a room of its own, such as the plan of its interpretation.

The room registers a source; the review adapter asks every source. The arrow points from the room to here, never back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.documents.models import Edition


@dataclass(frozen=True)
class Companion:
    """`content` goes into the hash of what is signed; `told` is the same in words (label, text) for those who sign;
    `lacking` says, each in a sentence, why the wording cannot be submitted yet."""

    content: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()


Source = Callable[[Edition], Companion | None]
_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Make a source known under the key its content has in the hash; called from the owning room's ``apps.ready``."""
    _sources[key] = source


def of(edition: Edition) -> dict[str, Companion]:
    """What goes with a wording, by source; sources with nothing to say are left out."""
    found = {key: source(edition) for key, source in sorted(_sources.items())}
    return {key: one for key, one in found.items() if one is not None}
