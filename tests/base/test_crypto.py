"""What is sealed opens again with any key of the home and no other; the blind index tells equal texts and nothing more."""

from __future__ import annotations

import base64
import dataclasses
import secrets
from collections.abc import Iterator

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base import crypto


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def keys() -> Iterator[None]:
    """Whatever a test does to the keys of this process ends with it."""
    kept = settings.HOME.keys
    yield
    settings.HOME.__dict__["keys"] = kept
    crypto.forget_keys()


def use(*encryption: str) -> None:
    settings.HOME.__dict__["keys"] = dataclasses.replace(settings.HOME.keys, encryption=encryption)
    crypto.forget_keys()


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again_and_shows_nothing(plain: bytes) -> None:
    sealed = crypto.seal(plain)
    assert crypto.unseal(sealed) == plain
    assert len(plain) < 8 or plain not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert crypto.seal("张三".encode()) != crypto.seal("张三".encode())


def test_a_new_key_comes_first_and_the_old_one_still_opens(keys: None) -> None:
    old, new = new_key(), new_key()
    use(old)
    sealed_before = crypto.seal(b"before")
    use(new, old)
    assert crypto.unseal(sealed_before) == b"before"
    sealed_after = crypto.seal(b"after")
    use(new)
    assert crypto.unseal(sealed_after) == b"after"
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(sealed_before)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(base64.urlsafe_b64decode(crypto.seal(plain)))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(base64.urlsafe_b64encode(bytes(sealed)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三", " 张 三 "),
        ("Ａｎｎａ", "anna"),
        ("41030319900101123x", "41030319900101123X"),
        ("０１０", "010"),
    ],
)
def test_width_case_and_spaces_make_no_difference_to_the_index(one: str, other: str) -> None:
    assert crypto.blind("name", one) == crypto.blind("name", other)


def test_the_index_separates_texts_purposes_and_homes(keys: None) -> None:
    index = crypto.blind("name", "张三")
    assert index != crypto.blind("name", "张四")
    assert index != crypto.blind("id", "张三")
    settings.HOME.__dict__["keys"] = dataclasses.replace(settings.HOME.keys, index="another home's key")
    crypto.forget_keys()
    assert index != crypto.blind("name", "张三")


@pytest.mark.parametrize("nothing", [None, "", " 　\t"])
def test_nothing_has_no_index(nothing: str | None) -> None:
    assert crypto.blind("name", nothing) == ""


def test_the_chain_depends_on_what_came_before_and_on_the_key(keys: None) -> None:
    link = crypto.chain("a", b"content")
    assert link != crypto.chain("b", b"content")
    assert link != crypto.chain("a", b"contents")
    settings.HOME.__dict__["keys"] = dataclasses.replace(settings.HOME.keys, index="another")
    crypto.forget_keys()
    assert link != crypto.chain("a", b"content")
