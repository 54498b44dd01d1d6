"""The Regulation's two versions: an application keeps the one in force on the day it was received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from .articles import REGULATION, REGULATION_OLD


@dataclass(frozen=True)
class Rules:
    """What one version says about terms; counts are working days.

    ``excludes``: kinds of consultation that are not counted. ``restarts``: whether the term runs anew after a
    correction or a payment. ``notice_days``: within how many days a correction must be asked, ``None`` = no rule.
    """

    key: str
    effective: date
    days: int
    max_extension: int
    excludes: frozenset[str]
    restarts: bool
    notice_days: int | None
    name: str
    term_article: str
    extension_article: str
    consultation_article: str


# The old Regulation says nothing of a restart; an office that read it otherwise replaces this value.
REGULATION_2007: Final = Rules(
    key="2007",
    effective=date(2008, 5, 1),
    days=15,
    max_extension=15,
    excludes=frozenset({"third_party"}),
    restarts=False,
    notice_days=None,
    name=REGULATION_OLD,
    term_article=REGULATION_OLD + "第二十四条",
    extension_article=REGULATION_OLD + "第二十四条",
    consultation_article=REGULATION_OLD + "第二十四条",
)

REGULATION_2019: Final = Rules(
    key="2019",
    effective=date(2019, 5, 15),
    days=20,
    max_extension=20,
    excludes=frozenset({"third_party", "organ"}),
    restarts=True,
    notice_days=7,
    name=REGULATION,
    term_article=REGULATION + "第三十三条第二款",
    extension_article=REGULATION + "第三十三条第二款",
    consultation_article=REGULATION + "第三十三条第三款",
)


def rules_on(received: date) -> Rules:
    """The version for an application received on this day (the old one for everything earlier)."""
    return REGULATION_2019 if received >= REGULATION_2019.effective else REGULATION_2007
