"""Signing in: one sentence for every failure, a rest after five, a second factor that is used once."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.organs import actions, signin
from gongkai.organs.actors import actors_for, oneself, system
from gongkai.organs.models import Person, SignInAttempt
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import viewer
from tests.support.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "一个很长很长很长的口令"
HERE = "192.0.2.7"
WRONG = "^账号或密码不对$"
LOCKED = "请在 10 分钟后再试"
START = dt.datetime(2022, 6, 1, 9, 0, tzinfo=clock.SHANGHAI)


class Watch:
    """The machine's time, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def minutes(self, count: float) -> None:
        self.now += dt.timedelta(minutes=count)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    moved = Watch()
    monkeypatch.setattr(clock, "machine_now", moved)
    return moved


@pytest.fixture
def person(db: None) -> Person:
    return actions.add_person(by=system("test"), username="zhang", name="测试", password=PASSWORD)


def fail(times: int, username: str = "zhang", address: str = HERE, sentence: str = WRONG) -> None:
    for _time in range(times):
        with pytest.raises(Refused, match=sentence):
            signin.authenticate(username, "wrong", address)


def test_the_right_password_signs_in(person: Person) -> None:
    assert signin.authenticate(" zhang ", PASSWORD, HERE) == person
    assert AuditEntry.objects.get(verb="person.sign_in").actor == f"staff:{person.pk}"


def test_every_failure_says_the_same(person: Person) -> None:
    actions.add_person(by=system("test"), username="no-password", name="测试")
    closed = actions.add_person(by=system("test"), username="closed", name="测试", password=PASSWORD)
    actions.deactivate(by=system("test"), person=closed)
    for username, password in (
        ("zhang", "x"),
        ("nobody", PASSWORD),
        ("no-password", ""),
        ("closed", PASSWORD),
    ):
        with pytest.raises(Refused, match=WRONG):
            signin.authenticate(username, password, HERE)


def test_an_unknown_name_costs_a_password_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(Person, "set_password", lambda self, raw: hashed.append(raw))
    with pytest.raises(Refused):
        signin.authenticate("nobody", "guess", HERE)
    assert hashed == ["guess"]


@pytest.mark.parametrize("username", ["zhang", "nobody"])
def test_after_five_failures_the_name_rests_ten_minutes(person: Person, watch: Watch, username: str) -> None:
    fail(5, username)
    fail(1, username, sentence=LOCKED)
    fail(1, username, "198.51.100.9", sentence=LOCKED)
    if username == "zhang":
        with pytest.raises(Refused, match=LOCKED):
            signin.authenticate("zhang", PASSWORD, HERE)
    watch.minutes(10.1)
    fail(1, username)


def test_trying_while_locked_does_not_prolong_the_lock(person: Person, watch: Watch) -> None:
    fail(5)
    watch.minutes(9)
    fail(3, sentence=LOCKED)
    watch.minutes(1.1)
    assert signin.authenticate("zhang", PASSWORD, HERE) == person


def test_a_success_starts_the_count_anew(person: Person, watch: Watch) -> None:
    fail(4)
    signin.authenticate("zhang", PASSWORD, HERE)
    fail(4)
    assert signin.authenticate("zhang", PASSWORD, HERE) == person


def test_an_address_that_tries_many_names_rests_too(person: Person, watch: Watch, settings: object) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3  # type: ignore[attr-defined]
    for number in range(3):
        fail(1, f"name-{number}")
    fail(1, "name-9", sentence=LOCKED)
    assert signin.authenticate("zhang", PASSWORD, "198.51.100.9") == person


def test_neither_name_nor_address_is_kept_readable_and_nothing_for_long(person: Person, watch: Watch) -> None:
    fail(1)
    fail(1, "nobody")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM organs_signinattempt")
        kept = str(cursor.fetchall())
    assert HERE not in kept
    assert "zhang" not in kept
    log = AuditEntry.objects.filter(verb="person.sign_in_failed")
    assert log.count() == 2
    assert HERE not in str([entry.detail for entry in log])
    watch.minutes(24 * 60 + 1)
    signin.authenticate("zhang", PASSWORD, HERE)
    assert SignInAttempt.objects.count() == 1


def _enrolled(person: Person, watch: Watch) -> pyotp.TOTP:
    secret = signin.new_secret()
    totp = pyotp.TOTP(secret)
    signin.enrol(
        by=oneself(viewer(person, START.date())), person=person, secret=secret, code=totp.at(watch.now)
    )
    return totp


def test_a_second_factor_is_enrolled_with_a_code_and_kept_encrypted(person: Person, watch: Watch) -> None:
    secret = signin.new_secret()
    me = oneself(viewer(person, START.date()))
    with pytest.raises(ValidationError, match="动态口令不对"):
        signin.enrol(by=me, person=person, secret=secret, code="000000x")
    with pytest.raises(ValidationError, match="动态口令不对"):
        signin.enrol(by=me, person=person, secret="short", code="123456")
    assert not signin.has_second_factor(person)
    signin.enrol(by=me, person=person, secret=secret, code=pyotp.TOTP(secret).at(watch.now))
    person.refresh_from_db()
    assert person.totp_secret == secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT totp_secret FROM organs_person WHERE id = %s", [person.pk])
        assert secret.encode() not in bytes(cursor.fetchone()[0])
    assert signin.provisioning_uri(person, secret).startswith("otpauth://totp/")
    assert secret in signin.provisioning_uri(person, secret)


def test_nobody_enrols_for_another(person: Person, world: World) -> None:
    other = oneself(world.viewer("city", "operator"))
    with pytest.raises(Refused, match="本人"):
        signin.enrol(by=other, person=person, secret=signin.new_secret(), code="1")


def test_a_code_opens_once_within_its_time(person: Person, watch: Watch) -> None:
    totp = _enrolled(person, watch)
    with pytest.raises(Refused, match="已用过"):
        signin.check_code(person, totp.at(watch.now), HERE)  # the code shown at enrolment
    watch.minutes(1)
    code = totp.at(watch.now)
    signin.check_code(person, f" {code[:3]} {code[3:]} ", HERE)
    with pytest.raises(Refused):
        signin.check_code(person, code, HERE)
    late = totp.at(watch.now + dt.timedelta(seconds=30))
    signin.check_code(person, late, HERE)  # a watch half a minute ahead
    watch.minutes(5)
    with pytest.raises(Refused):
        signin.check_code(person, late, HERE)


def test_guessing_codes_is_throttled(person: Person, watch: Watch) -> None:
    totp = _enrolled(person, watch)
    watch.minutes(1)
    for sentence in ["动态口令不对"] * 5 + [LOCKED]:
        with pytest.raises(Refused, match=sentence):
            signin.check_code(person, "000000x", HERE)
    with pytest.raises(Refused, match=LOCKED):
        signin.check_code(person, totp.at(watch.now), HERE)


def test_who_has_no_second_factor_passes_no_code(person: Person, watch: Watch) -> None:
    with pytest.raises(Refused):
        signin.check_code(person, pyotp.TOTP(pyotp.random_base32()).at(watch.now), HERE)


def test_a_lost_authenticator_is_dropped_by_oneself_or_the_operator(world: World, watch: Watch) -> None:
    person = world.people["town-a1-head"]
    day = START.date()

    def operator(code: str) -> object:
        return actors_for(world.viewer(code, "operator", day), "people", world.organs[code].path, "manage")[0]

    with clock.on_day(day):
        _enrolled(person, watch)
        with pytest.raises(Refused):
            signin.drop_second_factor(by=operator("county-b"), person=person)  # type: ignore[arg-type]
        signin.drop_second_factor(by=operator("county-a"), person=person)  # type: ignore[arg-type]
        person.refresh_from_db()
        assert not signin.has_second_factor(person)
        _enrolled(person, watch)
        signin.drop_second_factor(by=oneself(viewer(person, day)), person=person)
    assert AuditEntry.objects.filter(verb="person.totp_drop", path=world.organs["town-a1"].path).count() == 2
