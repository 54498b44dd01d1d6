"""Encryption of personal data at rest, and the keyed blind index that keeps it findable.

Keys live in the home's key file, outside the database: a copied database alone tells nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_narrowed: ContextVar[MultiFernet | None] = ContextVar("gongkai_narrowed_keys", default=None)


class Unreadable(Exception):
    """Stored text that no key of this home opens (wrong key file, or altered data)."""


@lru_cache(maxsize=1)
def _ring() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.HOME.keys.encryption])


@lru_cache(maxsize=1)
def _index_key() -> bytes:
    return settings.HOME.keys.index.encode()


def forget_keys() -> None:
    """Read the key file again at next use (after `restore`, and between tests)."""
    _ring.cache_clear()
    _index_key.cache_clear()


@contextmanager
def only_newest_key() -> Iterator[None]:
    """Open with the newest key alone while inside: how to find out what an older key still closes."""
    newest = MultiFernet([Fernet(settings.HOME.keys.encryption[0])])
    token = _narrowed.set(newest)
    try:
        yield
    finally:
        _narrowed.reset(token)


def seal(plain: bytes) -> bytes:
    """Encrypt and authenticate `plain` under the newest key."""
    return _ring().encrypt(plain)


def unseal(token: bytes) -> bytes:
    """The plain bytes of :func:`seal`. Raises Unreadable."""
    try:
        return (_narrowed.get() or _ring()).decrypt(token)
    except InvalidToken as error:
        raise Unreadable("密文无法用本机密钥打开，请核对密钥文件是否与数据库配套。") from error


def blind(purpose: str, text: str | None) -> str:
    """A keyed digest of `text` for exact look-up; equal texts of one purpose give equal digests, nothing more.

    `purpose` (such as ``name`` or ``id``) keeps indexes of different fields from being joined. Empty text gives "".
    """
    folded = fold(text or "")
    if not folded:
        return ""
    return hmac.new(_index_key(), f"{purpose}\0{folded}".encode(), hashlib.sha256).hexdigest()[:32]


def chain(previous: str, content: bytes) -> str:
    """The keyed hash that ties `content` to `previous`: who can write the database alone cannot forge it."""
    return hmac.new(
        _index_key(), b"chain\0" + previous.encode() + b"\0" + content, hashlib.sha256
    ).hexdigest()


def fold(text: str) -> str:
    """`text` as compared: full-width forms, case and white space make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
