"""An organ's chains and choices: each change is a new version; runs under way keep the one they began with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person
from gongkai.organs.refusals import Refused
from gongkai.review import chains, subjects
from gongkai.review.common import log
from gongkai.review.models import ChainTemplate, ReviewSettings


@transaction.atomic
def save_chain(
    *,
    by: Actor,
    organ: Organ,
    key: str,
    title: str,
    steps: Sequence[dict[str, Any]],
    kinds: Sequence[str] = (),
    whole_tree: bool = False,
) -> ChainTemplate:
    """Set a chain of `organ`, or a new version of it. Raises Refused, ValidationError."""
    authority.require(by, authority.MANAGE, "chains", organ.path)
    read = chains.read(list(steps))
    _who_exists(read)
    if strange := set(kinds) - set(subjects.kinds()):
        raise ValidationError({"kinds": _("没有“%(kind)s”这类内容。") % {"kind": "、".join(sorted(strange))}})
    return _version(
        by,
        ChainTemplate(
            organ=organ,
            key=key.strip(),
            title=title.strip(),
            kinds=sorted(kinds),
            steps=chains.write(read),
            whole_tree=whole_tree,
        ),
    )


@transaction.atomic
def adopt_chain(
    *, by: Actor, organ: Organ, key: str, whole_tree: bool = False, at: Organ | None = None
) -> ChainTemplate:
    """Take one of the chains that come with the software. `at` is the organ whose posts sign, when it is not the
    subject's own (a government office signing for the departments). Raises Refused, ValidationError."""
    shipped = chains.shipped().get(key)
    if shipped is None:
        raise ValidationError({"key": _("没有“%(key)s”这个审签流程。") % {"key": key}})
    steps = [dict(step) for step in shipped["steps"]]
    if at is not None:
        for step in steps:
            step["signers"] = [{**signer, "organ": at.code} for signer in step.get("signers", ())]
    return save_chain(by=by, organ=organ, key=key, title=shipped["title"], steps=steps, whole_tree=whole_tree)


@transaction.atomic
def retire_chain(*, by: Actor, template: ChainTemplate) -> ChainTemplate:
    """No longer offer a chain; runs under way go on. Raises Refused."""
    authority.require(by, authority.MANAGE, "chains", template.path)
    newest = _newest(template.organ, template.key)
    if newest is None or newest.retired:
        raise Refused(_("这个审签流程已经停用。"))
    same = {name: getattr(newest, name) for name in ("organ", "key", "title", "kinds", "steps", "whole_tree")}
    return _version(by, ChainTemplate(**same, retired=True))


def _version(by: Actor, made: ChainTemplate) -> ChainTemplate:
    newest = _newest(made.organ, made.key)
    made.version = newest.version + 1 if newest else 1
    made.author, made.recorded_at = by.key, clock.now()
    made.clean_fields(exclude=["organ", "path", "steps"])
    made.save()
    log(by, "chain.save", made, key=made.key, version=made.version, retired=made.retired)
    return made


def _newest(organ: Organ, key: str) -> ChainTemplate | None:
    rows = ChainTemplate.objects.select_for_update(of=("self",)).filter(organ=organ, key=key)
    return rows.order_by("version").last()


def _who_exists(steps: Sequence[chains.Step]) -> None:
    signers = [signer for step in steps for signer in step.signers]
    codes = {signer.organ for signer in signers if signer.organ}
    if missing := codes - set(Organ.objects.filter(code__in=codes).values_list("code", flat=True)):
        raise ValidationError(
            {"steps": _("没有代码为“%(code)s”的机关。") % {"code": "、".join(sorted(missing))}}
        )
    names = {signer.person for signer in signers if signer.person}
    if missing := names - set(Person.objects.filter(username__in=names).values_list("username", flat=True)):
        raise ValidationError({"steps": _("没有账号“%(name)s”。") % {"name": "、".join(sorted(missing))}})


CHOICES = ("sensitive_words", "reexamine_months", "consult_days")


@transaction.atomic
def set_choices(*, by: Actor, organ: Organ, **chosen: Any) -> ReviewSettings:
    """Set some of `CHOICES` for `organ` and all below it that set nothing themselves. Raises Refused,
    ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    if unknown := set(chosen) - set(CHOICES):
        raise TypeError(f"not a choice of the office: {sorted(unknown)}")
    row = ReviewSettings.objects.select_for_update().filter(organ=organ).first() or ReviewSettings(
        organ=organ
    )
    for name, value in chosen.items():
        setattr(row, name, value)
    row.clean_fields(exclude=["organ", "path"])
    if not 1 <= row.reexamine_months <= 60:
        raise ValidationError({"reexamine_months": _("应为1至60个月。")})
    if not 1 <= row.consult_days <= 60:
        raise ValidationError({"consult_days": _("应为1至60个工作日。")})
    row.save()
    log(by, "review.set_choices", row, choices=sorted(chosen))
    return row
