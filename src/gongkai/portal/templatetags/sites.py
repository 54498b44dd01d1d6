"""What a page says of its organ's end."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.organs.models import Organ
from gongkai.portal import notices

register = template.Library()


@register.inclusion_tag("portal/parts/organ_notice.html")
def archived(organ: Organ) -> dict[str, Any]:
    """历史归档 with its day, for an organ that ended; nothing for one that stands."""
    return {"notice": notices.of_organ(organ)}
