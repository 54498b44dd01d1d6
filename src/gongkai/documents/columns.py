"""What stands in a column: its feed's rules asked of the documents, newest first, without leafing through what is skipped.

A rule becomes one or several streams, each a range of an index in the order of release. Only the head of each stream is
read, so the ten-thousandth page, reached by following "next" or by a date, costs what the first does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from gongkai.base.fields import prefixes, within
from gongkai.catalogue import feeds, queries, statutory
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.catalogue.models import REGISTER, Column, Pick
from gongkai.catalogue.statutory import Item
from gongkai.documents.figures import public_on, shown_on
from gongkai.documents.kinds import LEGAL_CONTENT, Kind, rules_of
from gongkai.documents.models import STANDING, Channel, Classification, Document, Release
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import WORK, Viewer

ORDER = ("-first_released_on", "-pk")
MOST_COUNTED = 10_000
HEADS = 200  # newest days asked in one query; SQLite gives 2,000 at once at most, PostgreSQL 1,664
Place = tuple[dt.date, int]  # where a page ends: day of release and key of its last document


ANYTHING = Rule()


@dataclass(frozen=True)
class Source:
    """A rule of an organ, or what was picked for a column (`column`)."""

    path: str
    rule: Rule = ANYTHING
    column: int = 0


def sources(columns: Iterable[Column]) -> list[Source]:
    """What feeds these columns, each thing once; rules that differ in their codes alone are asked as one."""
    found: dict[Source, None] = {}
    for column in columns:
        for rule in feeds.load(column.feed):
            found[Source(column.path, rule)] = None
        found[Source(column.path, column=column.pk)] = None
    return _merged(found)


def item_sources(organ: Organ, items: Iterable[Item]) -> list[Source]:
    """What belongs to statutory items of an organ: what is classified so and legal content at all, and the types that
    belong there anyhow."""
    items = list(items)
    kinds = tuple(dict.fromkeys(kind for item in items for kind in item.rule_kinds))
    found = [Source(organ.path, Rule(LEGAL_CONTENT, statutory.codes(items)))] if items else []
    return found + ([Source(organ.path, Rule(kinds=kinds))] if kinds else [])


def _merged(found: Iterable[Source]) -> list[Source]:
    """Rules that name groups only are one rule naming all of them; of themes and types likewise."""
    alone: dict[tuple[Source, str], list[str]] = {}
    others: list[Source] = []
    for source in found:
        named = [name for name in ("kinds", "groups", "themes") if getattr(source.rule, name)]
        if source.column or len(named) != 1:
            others.append(source)
            continue
        nothing: dict[str, Any] = {named[0]: ()}
        rest = replace(source, rule=replace(source.rule, **nothing))
        alone.setdefault((rest, named[0]), []).extend(getattr(source.rule, named[0]))
    for (rest, name), codes in alone.items():
        merged: dict[str, Any] = {name: tuple(dict.fromkeys(codes))}
        others.append(replace(rest, rule=replace(rest.rule, **merged)))
    return others


def newest(
    found: Sequence[Source],
    day: dt.date,
    limit: int,
    *,
    before: Place | None = None,
    until: dt.date | None = None,
) -> list[Document]:
    """The next `limit` documents of these sources the public reads on `day`: after the place `before`, or not released
    later than `until`. One query, whatever the place."""
    asked = after(before, until)
    heads = [
        stream.filter(asked).order_by(*ORDER).values("pk")[:limit]
        for source in found
        for stream in _streams(source, day)
    ]
    if not heads:
        return []
    rows = Document.objects.filter(reduce(or_, (Q(pk__in=head) for head in heads)))
    return list(rows.select_related("organ").order_by(*ORDER)[:limit])


def after(before: Place | None, until: dt.date | None) -> Q:
    """What stands in a list behind the place `before`, and what was released not later than `until`."""
    asked = Q()
    if until is not None:
        asked &= Q(first_released_on__lte=until)
    if before is not None:
        on, key = before
        asked &= Q(first_released_on__lte=on) & (Q(first_released_on__lt=on) | Q(pk__lt=key))
    return asked


def count(found: Sequence[Source], day: dt.date) -> int:
    """How many there are, up to one more than `MOST_COUNTED`. One query."""
    return documents(found, day)[: MOST_COUNTED + 1].count()


def documents(found: Sequence[Source], day: dt.date) -> QuerySet[Document]:
    """All of them, in no order: for counting, and to ask whether any is wrong."""
    conditions = [_condition(source, day) for source in found]
    if not conditions:
        return Document.objects.none()
    return Document.objects.filter(STANDING, public_on(day)).filter(reduce(or_, conditions))


Key = TypeVar("Key", bound=Hashable)


def last_days(asked: Mapping[Key, Sequence[Source]], day: dt.date) -> dict[Key, dt.date | None]:
    """The newest day of release under each key, None where there is nothing. One query for every `HEADS` streams, however
    many keys there are."""
    heads = [
        (key, Subquery(stream.order_by(*ORDER).values("first_released_on")[:1]))
        for key, found in asked.items()
        for source in found
        for stream in _streams(source, day)
    ]
    newest: dict[Key, dt.date | None] = dict.fromkeys(asked)
    for start in range(0, len(heads), HEADS):
        slice_ = heads[start : start + HEADS]
        for (key, _head), on in zip(slice_, _days([head for _key, head in slice_]), strict=True):
            newest[key] = max(filter(None, (newest[key], on)), default=None)
    return newest


def _days(heads: Sequence[Subquery]) -> list[dt.date | None]:
    """What each of these says, in one row."""
    names = [f"newest_{number}" for number in range(len(heads))]
    said = Organ.objects.order_by("pk").annotate(**dict(zip(names, heads, strict=True)))
    row = said.values(*names).first() or {}
    return [row.get(name) for name in names]


def freshness(columns: Iterable[Column], day: dt.date) -> dict[int, dt.date | None]:
    """The newest day of release of what each column shows, by its key: its own or, while nothing feeds it, what those below
    show, as the public reads it. One query for the trees, and those of :func:`last_days`."""
    asked = list(columns)
    nodes = queries.nodes({column.organ_id for column in asked})
    shown = {column.pk: list(nodes[column.pk].shown()) for column in asked}
    fed = {one.pk: one for line in shown.values() for one in line}
    days = last_days({key: sources([one]) for key, one in fed.items()}, day)
    return {
        key: max((on for one in line if (on := days[one.pk])), default=None) for key, line in shown.items()
    }


@dataclass(frozen=True)
class Overdue:
    """A column that has shown nothing new for `days` days more than its cycle; `newest` is what it shows last, if anything."""

    column: Column
    newest: dt.date | None
    days: int


def overdue(who: Viewer, day: dt.date, most: int = 10) -> list[Overdue]:
    """What the viewer's unit answers for and has let rest beyond its cycle, longest first: of a column with a 责任单位
    whoever may work on that unit's documents is reminded, of one without whoever may work on the column. One query where no
    column is to be kept fresh, otherwise those of :func:`freshness` besides."""
    theirs = []
    for unowned, register, path in ((False, "documents", "owner__path"), (True, REGISTER, "path")):
        reached = scope.condition_for(who, register, path, WORK)
        if reached is not None:
            theirs.append(Q(owner__isnull=unowned) & reached)
    if not theirs:
        return []
    rows = Column.objects.filter(reduce(or_, theirs), state=Column.State.OPEN, update_days__isnull=False)
    asked = list(rows.select_related("organ").order_by("path", "order", "pk"))
    newest = freshness(asked, day) if asked else {}
    found = [Overdue(one, newest[one.pk], one.overdue(newest[one.pk], day)) for one in asked]
    return sorted((one for one in found if one.days), key=lambda one: -one.days)[:most]


def _streams(source: Source, day: dt.date) -> list[QuerySet[Document]]:
    """Each type by itself, where types are all that is named: that is how the index runs."""
    public = Document.objects.filter(STANDING, public_on(day))
    rule = source.rule
    if source.column or rule.groups or rule.themes:
        return [public.filter(_condition(source, day))]
    return [
        public.filter(_condition(replace(source, rule=replace(rule, kinds=(kind,))), day))
        for kind in rule.kinds
    ]


def _condition(source: Source, day: dt.date) -> Q:
    if source.column:
        picked = Pick.objects.filter(column=source.column, on__lte=day)
        return Q(pk__in=picked.filter(Q(until__isnull=True) | Q(until__gt=day)).values("document"))
    rule = source.rule
    found = within("path", source.path) if rule.organs == SUBTREE else Q(path=source.path)
    if rule.kinds:
        found &= Q(kind=rule.kinds[0]) if len(rule.kinds) == 1 else Q(kind__in=rule.kinds)
    for name, codes in (("group", rule.groups), ("theme", rule.themes)):
        if codes:
            found &= Q(**{f"{name}__in": _entries(name, codes)})
    if rule.in_force:
        found &= Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    if rule.channels:
        there = Release.objects.filter(document=OuterRef("pk"), channel__key__in=rule.channels)
        found &= Q(Exists(there.filter(shown_on(day))))
    return found


def _entries(scheme: str, codes: Sequence[str]) -> QuerySet[Classification, Any]:
    """The entries with these codes and those directly below them."""
    named = Q(code__in=codes) | Q(parent__code__in=codes)
    return Classification.objects.filter(named, scheme=scheme).values("pk")


# --- the other way round: of one document, the columns it stands in -------------------------------------------------


def reaching(documents: Iterable[Document]) -> list[Column]:
    """The columns these documents may stand in, and those around them: of the organs they belong to, of all above those,
    and of whoever picked one. One query; needs `column_picks` with their column loaded."""
    paths: set[str] = set()
    for document in documents:
        paths.update(prefixes(document.path))
        paths.update(pick.column.path for pick in document.column_picks.all())
    return list(queries.open_columns().filter(path__in=paths))


def of_document(columns: Iterable[Column]) -> Callable[[Document, dt.date], tuple[str, ...]]:
    """A function that names the columns a document stands in, by :attr:`Column.key`: those whose feed brings it, and those
    above them that only gather. It looks at the columns of the document's organ and of those above, no others: their feeds
    reach down and nowhere else. It needs the document's `group`, `theme` with their parents and its current `releases` with
    their channels loaded, and picks as `column_picks`."""
    by_key: dict[int, Column] = {}
    by_path: dict[str, list[tuple[Column, tuple[Rule, ...]]]] = {}
    for column in columns:
        by_key[column.pk] = column
        by_path.setdefault(column.path, []).append((column, feeds.load(column.feed)))

    def keys(document: Document, day: dt.date) -> tuple[str, ...]:
        picks = {one.column_id for one in document.column_picks.all() if _picked(one, day)}
        standing = [by_key[key] for key in sorted(picks & by_key.keys())]
        for path in prefixes(document.path):
            for column, rules in by_path.get(path, ()):
                if any(_brings(path, rule, document, day) for rule in rules):
                    standing.append(column)
        found: dict[str, None] = {}
        for column in standing:
            found[column.key] = None
            found.update(dict.fromkeys(one.key for one in _gathering(column, by_key)))
        return tuple(found)

    return keys


def _gathering(column: Column, by_key: Mapping[int, Column]) -> Iterable[Column]:
    """The columns above that show this one's documents, as :meth:`~gongkai.catalogue.queries.Node.shown` has it from above:
    those without a feed, up to the first that has one."""
    above = by_key.get(column.parent_id or 0)
    while above is not None and not above.feed:
        yield above
        above = by_key.get(above.parent_id or 0)


class Changed(Protocol):
    """A change of a column, as the audit log tells it."""

    @property
    def subject_id(self) -> str: ...

    @property
    def detail(self) -> Mapping[str, Any]: ...


def affected(changes: Iterable[Changed]) -> QuerySet[Document]:
    """The documents that may stand in other columns than before, now that these columns were changed: what they and those
    below them bring or brought, and what was picked."""
    listed = list(changes)
    keys = {int(one.subject_id) for one in listed}
    everything = {column.pk: column for column in Column.objects.all()}
    below = [column for column in everything.values() if keys & set(_line(column, everything))]
    found = sources(below)
    for one in listed:
        column = everything.get(int(one.subject_id))
        if column is not None:
            found += [Source(column.path, rule) for rule in feeds.load(one.detail.get("feed_was", ()))]
    picked = Pick.objects.filter(column__in=below).values("document")
    conditions = [
        _condition(replace(source, rule=replace(source.rule, in_force=False, channels=())), dt.date.min)
        for source in found
        if not source.column
    ]
    return Document.objects.filter(reduce(or_, conditions, Q(pk__in=picked)))


def _line(column: Column, everything: Mapping[int, Column]) -> Iterable[int]:
    """Its own key and those of the columns above it."""
    step: Column | None = column
    while step is not None:
        yield step.pk
        step = everything.get(step.parent_id or 0)


def _picked(pick: Pick, day: dt.date) -> bool:
    return pick.on <= day and (pick.until is None or pick.until > day)


def _brings(path: str, rule: Rule, document: Document, day: dt.date) -> bool:
    if rule.kinds and document.kind not in rule.kinds:
        return False
    here = document.path.startswith(path) if rule.organs == SUBTREE else document.path == path
    if not here or (rule.in_force and document.ended_on is not None and document.ended_on <= day):
        return False
    for entry, codes in ((document.group, rule.groups), (document.theme, rule.themes)):
        if codes and not (entry and {entry.code, entry.parent.code if entry.parent else ""} & set(codes)):
            return False
    return not rule.channels or any(
        one.channel.key in rule.channels and one.on <= day and (one.until is None or one.until > day)
        for one in document.releases.all()
    )


# --- what a rule may name -------------------------------------------------------------------------------------------


def check_rule(rule: Rule) -> list[str]:
    """What in a rule names nothing there is: words for a form, none when all is well."""
    wrong = [kind for kind in rule.kinds if kind not in Kind.values or not rules_of(kind).public]
    for scheme, codes in (("group", rule.groups), ("theme", rule.themes)):
        known = set(
            Classification.objects.filter(scheme=scheme, code__in=codes).values_list("code", flat=True)
        )
        wrong += [code for code in codes if code not in known]
    channels = set(Channel.objects.filter(key__in=rule.channels).values_list("key", flat=True))
    return wrong + [key for key in rule.channels if key not in channels]
