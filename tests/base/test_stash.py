"""What waits to be read lies sealed, comes back as it was, and goes when it is read, given up or too old."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

import pytest

from gongkai.base.stash import Stash
from gongkai.operating import work


@pytest.fixture
def stash() -> Iterator[Stash]:
    made = Stash("test", dt.timedelta(hours=1))
    yield made
    for path in made.folder.glob("*"):
        path.unlink()


def test_it_comes_back_as_it_was_and_lies_sealed(stash: Stash) -> None:
    content = "机密".encode() * 2_000_000  # several pieces
    token = stash.put(content[at : at + 1_000_003] for at in range(0, len(content), 1_000_003))
    assert "机密".encode() not in (stash.folder / token).read_bytes()
    assert stash.get(token) == content
    with stash.taken(token) as opened, opened() as one, opened() as other:
        assert one.read(10) == content[:10]
        other.seek(-6, 2)
        assert other.read() == content[-6:]
        assert one.read(10) == content[10:20]
    stash.drop(token)
    assert stash.get(token) is None
    with pytest.raises(FileNotFoundError), stash.taken(token):
        pass


@pytest.mark.parametrize("token", ["", "../keys.json", "a" * 47, "g" * 48])
def test_only_what_it_named_itself_is_opened(stash: Stash, token: str) -> None:
    stash.put(b"x")
    stash.drop(token)
    assert stash.get(token) is None
    assert len(list(stash.folder.iterdir())) == 1


def test_nothing_is_left_of_what_broke_off(stash: Stash) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stash.put(pieces())
    assert not list(stash.folder.iterdir())


def _aged(stash: Stash, token: str, by: dt.timedelta) -> None:
    at = dt.datetime.now(dt.UTC) - by
    os.utime(stash.folder / token, (at.timestamp(), at.timestamp()))


def test_what_is_too_old_goes(stash: Stash) -> None:
    old, young, strange = stash.put(b"old"), stash.put(b"young"), stash.folder / "readme"
    strange.write_text("no token")
    for token, minutes in ((old, 61), (young, 59), ("readme", 61)):
        _aged(stash, token, dt.timedelta(minutes=minutes))
    stash.sweep()
    assert {path.name for path in stash.folder.iterdir()} == {young, "readme"}


@pytest.mark.django_db
def test_the_worker_sweeps_every_one() -> None:
    from gongkai.annualreport.library.stash import stash as reports
    from gongkai.desk.register.importing import stash as sheets
    from gongkai.documents.bulk.batches import stash as tables

    for each in (sheets, reports, tables):
        token, kept = each.put(b"old"), each.put(b"young")
        _aged(each, token, each.keep + dt.timedelta(minutes=1))
        work.tidy()
        assert (each.get(token), each.get(kept)) == (None, b"young")
        each.drop(kept)
