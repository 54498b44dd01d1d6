"""What a visitor does with an account: open it, sign in and out, keep details, take applications in, give it up.

The log names accounts by number alone. Whether a login exists is told to nobody who doesn't know its password, but to whoever
wants the same name for a new account.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.accounts.models import Account, OwnSubmission, VisitorSession
from gongkai.base import audit, clock, crypto
from gongkai.organs import signin
from gongkai.organs.refusals import Refused
from gongkai.requests import tracking
from gongkai.requests.limits import used
from gongkai.requests.models import Submission

#: What of an application is about the person, and may be kept for the next one.
PROFILE = ("kind", "applicant_name", "id_type", "id_number", "phone", "email", "address", "postcode")
STAYS = dt.timedelta(hours=12)
_LOGIN = re.compile(r"[\w.@+-]{4,60}")


def register(*, login: str, password: str, address: str) -> Account:
    """Open an account. Raises ValidationError by field, Refused beyond the hour's accounts from one address."""
    login = login.strip()
    if not _LOGIN.fullmatch(login):
        raise ValidationError({"login": _("账号名用4到60个汉字、字母、数字或者 . _ - @，不带空格。")})
    _check_password(password, login)
    if settings.ACCOUNTS_PER_HOUR and not used("account", address, settings.ACCOUNTS_PER_HOUR):
        raise Refused(_("同一网络地址一小时内开立的账号太多，请稍后再试；不开账号也可以申请和查询。"))
    try:
        with transaction.atomic():
            account = Account.objects.create(
                login=login,
                login_index=_index(login),
                password=make_password(password),
                created_at=clock.now(),
            )
            _log(account, "visitor.register")
    except IntegrityError:
        raise ValidationError({"login": _("这个账号名已经有人用了，请换一个。")}) from None
    return account


def sign_in(*, login: str, password: str, address: str) -> Account:
    """The account with this login and password. Raises Refused with one and the same sentence for anything else, and for a
    while after too many failures."""
    locked = _("登录失败次数较多，为保护账号，请在 %(minutes)d 分钟后再试；不登录也可以申请和查询。")
    attempt = signin.admit(login, address, locked=locked, realm="visitor-")
    account = Account.objects.filter(login_index=_index(login)).exclude(password="").first()
    if account is None:
        make_password(password)  # takes as long as comparing one: logins cannot be told by the clock
        raise Refused(_("账号名或密码不对"))
    if not check_password(password, account.password):
        raise Refused(_("账号名或密码不对"))
    with transaction.atomic():
        signin.succeed(attempt)
        _log(account, "visitor.sign_in")
    return account


def sign_in_from_provider(*, issuer: str, subject: str, details: Mapping[str, str]) -> Account:
    """The account of an identity the 统一身份认证 provider vouches for; opened at the first time. `details` fill what the
    profile doesn't hold yet."""
    index = crypto.blind("visitor-provider", f"{issuer}\n{subject}")
    with transaction.atomic():
        account, new = Account.objects.get_or_create(
            provider_index=index,
            defaults={
                "login": _("统一身份认证用户"),
                "login_index": crypto.blind("visitor-login", f"provider\n{index}"),
                "created_at": clock.now(),
            },
        )
        known = account.details
        fresh = {
            key: value for key, value in details.items() if key in PROFILE and value and not known.get(key)
        }
        if fresh:
            account.profile = known | fresh
            account.save(update_fields=["profile"])
        _log(account, "visitor.register" if new else "visitor.sign_in", provider=True)
    return account


# --- sessions --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_session(account: Account) -> str:
    """A new token for one browser. Ended sessions are swept out on the way."""
    now, token = clock.machine_now(), secrets.token_urlsafe(32)
    VisitorSession.objects.filter(expires_at__lt=now).delete()
    VisitorSession.objects.create(account=account, token=_digest(token), expires_at=now + STAYS)
    return token


def of_token(token: str) -> Account | None:
    """Whose browser this is. One query."""
    rows = VisitorSession.objects.filter(token=_digest(token), expires_at__gt=clock.machine_now())
    found = rows.select_related("account").first()
    return found.account if found else None


def close_session(token: str) -> None:
    """Sign this browser out."""
    VisitorSession.objects.filter(token=_digest(token)).delete()


# --- the account itself ----------------------------------------------------------------------------------------------


@transaction.atomic
def set_password(account: Account, *, old: str, new: str) -> None:
    """Change the password, and sign every browser out. Raises ValidationError."""
    if not account.password or not check_password(old, account.password):
        raise ValidationError({"old": _("原密码不对。")})
    _check_password(new, str(account.login), "new")
    account.password = make_password(new)
    account.save(update_fields=["password"])
    account.sessions.all().delete()
    _log(account, "visitor.password")


@transaction.atomic
def set_profile(account: Account, details: Mapping[str, Any]) -> None:
    """Keep (or, with empty values, forget) what the application form asks about a person."""
    account.profile = {key: str(details[key]).strip()[:200] for key in PROFILE if details.get(key)} or None
    account.save(update_fields=["profile"])
    _log(account, "visitor.profile")


@transaction.atomic
def delete(account: Account, *, password: str = "") -> None:
    """Give the account up: details, sessions and the links to applications go at once. The applications stay with their
    organs, and are followed with query number and secret. Raises ValidationError."""
    if account.password and not check_password(password, account.password):
        raise ValidationError({"password": _("密码不对。")})
    _log(account, "visitor.delete")
    account.delete()


@transaction.atomic
def keep(account: Account, submission: Submission) -> bool:
    """Put an application just sent into the account. False when it is in one already."""
    _row, new = OwnSubmission.objects.get_or_create(
        submission=submission, defaults={"account": account, "added_at": clock.now()}
    )
    if new:
        _log(account, "visitor.keep", submission=submission.pk)
    return new


def take_in(account: Account, *, reference: str, secret: str, address: str) -> Submission:
    """Put an application sent without an account into it. Raises ValidationError, Refused."""
    submission = tracking.open_with(reference, secret, address=address)
    owned = OwnSubmission.objects.filter(submission=submission).first()
    if owned is None:
        keep(account, submission)
    elif owned.account_id != account.pk:
        raise ValidationError(_("这份申请已在另一个账号里。"))
    return submission


def _check_password(password: str, login: str, field: str = "password") -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None
    if crypto.fold(login) in crypto.fold(password):
        raise ValidationError({field: _("密码不能包含账号名。")})


def _index(login: str) -> str:
    return crypto.blind("visitor-login", login)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _log(account: Account, verb: str, **detail: Any) -> None:
    audit.record(actor=f"visitor:{account.pk}", verb=verb, subject=account, path="", detail=detail)
