"""Signing in: account and password, slowed down against guessing, and a second factor for who has enrolled one.

Whether an account exists, is closed or has another password is never told. What is counted are blind indexes of the
account name and the network address, kept for a day; a name nobody has is counted, and locked, like any other.
"""

from __future__ import annotations

import datetime as dt

import pyotp
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, crypto
from gongkai.organs.actors import Actor
from gongkai.organs.models import Person, SignInAttempt
from gongkai.organs.refusals import Refused
from gongkai.organs.staffing import require_all_of

KEPT = dt.timedelta(days=1)
TOTP_STEP = 30  # seconds a code is valid for; one step of clock drift is forgiven either way


def authenticate(username: str, password: str, address: str) -> Person:
    """The active person with this account and password. Raises Refused with the sentence for the page.

    A person with :func:`has_second_factor` is signed in only after :func:`check_code`.
    """
    name = Person.normalize_username(username.strip())
    attempt = admit(name, address, locked=_locked())
    person = Person.objects.filter(username=name).first()
    if person is None:
        Person().set_password(password)  # takes as long as comparing one: names cannot be told by the clock
    elif person.check_password(password) and person.is_active:
        _succeed(attempt, person, "person.sign_in")
        return person
    _fail(attempt, person, "person.sign_in_failed")
    raise Refused(_("账号或密码不对"))


def has_second_factor(person: Person) -> bool:
    """Whether the person has enrolled one."""
    return bool(person.totp_secret)


def new_secret() -> str:
    """A secret for an authenticator app; nothing is enrolled until a code of it was shown (:func:`enrol`)."""
    return pyotp.random_base32()


def provisioning_uri(person: Person, secret: str) -> str:
    """What the QR code of `secret` says."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.username, issuer_name=settings.SITE["name"])


@transaction.atomic
def enrol(*, by: Actor, person: Person, secret: str, code: str) -> None:
    """Make `secret` the person's second factor, once a code shows that their app has it. For oneself only."""
    if by.person_id != person.pk:
        raise Refused(_("动态口令只能由本人绑定。"))
    step = _step_of(secret, code)
    if step is None:
        raise ValidationError({"code": _("动态口令不对，请核对手机时间后重试。")})
    person.totp_secret, person.totp_step = secret, step
    person.save(update_fields=["totp_secret", "totp_step"])
    audit.record(actor=by.key, post=by.post, verb="person.totp_enrol", subject=person, path=_path(person))


@transaction.atomic
def drop_second_factor(*, by: Actor, person: Person) -> None:
    """Forget a lost authenticator: by oneself, or by whoever may set the person's password."""
    if by.person_id != person.pk:
        require_all_of(by, person)
    person.totp_secret, person.totp_step = None, 0
    person.save(update_fields=["totp_secret", "totp_step"])
    audit.record(actor=by.key, post=by.post, verb="person.totp_drop", subject=person, path=_path(person))


def check_code(person: Person, code: str, address: str) -> None:
    """Accept a code of the second factor, each only once. Raises Refused; throttled like a password."""
    attempt = admit(f"totp:{person.pk}", address, locked=_locked())
    step = _step_of(str(person.totp_secret), code) if has_second_factor(person) else None
    # Only one of two simultaneous uses of a code moves the step forward.
    fresh = step and Person.objects.filter(pk=person.pk, totp_step__lt=step).update(totp_step=step)
    if fresh:
        _succeed(attempt, person, "person.totp")
        return
    _fail(attempt, person, "person.totp_failed")
    raise Refused(_("动态口令不对或者已用过，请等下一个口令。"))


def _step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, among the present one and its neighbours."""
    now = int(clock.machine_now().timestamp()) // TOTP_STEP
    wanted = crypto.fold(code)
    try:
        totp = pyotp.TOTP(secret, interval=TOTP_STEP)
        codes = {step: totp.at(step * TOTP_STEP) for step in (now - 1, now, now + 1)}
    except ValueError:  # not a secret of ours
        return None
    return next((step for step, right in codes.items() if pyotp.utils.strings_equal(wanted, right)), None)


def admit(account: str, address: str, *, locked: str, realm: str = "") -> SignInAttempt:
    """Count this attempt before it is judged, so that simultaneous guesses count too. Raises Refused with `locked`, in
    which ``%(minutes)d`` is how long to wait, after too many failures of the account, or from the address, in `realm`:
    those of one realm never lock anybody of another out.
    """
    now = clock.machine_now()
    since = now - dt.timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    who, where = crypto.blind(f"{realm}sign-in", account), crypto.blind(f"{realm}address", address)
    with transaction.atomic():
        SignInAttempt.objects.filter(at__lt=now - KEPT).delete()
        attempt = SignInAttempt.objects.create(account=who, address=where, at=now)
    failures = _failures(account=who, at__gte=since, pk__lt=attempt.pk)
    from_here = _failures(address=where, at__gte=since, pk__lt=attempt.pk) if where else 0
    if failures >= settings.SIGN_IN_FAILURES or from_here >= settings.SIGN_IN_FAILURES_PER_ADDRESS:
        attempt.delete()  # an attempt while locked neither counts nor prolongs the lock
        raise Refused(locked % {"minutes": settings.SIGN_IN_LOCK_MINUTES})
    return attempt


def succeed(attempt: SignInAttempt) -> None:
    """The attempt was right: the account's failures before it count no more."""
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])


def _locked() -> str:
    return _("登录失败次数较多，为保护账号，请在 %(minutes)d 分钟后再试；忘记密码请联系运维岗。")


def _failures(**which: object) -> int:
    """Failed attempts since the last success among those asked for."""
    attempts = SignInAttempt.objects.filter(**which)
    if "account" in which:
        last = attempts.filter(succeeded=True).order_by("-pk").first()
        attempts = attempts.filter(pk__gt=last.pk) if last else attempts
    return attempts.filter(succeeded=False).count()


@transaction.atomic
def _succeed(attempt: SignInAttempt, person: Person, verb: str) -> None:
    succeed(attempt)
    audit.record(actor=f"staff:{person.pk}", verb=verb, subject=person, path=_path(person))


@transaction.atomic
def _fail(attempt: SignInAttempt, person: Person | None, verb: str) -> None:
    """The log names the account if there is one, and the address as the index it is counted by."""
    audit.record(
        actor=f"staff:{person.pk}" if person else "system:sign-in",
        verb=verb,
        subject=person or attempt,
        path=_path(person) if person else "",
        detail={"address": attempt.address},
    )


def _path(person: Person) -> str:
    """Where the log files it: the organ of the person's first post."""
    return person.posts.order_by("pk").values_list("organ__path", flat=True).first() or ""
