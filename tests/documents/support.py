"""Short ways to register documents in tests."""

import datetime as dt

from gongkai.documents import actions
from gongkai.documents.models import Document
from tests.support.world import TEST, World


def document(world: World, code: str = "city", **changes) -> Document:
    values = {
        "by": TEST,
        "organ": world.organs[code],
        "kind": "normative_docs",
        "title": "关于测试工作的通知",
        "made_on": dt.date(2019, 3, 1),
    }
    return actions.add_document(**(values | changes))


def released(world: World, on: dt.date, code: str = "city", **changes) -> Document:
    kept = document(world, code, **changes)
    actions.release(kept, by=TEST, channel="政府网站", on=on)
    kept.refresh_from_db()
    return kept
