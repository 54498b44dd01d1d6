"""What every page shows: the site's particulars, how the reader wants to read, and the fixed day of a demo."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gongkai.base import clock
from gongkai.portal import notices, reading, visiting
from gongkai.portal import site as sites


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context shared by portal and desk."""
    profile = sites.current()
    return {
        "environment": settings.ENVIRONMENT,
        "today": clock.today(),
        "fixed_day": clock.fixed_day(),
        "site": profile,
        "site_meta": profile.meta,
        "site_notice": notices.of_site,
        "visitor": partial(visiting.visitor, request),
        "reading": reading.of(request),
    }
