"""The registers of settings have one shape: a row per organ that sets something for itself and all below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.declare import Action, Column, Register
from gongkai.desk.register.filters import choice, organ
from gongkai.desk.register.forms import form_for
from gongkai.organs.scope import MANAGE


def settings_of(
    model: type[Model],
    *,
    key: str,
    title: str | Promise,
    explain: str | Promise,
    names: Sequence[str],
    run: Callable[..., Any],
    columns: Sequence[Column] = (),
    after: str | Promise = "",
    narrowed: Sequence[str] = (),
    facts: Sequence[Column] = (),
    order: Sequence[str] = (),
    fields: Mapping[str, forms.Field] = MappingProxyType({}),
    initial: Callable[[], Mapping[str, Any]] = dict,
) -> Register:
    """The register of `model`'s rows. `run(by=, organ=, **choices)` sets the fields `names`, which are the columns unless
    others are given; `after` says beside the form from when a change counts, `narrowed` are fields to filter by. `facts`
    stand on a row's page if not the columns, `order` breaks ties within an organ, `fields` take the place of the model's own
    in the form, and `initial` is what a change begins with instead of what the row says."""
    return Register(
        key=key,
        model=model,
        title=title,
        unit=_("条"),
        group=_("设置"),
        section="settings",
        explain=explain,
        label=lambda row: row.organ.name,
        order=["organ__path", *order],
        columns=[
            Column("organ__name", _("机关及其下级"), link=True, wide=True),
            *(columns or [Column(name) for name in names]),
        ],
        filters=[organ(), *(choice(name) for name in narrowed)],
        related=["organ"],
        facts=facts,
        actions=[
            Action(
                "set",
                _("设置一个机关"),
                lambda by, row, data: run(by=by, **data),
                form=form_for(model, "organ", *names, **fields),
                verb=MANAGE,
                new=True,
            ),
            Action(
                "edit",
                _("修改"),
                lambda by, row, data: run(by=by, organ=row.organ, **data),
                form=form_for(model, *names, **fields),
                verb=MANAGE,
                initial=lambda row: {name: getattr(row, name) for name in names} | dict(initial()),
                explain=after,
            ),
        ],
    )
