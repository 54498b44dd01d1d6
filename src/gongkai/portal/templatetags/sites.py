"""What a page says of its organ's end, and where the links of its records lead."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.organs.models import Organ
from gongkai.portal import notices, outbound

register = template.Library()


@register.inclusion_tag("portal/parts/organ_notice.html")
def archived(organ: Organ) -> dict[str, Any]:
    """历史归档 with its day, for an organ that ended; nothing for one that stands."""
    return {"notice": notices.of_organ(organ)}


@register.filter
def led(href: str) -> str:
    """The address of a link that stands in a record: itself, or the notice before one that leaves the government's sites."""
    return outbound.address(href)
