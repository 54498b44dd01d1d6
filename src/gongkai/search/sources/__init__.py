"""What is searchable, room by room: how its records become entries, and which audit entries change them.

A new kind of record needs a module here and a line in `SOURCES`; its register must stand in `labels.REGISTERS`.
"""

from __future__ import annotations

from gongkai.search.sources.base import Change, Source
from gongkai.search.sources.cases import CASES
from gongkai.search.sources.documents import DOCUMENTS
from gongkai.search.sources.organs import ORGANS
from gongkai.search.sources.registers import DECISIONS, POWER_ITEMS, PROCEEDINGS, PROCUREMENT
from gongkai.search.sources.reports import REPORTS

SOURCES: tuple[Source, ...] = (
    ORGANS,
    DOCUMENTS,
    REPORTS,
    CASES,
    PROCEEDINGS,
    POWER_ITEMS,
    DECISIONS,
    PROCUREMENT,
)

__all__ = ["SOURCES", "Change", "Source"]
