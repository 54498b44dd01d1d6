"""What can be done with people: accounts, posts, delegations. Operators do it for their subtree, never for themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.authority import MANAGE
from gongkai.organs.models import Delegation, Organ, Person, Post, Role
from gongkai.organs.refusals import Refused

DAY = dt.timedelta(days=1)


@transaction.atomic
def add_person(
    *,
    by: Actor,
    username: str,
    name: str,
    password: str | None = None,
    organ: Organ | None = None,
    role: str | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    title: str = "",
) -> Person:
    """Open an account, with a first post when `organ` and `role` are given. Without a password nobody can sign in yet.

    A person without a post is in nobody's scope, so people must give one; jobs of the machine need not.
    """
    if organ is None or role is None:
        if not by.is_machine:
            raise ValidationError({"organ": _("请同时指定机关和岗位；没有岗位的账号谁也看不到。")})
    else:
        _require(by, organ)
    person = Person(username=Person.normalize_username(username.strip()), name=name.strip())
    person.must_change_password = password is not None and not by.is_machine
    _put_password(person, password)
    person.full_clean(exclude=["password"])
    person.save(force_insert=True)
    path = organ.path if organ else authority.place(by)
    _record(by, "person.add", person, path)
    if organ is not None and role is not None:
        appoint(
            by=by,
            person=person,
            organ=organ,
            role=role,
            valid_from=valid_from or clock.today(),
            valid_to=valid_to,
            title=title,
        )
    return person


def _put_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
    else:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise ValidationError({"password": [_why_weak(one) for one in error.error_list]}) from error
        person.set_password(password)


def _why_weak(error: ValidationError) -> str:
    """Django's own sentences for the common cases are not all translated."""
    sentences = {
        "password_too_short": _("密码太短，至少要 %(min_length)d 位。"),
        "password_too_common": _("密码太常见，容易被猜到，请换一个。"),
        "password_too_similar": _("密码与账号或姓名太相近，请换一个。"),
    }
    sentence = sentences.get(error.code or "")
    return sentence % (error.params or {}) if sentence else "".join(error.messages)


@transaction.atomic
def set_password(*, by: Actor, person: Person, password: str) -> None:
    """Set a password: one's own, or, as operator, that of somebody all of whose posts one may manage.

    What another has set must be changed at the next sign-in. All sessions of the person end.
    """
    own = by.person_id == person.pk
    if not own:
        require_all_of(by, person)
    _put_password(person, password)
    person.must_change_password = not own and not by.is_machine
    person.save(update_fields=["password", "must_change_password"])
    _record(by, "person.password", person, _path_of(person, by), own=own)


@transaction.atomic
def deactivate(*, by: Actor, person: Person) -> None:
    """Close the account at once; posts and records stay. Delegations of the person's posts rest meanwhile."""
    _not_oneself(by, person)
    require_all_of(by, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _record(by, "person.deactivate", person, _path_of(person, by))


@transaction.atomic
def activate(*, by: Actor, person: Person) -> None:
    """Open a closed account again."""
    _not_oneself(by, person)
    require_all_of(by, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(by, "person.activate", person, _path_of(person, by))


@transaction.atomic
def appoint(
    *,
    by: Actor,
    person: Person,
    organ: Organ,
    role: str,
    valid_from: dt.date,
    title: str = "",
    valid_to: dt.date | None = None,
) -> Post:
    """Give `person` a dated role at `organ`, which may be an internal unit (S003). Raises ValidationError, Refused."""
    _require(by, organ)
    _not_oneself(by, person)
    person = _locked(person)
    if not person.is_active:
        raise ValidationError({"person": _("该账号已停用，请先启用。")})
    post = Post(
        person=person,
        organ=organ,
        role=role,
        title=title.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    post.clean_fields()
    post.role = Role(role)
    _check_period(valid_from, valid_to)
    if not organ.existed_on(valid_from):
        raise ValidationError({"valid_from": _("任职之日“%(name)s”不存在。") % {"name": organ.name}})
    held = Post.objects.filter(person=person, organ=organ, role=role)
    if clash := _overlapping(held, valid_from, valid_to).first():
        raise ValidationError(
            _("此人在“%(organ)s”的“%(role)s”任期已有登记（自 %(since)s）。")
            % {
                "organ": organ.name,
                "role": post.get_role_display(),
                "since": clash.valid_from.isoformat(),
            }
        )
    post.save(force_insert=True)
    _record(by, "post.appoint", post, organ.path, role=str(post.role), person=person.pk)
    return post


@transaction.atomic
def end_post(*, by: Actor, post: Post, on: dt.date) -> Post:
    """Record the last day of a post; delegations of it end with it."""
    _require(by, post.organ)
    post.refresh_from_db(from_queryset=Post.objects.select_for_update())
    if on < post.valid_from:
        raise ValidationError({"on": _("离任日期不能早于任职日期。")})
    if post.valid_to is not None and post.valid_to <= on:
        raise ValidationError({"on": _("该任职已于 %(day)s 结束。") % {"day": post.valid_to.isoformat()}})
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    Delegation.objects.filter(post=post, valid_to__gt=on).update(valid_to=on)
    _record(by, "post.end", post, post.organ.path, on=on.isoformat(), person=post.person_id)
    return post


@transaction.atomic
def delegate(
    *, by: Actor, post: Post, to: Person, valid_from: dt.date, valid_to: dt.date, reason: str
) -> Delegation:
    """Let `to` act in `post` from `valid_from` to `valid_to`, both included.

    Recorded by the post-holder (not by a delegate), or by an operator, who cannot name themselves.
    """
    _require_holder(by, post)
    post = Post.objects.select_for_update().select_related("organ", "person").get(pk=post.pk)
    if to.pk == post.person_id:
        raise ValidationError({"to": _("不能委托给本人。")})
    if to.pk == by.person_id:
        raise Refused(_("不能把别人的岗位委托给自己，请由其他人办理。"))
    if not to.is_active or not post.person.is_active:
        raise ValidationError({"to": _("委托人和受托人的账号都应在用。")})
    _check_period(valid_from, valid_to)
    if valid_from < post.valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        raise ValidationError({"valid_from": _("委托期间不能超出任职期间。")})
    if clash := _overlapping(Delegation.objects.filter(post=post), valid_from, valid_to).first():
        raise ValidationError(
            _("该岗位在 %(since)s 至 %(until)s 已有委托，请先撤回或者错开日期。")
            % {"since": clash.valid_from.isoformat(), "until": clash.valid_to.isoformat()}
        )
    delegation = Delegation(
        post=post,
        to=to,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
        recorded_by_id=by.person_id,
        recorded_at=clock.now(),
    )
    delegation.clean_fields(exclude=["recorded_by"])
    delegation.save()
    _record(
        by,
        "post.delegate",
        delegation,
        post.organ.path,
        post=post.pk,
        to=to.pk,
        since=valid_from.isoformat(),
        until=valid_to.isoformat(),
    )
    return delegation


@transaction.atomic
def revoke(*, by: Actor, delegation: Delegation, last: dt.date | None = None) -> Delegation:
    """End a delegation early; `last` is its last day, yesterday unless given (so it ends now)."""
    if by.person_id is None or by.person_id != delegation.to_id:  # a delegate may always lay it down
        _require_holder(by, delegation.post)
    delegation.refresh_from_db(from_queryset=Delegation.objects.select_for_update())
    last = last or clock.today() - DAY
    if delegation.valid_to <= last:
        raise ValidationError(
            {"last": _("该委托已于 %(day)s 结束。") % {"day": delegation.valid_to.isoformat()}}
        )
    delegation.valid_to = last
    delegation.save(update_fields=["valid_to"])
    _record(by, "post.revoke", delegation, delegation.post.organ.path, last=last.isoformat())
    return delegation


def _overlapping(rows: QuerySet[Any], since: dt.date, until: dt.date | None) -> QuerySet[Any]:
    later = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since))
    return later if until is None else later.filter(valid_from__lte=until)


def _check_period(since: dt.date, until: dt.date | None) -> None:
    if until is not None and until < since:
        raise ValidationError({"valid_to": _("结束日期不能早于开始日期。")})


def _locked(person: Person) -> Person:
    """The person as they are now; two appointments of one person wait for each other."""
    return Person.objects.select_for_update().get(pk=person.pk)


def _require(by: Actor, organ: Organ) -> None:
    authority.require(by, MANAGE, "people", organ.path, _("只有负责该机关的运维岗可以办理人员事项。"))


def _require_holder(by: Actor, post: Post) -> None:
    if by.person_id is not None and by.person_id == post.person_id and by.delegated_from is None:
        return
    _require(by, post.organ)


def _not_oneself(by: Actor, person: Person) -> None:
    if by.person_id is not None and by.person_id == person.pk:
        raise Refused(_("不能为自己办理，请由其他运维岗办理。"))


def require_all_of(by: Actor, person: Person) -> None:
    """Whoever holds the account holds all its posts: it is touched only by who may manage every one of them."""
    if by.is_machine:
        return
    paths = _reach_of(person)
    if not paths or not all(authority.holds(by, MANAGE, "people", path) for path in paths):
        raise Refused(_("此人还在您管理范围以外的机关任职或者受托，请联系上级机关的运维岗。"))


def _reach_of(person: Person) -> set[str]:
    """Where the person holds or will hold a post or a delegation; where they last did when nowhere now."""
    today = clock.today()
    open_posts = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    lent = Delegation.objects.filter(to=person, valid_to__gte=today)
    paths = {
        *person.posts.filter(open_posts).values_list("organ__path", flat=True),
        *lent.values_list("post__organ__path", flat=True),
    }
    return paths or set(person.posts.values_list("organ__path", flat=True))


def _path_of(person: Person, by: Actor) -> str:
    return min(_reach_of(person), default=authority.place(by))


def _record(by: Actor, verb: str, subject: Any, path: str, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=subject, path=path, detail=detail)
