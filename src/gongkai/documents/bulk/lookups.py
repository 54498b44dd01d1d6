"""What cells name, found once and remembered: organs the person may register documents for, entries of the value lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base.fields import prefixes
from gongkai.base.models import Tally
from gongkai.base.tallies import speaks_for
from gongkai.documents import channel_tallies, channels
from gongkai.documents.models import Account, Channel, Classification, Release
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ
from gongkai.organs.queries import AMBIGUOUS, by_any_name
from gongkai.organs.scope import WORK

REGISTER = "documents"
_REMEMBERED = 20_000  # answers kept at hand
_Count = tuple[dt.date, dt.date, str, dict[str, str]]  # from, to, measure, and what it speaks for


class Known:
    """The look-ups of one import. Nothing out of the person's reach is found, nor told apart from what does not exist."""

    def __init__(self, by: Actor, organ: Organ | None = None) -> None:
        self._by, self._default = by, organ
        self._organs: dict[str, Organ | ValidationError] = {}
        self._actors: dict[str, Actor] = {}
        self._entries: dict[tuple[str, str], Classification] | None = None
        self._issuers: dict[str, Organ] | None = None
        self._channels: list[Channel] | None = None
        self._accounts: dict[tuple[Any, ...], Account | None] = {}
        self._counted: dict[str, list[_Count]] = {}
        rows = Organ.objects.all()
        if not by.is_machine:
            rows = scope.organs_for(by.viewer or scope.NOBODY, REGISTER, WORK)
        self._reach = rows.exclude(kind=Organ.Kind.UNIT)  # internal units keep no register

    def refresh(self, paths: Iterable[str]) -> None:
        """Forget what others may have changed since: the counts of the organs at `paths`, channels and their accounts."""
        self._counted, self._channels = _counted(paths), None
        self._accounts.clear()

    def organ(self, text: str) -> Organ:
        if not text:
            if self._default is None:
                raise ValidationError(_("没有填写"))
            text = self._default.code
        found = self._organs.get(text)
        if found is None:
            found = self._organs[text] = self._find(text)
        if isinstance(found, ValidationError):
            raise found
        return found

    def _find(self, text: str) -> Organ | ValidationError:
        try:
            return by_any_name(text, self._reach)
        except ValidationError as error:
            if getattr(error, "code", "") == AMBIGUOUS:
                return error
            return ValidationError(_("没有找到“%(text)s”，或者不在您的办理范围内") % {"text": text[:40]})

    def actor(self, organ: Organ) -> Actor:
        """In which post the person registers documents of `organ`."""
        found = self._actors.get(organ.path)
        if found is None:
            found = self._by
            if not found.is_machine and found.viewer is not None:
                posts = actors_for(found.viewer, REGISTER, organ.path, WORK)
                found = next((one for one in posts if one.post_id == self._by.post_id), posts[0])
            self._actors[organ.path] = found
        return found

    def classification(self, scheme: str, text: str) -> Classification:
        if self._entries is None:
            self._entries = _entries()
        found = self._entries.get((scheme, text.rsplit("\\", 1)[-1].strip()))
        if found is None:
            words = {"theme": _("主题分类"), "genre": _("体裁分类"), "group": _("组配分类")}[scheme]
            raise ValidationError(_("%(list)s中没有“%(text)s”") % {"list": words, "text": text[:30]})
        return found

    def issuer(self, name: str) -> Organ | None:
        """The organ of this very name that issues together with the lead, if it is one here."""
        if self._issuers is None:
            self._issuers = {organ.name: organ for organ in Organ.objects.all()}
        return self._issuers.get(name)

    def channel(self, text: str, organ: Organ, day: dt.date) -> Channel:
        """As :func:`channels.find` would, from the table read once. Raises ValidationError."""
        if self._channels is None:
            self._channels = list(Channel.objects.select_related("organ"))
        name, above = text.strip(), prefixes(organ.path)
        offered = [
            one
            for one in self._channels
            if name in (one.key, one.name)
            and one.valid_from <= day
            and (one.valid_to is None or one.valid_to >= day)
            and (one.organ is None or one.organ.path in above)
        ]
        return channels.best(offered, name) or channels.find(text, organ.path, day)  # which says so

    def account(self, text: str, organ: Organ, channel: Channel, day: dt.date) -> Account | None:
        """As :func:`channels.account_of` would. Raises ValidationError."""
        if not text:
            return None
        place = (text, organ.path, channel.pk, day)
        found = self._accounts.get(place)
        if found is None:
            found = self._accounts[place] = channels.account_of(text, organ.path, channel, day)
            if len(self._accounts) > _REMEMBERED:
                self._accounts.clear()
        return found

    def refuse_if_counted(self, fact: Release) -> None:
        """As :func:`channel_tallies.refuse_if_counted`, whose question is asked here once for an organ."""
        path = fact.document.path
        if path not in self._counted:
            self._counted |= _counted([path])
        if not self._counted[path]:
            return
        own, measures = channel_tallies.dimensions_of(fact), channel_tallies.measures_of(fact)
        for start, end, measure, told in self._counted[path]:
            if start <= fact.on <= end and measure in measures and speaks_for(told, own):
                channel_tallies.refuse_if_counted(fact)


def _counted(paths: Iterable[str]) -> dict[str, list[_Count]]:
    """The counts of the organs' releases, by organ."""
    found: dict[str, list[_Count]] = {path: [] for path in paths}
    rows = Tally.objects.filter(
        path__in=found, measure__in=channel_tallies.MEASURES, value__isnull=False, superseded_by__isnull=True
    )
    for path, start, end, measure, told in rows.values_list(
        "path", "period_from", "period_to", "measure", "dimensions"
    ):
        found[path].append((start, end, measure, told))
    return found


def _entries() -> dict[tuple[str, str], Classification]:
    """By code and by name; what is still given wins over what ended, a code over a name."""
    found: dict[tuple[str, str], Classification] = {}
    rows = list(Classification.objects.order_by("valid_from", "pk"))
    rows.sort(key=lambda row: row.valid_to is None)
    for names in ("name", "code"):
        for row in rows:
            found[row.scheme, getattr(row, names)] = row
    return found
