"""Who may begin a review, and the way there from a record's own page."""

from __future__ import annotations

from django.urls import reverse

from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.scope import Viewer
from gongkai.review import workflow


def starter(viewer: Viewer, path: str) -> Actor | None:
    """The first capacity in which the viewer may submit what belongs to the organ at `path`."""
    capacities = actors_for(viewer, "review", path)
    return next((one for one in capacities if not workflow.refusal("start", workflow.NONE, one.role)), None)


def href(viewer: Viewer, kind: str, key: int, path: str) -> str:
    """Where a subject is submitted, or its open run shown; "" for whoever may not submit it."""
    return reverse("desk:review-submit", args=[kind, key]) if starter(viewer, path) else ""
