"""The desk's registers whose rows have a number or a name: remedies and administrative acts. No parties, no amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Model

from gongkai.keyareas.models import Act, Decision, PowerItem, Procurement
from gongkai.remedies.models import Proceeding, State
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Change, Source


class Proceedings(Source):
    name = "proceedings"
    register = "remedies"
    model = Proceeding

    def entries(self, rows: Sequence[Proceeding], today: dt.date) -> Iterator[Entry]:
        for row in rows:
            if row.state != State.STRUCK:
                yield Entry(
                    record=self.record(row.pk),
                    category="remedies",
                    title=row.number,
                    path=row.path,
                    labels=labels.of_record(self.register, row.path),
                    numbers=(row.number,),
                    about=f"{row.forum}　{row.organ.name}",
                    on=row.filed_on,
                    type=row.group,
                )


class Acts(Source):
    """One of the registers of administrative acts: which columns are its title, number and date."""

    register = "acts"

    def __init__(self, name: str, model: type[Model], title: str, number: str, on: str) -> None:
        self.name, self.model = name, model
        self._title, self._number, self._on = title, number, on

    def entries(self, rows: Sequence[Act], today: dt.date) -> Iterator[Entry]:
        for row in rows:
            if row.struck_at is None:
                yield Entry(
                    record=self.record(row.pk),
                    category="acts",
                    title=getattr(row, self._title),
                    path=row.path,
                    labels=labels.of_record(self.register, row.path),
                    numbers=(getattr(row, self._number),) if self._number else (),
                    about=row.organ.name,
                    on=getattr(row, self._on),
                    type=self.name,
                )

    def touched(self, changes: Sequence[Change]) -> Iterable[int]:
        """Its own, and those of an import, whose one audit entry stands at the organ and names the first and last."""
        found = set(super().touched(changes))
        for one in changes:
            if one.verb == f"{self.model._meta.model_name}.import" and "first" in one.detail:
                between = (one.detail["first"], one.detail["last"])
                rows = self.model._default_manager.filter(organ_id=one.subject_id, pk__range=between)
                found.update(rows.values_list("pk", flat=True))
        return found


PROCEEDINGS = Proceedings()
POWER_ITEMS = Acts("power-items", PowerItem, "name", "", "added_on")
DECISIONS = Acts("decisions", Decision, "number", "number", "decided_on")
PROCUREMENT = Acts("procurement", Procurement, "title", "number", "concluded_on")
