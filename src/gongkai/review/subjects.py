"""What can be reviewed. The room that owns a kind of subject registers an adapter; this room never imports it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gongkai.base.models import StoredFile
from gongkai.organs.models import Organ


@dataclass(frozen=True)
class Subject:
    """A subject as it stands now. `facts` are keys of :data:`gongkai.review.chains.FACTS` that hold for it; `digest` is the
    hash of everything that would be published."""

    kind: str
    key: str
    organ: Organ
    title: str
    text: str
    digest: str
    files: tuple[StoredFile, ...] = ()
    facts: frozenset[str] = field(default=frozenset())


class Adapter(Protocol):
    """`kind` is the model's label (``documents.edition``), `label` the word people use, `load` the subject or None."""

    kind: str
    label: Any

    def load(self, key: str) -> Subject | None: ...


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
    """What a kind is called."""
    return kinds().get(kind, kind)


def load(kind: str, key: str) -> Subject | None:
    """The subject as it stands now; None when it is gone or its room is not installed."""
    adapter = _adapters.get(kind)
    return adapter.load(key) if adapter is not None else None


def digest(content: Mapping[str, Any], files: tuple[StoredFile, ...] = ()) -> str:
    """The hash of a content and its files, whatever order they are given in."""
    whole = {**content, "files": sorted(file.sha256 for file in files)}
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
