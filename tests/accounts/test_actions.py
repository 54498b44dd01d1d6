"""Accounts of the public: opened, signed in to, locked, given up; and what of it is readable in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection

from gongkai.accounts import actions, queries
from gongkai.accounts.models import Account, OwnSubmission, VisitorSession
from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.organs import actions as staff
from gongkai.organs import scope, signin
from gongkai.organs.actors import APPLICANT, system
from gongkai.organs.models import Person, SignInAttempt
from gongkai.organs.refusals import Refused
from gongkai.requests import actions as requests
from gongkai.requests import limits
from gongkai.requests.actions.intake import Receipt
from tests.support.world import World

SECRET = "kao-shan-lin-shui-9"
FORM = {
    "applicant_name": "欧阳测试",
    "id_type": "id_card",
    "id_number": "41030519900101777X",
    "phone": "13900001234",
    "info_description": "旧城改造补偿方案",
    "delivery_form": "electronic",
    "delivery_way": "website",
}


@pytest.fixture
def mine(db: None) -> Account:
    return actions.register(login="洛河边的人", password=SECRET, address="10.0.0.1")


def application(world: World, once: str = "t1") -> Receipt:
    return requests.submit(
        organ=world.organs["city-office"],
        channel="internet",
        kind="natural_person",
        form=FORM,
        token=once,
        by=APPLICANT,
        raw=b"{}",
    )


def everything_kept() -> str:
    """Every value of the rooms' tables, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for model in (Account, VisitorSession, OwnSubmission, SignInAttempt, AuditEntry):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608 - our own tables
            found += [
                bytes(one) if isinstance(one, memoryview) else one for row in cursor.fetchall() for one in row
            ]
    return "\n".join(str(one) for one in found)


@pytest.mark.parametrize("login", ["abc", "a b c d", "<script>", "x" * 61, ""])
def test_a_login_is_a_plain_name(db: None, login: str) -> None:
    with pytest.raises(ValidationError):
        actions.register(login=login, password=SECRET, address="")


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890", "洛河边的人洛河边的人", ""])
def test_a_weak_password_is_refused(db: None, password: str) -> None:
    with pytest.raises(ValidationError):
        actions.register(login="洛河边的人", password=password, address="")


def test_a_login_is_taken_once_however_it_is_written(mine: Account) -> None:
    actions.register(login="Abcd", password=SECRET, address="")
    for again in ("abcd", "ＡＢＣＤ", "洛河边的人"):
        with pytest.raises(ValidationError, match="已经有人用了"):
            actions.register(login=again, password=SECRET, address="")


def test_accounts_from_one_address_are_limited(db: None, settings: Any) -> None:
    settings.ACCOUNTS_PER_HOUR = 2
    for number in range(2):
        actions.register(login=f"visitor{number}", password=SECRET, address="10.9.9.9")
    with pytest.raises(Refused, match="太多"):
        actions.register(login="visitor9", password=SECRET, address="10.9.9.9")
    actions.register(login="visitor9", password=SECRET, address="10.8.8.8")


def test_nothing_personal_is_readable_in_the_database(mine: Account, world: World) -> None:
    actions.set_profile(mine, FORM)
    actions.sign_in(login="洛河边的人", password=SECRET, address="10.0.0.1")
    with pytest.raises(Refused):
        actions.sign_in(login="洛河边的人", password="wrong", address="10.0.0.1")
    token = actions.open_session(mine)
    actions.keep(mine, application(world).case.submission)
    kept = everything_kept()
    for secret in (
        "洛河边的人",
        SECRET,
        token,
        "10.0.0.1",
        *(value for value in FORM.values() if len(value) > 10),
    ):
        assert secret not in kept
    mine.refresh_from_db()
    assert mine.profile["applicant_name"] == "欧阳测试"
    assert "info_description" not in mine.profile


def test_wrong_is_wrong_in_one_sentence(mine: Account) -> None:
    said = set()
    for login, password in (("洛河边的人", "wrong"), ("没有这个人", SECRET)):
        with pytest.raises(Refused) as refused:
            actions.sign_in(login=login, password=password, address="")
        said.add(str(refused.value))
    assert said == {"账号名或密码不对"}


def test_guessing_locks_the_login_and_the_address_and_no_other(mine: Account, settings: Any) -> None:
    settings.SIGN_IN_FAILURES, settings.SIGN_IN_FAILURES_PER_ADDRESS = 3, 5
    for _ in range(3):
        with pytest.raises(Refused, match="不对"):
            actions.sign_in(login="洛河边的人", password="wrong", address="10.1.1.1")
    with pytest.raises(Refused, match="分钟后再试"):
        actions.sign_in(login="洛河边的人", password=SECRET, address="10.2.2.2")
    actions.register(login="other", password=SECRET, address="")
    assert actions.sign_in(login="other", password=SECRET, address="10.2.2.2")
    for number in range(2):
        with pytest.raises(Refused, match="不对"):
            actions.sign_in(login=f"guess{number}", password="x", address="10.1.1.1")
    with pytest.raises(Refused, match="分钟后再试"):
        actions.sign_in(login="other", password=SECRET, address="10.1.1.1")
    past = clock.machine_now() - dt.timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES + 1)
    SignInAttempt.objects.update(at=past)
    assert actions.sign_in(login="洛河边的人", password=SECRET, address="10.1.1.1") == mine


def test_the_public_locks_no_staff_out_from_an_address_they_share(mine: Account, settings: Any) -> None:
    settings.SIGN_IN_FAILURES, settings.SIGN_IN_FAILURES_PER_ADDRESS = 2, 2
    clerk = staff.add_person(by=system("test"), username="洛河边的人", name="测试", password=SECRET)
    for _ in range(2):
        with pytest.raises(Refused, match="不对"):
            actions.sign_in(login="洛河边的人", password="wrong", address="10.1.1.1")
    with pytest.raises(Refused, match="不登录也可以申请"):
        actions.sign_in(login="洛河边的人", password=SECRET, address="10.1.1.1")
    for _ in range(2):
        assert signin.authenticate("洛河边的人", SECRET, "10.1.1.1") == clerk
    for _ in range(2):
        with pytest.raises(Refused, match="不对"):
            signin.authenticate("洛河边的人", "wrong", "10.4.4.4")
    actions.register(login="other", password=SECRET, address="")
    assert actions.sign_in(login="other", password=SECRET, address="10.4.4.4")


def test_a_success_forgets_the_failures(mine: Account, settings: Any) -> None:
    settings.SIGN_IN_FAILURES = 3
    for _ in range(3):
        for _ in range(2):
            with pytest.raises(Refused, match="不对"):
                actions.sign_in(login="洛河边的人", password="wrong", address="")
        assert actions.sign_in(login="洛河边的人", password=SECRET, address="")


def test_sessions_end(mine: Account) -> None:
    first, second = actions.open_session(mine), actions.open_session(mine)
    assert actions.of_token(first) == mine
    actions.close_session(first)
    assert actions.of_token(first) is None
    VisitorSession.objects.update(expires_at=clock.machine_now() - dt.timedelta(seconds=1))
    assert actions.of_token(second) is None
    actions.open_session(mine)
    assert VisitorSession.objects.count() == 1


def test_a_new_password_signs_everybody_out(mine: Account) -> None:
    token = actions.open_session(mine)
    with pytest.raises(ValidationError, match="原密码不对"):
        actions.set_password(mine, old="wrong", new="another-long-word-1")
    actions.set_password(mine, old=SECRET, new="another-long-word-1")
    assert actions.of_token(token) is None
    assert actions.sign_in(login="洛河边的人", password="another-long-word-1", address="") == mine


def test_an_application_is_in_one_account(mine: Account, world: World) -> None:
    receipt, other = application(world), actions.register(login="other", password=SECRET, address="")
    with pytest.raises(ValidationError, match="对不上"):
        actions.take_in(mine, reference=receipt.reference, secret="wrong", address="")
    actions.take_in(mine, reference=receipt.reference, secret=receipt.secret, address="")
    actions.take_in(mine, reference=receipt.reference, secret=receipt.secret, address="")
    with pytest.raises(ValidationError, match="另一个账号"):
        actions.take_in(other, reference=receipt.reference, secret=receipt.secret, address="")
    assert [one.pk for one in queries.submissions(mine)] == [receipt.case.submission_id]
    assert not queries.submissions(other)


def test_guessing_secrets_is_limited(mine: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRONG_SECRETS_PER_HOUR", 2)
    for wanted in (ValidationError, ValidationError, Refused):
        with pytest.raises(wanted):
            actions.take_in(mine, reference="no", secret="no", address="10.3.3.3")


def test_giving_up_leaves_the_application_and_nothing_else(mine: Account, world: World) -> None:
    receipt = application(world)
    actions.keep(mine, receipt.case.submission)
    actions.open_session(mine)
    with pytest.raises(ValidationError, match="密码不对"):
        actions.delete(mine, password="wrong")
    actions.delete(mine, password=SECRET)
    assert [model.objects.count() for model in (Account, VisitorSession, OwnSubmission)] == [0, 0, 0]
    receipt.case.refresh_from_db()
    assert receipt.case.state == "submitted"


def test_an_identity_of_the_provider_is_one_account(db: None) -> None:
    def come(**details: str) -> Account:
        return actions.sign_in_from_provider(issuer="https://id.example", subject="42", details=details)

    first = come(applicant_name="欧阳测试", evil="x")
    again = come(applicant_name="另一个名字", phone="13900001234")
    assert first == again
    assert again.profile == {"applicant_name": "欧阳测试", "phone": "13900001234"}
    with pytest.raises(Refused, match="不对"):  # it has no password to be guessed
        actions.sign_in(login="统一身份认证用户", password="", address="")
    actions.delete(again)
    assert not Account.objects.exists()


def test_staff_and_visitors_are_strangers(mine: Account, world: World) -> None:
    assert not Person.objects.filter(username="洛河边的人").exists()
    for model in (Account, VisitorSession, OwnSubmission):
        with pytest.raises(ImproperlyConfigured):
            scope.rows(world.viewer("city", "operator"), model)


def test_reading_the_list_takes_two_queries(
    mine: Account, world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(4):
        actions.keep(mine, application(world, f"t{number}").case.submission)
    with django_assert_num_queries(2):
        rows = [
            (one.organ.name, [case.state for case in one.cases.all()]) for one in queries.submissions(mine)
        ]
    assert len(rows) == 4
