"""The pages one acts on: new records, an action on one record, and the same action on many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.register import acting, known, tables
from gongkai.desk.register.declare import Action, Register
from gongkai.desk.register.forms import ActionForm
from gongkai.desk.register.pages import crumbs, opened, row_for
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.refusals import Refused


def create(request: DeskRequest, key: str, action: str) -> HttpResponse:
    """A new record."""
    register = opened(request, key)
    verb = _action(register, action)
    if not verb.new:
        raise Http404
    if not acting.may(request.viewer, register, verb):
        raise Refused(_(acting.NOT_YOURS))
    form = _form(request, register, verb)
    if request.method == "POST" and form.is_valid():
        done, result = acting.attempt(form, lambda: _carry_out(request, register, verb, form, None))
        if done:
            return _after(request, register, verb, result, None)
    return _page(request, register, verb, form, None)


def act(request: DeskRequest, key: str, pk: int, action: str) -> HttpResponse:
    """One action on one record."""
    register = opened(request, key)
    verb = _action(register, action)
    if verb.new:
        raise Http404
    row = row_for(request.viewer, register, pk)
    if reason := acting.reason_against(request.viewer, register, verb, row):
        raise Refused(reason)
    if verb.page is not None:
        return redirect(verb.page(row))
    form = _form(request, register, verb, row)
    if request.method == "POST" and form.is_valid():
        done, result = acting.attempt(form, lambda: _carry_out(request, register, verb, form, row))
        if done:
            return _after(request, register, verb, result, row)
    return _page(request, register, verb, form, row)


def bulk(request: DeskRequest, key: str, action: str) -> HttpResponse:
    """One action on the rows chosen in the list: first which and how, then done row by row, refusals told by name."""
    register = opened(request, key)
    verb = _action(register, action)
    if not verb.bulk:
        raise Http404
    if not acting.may(request.viewer, register, verb):
        raise Refused(_(acting.NOT_YOURS))
    data = request.POST if request.method == "POST" else request.GET
    rows = _chosen(request, register, data.getlist("pk"))
    if not rows:
        messages.warning(request, _("请先在列表中勾选要办理的记录。"))
        return redirect("desk:register", key)
    form = _form(request, register, verb)
    if request.method == "POST" and form.is_valid():
        _carry_out_all(request, register, verb, form, rows)
        return redirect("desk:register", key)
    chosen = [
        (row, register.label(row), acting.reason_against(request.viewer, register, verb, row)) for row in rows
    ]
    return _page(request, register, verb, form, None, chosen=chosen)


def _action(register: Register, key: str) -> Action:
    found = register.action(key)
    if found is None:
        raise Http404
    return found


def _form(request: DeskRequest, register: Register, action: Action, row: Any = None) -> ActionForm:
    return (action.form or ActionForm)(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        viewer=request.viewer,
        register=register.scope_register,
        verb=action.verb,
        record=row,
        initial=dict(action.initial(row)) if row is not None else None,
    )


def _carry_out(request: DeskRequest, register: Register, action: Action, form: ActionForm, row: Any) -> Any:
    by = acting.actor(request.viewer, request.focus, register, action, form.cleaned_data, row)
    return action.do(by, row, form.cleaned_data)


def _carry_out_all(
    request: DeskRequest, register: Register, action: Action, form: ActionForm, rows: list[Any]
) -> None:
    done = 0
    for row in rows:
        reason = acting.reason_against(request.viewer, register, action, row)
        if not reason:
            trial = _form(request, register, action, row)
            trial.is_valid()
            ok, _result = acting.attempt(
                trial, lambda row=row: _carry_out(request, register, action, form, row)
            )
            reason = "" if ok else "；".join(str(error) for error in _all_errors(trial))
        if reason:
            messages.error(request, f"{register.label(row)}：{reason}")
        else:
            done += 1
    if done:
        messages.success(
            request,
            _("已办理“%(what)s”%(count)d %(unit)s。")
            % {"what": action.title, "count": done, "unit": register.unit},
        )


def _all_errors(form: ActionForm) -> list[Any]:
    return [error for errors in form.errors.values() for error in errors]


def _chosen(request: DeskRequest, register: Register, keys: list[str]) -> list[Any]:
    """The chosen rows; a key out of scope, or no key at all, is no row of ours."""
    try:
        wanted = {int(key) for key in keys[: tables.PAGE]}
    except ValueError as error:
        raise Http404 from error
    rows = register.narrow(request.viewer, scope.rows(request.viewer, register.model))
    found = list(rows.filter(pk__in=wanted).select_related(*register.related).order_by(*register.order))
    register.decorate(request.viewer, found)
    if len(found) != len(wanted):
        raise Http404
    return found


def _after(request: DeskRequest, register: Register, action: Action, result: Any, row: Any) -> HttpResponse:
    """Back to the record the action speaks of, with a word that it is done."""
    messages.success(request, str(action.done) or _("已办理：%(what)s。") % {"what": action.title})
    shown = result if known.for_model(type(result)) else row
    target = known.for_model(type(shown))
    if target is None:
        return redirect("desk:register", register.key)
    in_scope = scope.rows(request.viewer, target.model).filter(pk=shown.pk).exists()
    if not in_scope:
        return redirect("desk:register", register.key)
    return redirect("desk:register-record", target.key, shown.pk)


def _page(
    request: DeskRequest,
    register: Register,
    action: Action,
    form: ActionForm,
    row: Any,
    chosen: list[Any] | None = None,
) -> HttpResponse:
    trail = crumbs(register, inner=True)
    back = reverse("desk:register", args=[register.key])
    if row is not None:
        back = tables.record_url(register.key, row.pk)
        trail.append((back, register.label(row)))
    context = {
        "section": register.section,
        "register": register,
        "action": action,
        "form": form,
        "row": row,
        "label": register.label(row) if row is not None else "",
        "chosen": chosen,
        "back": back,
        "crumbs": [*trail, ("", action.title)],
    }
    return render(request, "desk/register/act.html", context, status=422 if form.errors else 200)
