"""The choices the law leaves to the office, as the nearest organ up the tree made them."""

from __future__ import annotations

from typing import Any

from gongkai.base.fields import prefixes
from gongkai.requests.models import RequestSettings


def choices_for(organ: Any) -> RequestSettings:
    """The settings in force for `organ`: its own, else of the nearest organ above that set any, else the defaults."""
    found = list(RequestSettings.objects.filter(path__in=prefixes(organ.path)))
    return max(found, key=lambda row: len(row.path), default=RequestSettings())


def answer_mark(organ: Any, choices: RequestSettings) -> str:
    """The letters before 〔year〕 in an answer's number; the organ's own mark is never lent to the organs below."""
    own = choices.answer_mark if choices.organ_id == organ.pk else ""
    return own or f"{organ.name}公开告"
