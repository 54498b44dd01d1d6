"""The plain list passes its own suite: so the suite asks for nothing that only one engine does."""

from __future__ import annotations

from pathlib import Path

from tests.search.conformance import PAIR, Conformance
from tests.search.reference import Reference


class TestReference(Conformance):
    def make(self, folder: Path) -> PAIR:
        kept = Reference()
        return kept, kept
