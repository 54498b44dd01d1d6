"""Short ways to plan and make interpretations in tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions
from gongkai.documents.interpretation.models import Interpretation
from gongkai.documents.models import Document, Edition
from tests.support.world import TEST, World

PLAN = {
    "outline": "为什么制定，要做什么",
    "forms": ["text", "graphic"],
    "ways": "政府网站",
    "timing": "与文件同时公开",
}


def plan(edition: Edition, **more: Any) -> Any:
    return actions.set_plan(edition, by=TEST, **(PLAN | more))


def interpretation(*of: Document, on: dt.date | None = None, **more: Any) -> Interpretation:
    """Registered, and released on `on` if given."""
    given = {"title": "《办法》解读", "form": "text", "made_on": dt.date(2019, 4, 1), "body": "一、背景依据"}
    row = actions.add_interpretation(by=TEST, documents=of, **(given | more))
    if on is not None:
        documents.release(row.document, by=TEST, channel="政府网站", on=on)
        row.document.refresh_from_db()
    return row


def settings(world: World, code: str = "city", **more: Any) -> Any:
    given = {
        "kinds": ["rules", "normative_docs"],
        "marked": True,
        "days": 3,
        "since": dt.date(2016, 11, 10),
        "basis": "甲市政策解读办法",
    }
    return actions.set_choices(by=TEST, organ=world.organs[code], **(given | more))
