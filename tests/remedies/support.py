"""Short ways to build proceedings in tests."""

import datetime as dt
from itertools import count

from gongkai.remedies import actions
from gongkai.remedies.models import Proceeding
from tests.support.world import TEST, World

_serial = count(1)
RESULTS = {
    "review": {"upheld": "review_upheld", "corrected": "review_revoked", "other": "review_terminated"},
    "litigation": {
        "upheld": "court_claims_dismissed",
        "corrected": "court_partly_revoked",
        "other": "court_withdrawn",
    },
}


def result(group: str, column: str) -> str:
    return RESULTS["review" if group == "review" else "litigation"][column]


def filed(
    world: World, group: str = "review", on: dt.date = dt.date(2019, 3, 1), code: str = "county-a", **changes
) -> Proceeding:
    values = {
        "by": TEST,
        "organ": world.organs[code],
        "group": group,
        "number": f"测〔2019〕{next(_serial)}号",
        "forum": "甲市人民政府",
        "filed_on": on,
    }
    if group == "litigation_after_review":
        values["no_parent_reason"] = "启用前的复议"
    return actions.file_proceeding(**(values | changes))


def closed(
    world: World,
    group: str = "review",
    column: str = "upheld",
    on: dt.date = dt.date(2019, 3, 1),
    until: dt.date = dt.date(2019, 5, 1),
    **changes,
) -> Proceeding:
    proceeding = filed(world, group, on, **changes)
    return actions.close(
        proceeding, by=TEST, on=until, result=result(group, column), document="测决〔2019〕1号"
    )
