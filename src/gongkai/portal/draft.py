"""An application that isn't sent yet. It travels encrypted in the page itself: no row, no session, no address holds it.

The one-time token is made with the draft, so sending the same form twice makes one case.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from gongkai.base import crypto


class LostDraft(Exception):
    """The hidden field was altered, or sealed by other keys."""


@dataclass
class Draft:
    """Answers by step, for one organ."""

    organ_id: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def seal(self) -> str:
        """The draft as one opaque text for a hidden field."""
        kept = {"organ": self.organ_id, "token": self.token, "answers": self.answers}
        return crypto.seal(json.dumps(kept, ensure_ascii=False).encode()).decode("ascii")

    @classmethod
    def open(cls, sealed: str, organ_id: int) -> Draft:
        """The draft in a hidden field. Raises LostDraft for anything not sealed here for this organ."""
        try:
            kept = json.loads(crypto.unseal(sealed.encode()))
        except (crypto.Unreadable, ValueError) as error:
            raise LostDraft from error
        if kept["organ"] != organ_id:
            raise LostDraft
        return cls(kept["organ"], kept["token"], kept["answers"])

    def merged(self) -> dict[str, Any]:
        """All answers in one mapping, as the submission keeps them; empty ones are left out."""
        return {name: text for step in self.answers.values() for name, text in step.items() if text}
