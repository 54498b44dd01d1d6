"""Reference and secret of a submission: what an applicant needs to follow a case without an account.

Both are derived from the form's one-time token under the house's key. Sending the same form twice therefore shows the
same pair again, and nothing in them tells how many came before.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

from gongkai.base import crypto

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U
_LOOKALIKES = str.maketrans("ILO", "110")


def token_key(token: str) -> str:
    """What is kept of a form's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def reference(token: str) -> str:
    """The query number that belongs to this token, 12 characters."""
    return _derived("reference", token)


def secret(token: str) -> str:
    """The query code that belongs to this token, as shown: ``XXXX-XXXX-XXXX``."""
    return _grouped(_derived("secret", token))


def new_secret() -> str:
    """A fresh query code after the old one was lost."""
    return _grouped("".join(secrets.choice(_ALPHABET) for _ in range(12)))


def sealed(reference_: str, secret_: str) -> str:
    """What is kept of a query code: a keyed digest bound to its reference. Codes have 60 bits, so it is fast."""
    return crypto.blind("secret", f"{reference_}:{normal(secret_)}")


def matches(reference_: str, secret_: str, kept: str) -> bool:
    """Whether `secret_` belongs to the submission, compared in constant time."""
    return hmac.compare_digest(sealed(reference_, secret_), kept)


def normal(typed: str) -> str:
    """A reference or code as typed, without spaces, dashes, case and look-alikes."""
    kept = "".join(c for c in crypto.fold(typed).upper() if c.isalnum())
    return kept.translate(_LOOKALIKES)


def _derived(purpose: str, token: str) -> str:
    key = settings.HOME.keys.index.encode()
    number = int.from_bytes(hmac.new(key, f"ticket:{purpose}\0{token}".encode(), hashlib.sha256).digest()[:8])
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(12))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
