"""孟津县 and 吉利区 became 孟津区, 偃师市 became 偃师区 (made public 2021-03-18): successors continue the old records."""

from __future__ import annotations

import datetime as dt

from gongkai.demo.places import MENGJIN
from gongkai.organs import actions
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Post

MERGED = dt.date(2021, 3, 18)
DOCUMENT = "国务院关于同意河南省调整洛阳市部分行政区划的批复（演示）"


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Create the successors with all that stands below them, and let them continue the predecessors."""
    _continue(organs, MENGJIN, "mengjinqu", "孟津县", "孟津区", by)
    _continue(organs, "ly-yanshi", "yanshiqu", "偃师市", "偃师区", by)
    _absorb(organs, "ly-jili", "ly-mengjinqu", by)
    for old, new in ((MENGJIN, "ly-mengjinqu"), ("ly-yanshi", "ly-yanshiqu")):
        _move_staff(organs[old], organs[new], by)


def _continue(organs: dict[str, Organ], old: str, key: str, name: str, new_name: str, by: Actor) -> None:
    """A successor for the government at `old` and one for each organ below it; children first."""
    government = organs[old]
    heir = _heir(organs, government, f"ly-{key}", government.parent, name, f"洛阳市{new_name}", by)
    for child in Organ.objects.filter(parent=government).order_by("path"):
        suffix = child.code.removeprefix(f"{old}-")
        successor = _heir(organs, child, f"ly-{key}-{suffix}", heir, name, new_name, by)
        _succeed(child, successor, "conversion", by)
    _succeed(government, heir, "conversion" if key == "yanshiqu" else "merger", by)


def _absorb(organs: dict[str, Organ], old: str, into: str, by: Actor) -> None:
    for child in Organ.objects.filter(parent=organs[old]).order_by("path"):
        _succeed(child, organs[f"{into}-office"], "merger", by)
    _succeed(organs[old], organs[into], "merger", by)


def _heir(
    organs: dict[str, Organ], old: Organ, code: str, parent: Organ | None, name: str, new_name: str, by: Actor
) -> Organ:
    organs[code] = actions.create_organ(
        by=by,
        code=code,
        name=old.name.replace(name, new_name),
        kind=old.kind,
        tier=old.tier,
        parent=parent,
        valid_from=MERGED,
        review_organ=old.review_organ,
        court=old.court,
        address=old.address,
        phones=old.phones,
    )
    return organs[code]


def _succeed(old: Organ, new: Organ, kind: str, by: Actor) -> None:
    actions.succeed(by=by, predecessors=[old], successor=new, on=MERGED, kind=kind, document=DOCUMENT)


def _move_staff(old: Organ, new: Organ, by: Actor) -> None:
    for post in Post.objects.filter(organ=old).select_related("person").order_by("pk"):
        actions.appoint(
            by=by, person=post.person, organ=new, role=post.role, valid_from=MERGED, title=post.title
        )
