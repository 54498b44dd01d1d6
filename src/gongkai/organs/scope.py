"""The one answer to "what may this person see and do here?" — for pages, lists, choosers, keys, files and exports.

Every register is read through :func:`rows` or :func:`get`. A model names its register (``scope_register``) and the look-up
that leads to its organ path (``scope_path``); a model that names none is refused, so a forgotten one fails closed.

Rights follow from posts alone: a dated role at an organ reaches that organ's own records (with its internal units), or
its subtree. Through a succession the organ's reach includes its predecessors', from the day of the succession.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from gongkai.base.fields import within
from gongkai.organs.models import Delegation, Organ, Person, Post, Role, Succession

OWN, SUBTREE = "own", "subtree"
VIEW, WORK, IDENTITY, MANAGE = "view", "work", "identity", "manage"
VERBS = (VIEW, WORK, IDENTITY, MANAGE)

COMMON = ""  # the "path" of what belongs to the whole installation: calendars, rules kept as data
COMMON_REGISTERS = frozenset({"calendars", "classifications", "settings"})
# Its rows belong to organs, but some to none: what happened to what is common, or to accounts of the public. Whoever
# reaches a whole tree from its top reaches these too.
PARTLY_COMMON = frozenset({"audit"})

# register -> verb -> role -> how far below the post's organ it reaches. What is not listed is refused.
_CASE_WORKERS = {Role.HANDLER: OWN, Role.OFFICE: OWN, Role.HEAD: OWN, Role.SECRECY: OWN, Role.LEADER: OWN}
_OVERSEERS = {Role.SUPERVISOR: SUBTREE, Role.AUDITOR: SUBTREE}
_REPORTERS = {Role.OFFICE: OWN, Role.HEAD: OWN, Role.LEADER: OWN}
_KEEPERS = {Role.HANDLER: OWN, Role.OFFICE: OWN, Role.HEAD: OWN}
_EVERYONE_BELOW = dict.fromkeys(Role, SUBTREE)
REACH: dict[str, dict[str, dict[Role, str]]] = {
    "cases": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _CASE_WORKERS, IDENTITY: _CASE_WORKERS},
    "files": {VIEW: _CASE_WORKERS, WORK: _KEEPERS},
    "remedies": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "documents": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "columns": {
        VIEW: _CASE_WORKERS | _OVERSEERS | dict.fromkeys((Role.OFFICE, Role.HEAD, Role.LEADER), SUBTREE),
        WORK: {Role.OFFICE: OWN, Role.HEAD: OWN},
    },
    "review": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _CASE_WORKERS},
    "chains": {
        VIEW: _CASE_WORKERS | _OVERSEERS | {Role.OPERATOR: SUBTREE},
        MANAGE: {Role.HEAD: OWN, Role.OPERATOR: SUBTREE},
    },
    "leaks": {
        VIEW: _CASE_WORKERS | _OVERSEERS,
        WORK: {Role.OFFICE: OWN, Role.HEAD: OWN, Role.SECRECY: OWN},
    },
    "sites": {
        VIEW: _CASE_WORKERS | _OVERSEERS | {Role.OPERATOR: SUBTREE},
        WORK: {Role.OFFICE: OWN, Role.HEAD: OWN, Role.OPERATOR: SUBTREE},
    },
    "handovers": {
        VIEW: _CASE_WORKERS | _OVERSEERS | {Role.OPERATOR: SUBTREE},
        WORK: {Role.HANDLER: OWN, Role.OFFICE: OWN, Role.HEAD: OWN, Role.OPERATOR: SUBTREE},
    },
    "acts": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "tallies": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "reports": {
        VIEW: _CASE_WORKERS | _OVERSEERS | dict.fromkeys((Role.OFFICE, Role.HEAD, Role.LEADER), SUBTREE),
        WORK: _REPORTERS,
    },
    "problems": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "library": {
        VIEW: _KEEPERS | _OVERSEERS | {Role.LEADER: OWN},
        WORK: {Role.OFFICE: OWN, Role.HEAD: OWN},
    },
    "rounds": {
        VIEW: _OVERSEERS
        | {Role.HANDLER: OWN}
        | dict.fromkeys((Role.OFFICE, Role.HEAD, Role.LEADER), SUBTREE),
        WORK: _KEEPERS,
    },
    "figures": {
        VIEW: _CASE_WORKERS | _OVERSEERS | dict.fromkeys((Role.OFFICE, Role.HEAD, Role.LEADER), SUBTREE)
    },
    "organs": {VIEW: _EVERYONE_BELOW, MANAGE: {Role.OPERATOR: SUBTREE}},
    "people": {
        VIEW: {Role.OFFICE: OWN, Role.HEAD: OWN, Role.OPERATOR: SUBTREE, Role.AUDITOR: SUBTREE},
        MANAGE: {Role.OPERATOR: SUBTREE},
    },
    "calendars": {VIEW: _EVERYONE_BELOW, MANAGE: {Role.OPERATOR: SUBTREE}},
    "classifications": {VIEW: _EVERYONE_BELOW, MANAGE: {Role.OPERATOR: SUBTREE}},
    "settings": {VIEW: {Role.OPERATOR: SUBTREE, Role.AUDITOR: SUBTREE}, MANAGE: {Role.OPERATOR: SUBTREE}},
    "audit": {VIEW: {Role.AUDITOR: SUBTREE}},
}

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Grant:
    """One post in force: the organ it is worked for, the role, and whose records that organ keeps or continues.

    `units`: paths of the organ's internal units. `inherited`: of every organ it succeeds. `inherited_below`: of every
    organ succeeded by one of its subtree, and lying outside that subtree (a county that came from another city).
    """

    post_id: int
    role: Role
    organ_id: int
    path: str
    inherited: tuple[str, ...] = ()
    delegated_from: int | None = None
    units: tuple[str, ...] = ()
    inherited_below: tuple[str, ...] = ()

    def own(self) -> tuple[str, ...]:
        """The exact paths a role that reaches its own organ may touch."""
        return (self.path, *self.inherited, *self.units)

    def subtrees(self) -> tuple[str, ...]:
        """The prefixes a role that reaches the subtree may touch."""
        return (self.path, *self.inherited, *self.inherited_below)

    @property
    def at_root(self) -> bool:
        """Whether the organ stands at the top of a tree, so that its reach may include what is common to all."""
        return self.path.count(".") == 1


@dataclass(frozen=True)
class Viewer:
    """A person on a day, as scope sees them. `everything` is for commands run by the operator on the machine."""

    person_id: int | None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    everything: bool = False
    _cache: dict[Any, Any] = field(default_factory=dict, compare=False, hash=False, repr=False)

    def __post_init__(self) -> None:
        if self.everything and self.person_id is not None:
            raise ValueError("nobody sees everything: people see what their posts reach")


SYSTEM = Viewer(person_id=None, name="系统", everything=True)
NOBODY = Viewer(person_id=None)


def viewer(person: Person, day: dt.date) -> Viewer:
    """What `person` holds on `day`: own posts and delegated ones. An inactive person holds nothing. Four queries."""
    return viewers([person], day)[person.pk]


def viewers(people: Iterable[Person], day: dt.date) -> dict[int, Viewer]:
    """The same for several people by key, in the same four queries."""
    everybody = list(people)
    active = [person.pk for person in everybody if person.is_active]
    held = [*_own_posts(active, day), *_delegated_posts(active, day)] if active else []
    homes = {post.pk: _home(post.organ) for _, post, _ in held if _stands(post.organ, day)}
    units = _units_of({organ.pk for organ in homes.values()})
    heritage = Heritage.on(day) if homes else Heritage()
    grants: dict[int, list[Grant]] = {}
    for person_id, post, origin in held:
        home = homes.get(post.pk)
        if home is None:
            continue
        grant = Grant(
            post_id=post.pk,
            role=Role(post.role),
            organ_id=home.pk,
            path=home.path,
            inherited=heritage.of(home.path),
            delegated_from=origin,
            units=units.get(home.pk, ()),
            inherited_below=heritage.below(home.path),
        )
        grants.setdefault(person_id, []).append(grant)
    return {one.pk: Viewer(one.pk, one.name, tuple(grants.get(one.pk, ()))) for one in everybody}


_Held = tuple[int, Post, int | None]  # who may act in the post, the post, whose it is when it is lent
_WITH_ORGAN = ("organ__parent__parent",)  # a unit, the unit around it, the organ


def _own_posts(people: list[int], day: dt.date) -> list[_Held]:
    in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    posts = Post.objects.select_related(*_WITH_ORGAN).filter(in_force, person__in=people).order_by("pk")
    return [(post.person_id, post, None) for post in posts]


def _delegated_posts(people: list[int], day: dt.date) -> list[_Held]:
    """Posts lent to these people; what their holder no longer holds, or may no longer use, is lent no more."""
    delegations = (
        Delegation.objects.select_related("post__organ__parent__parent")
        .filter(
            Q(post__valid_to__isnull=True) | Q(post__valid_to__gte=day),
            to__in=people,
            valid_from__lte=day,
            valid_to__gte=day,
            post__valid_from__lte=day,
            post__person__is_active=True,
        )
        .order_by("pk")
    )
    lent = {(delegation.to_id, delegation.post_id): delegation.post for delegation in delegations}
    return [(to, post, post.person_id) for (to, _), post in lent.items()]


def _stands(organ: Organ | None, day: dt.date) -> bool:
    """Whether the unit and the organ around it still exist; posts at a closed organ end with it."""
    while organ is not None:
        if organ.valid_to is not None and organ.valid_to < day:
            return False
        organ = organ.parent if organ.kind == Organ.Kind.UNIT else None
    return True


def _home(organ: Organ) -> Organ:
    """Records belong to organs; somebody placed in an internal unit works for the organ around it."""
    while organ.kind == Organ.Kind.UNIT and organ.parent is not None:
        organ = organ.parent
    return organ


def _units_of(organ_ids: set[int]) -> dict[int, tuple[str, ...]]:
    """The paths of the internal units of each organ; units nest at most two deep (see actions.create_organ)."""
    if not organ_ids:
        return {}
    units = (
        Organ.objects.filter(kind=Organ.Kind.UNIT)
        .filter(Q(parent__in=organ_ids) | Q(parent__kind=Organ.Kind.UNIT, parent__parent__in=organ_ids))
        .select_related("parent__parent")
        .order_by("path")
    )
    found: dict[int, list[str]] = {}
    for unit in units:
        found.setdefault(_home(unit).pk, []).append(unit.path)
    return {organ_id: tuple(paths) for organ_id, paths in found.items()}


@dataclass(frozen=True)
class Heritage:
    """The successions in force on a day: `links` from a successor's path to its predecessors' paths."""

    links: Mapping[str, list[str]] = field(default_factory=dict)
    _done: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def on(cls, day: dt.date) -> Heritage:
        links: dict[str, list[str]] = {}
        for successor, predecessor in (
            Succession.objects.filter(on__lte=day)
            .order_by("pk")
            .values_list("successor__path", "predecessor__path")
        ):
            links.setdefault(successor, []).append(predecessor)
        return cls(links)

    def of(self, path: str) -> tuple[str, ...]:
        """The paths of everything the organ at `path` succeeds, through any number of generations."""
        if path not in self._done:
            self._done[path] = _closure([path], self.links)
        return self._done[path]

    def below(self, path: str) -> tuple[str, ...]:
        """What organs below `path` succeed, outside it and outside what it succeeds itself."""
        successors = [successor for successor in self.links if successor.startswith(path)]
        return tuple(
            found
            for found in _closure(successors, self.links)
            if not found.startswith(path) and found not in self.of(path)
        )


def _closure(start: list[str], links: Mapping[str, list[str]]) -> tuple[str, ...]:
    found, waiting, seen = [], list(start), set(start)
    while waiting:
        for predecessor in links.get(waiting.pop(), ()):
            if predecessor not in seen:
                seen.add(predecessor)
                found.append(predecessor)
                waiting.append(predecessor)
    return tuple(found)


def rows(who: Viewer, model: type[M] | QuerySet[M], verb: str = VIEW) -> QuerySet[M]:
    """The rows of `model` that `who` may `verb`. Raises ImproperlyConfigured for a model that names no register."""
    queryset = model if isinstance(model, QuerySet) else model._default_manager.all()
    register, lookup = _declared(queryset.model)
    condition = condition_for(who, register, lookup, verb)
    if condition is None:
        return queryset.none()
    if not _many(queryset.model, lookup):
        return queryset.filter(condition)
    reached = queryset.model._base_manager.filter(condition).values("pk")  # a join would repeat rows
    return queryset.filter(pk__in=reached)


def get(who: Viewer, model: type[M] | QuerySet[M], verb: str = VIEW, **lookup: Any) -> M:
    """One row in scope. What is out of scope does not exist: Http404 either way."""
    found = rows(who, model, verb).filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def condition_for(who: Viewer, register: str, lookup: str, verb: str = VIEW) -> Q | None:
    """The path condition for `verb` on `register`, or None when nothing is granted. `lookup` "" is common ground."""
    single, roots = reached(who, register, verb)
    if who.everything:
        return Q()
    if lookup == COMMON:
        return Q() if allows(who, verb, register, COMMON) else None
    if not roots and not single:
        return None
    condition = Q(**{f"{lookup}__in": sorted(single)}) if single else Q()
    for root in sorted(roots):
        condition |= within(lookup, root)
    return condition


def reached(who: Viewer, register: str, verb: str = VIEW) -> tuple[set[str], set[str]]:
    """The paths `who` may `verb` in `register`: single organs, and roots of whole subtrees. Both empty: nothing."""
    reach_by_role = _reach(register, verb)
    own: set[str] = set()
    subtrees: set[str] = set()
    for grant in who.grants:
        reach = reach_by_role.get(grant.role)
        if reach == OWN:
            own.update(grant.own())
        elif reach == SUBTREE:
            subtrees.update(grant.subtrees())
        if register in PARTLY_COMMON and _reaches(grant, reach_by_role, verb, register, COMMON):
            own.add(COMMON)
    roots = {
        path for path in subtrees if not any(path != other and path.startswith(other) for other in subtrees)
    }
    return {path for path in own if not any(path.startswith(root) for root in roots)}, roots


def allows(who: Viewer, verb: str, register: str, path: str) -> bool:
    """Whether `who` may `verb` records of `register` that belong to the organ at `path` (COMMON: to all)."""
    reach_by_role = _reach(register, verb)
    return who.everything or any(_reaches(grant, reach_by_role, verb, register, path) for grant in who.grants)


def roles(who: Viewer, verb: str, register: str, path: str) -> tuple[Grant, ...]:
    """The grants under which `who` may `verb` there."""
    reach_by_role = _reach(register, verb)
    return tuple(grant for grant in who.grants if _reaches(grant, reach_by_role, verb, register, path))


def _reaches(grant: Grant, reach_by_role: Mapping[Role, str], verb: str, register: str, path: str) -> bool:
    reach = reach_by_role.get(grant.role)
    if reach is None:
        return False
    if path == COMMON and register in PARTLY_COMMON:
        return reach == SUBTREE and grant.at_root
    if path == COMMON:  # everybody in the register reads it; only the top of a tree changes it
        return register in COMMON_REGISTERS and (verb == VIEW or (reach == SUBTREE and grant.at_root))
    if reach == OWN:
        return path in grant.own()
    return any(path.startswith(prefix) for prefix in grant.subtrees())


def _reach(register: str, verb: str) -> Mapping[Role, str]:
    """The table's line. An unknown register or verb is a programming error, not an empty answer."""
    if register not in REACH or verb not in VERBS:
        raise ImproperlyConfigured(f"no such register or verb in scope: {register}, {verb}")
    return REACH[register].get(verb, {})


def organs_for(who: Viewer, register: str, verb: str = VIEW) -> QuerySet[Organ]:
    """The organs whose records of `register` `who` may `verb`: every organ chooser comes from here."""
    condition = condition_for(who, register, "path", verb)
    return Organ.objects.none() if condition is None else Organ.objects.filter(condition)


def _declared(model: type[Model]) -> tuple[str, str]:
    register, lookup = getattr(model, "scope_register", None), getattr(model, "scope_path", None)
    if register not in REACH or lookup is None:
        raise ImproperlyConfigured(f"{model.__name__} names no scope register and path: refused")
    if lookup == COMMON and register not in COMMON_REGISTERS:
        raise ImproperlyConfigured(
            f"{model.__name__} is not common to all organs and must name a path: refused"
        )
    return register, lookup


def _many(model: type[Model], lookup: str) -> bool:
    """Whether the way to the path passes a to-many relation."""
    if lookup == COMMON:
        return False
    found: Any = model
    for step in lookup.split("__"):
        field_ = found._meta.get_field(step)
        if field_.one_to_many or field_.many_to_many:
            return True
        found = field_.related_model
    return False
