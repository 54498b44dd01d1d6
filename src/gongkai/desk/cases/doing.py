"""Carrying out a form: in the right capacity, on the case as it was seen, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.desk.cases.forms import CaseForm
from gongkai.law import procedure
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.scope import Viewer
from gongkai.requests.actions import charges, steps
from gongkai.requests.casefile import CasePage, Offer
from gongkai.requests.models import Case


class Stale(Exception):
    """Something was written to the case after the form was opened."""


def carry_out(form: CaseForm, seen: int) -> Any:
    """Run the form's action if the case still ends with entry `seen`. Raises Stale, ValidationError, Refused."""
    case = form.page.case
    with transaction.atomic():
        charges.lock_notice(case)
        for one in sorted({case, *form.others()}, key=lambda one: one.pk):
            steps.lock(one)
        if Case.objects.values_list("last_seq", flat=True).get(pk=case.pk) != seen:
            raise Stale
        return form.run()


def capacity(viewer: Viewer, page: CasePage, offer: Offer, given: Mapping[str, str]) -> Actor:
    """In which post the viewer acts: the one the offer stands for; a record is put right by whoever may make it."""
    entry = page.facts.entry(int(seq)) if (seq := given.get("seq_entry", "")).isdecimal() else None
    if offer.action.key != "supersede" or entry is None or entry.kind not in procedure.ACTIONS:
        return offer.by
    makers = procedure.ACTIONS[entry.kind].roles
    fitting = (a for a in actors_for(viewer, "cases", page.case.path) if a.role in makers)
    return next((a for a in fitting if a.role in offer.action.roles), offer.by)
