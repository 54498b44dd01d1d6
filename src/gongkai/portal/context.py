"""What every page shows: the installation's name, and the fixed day of a demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gongkai.base import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context shared by portal and desk."""
    return {"environment": settings.ENVIRONMENT, "today": clock.today(), "fixed_day": clock.fixed_day()}
