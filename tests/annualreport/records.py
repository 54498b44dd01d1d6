"""Records for report tests, made quickly: cases with their projections, coverage, tallies, proceedings."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from gongkai.base import coverage, tallies
from gongkai.base.clock import SHANGHAI
from gongkai.base.measures import Period
from gongkai.organs.models import Organ
from gongkai.remedies.models import Proceeding, Respondent
from gongkai.requests.models import Case, Submission

REGISTERS = (
    "requests",
    "documents",
    "acts.items",
    "acts.decisions",
    "acts.fees",
    "acts.procurement",
    "remedies",
)
SINCE = dt.date(2015, 1, 1)
_serial = itertools.count(1)


def keep_all(organ: Organ, *, mode: str = "here", whole_tree: bool = True, but: tuple[str, ...] = ()) -> None:
    """Coverage of every register, for the organ and all below it."""
    for register in REGISTERS:
        if register not in but:
            cover(organ, register, mode=mode, whole_tree=whole_tree)


def cover(
    organ: Organ,
    register: str,
    *,
    mode: str = "here",
    since: dt.date = SINCE,
    until: dt.date | None = None,
    whole_tree: bool = False,
) -> None:
    coverage.set_coverage(
        organ=organ, register=register, mode=mode, valid_from=since, valid_to=until, whole_tree=whole_tree
    )


def case(
    organ: Organ,
    *,
    received: dt.date | None,
    closed: dt.date | None = None,
    outcome: str = "granted",
    kind: str = "natural_person",
    **columns: Any,
) -> Case:
    """A case as its actions would leave it."""
    number = next(_serial)
    day = received or dt.date(2022, 1, 1)
    submission = Submission.objects.create(
        organ=organ,
        reference=f"T{number:08d}",
        secret_hash="x",
        token=f"token-{number}",
        channel="internet",
        kind=kind,
        arrived_at=dt.datetime.combine(day, dt.time(9), SHANGHAI),
        form={"applicant_name": "张三丰", "info_description": "绝密内容"},
        raw=b"raw",
        raw_sha256="0" * 64,
        name_index="n",
        applicant_key=f"a{number}",
    )
    return Case.objects.create(
        organ=organ,
        submission=submission,
        kind=kind,
        arrived_on=day,
        first_received_on=received,
        anchor_on=received,
        closed_on=closed,
        outcome=outcome if closed else "",
        state="closed" if closed else "accepted",
        **columns,
    )


def tally(
    organ: Organ, measure: str, value: int | str, year: int, *, source: str = "unit", **dimensions: str
) -> Any:
    return tallies.record_tally(
        organ=organ,
        measure=measure,
        dimensions=dimensions,
        period=Period.year(year),
        value=value,
        source=source,
        author="test",
    )


def proceeding(
    *respondents: Organ,
    filed: dt.date,
    closed: dt.date | None = None,
    column: str = "upheld",
    group: str = "litigation_direct",
    case: Case | None = None,
) -> Proceeding:
    """A proceeding with its respondents as the steps would leave them."""
    made = Proceeding.objects.create(
        organ=respondents[0],
        number=f"（2022）初{next(_serial)}号",
        group=group,
        forum="甲市中级人民法院",
        case=case,
        filed_on=filed,
        closed_on=closed,
        column=column if closed else "",
    )
    for organ in respondents:
        Respondent.objects.create(
            proceeding=made,
            organ=organ,
            path=organ.path,
            group=group,
            first_filed_on=filed,
            filed_on=filed,
            closed_on=closed,
            column=column if closed else "",
        )
    return made
