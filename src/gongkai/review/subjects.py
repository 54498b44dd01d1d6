"""What can be reviewed. The room that owns a kind of subject registers an adapter; this room never imports it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from gongkai.base.models import StoredFile
from gongkai.organs.models import Organ


@dataclass(frozen=True)
class Subject:
    """A subject as it stands now. `facts` are keys of :data:`gongkai.review.chains.FACTS` that hold for it; `content` is
    everything that would be published, but for the files, as plain data. `sort` is its type within its kind. `attribute` is its proposed openness
    where that is not 主动公开 (of :class:`~gongkai.review.models.Withheld`), with the legal `reason`.
    `told` is what is signed with the text (label, words); `lacking` says, each in a sentence, why it cannot be submitted yet."""

    kind: str
    key: str
    organ: Organ
    title: str
    text: str
    content: Mapping[str, Any]
    files: tuple[StoredFile, ...] = ()
    facts: frozenset[str] = field(default=frozenset())
    sort: str = ""
    attribute: str = ""
    reason: str = ""
    told: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The hash of everything that would be published."""
        return digest(self.content, [file.sha256 for file in self.files])


class Adapter(Protocol):
    """`kind` is the model's label (``documents.edition``), `label` the word people use, `load` the subject or None.
    `sorts` are the types within the kind, with their words; there may be none."""

    kind: str
    label: Any

    def load(self, key: str) -> Subject | None: ...

    def sorts(self) -> Sequence[tuple[str, str]]: ...


_adapters: dict[str, Adapter] = {}


def register(adapter: Adapter) -> None:
    """Make a kind reviewable; called from the owning room's ``apps.ready``."""
    known = _adapters.setdefault(adapter.kind, adapter)
    if type(known) is not type(adapter):
        raise ValueError(f"subjects of kind {adapter.kind} are registered twice")


def kinds() -> dict[str, str]:
    """Every kind of subject with its word."""
    return {kind: str(adapter.label) for kind, adapter in _adapters.items()}


def word(kind: str) -> str:
    """What a kind, or one type of it (``documents.edition/notice``), is called."""
    return {**kinds(), **dict(sorts())}.get(kind, kind)


def sorts() -> list[tuple[str, str]]:
    """Every kind whose room asks before it publishes, and every type within it, as a duty may name them. A kind without
    types is reviewed where the office wants it, and goes out by rules of its own."""
    found = []
    for kind, adapter in _adapters.items():
        types = adapter.sorts()
        found += [(kind, str(adapter.label))] if types else []
        found += [(f"{kind}/{sort}", f"{adapter.label}：{label}") for sort, label in types]
    return found


def load(kind: str, key: str) -> Subject | None:
    """The subject as it stands now; None when it is gone or its room is not installed."""
    adapter = _adapters.get(kind)
    return adapter.load(key) if adapter is not None else None


def digest(content: Mapping[str, Any], sums: Iterable[str]) -> str:
    """The hash of a content and the SHA-256 sums of its files, whatever order they are given in."""
    whole = {**content, "files": sorted(sums)}
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
