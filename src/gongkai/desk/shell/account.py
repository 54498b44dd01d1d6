"""One's own account: password, second factor, posts, and lending a post while one is away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gongkai.base import clock
from gongkai.desk.register import acting
from gongkai.desk.shell.forms import Delegate, Enrol, NewPassword
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import actions, signin
from gongkai.organs.actors import Actor
from gongkai.organs.models import Delegation, Post


def account(request: DeskRequest) -> HttpResponse:
    """What one is here, and what one can settle oneself."""
    today = clock.today()
    given = Delegation.objects.filter(post__person=request.user).select_related("post__organ", "to")
    taken = Delegation.objects.filter(to=request.user, valid_to__gte=today)
    context = {
        "posts": _own_posts(request),
        "given": given.filter(valid_to__gte=today).order_by("valid_from"),
        "taken": taken.select_related("post__organ", "post__person").order_by("valid_from"),
        "second_factor": signin.has_second_factor(request.user),
        "crumbs": [("", _("我的账号"))],
    }
    return render(request, "desk/shell/account.html", context)


@sensitive_post_parameters("old", "password", "again")
def password(request: DeskRequest) -> HttpResponse:
    """Change one's password; every other session of the account ends."""
    form = NewPassword(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(
                by=_self(request), person=request.user, password=form.cleaned_data["password"]
            )
        except ValidationError as error:
            form.add_error("password", error.messages)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("密码已修改，您在别处的登录已全部退出。"))
            return redirect("desk:home")
    context = {"form": form, "must": request.user.must_change_password, "crumbs": _crumbs(_("修改密码"))}
    return render(request, "desk/shell/password.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("secret", "code")
def second_factor(request: DeskRequest) -> HttpResponse:
    """Bind an authenticator app: the secret counts only once a code of it was shown."""
    if signin.has_second_factor(request.user):
        return redirect("desk:account")
    form = Enrol(request.POST or None, initial={"secret": signin.new_secret()})
    secret = form.data.get("secret", "") if form.is_bound else form.initial["secret"]
    if request.method == "POST" and form.is_valid():
        try:
            signin.enrol(by=_self(request), person=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("code", error.messages)
        else:
            messages.success(request, _("动态口令已绑定，下次登录时使用。"))
            return redirect("desk:account")
    context = {
        "form": form,
        "secret": secret,
        "uri": signin.provisioning_uri(request.user, secret) if secret else "",
        "crumbs": _crumbs(_("绑定动态口令")),
    }
    return render(request, "desk/shell/second_factor.html", context, status=422 if form.errors else 200)


@require_POST
def drop_second_factor(request: DeskRequest) -> HttpResponse:
    signin.drop_second_factor(by=_self(request), person=request.user)
    messages.success(request, _("动态口令已解除绑定。"))
    return redirect("desk:account")


def delegate(request: DeskRequest, pk: int) -> HttpResponse:
    """Lend one of one's own posts to a colleague for some days."""
    post = get_object_or_404(_own_posts(request), pk=pk)
    form = Delegate(request.POST or None, viewer=request.viewer, register="people", verb="", record=post)
    if request.method == "POST" and form.is_valid():
        done, _result = acting.attempt(
            form, lambda: actions.delegate(by=_self(request), post=post, **form.cleaned_data)
        )
        if done:
            messages.success(request, _("委托已登记。"))
            return redirect("desk:account")
    context = {"form": form, "post": post, "crumbs": _crumbs(_("委托他人"))}
    return render(request, "desk/shell/delegate.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """Take back what one lent, or lay down what one was lent; it ends at once."""
    delegation = Delegation.objects.filter(pk=pk).select_related("post__organ", "post__person").first()
    if delegation is None or request.user.pk not in (delegation.to_id, delegation.post.person_id):
        raise Http404
    try:
        actions.revoke(by=_self(request), delegation=delegation)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, _("委托已撤回。"))
    return redirect("desk:account")


def _own_posts(request: DeskRequest) -> QuerySet[Post]:
    """One's own posts that have not ended."""
    posts = Post.objects.filter(person=request.user).exclude(valid_to__lt=clock.today())
    return posts.select_related("organ").order_by("organ__path", "role")


def _self(request: DeskRequest) -> Actor:
    """The person acting for themselves, in no post."""
    return Actor(
        key=f"staff:{request.user.pk}", role="self", person_id=request.user.pk, viewer=request.viewer
    )


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(reverse("desk:account"), _("我的账号")), ("", here)]
