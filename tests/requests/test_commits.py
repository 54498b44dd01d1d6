"""What only real commits show: many senders at once, and acknowledgement after the commit."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from gongkai.base import clock
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, notices, verify
from gongkai.requests.models import ApplicantNotice, Case, CaseAction, Submission
from tests.requests.stories import Office, day
from tests.requests.test_intake import submit
from tests.support.world import small_city


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_many_threads_at_once_is_one_case() -> None:
    office, results, gate = Office(small_city()), [], threading.Barrier(8)

    def send() -> None:
        try:
            gate.wait()
            with clock.on_day(dt.date(2022, 12, 30)):
                results.append(submit(office).reference)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1
    assert (Submission.objects.count(), Case.objects.count(), CaseAction.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_acknowledged_is_committed() -> None:
    office = Office(small_city())
    submit(office)
    assert not connection.in_atomic_block
    connection.close()
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_confirming_at_once_make_one_number() -> None:
    office, said, gate = Office(small_city()), [], threading.Barrier(4)
    case = office.submitted()

    def confirm() -> None:
        try:
            gate.wait()
            with clock.on_day(dt.date(2022, 12, 30)):
                said.append(actions.confirm(Case.objects.get(pk=case.pk), by=office.handler).number)
        except Refused as refused:
            said.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text.startswith("city-office-2022-") for text in said) == [False, False, False, True]
    assert list(verify.problems()) == []


@pytest.mark.django_db(transaction=True)
def test_the_applicant_is_told_after_the_commit_and_once() -> None:
    office = Office(small_city())
    case = office.registered()
    notice = ApplicantNotice.objects.get(case=case)
    assert (
        notice.text
        == "您的申请已登记，编号city-office-2022-0001，收到日期2022年3月2日。答复期限至2022年3月30日。"
    )
    notices.write_notice({"case": case.pk, "action": notice.action_id, "text": "再来一次"})
    assert ApplicantNotice.objects.get().text == notice.text
    with pytest.raises(Refused):
        actions.confirm(case, by=office.handler, on=day("03-03"))
    assert ApplicantNotice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_loaders_owe_no_notices() -> None:
    office = Office(small_city())
    with notices.silenced():
        office.registered()
    assert not ApplicantNotice.objects.exists()
