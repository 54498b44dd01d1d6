"""The one way an action says no: a sentence the page shows beside the greyed button."""

from __future__ import annotations


class Refused(Exception):
    """The action is not permitted now, by this person, on this record. ``str(refused)`` is the reason in words."""
