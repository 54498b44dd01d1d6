"""Whether something must be reviewed before it is made public: whatever an organ up the tree demands, and none below it was
allowed to leave out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gongkai.base.fields import prefixes
from gongkai.organs.models import Organ
from gongkai.review.models import ReviewDuty


class Duties:
    """The rules as they stand, for any number of questions: `read` asks the database once."""

    def __init__(self, rows: Iterable[ReviewDuty]) -> None:
        self._by_path: dict[str, list[ReviewDuty]] = {}
        for row in sorted(rows, key=lambda one: (one.valid_from, one.pk)):
            self._by_path.setdefault(row.path, []).append(row)

    @classmethod
    def read(cls) -> Duties:
        """Every rule of the installation; they are few."""
        return cls(ReviewDuty.objects.all())

    @classmethod
    def of(cls, organ: Organ) -> Duties:
        """What may bear on one organ. One query."""
        return cls(ReviewDuty.objects.filter(path__in=prefixes(organ.path)))

    def rules(self, organ: Organ, day: dt.date) -> list[ReviewDuty]:
        """The rules the organ is under on `day`, those from farthest above first: each demands what it names. What is set
        below counts for less than what is above only where that was known when it was set (see `_replaces`)."""
        found: list[ReviewDuty] = []
        for path in prefixes(organ.path):
            in_force = [row for row in self._by_path.get(path, ()) if row.valid_from <= day]
            if in_force:
                below = in_force[-1]
                found = [above for above in found if not _replaces(below, above)]
                if below.required or not found:
                    found.append(below)
        return found

    def hold(self, organ: Organ, kind: str, sort: str, day: dt.date) -> bool:
        """Whether a subject of this kind and type, made public on `day`, must have been reviewed."""
        return any(_names(rule, kind, sort) for rule in self.rules(organ, day) if rule.required)


def _replaces(below: ReviewDuty, above: ReviewDuty) -> bool:
    """Whether `below` was set later than `above` and for a later day: then it demands as much, or whoever decides above
    allowed that it does not. What a county had set before its city demanded more loosens nothing."""
    return below.pk > above.pk and below.valid_from >= above.valid_from


def _names(rule: ReviewDuty, kind: str, sort: str) -> bool:
    return not rule.kinds or kind in rule.kinds or f"{kind}/{sort}" in rule.kinds
