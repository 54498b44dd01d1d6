"""What the console commands share: how they refuse, and how Django is set up for one process."""

from __future__ import annotations

import os


class UsageError(Exception):
    """The operator asked for something that cannot be done; the text says what, for standard error. Exit status 2."""


def setup_django() -> None:
    """Configure Django for this process. Raises HomeError, ImproperlyConfigured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings")
    import django

    django.setup()
