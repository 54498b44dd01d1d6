"""Whether something must be reviewed before it is made public: the nearest organ up the tree that has a rule decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gongkai.organs.models import Organ
from gongkai.review.choices import above
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
        return cls(ReviewDuty.objects.filter(path__in=above(organ)))

    def rule(self, organ: Organ, day: dt.date) -> ReviewDuty | None:
        """The rule the organ is under on `day`."""
        for path in reversed(above(organ)):
            in_force = [row for row in self._by_path.get(path, ()) if row.valid_from <= day]
            if in_force:
                return in_force[-1]
        return None

    def hold(self, organ: Organ, kind: str, sort: str, day: dt.date) -> bool:
        """Whether a subject of this kind and type, made public on `day`, must have been reviewed."""
        rule = self.rule(organ, day)
        if rule is None or not rule.required:
            return False
        return not rule.kinds or kind in rule.kinds or f"{kind}/{sort}" in rule.kinds
