"""Signing in through the 统一身份认证 of the province or city: OpenID Connect, authorisation code with state, nonce and PKCE.

What must survive the way to the provider and back travels sealed in a cookie, so that no row is kept for strangers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from gongkai.base import crypto
from gongkai.organs.refusals import Refused

MINUTES = 10  # from leaving for the provider to coming back
_SKEW = 120  # seconds the provider's clock may differ
_LARGEST = 256 * 1024
_CLAIMS = {"name": "applicant_name", "phone_number": "phone", "email": "email"}


@dataclass(frozen=True)
class Departure:
    """Where to send the visitor, and what the cookie must bring back."""

    url: str
    sealed: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for; `details` by the keys of the application form, `onward` where they wanted to go."""

    issuer: str
    subject: str
    details: Mapping[str, str]
    onward: str


def configured() -> bool:
    """Whether the operator named a provider."""
    return bool(settings.OIDC["issuer"] and settings.OIDC["client_id"])


def depart(redirect_uri: str, onward: str) -> Departure:
    """Begin. Raises Refused when the provider doesn't answer."""
    kept = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "until": int(time.time()) + MINUTES * 60,
        "redirect": redirect_uri,
        "onward": onward,
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(str(kept["verifier"]).encode()).digest()).rstrip(b"=")
    with client() as http:
        endpoint = _discover(http)["authorization_endpoint"]
    query = {
        "response_type": "code",
        "client_id": settings.OIDC["client_id"],
        "redirect_uri": redirect_uri,
        "scope": settings.OIDC["scope"],
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in endpoint else "?"
    return Departure(f"{endpoint}{joint}{urlencode(query)}", crypto.seal(json.dumps(kept).encode()).decode())


def arrive(sealed: str, answered: Mapping[str, str]) -> Identity:
    """Finish: `answered` is the query the provider sent the visitor back with. Raises Refused."""
    kept = _opened(sealed)
    if not constant_time_compare(answered.get("state", ""), kept["state"]) or kept["until"] < time.time():
        raise Refused(_("这次登录已经失效，请重新登录。"))
    if answered.get("iss", settings.OIDC["issuer"]) != settings.OIDC["issuer"] or not answered.get("code"):
        raise Refused(_("统一身份认证没有完成，请重新登录。"))
    with client() as http:
        provider = _discover(http)
        tokens = _exchange(http, provider["token_endpoint"], answered["code"], kept)
        claims = _verified(http, provider, str(tokens.get("id_token", "")), kept["nonce"])
    details = {ours: str(claims[theirs]) for theirs, ours in _CLAIMS.items() if claims.get(theirs)}
    return Identity(str(claims["iss"]), str(claims["sub"]), details, kept["onward"])


def client() -> httpx.Client:
    """How the provider is asked; tests put another in its place."""
    return httpx.Client(timeout=10, follow_redirects=False)


def _opened(sealed: str) -> dict[str, Any]:
    try:
        kept = json.loads(crypto.unseal(sealed.encode()))
    except (crypto.Unreadable, ValueError):
        raise Refused(_("这次登录已经失效，请重新登录。")) from None
    return dict(kept)


def _discover(http: httpx.Client) -> dict[str, Any]:
    issuer = settings.OIDC["issuer"]
    found = _json(http, "GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise _unreachable()
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(found.get(name, "")).startswith("https://"):
            raise _unreachable()
    return found


def _exchange(http: httpx.Client, endpoint: str, code: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": kept["redirect"],
        "client_id": settings.OIDC["client_id"],
        "client_secret": settings.OIDC["client_secret"],
        "code_verifier": kept["verifier"],
    }
    return _json(http, "POST", endpoint, form)


def _json(http: httpx.Client, method: str, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = http.request(method, url, data=form, headers={"Accept": "application/json"})
        if answer.status_code != 200 or len(answer.content) > _LARGEST:
            raise _unreachable()
        found = answer.json()
    except (httpx.HTTPError, ValueError):
        raise _unreachable() from None
    if not isinstance(found, dict):
        raise _unreachable()
    return found


def _unreachable() -> Refused:
    return Refused(_("统一身份认证暂时不能用，请稍后再试；不登录也可以申请和查询。"))


# --- the token -------------------------------------------------------------------------------------------------------


def _verified(http: httpx.Client, provider: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token signed by the provider for us, now, in answer to this very question."""
    untrue = Refused(_("统一身份认证的回答没有通过核对，没有登录。"))
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
        keys = _json(http, "GET", provider["jwks_uri"]).get("keys", [])
        key = next(one for one in keys if one.get("kid") == header.get("kid") and one.get("kty") == "RSA")
        if header.get("alg") != "RS256":
            raise untrue
        public = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
        public.verify(_bytes(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, InvalidSignature):
        raise untrue from None
    if not _for_us(claims, nonce):
        raise untrue
    return dict(claims)


def _for_us(claims: Any, nonce: str) -> bool:
    if not isinstance(claims, dict):
        return False
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    ours, now = settings.OIDC["client_id"], time.time()
    return (
        claims.get("iss") == settings.OIDC["issuer"]
        and ours in audiences
        and (len(audiences) == 1 or claims.get("azp") == ours)
        and constant_time_compare(str(claims.get("nonce", "")), nonce)
        and isinstance(claims.get("exp"), int | float)
        and claims["exp"] > now - _SKEW
        and isinstance(claims.get("iat"), int | float)
        and claims["iat"] < now + _SKEW
        and bool(claims.get("sub"))
    )


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")
