"""Loads the demo's reviews and lawsuits through the room's own actions, linked to cases where the organ has one."""

from __future__ import annotations

import datetime as dt

from gongkai.base import clock
from gongkai.demo.plan_remedies import AFTER, REVIEW, PlannedProceeding, dockets, proceedings
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.remedies import actions
from gongkai.remedies.models import Proceeding
from gongkai.remedies.results import ensure_defaults
from gongkai.requests.models import Case

RESULTS = {
    REVIEW: {
        "upheld": ("review_upheld",),
        "corrected": ("review_revoked", "review_unlawful", "review_ordered"),
        "other": ("review_terminated", "review_application_rejected"),
    },
    "court": {
        "upheld": ("court_claims_dismissed",),
        "corrected": ("court_revoked", "court_unlawful", "court_ordered"),
        "other": ("court_suit_rejected", "court_withdrawn"),
    },
}


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Every planned proceeding with its steps."""
    ensure_defaults()
    challenged = _Challenged(organs)
    for docket in dockets():
        filed: dict[str, Proceeding] = {}
        for serial, planned in enumerate(proceedings(docket), 1):
            filed[planned.key] = _load(planned, serial, organs[planned.organ], filed, challenged, by)


def _load(
    planned: PlannedProceeding,
    serial: int,
    organ: Organ,
    filed: dict[str, Proceeding],
    challenged: _Challenged,
    by: Actor,
) -> Proceeding:
    parent = filed.get(planned.parent or "")
    review = planned.group == REVIEW
    year = planned.filed_on.year
    with clock.on_day(planned.filed_on):
        proceeding = actions.file_proceeding(
            by=by,
            organ=organ,
            group=planned.group,
            number=f"（{year}）演示{'复' if review else '行初'}{_mark(planned.group)}{serial}号",
            forum=(organ.review_organ if review else organ.court) or "演示机关",
            filed_on=planned.filed_on,
            case=parent.case if parent else challenged.before(organ, planned.filed_on),
            act="政府信息公开答复（演示）",
            parent=parent,
            parties={"applicant": f"演示申请人{serial}"},
        )
        actions.accept(proceeding, by=by, on=planned.filed_on)
    if planned.closed_on is not None:
        results = RESULTS[REVIEW if review else "court"]
        # what was pending at the year's end was upheld later
        kinds = results.get(planned.column, results["upheld"])
        with clock.on_day(planned.closed_on):
            actions.close(
                proceeding,
                by=by,
                on=planned.closed_on,
                result=kinds[serial % len(kinds)],
                document="演示文书",
            )
    return proceeding


def _mark(group: str) -> str:
    return {REVIEW: "", AFTER: "后"}.get(group, "")


class _Challenged:
    """The answered cases of each organ, oldest first: a proceeding takes one that was answered before it was filed."""

    def __init__(self, organs: dict[str, Organ]) -> None:
        self._waiting: dict[int, list[Case]] = {}
        found = Case.objects.filter(counted=True, dispatched_on__isnull=False).order_by("dispatched_on", "pk")
        for case in found.select_related("organ"):
            self._waiting.setdefault(case.organ_id, []).append(case)

    def before(self, organ: Organ, day: dt.date) -> Case | None:
        waiting = self._waiting.get(organ.pk, [])
        if waiting and waiting[0].dispatched_on is not None and waiting[0].dispatched_on < day:
            return waiting.pop(0)
        return None
