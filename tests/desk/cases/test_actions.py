"""Every action of the procedure is a form that stands open exactly where the procedure permits it, and does it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from gongkai.base import clock
from gongkai.desk.cases.forms import FORMS, CaseForm, Entry
from gongkai.law import procedure
from gongkai.organs import scope
from gongkai.requests import actions, casefile
from gongkai.requests.models import Case
from tests.desk.cases.conftest import Desk, desk_of
from tests.requests.stories import Office
from tests.requests.test_procedure_walk import arguments, situations

ROLES = ("handler", "office", "head", "secrecy", "leader")


def test_every_action_has_a_form_and_a_function() -> None:
    assert set(FORMS) | {"submit"} == set(procedure.ACTIONS)
    for key, form in FORMS.items():
        assert form.action == key
        assert callable(getattr(actions, key))
    assert not issubclass(Entry, CaseForm)


def test_forms_ask_for_what_their_action_takes() -> None:
    for key, form in FORMS.items():
        if key in {"supersede", "split", "approve_fee", "attach"}:
            continue  # their fields are made for the case in hand
        taken = getattr(actions, key).__wrapped__.__annotations__
        asked = {"files" if name == "papers" else name for name in form.base_fields}
        assert asked <= set(taken), (key, asked - set(taken))


def test_every_action_is_done_through_its_form(office: Office) -> None:
    desks = {role: desk_of(office.world, f"city-office-{role}") for role in ROLES}
    given = arguments(office)
    done: set[str] = set()
    with clock.on_day(dt.date(2022, 3, 14)):
        stands = situations_now(office)
    for name, (case, on) in stands.items():
        with clock.on_day(on):
            for role, desk in desks.items():
                viewer = scope.viewer(office.world.people[f"city-office-{role}"], on)
                page = casefile.case_page(viewer, on, pk=case.pk)
                listed = casefile.next_offers(viewer, [case], on).get(case.pk)
                assert (listed and listed.action) == (page.next_offer and page.next_offer.action), name
                for offer in page.offers:
                    if offer.reason is None and offer.action.key not in done:
                        _done_by(desk, case, offer.action.key, given)
                        done.add(offer.action.key)
    assert done == set(FORMS)


def situations_now(office: Office) -> dict[str, tuple[Case, dt.date]]:
    with clock.on_day(dt.date(2022, 12, 30)):  # the day after which nothing of the stories lies ahead
        return situations(office)


def _done_by(desk: Desk, case: Case, key: str, given: dict[str, Any]) -> None:
    """Fill in the form and send it; what it wrote is taken back."""
    with transaction.atomic():
        before = Case.objects.values_list("last_seq", flat=True).get(pk=case.pk)
        answers = _answers(key, given[key]() if key in given else {})
        desk.do(case, key, **answers)
        wrote = Case.objects.values_list("last_seq", flat=True).get(pk=case.pk) > before
        assert wrote, (key, desk.page)
        assert "已办理" in desk.said or "已登记" in desk.said, key
        transaction.set_rollback(True)


def _answers(key: str, values: dict[str, Any]) -> dict[str, Any]:
    answers = {name: getattr(value, "pk", value) for name, value in values.items()}
    for number, part in enumerate(answers.pop("parts", ()), start=1):
        answers[f"part_{number}"] = part
    for upload in answers.pop("files", ()):
        answers["papers"] = _file(upload.name, upload.content)
    if key == "supersede":
        answers = {"seq_entry": "1", "on": "2022-03-01", "because": "登记时写错了日期"}
    if answers.get("hold") is False:
        answers["hold"] = None
    if key == "draft":
        answers["article"] = None
    return {name: str(v) if isinstance(v, dt.date | int) else v for name, v in answers.items()}


def _file(name: str, content: bytes) -> Any:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_an_action_that_is_refused_says_why_and_shows_no_form(office: Office, head: Desk) -> None:
    case = office.in_process("03-10")
    viewer = scope.viewer(office.world.people["city-office-head"], clock.today())
    offers = {o.action.key: o for o in casefile.case_page(viewer, clock.today(), pk=case.pk).offers}
    for key in FORMS:
        response, offer = head.get(f"/desk/cases/{case.pk}/", do=key), offers.get(key)
        if offer is None:
            assert response.status_code == 404, key
        elif offer.reason:
            assert f"现在不能办理“{offer.action.label}”" in head.page
            assert offer.reason in head.page
            assert response.context["form"] is None
        else:
            assert response.context["form"] is not None, key
    assert {bool(offer.reason) for offer in offers.values()} == {True, False}
