"""统一身份认证 against a provider in the same process: the whole way round, and every answer that must not be believed."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client

from gongkai.accounts import oidc
from gongkai.accounts.models import Account
from gongkai.organs.refusals import Refused

ISSUER = "https://id.example"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Provider:
    """Answers as a provider does; `claims`, `header`, `key` and `discovery` may be bent."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}
        self.key = _KEY
        self.discovery: dict[str, Any] = {}
        self.sent: dict[str, str] = {}
        self.down = False

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("down")
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            found = {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
            }
            return httpx.Response(200, json=found | self.discovery)
        if path == "/keys":
            public = _KEY.public_key().public_numbers()
            key = {"kty": "RSA", "kid": "k1", "n": number(public.n), "e": number(public.e)}
            return httpx.Response(200, json={"keys": [key]})
        self.sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        return httpx.Response(200, json={"id_token": self.token()})

    def token(self) -> str:
        body = f"{b64(json.dumps(self.header).encode())}.{b64(json.dumps(self.claims).encode())}"
        return f"{body}.{b64(self.key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    settings.OIDC = {"issuer": ISSUER, "client_id": "gongkai", "client_secret": "geheim", "scope": "openid"}
    made = Provider()
    monkeypatch.setattr(oidc, "client", made.client)
    return made


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def good(question: dict[str, str]) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": "gongkai",
        "sub": "42",
        "nonce": question["nonce"],
        "iat": now,
        "exp": now + 300,
        "name": "欧阳测试",
        "phone_number": "13900001234",
    }


def travel(provider: Provider, **bent: Any) -> oidc.Identity:
    departure = oidc.depart("https://site.example/account/provider/back/", "/account/")
    question = asked(departure.url)
    provider.claims = {key: value for key, value in (good(question) | bent).items() if value is not None}
    return oidc.arrive(departure.sealed, {"state": question["state"], "code": "c0de"})


def test_the_question_carries_state_nonce_and_a_challenge(provider: Provider) -> None:
    departure = oidc.depart("https://site.example/back/", "/")
    question = asked(departure.url)
    assert departure.url.startswith(f"{ISSUER}/authorize?")
    assert question["response_type"] == "code"
    assert question["code_challenge_method"] == "S256"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(question[secret]) > 20
        assert question[secret] not in departure.sealed


def test_the_whole_way(provider: Provider) -> None:
    departure = oidc.depart("https://site.example/back/", "/account/")
    question = asked(departure.url)
    provider.claims = good(question)
    identity = oidc.arrive(departure.sealed, {"state": question["state"], "code": "c0de"})
    assert (identity.issuer, identity.subject, identity.onward) == (ISSUER, "42", "/account/")
    assert identity.details == {"applicant_name": "欧阳测试", "phone": "13900001234"}
    challenge = b64(hashlib.sha256(provider.sent["code_verifier"].encode()).digest())
    assert challenge == question["code_challenge"]
    assert provider.sent["redirect_uri"] == "https://site.example/back/"


@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["gongkai", "another"]},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": "é"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": int(time.time()) + 10_000},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_a_token_that_is_not_for_us_now_is_not_believed(provider: Provider, bent: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="没有通过核对"):
        travel(provider, **bent)


def test_a_token_of_another_key_or_none_is_not_believed(provider: Provider) -> None:
    provider.key = _OTHER_KEY
    with pytest.raises(Refused, match="没有通过核对"):
        travel(provider)
    provider.key = _KEY
    for header in (
        {"alg": "none", "kid": "k1"},
        {"alg": "HS256", "kid": "k1"},
        {"alg": "RS256", "kid": "k2"},
        {},
    ):
        provider.header = header
        with pytest.raises(Refused, match="没有通过核对"):
            travel(provider)


def test_a_strangers_or_an_old_answer_is_refused(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    departure = oidc.depart("https://site.example/back/", "/")
    question = asked(departure.url)
    provider.claims = good(question)
    for sealed, query in (
        (departure.sealed, {"state": "another", "code": "c"}),
        (departure.sealed, {"state": "é", "code": "c"}),
        (departure.sealed, {"code": "c"}),
        (departure.sealed, {"state": question["state"], "error": "access_denied"}),
        (departure.sealed, {"state": question["state"], "code": "c", "iss": "https://evil.example"}),
        ("", {"state": question["state"], "code": "c"}),
        ("altered" + departure.sealed, {"state": question["state"], "code": "c"}),
    ):
        with pytest.raises(Refused):
            oidc.arrive(sealed, query)
    later = time.time() + 11 * 60
    monkeypatch.setattr(oidc.time, "time", lambda: later)
    with pytest.raises(Refused, match="已经失效"):
        oidc.arrive(departure.sealed, {"state": question["state"], "code": "c"})


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://id.example/token"}, {"jwks_uri": ""}],
)
def test_a_provider_that_contradicts_itself_is_not_used(
    provider: Provider, discovery: dict[str, Any]
) -> None:
    provider.discovery = discovery
    with pytest.raises(Refused, match="暂时不能用"):
        oidc.depart("https://site.example/back/", "/")


def test_over_http_there_and_back(provider: Provider, db: None, client: Client) -> None:
    away = client.get("/account/provider/?next=/track/")
    question = asked(away["Location"])
    assert question["redirect_uri"] == "http://testserver/account/provider/back/"
    provider.claims = good(question)
    back = client.get("/account/provider/back/", {"state": question["state"], "code": "c0de"})
    assert (back.status_code, back["Location"]) == (302, "/track/")
    assert client.get("/account/").status_code == 200
    assert Account.objects.get().profile["applicant_name"] == "欧阳测试"
    replayed = client.get("/account/provider/back/", {"state": question["state"], "code": "c0de"})
    assert replayed["Location"] == "/account/sign-in/"


def test_a_provider_that_is_down_says_so(provider: Provider, db: None, client: Client) -> None:
    provider.down = True
    page = client.get("/account/provider/", follow=True).content.decode()
    assert "统一身份认证暂时不能用" in page


def test_without_a_provider_there_is_no_such_page(db: None, client: Client) -> None:
    assert client.get("/account/provider/").status_code == 404
    assert client.get("/account/provider/back/").status_code == 404
    assert "统一身份认证" not in client.get("/account/sign-in/").content.decode()
