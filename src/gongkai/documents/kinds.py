"""The types of document and what each of them may and must be. A new type is one line here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The first two are the statutory ones of table 2; their keys never change."""

    RULES = "rules", _("规章")
    NORMATIVE = "normative_docs", _("行政规范性文件")
    OTHER = "other", _("其他文件")
    LEGISLATION = "legislation", _("法规文件")
    NOTICE = "notice", _("通知公告")
    PERSONNEL = "personnel", _("人事任免")
    INTERPRETATION = "interpretation", _("政策解读")
    MEETING = "meeting", _("会议信息")
    LIST = "list", _("清单目录")
    CHRONICLE = "chronicle", _("大事记")
    SUPERVISION = "supervision", _("督查督办")
    NEWS = "news", _("政务信息")
    TELEGRAM = "telegram", _("内部明电")


@dataclass(frozen=True)
class Rules:
    """What holds for a type. `public`: may be 主动公开 or 依申请公开 at all. `numbered`: carries a 发文字号. `validity`: is
    in force and may be repealed. `policy`: asks for a policy's review. `image`: needs a page-image version beside the
    text (S053). `appointments`: names persons, posts and actions before it is released (S074). `by_date`: its text is
    entries by date (S285)."""

    public: bool = True
    numbered: bool = True
    validity: bool = False
    policy: bool = False
    image: bool = False
    appointments: bool = False
    by_date: bool = False


_PLAIN = Rules(numbered=False)
RULES: dict[str, Rules] = {
    Kind.RULES: Rules(validity=True, policy=True, image=True),
    Kind.NORMATIVE: Rules(validity=True, policy=True),
    Kind.OTHER: Rules(validity=True),
    Kind.LEGISLATION: Rules(validity=True),
    Kind.NOTICE: Rules(),
    Kind.PERSONNEL: Rules(appointments=True),
    Kind.INTERPRETATION: _PLAIN,
    Kind.MEETING: Rules(),
    Kind.LIST: Rules(),
    Kind.CHRONICLE: Rules(numbered=False, by_date=True),
    Kind.SUPERVISION: Rules(),
    Kind.NEWS: _PLAIN,
    Kind.TELEGRAM: Rules(public=False),
}

# What is no legal content (06 §1.1 row 3, rule P3) has columns of its own, however it is classified.
NO_LEGAL_CONTENT = (Kind.NEWS, Kind.CHRONICLE)
LEGAL_CONTENT = tuple(kind for kind in Kind if RULES[kind].public and kind not in NO_LEGAL_CONTENT)


def rules_of(kind: str) -> Rules:
    """The rules of a type."""
    return RULES[kind]


def public_choices() -> list[tuple[str, str]]:
    """The types the public can find, with their words."""
    return [(kind.value, str(kind.label)) for kind in Kind if RULES[kind].public]
