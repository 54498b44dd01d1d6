"""What was handed in is sealed: a report by its version's hash, a sheet by the hash of its frozen cells."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .models import RoundFact


def seal(content: Any) -> str:
    """The hash of a sheet's content as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_whole(fact: RoundFact) -> bool:
    """Whether what the fact names is still what was handed in; True for facts that hand nothing in."""
    if fact.version is not None:
        return fact.hash == fact.version.hash
    return not fact.hash or fact.hash == seal(fact.content["cells"])
