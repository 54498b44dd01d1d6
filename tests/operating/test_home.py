"""A home is made as one kind and opened as nothing else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from gongkai import home
from gongkai.home import DEMO, PRODUCTION, TEST, Home, HomeError


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_ENV")


@pytest.mark.parametrize("made_as", [DEMO, TEST, PRODUCTION])
def test_unless_told_it_opens_as_it_was_made(tmp_path: Path, made_as: str) -> None:
    place = Home(tmp_path / "home")
    assert home.environment(place) == PRODUCTION
    place.make(made_as)
    assert home.environment(place) == made_as


@pytest.mark.parametrize(
    ("made_as", "opens_as"),
    [(DEMO, {DEMO, TEST}), (TEST, {TEST}), (PRODUCTION, {PRODUCTION})],
)
def test_real_data_is_only_ever_real_and_a_demo_never_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_as: str, opens_as: set[str]
) -> None:
    place = Home(tmp_path)
    place.make(made_as)
    for asked in home.ENVIRONMENTS:
        monkeypatch.setenv("GONGKAI_ENV", asked)
        if asked in opens_as:
            assert home.environment(place) == asked
        else:
            with pytest.raises(HomeError, match="另设 GONGKAI_HOME"):
                home.environment(place)


def test_an_unknown_environment_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_ENV", "staging")
    with pytest.raises(HomeError, match="demo、test、production"):
        home.environment(Home(tmp_path))


def test_making_it_again_keeps_its_keys(tmp_path: Path) -> None:
    place = Home(tmp_path / "home")
    place.make(PRODUCTION)
    keys = place.keys_file.read_bytes()
    Home(place.path).make(PRODUCTION)
    assert place.keys_file.read_bytes() == keys
    with pytest.raises(HomeError, match="已是production环境"):
        Home(place.path).make(DEMO)


def test_keys_are_for_their_owner_alone_and_never_the_same_twice(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    one.make(PRODUCTION)
    other.make(PRODUCTION)
    assert stat.S_IMODE(one.keys_file.stat().st_mode) == 0o600
    assert one.keys.secret != other.keys.secret
    assert one.keys.index != other.keys.index
    assert set(one.keys.encryption).isdisjoint(other.keys.encryption)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret": "x"}'])
def test_a_damaged_key_file_is_said_to_be_damaged(tmp_path: Path, content: str) -> None:
    place = Home(tmp_path)
    place.make(PRODUCTION)
    place.keys_file.write_text(content)
    with pytest.raises(HomeError, match="已损坏"):
        _ = Home(tmp_path).keys


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"made_as": "something"})])
def test_a_damaged_marker_is_said_to_be_damaged(tmp_path: Path, content: str) -> None:
    place = Home(tmp_path)
    place.make(PRODUCTION)
    place.marker.write_text(content)
    with pytest.raises(HomeError):
        _ = Home(tmp_path).made_as


def test_a_missing_key_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="找不到密钥文件"):
        _ = Home(tmp_path).keys


def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeError, match="不能建立数据目录"):
        Home(tmp_path / "file" / "home").make(PRODUCTION)


def test_it_lies_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path / "a" / ".." / "b"))
    assert home.current().path == tmp_path / "b"
    monkeypatch.delenv("GONGKAI_HOME")
    assert home.current().path == home.project_folder() / "var"
