"""The one answer to "what may this person see and do here?" — for pages, lists, choosers, keys, files and exports.

Every register is read through :func:`rows` or :func:`get`. A model names its register (``scope_register``) and the look-up
that leads to its organ path (``scope_path``); a model that names none is refused, so a forgotten one fails closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
    "acts": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "tallies": {VIEW: _CASE_WORKERS | _OVERSEERS, WORK: _KEEPERS},
    "reports": {
        VIEW: _CASE_WORKERS | _OVERSEERS | dict.fromkeys((Role.OFFICE, Role.HEAD, Role.LEADER), SUBTREE),
        WORK: _REPORTERS,
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
    "settings": {VIEW: {Role.OPERATOR: SUBTREE, Role.AUDITOR: SUBTREE}, MANAGE: {Role.OPERATOR: SUBTREE}},
    "audit": {VIEW: {Role.AUDITOR: SUBTREE}},
}

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Grant:
    """One post in force: the organ it is held at, the role, and the predecessors' paths the organ continues."""

    post_id: int
    role: Role
    organ_id: int
    path: str
    inherited: tuple[str, ...] = ()
    delegated_from: int | None = None

    def prefixes(self) -> tuple[str, ...]:
        return (self.path, *self.inherited)


@dataclass(frozen=True)
class Viewer:
    """A person on a day, as scope sees them. `everything` is for commands run by the operator on the machine."""

    person_id: int | None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    everything: bool = False
    _cache: dict[Any, Any] = field(default_factory=dict, compare=False, hash=False, repr=False)


SYSTEM = Viewer(person_id=None, name="系统", everything=True)
NOBODY = Viewer(person_id=None)


def viewer(person: Person, day: dt.date) -> Viewer:
    """What `person` holds on `day`: own posts and delegated ones. An inactive person holds nothing."""
    if not person.is_active:
        return Viewer(person.pk, person.name)
    in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    held: list[tuple[Post, int | None]] = [
        (post, None) for post in Post.objects.select_related("organ__parent").filter(in_force, person=person)
    ]
    delegations = Delegation.objects.select_related("post__organ__parent").filter(
        to=person, valid_from__lte=day, valid_to__gte=day
    )
    for delegation in delegations:
        post = delegation.post
        if post.valid_from <= day and (post.valid_to is None or post.valid_to >= day):
            held.append((post, post.person_id))
    inherited = _inherited_paths({_home(post.organ).pk for post, _ in held}, day)
    grants = tuple(
        Grant(
            post_id=post.pk,
            role=Role(post.role),
            organ_id=_home(post.organ).pk,
            path=_home(post.organ).path,
            inherited=inherited.get(_home(post.organ).pk, ()),
            delegated_from=origin,
        )
        for post, origin in held
    )
    return Viewer(person.pk, person.name, grants)


def _home(organ: Organ) -> Organ:
    """Records belong to organs; somebody placed in an internal unit works for the organ around it."""
    while organ.kind == Organ.Kind.UNIT and organ.parent is not None:
        organ = organ.parent
    return organ


def _inherited_paths(organ_ids: Iterable[int], day: dt.date) -> dict[int, tuple[str, ...]]:
    """For each organ the paths of everything it succeeds, through any number of generations."""
    links: dict[int, list[tuple[int, str]]] = {}
    if not organ_ids:
        return {}
    rows_ = Succession.objects.filter(on__lte=day).values_list(
        "successor_id", "predecessor_id", "predecessor__path"
    )
    for successor, predecessor, path in rows_:
        links.setdefault(successor, []).append((predecessor, path))
    return {organ_id: tuple(_ancestors(organ_id, links)) for organ_id in organ_ids if organ_id in links}


def _ancestors(organ_id: int, links: dict[int, list[tuple[int, str]]]) -> list[str]:
    paths, waiting, seen = [], [organ_id], {organ_id}
    while waiting:
        for predecessor, path in links.get(waiting.pop(), ()):
            if predecessor not in seen:
                seen.add(predecessor)
                paths.append(path)
                waiting.append(predecessor)
    return paths


def rows(who: Viewer, model: type[M] | QuerySet[M], verb: str = VIEW) -> QuerySet[M]:
    """The rows of `model` that `who` may `verb`. Raises ImproperlyConfigured for a model that names no register."""
    queryset = model if isinstance(model, QuerySet) else model._default_manager.all()
    register, lookup = _declared(queryset.model)
    condition = condition_for(who, register, lookup, verb)
    if condition is None:
        return queryset.none()
    filtered = queryset.filter(condition)
    return filtered.distinct() if lookup.startswith("posts__") else filtered


def get(who: Viewer, model: type[M] | QuerySet[M], verb: str = VIEW, **lookup: Any) -> M:
    """One row in scope. What is out of scope does not exist: Http404 either way."""
    found = rows(who, model, verb).filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def condition_for(who: Viewer, register: str, lookup: str, verb: str = VIEW) -> Q | None:
    """The path condition for `verb` on `register`, or None when nothing is granted."""
    if who.everything:
        return Q()
    ranges = {
        (prefix, reach)
        for grant in who.grants
        if (reach := REACH[register].get(verb, {}).get(grant.role))
        for prefix in grant.prefixes()
    }
    if not ranges:
        return None
    if not lookup:
        return Q()
    condition = Q()
    for prefix, reach in sorted(ranges):
        condition |= within(lookup, prefix) if reach == SUBTREE else Q(**{lookup: prefix})
    return condition


def allows(who: Viewer, verb: str, register: str, path: str) -> bool:
    """Whether `who` may `verb` records of `register` that belong to the organ at `path`."""
    return who.everything or bool(roles(who, verb, register, path))


def roles(who: Viewer, verb: str, register: str, path: str) -> tuple[Grant, ...]:
    """The grants under which `who` may `verb` there."""
    return tuple(grant for grant in who.grants if _reaches(grant, REACH[register].get(verb, {}), path))


def _reaches(grant: Grant, reach_by_role: dict[Role, str], path: str) -> bool:
    reach = reach_by_role.get(grant.role)
    if reach is None:
        return False
    if reach == OWN:
        return path in grant.prefixes()
    return any(path.startswith(prefix) for prefix in grant.prefixes())


def organs_for(who: Viewer, register: str, verb: str = VIEW) -> QuerySet[Organ]:
    """The organs whose records of `register` `who` may `verb`: every organ chooser comes from here."""
    condition = condition_for(who, register, "path", verb)
    return Organ.objects.none() if condition is None else Organ.objects.filter(condition)


def _declared(model: type[Model]) -> tuple[str, str]:
    register, lookup = getattr(model, "scope_register", None), getattr(model, "scope_path", None)
    if register not in REACH or lookup is None:
        raise ImproperlyConfigured(f"{model.__name__} names no scope register and path: refused")
    return register, lookup
