"""The case page's own words."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.desk.cases import sheet

register = template.Library()


@register.filter
def draft_lines(content: Any) -> list[tuple[str, str]]:
    """What a draft or an answer says besides its text, label and text."""
    return sheet.draft_lines(content)
