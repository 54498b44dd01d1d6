"""授权: letting somebody else sign for one's post, for a time and a scope, on record."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person, Post
from gongkai.organs.refusals import Refused
from gongkai.review import workflow
from gongkai.review.common import log, words_needed
from gongkai.review.models import ReviewDelegation, ReviewRun

DAY = dt.timedelta(days=1)


@transaction.atomic
def delegate(
    *,
    by: Actor,
    post: Post,
    to: Person,
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
    chain: str = "",
    run: ReviewRun | None = None,
) -> ReviewDelegation:
    """Let `to` sign for `post` from day to day: every matter, one chain (by key) or one run. Only the holder of the post
    does this, for somebody of the same organ. Raises Refused, ValidationError."""
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("organ__parent__parent", "person")
        .get(pk=post.pk)
    )
    workflow.check(by, "delegate", post.organ.path)
    if by.person_id != post.person_id or by.delegated_from is not None:
        raise Refused(_("只有岗位本人可以授权，受托人不能转授。"))
    if to.pk == post.person_id:
        raise ValidationError({"to": _("不能授权给本人。")})
    home = _home(post.organ)
    theirs = scope.viewer(to, clock.today())
    if not any(grant.organ_id == home.pk for grant in theirs.grants):
        raise ValidationError({"to": _("只能授权给在本机关任职的人员。")})
    if valid_to < valid_from or valid_to < clock.today():
        raise ValidationError({"valid_to": _("结束日期不能早于开始日期，也不能早于今天。")})
    if valid_from < post.valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        raise ValidationError({"valid_from": _("授权期间不能超出任职期间。")})
    made = ReviewDelegation(
        organ=home,
        post=post,
        to=to,
        valid_from=valid_from,
        valid_to=valid_to,
        chain=chain.strip(),
        run=run,
        reason=words_needed(reason, "reason"),
        recorded_by_id=by.person_id,
        recorded_at=clock.now(),
    )
    made.clean_fields(exclude=["organ", "path", "recorded_by"])
    made.save()
    log(
        by,
        "review.delegate",
        made,
        to=to.pk,
        post=post.pk,
        since=valid_from.isoformat(),
        until=valid_to.isoformat(),
    )
    return made


@transaction.atomic
def revoke_delegation(
    *, by: Actor, delegation: ReviewDelegation, last: dt.date | None = None
) -> ReviewDelegation:
    """End an authorisation; `last` is its last day, yesterday unless given. By the grantor, or by whoever holds it."""
    fresh = (
        ReviewDelegation.objects.select_for_update(of=("self",))
        .select_related("post", "organ")
        .get(pk=delegation.pk)
    )
    workflow.check(by, "revoke_delegation", fresh.path)
    if by.person_id not in (fresh.post.person_id, fresh.to_id):
        raise Refused(_("只有授权人或者受权人可以撤回。"))
    last = last or clock.today() - DAY
    if fresh.valid_to <= last:
        raise ValidationError({"last": _("该授权已于%(day)s结束。") % {"day": fresh.valid_to.isoformat()}})
    fresh.valid_to = last
    fresh.save(update_fields=["valid_to"])
    log(by, "review.revoke_delegation", fresh, last=last.isoformat())
    return fresh


def _home(organ: Organ) -> Organ:
    while organ.kind == Organ.Kind.UNIT and organ.parent is not None:
        organ = organ.parent
    return organ
