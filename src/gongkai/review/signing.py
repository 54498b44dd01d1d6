"""In whose name a person may sign a run: a post of their own, a post lent to them, or an authorisation — and what binds them.

Whoever submitted cannot sign, nor who signed the step before, nor who signed this step already; and none of them through
a delegate, because the delegate signs for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.organs import scope
from gongkai.organs.models import Organ, Person, Post
from gongkai.organs.scope import Grant, Viewer
from gongkai.review.course import AUTHOR, Course
from gongkai.review.models import ReviewDelegation, ReviewRun, ReviewTask

CASE_ROLES = frozenset(scope.REACH["review"][scope.WORK])


@dataclass(frozen=True)
class Capacity:
    """A way in which a person could sign one open task. `reason` is why not, "" when they may."""

    task: ReviewTask
    post: Post
    principal: Person | None = None
    delegation: ReviewDelegation | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Held:
    """A post somebody may act in."""

    grant: Grant
    post: Post
    principal: Person | None = None
    delegation: ReviewDelegation | None = None


class Signatory:
    """A person with everything they may sign in, read once for any number of runs: at most six queries."""

    def __init__(self, who: Viewer, today: dt.date) -> None:
        self.who, self.today = who, today
        self.held = [*_posts(who), *_authorisations(who, today)] if who.person_id else []

    def tasks(self) -> Q:
        """The open tasks that any post held could fit; :meth:`capacities` has the last word."""
        found = Q(pk__in=[])
        for held in self.held:
            fitting = Q(path__in=held.grant.own()) & (Q(role="") | Q(role=held.post.role))
            found |= fitting & (Q(title="") | Q(title=held.post.title))
        if self.who.person_id:
            found &= Q(person=None) | Q(person__in=self._people())
            found |= Q(step=AUTHOR, person=self.who.person_id)
        return found

    def _people(self) -> set[int]:
        return {held.post.person_id for held in self.held}

    def capacities(self, run: ReviewRun, where: Course, tasks: Iterable[ReviewTask]) -> list[Capacity]:
        """Every way in which the person could sign an open task of `run`, own posts first."""
        return [
            Capacity(task, held.post, held.principal, held.delegation, self._against(held, where))
            for task in tasks
            if task.step != AUTHOR
            for held in self.held
            if fits(task, held) and _covers(held.delegation, run)
        ]

    def _against(self, held: _Held, where: Course) -> str:
        """What binds the person or the one they would sign for."""
        me = self.who.person_id or 0
        principal = held.principal.pk if held.principal else 0
        for bound, own, lent in (
            (where.author, _("送审人不能签署自己送审的件。"), _("不能代送审人签署。")),
            (
                where.bound_before(),
                _("您签署了上一步，这一步须由别人签署。"),
                _("授权人签署了上一步，这一步须由别人签署。"),
            ),
            (
                where.bound_here(),
                _("您在这一步已经签署，另一处须由别人签署。"),
                _("授权人在这一步已经签署，另一处须由别人签署。"),
            ),
        ):
            if me in bound:
                return own
            if principal in bound:
                return lent
        return ""


def fits(task: ReviewTask, held: _Held) -> bool:
    """Whether the post is the one the task waits for."""
    post = held.post
    if held.grant.role not in CASE_ROLES or task.path not in held.grant.own():
        return False
    if task.organ.kind == Organ.Kind.UNIT and post.organ_id != task.organ_id:
        return False
    return (
        (not task.role or task.role == post.role)
        and (not task.title or task.title == post.title)
        and (task.person_id is None or task.person_id == post.person_id)
    )


def _covers(delegation: ReviewDelegation | None, run: ReviewRun) -> bool:
    if delegation is None:
        return True
    return delegation.chain in ("", run.template.key) and delegation.run_id in (None, run.pk)


def _posts(who: Viewer) -> list[_Held]:
    posts = Post.objects.select_related("organ", "person").in_bulk([grant.post_id for grant in who.grants])
    return [
        _Held(grant, post, post.person if grant.delegated_from else None)
        for grant in sorted(who.grants, key=lambda one: one.delegated_from or 0)
        if (post := posts.get(grant.post_id)) is not None
    ]


def delegations_to(person_id: int, today: dt.date) -> Sequence[ReviewDelegation]:
    """The authorisations a person holds on a day."""
    rows = ReviewDelegation.objects.select_related("post__organ", "post__person", "run")
    return list(
        rows.filter(
            to=person_id, valid_from__lte=today, valid_to__gte=today, post__person__is_active=True
        ).order_by("pk")
    )


def _authorisations(who: Viewer, today: dt.date) -> list[_Held]:
    """Posts whose holders let `who` sign for them, as far as they hold them still."""
    if not who.grants or who.person_id is None:
        return []  # whoever holds no post of their own signs for nobody
    given = delegations_to(who.person_id, today)
    if not given:
        return []
    grantors = scope.viewers({one.post.person for one in given}, today)
    return [
        _Held(grant, one.post, one.post.person, one)
        for one in given
        for grant in grantors[one.post.person_id].grants
        if grant.post_id == one.post_id and grant.delegated_from is None
    ]
