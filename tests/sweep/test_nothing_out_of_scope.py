"""Nothing out of scope is told anywhere: a word is planted in every text an organ keeps inside, and every address of the
house is opened by the public and by the staff of other organs, for that organ's records and for their own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from gongkai.base.models import AuditEntry
from gongkai.desk.register import known
from gongkai.documents.models import Document
from gongkai.organs.models import Organ, Role
from gongkai.search import indexer
from tests.desk.conftest import City, signed_in
from tests.desk.rows import MAKERS
from tests.support.world import small_city
from tests.sweep import addresses, filling, planting
from tests.sweep.planting import Planted

FAR, HOME = "county-b", "city-edu"  # nobody at HOME reaches FAR
APART = ("city-office", "county-a", "county-a-office", "town-a1", "old-b")  # nor anybody here
# who opens the pages of their own organ's records: one of each reach; tests/desk/test_doors.py opens them as everybody
OWN_PAGES = (Role.OFFICE, Role.AUDITOR, Role.OPERATOR)
TURNED_AWAY = (301, 302, 403, 404, 405, 409, 422)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(scope="module")
def swept(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[City, Planted]]:
    """A row of every register at every organ, the words at FAR, and an index of it all."""
    index = override_settings(SEARCH_FOLDER=tmp_path_factory.mktemp("search"))
    with django_db_blocker.unblock(), transaction.atomic(), index:
        city = City(small_city())
        for register in known.all_registers():
            city.rows[register.key] = {
                code: MAKERS[register.key](organ)
                for code, organ in city.world.organs.items()
                if code in (FAR, HOME)
            }
        released = list(Document.objects.filter(first_released_on__isnull=False).values_list("pk", flat=True))
        inside = [one for one in planting.scoped_models() if one._meta.label not in planting.OPEN_TO_ALL]
        filling.fill_all(inside, city.world.organs[FAR])
        planted = planting.plant(city.world.organs[FAR].path, released)
        indexer.once()
        yield city, planted
        transaction.set_rollback(True)


def text_of(answer: Any) -> str:
    """All that an answer says, unpacked where it is packed, without the marks on what was looked for."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return re.sub("</?mark>", "", content.decode("utf-8", "replace"))


def looked_for(address: str) -> str:
    """An address with what finds every word in its box."""
    return f"{address}?q={planting.WORD}"


def test_every_address_says_how_it_is_opened() -> None:
    taking = {name for name, takes in addresses.patterns() if takes and ":" in name}
    assert taking - set(addresses.WAYS) == set(), "a new page needs a line in tests/sweep/addresses.py"


def test_every_model_of_organs_has_a_word_planted(swept: tuple[City, Planted]) -> None:
    _city, planted = swept
    assert planted.bare == set()
    assert len(planted.signs) > 40


def test_the_word_is_found_by_whom_it_belongs_to(swept: tuple[City, Planted]) -> None:
    """The sweep can see: at the organ itself the words are there."""
    city, planted = swept
    office = signed_in(city.world.people[f"{FAR}-office"])
    found: set[str] = set()
    for register in ("documents", "withheld", "leaks", "problems"):
        found |= planted.told_in(text_of(office.get(f"/desk/registers/{register}/")))
    assert found >= {"documents.Document", "review.Withheld"}
    found = planted.told_in(text_of(office.get(looked_for("/desk/registers/documents/"))))
    assert "documents.Document" in found
    found = planted.told_in(text_of(office.post("/desk/search/", {"q": planting.WORD}, follow=True)))
    assert found >= {"documents.Edition", "keyareas.PowerItem"}


def test_the_public_finds_nothing_that_is_kept_inside(swept: tuple[City, Planted]) -> None:
    city, planted = swept
    public = Client()
    organ = city.world.organs[FAR]
    for address in [*addresses.bare("portal"), *addresses.addresses("portal", organ)]:
        for asked in (address, looked_for(address)):
            answer = public.get(asked)
            assert planted.told_in(text_of(answer)) == set(), asked
    answer = public.get(looked_for("/search/"))
    assert (answer.status_code, answer.context["shown"].total) == (200, 0)
    for address in [*addresses.bare("desk"), *addresses.addresses("desk", organ)]:
        answer = public.get(address)
        assert answer.status_code in (200, *TURNED_AWAY), address
        assert planted.told_in(text_of(answer)) == set(), address
        assert "sign-in" in (answer.get("Location") or address), address


@pytest.mark.parametrize("role", Role.values)
def test_staff_find_nothing_of_an_organ_they_do_not_reach(swept: tuple[City, Planted], role: str) -> None:
    """Every role at HOME: every page without arguments, some of their own records, and all of FAR's; asked and posted."""
    city, planted = swept
    someone = signed_in(city.world.people[f"{HOME}-{role}"])
    theirs, own = city.world.organs[FAR], city.world.organs[HOME]
    opened = 0
    own_pages = addresses.addresses("desk", own) if role in OWN_PAGES else ()
    bare = [*addresses.bare("desk"), *addresses.bare("portal")]
    for address in [*bare, *map(looked_for, bare), *own_pages]:
        answer = someone.get(address)
        assert planted.told_in(text_of(answer)) == set(), address
        opened += answer.status_code == 200
    assert opened > 20
    _turned_away_from(theirs, someone, planted, post=True)


@pytest.mark.parametrize("code", [HOME, *APART])
def test_nobody_else_finds_the_word_by_looking_for_it(swept: tuple[City, Planted], code: str) -> None:
    """In the box of every register, and in the one over all: not even how often it stands somewhere."""
    city, planted = swept
    for role in Role.values:
        someone = signed_in(city.world.people[f"{code}-{role}"])
        for register in known.all_registers():
            address = looked_for(f"/desk/registers/{register.key}/")
            assert planted.told_in(text_of(someone.get(address))) == set(), (role, address)
        answer = someone.post("/desk/search/", {"q": planting.WORD}, follow=True)
        assert (answer.status_code, answer.context["tabs"]) == (200, []), role
        assert answer.context["ready"]
        assert planted.told_in(text_of(answer)) == set(), role


@pytest.mark.parametrize("code", APART)
def test_so_at_every_other_organ(swept: tuple[City, Planted], code: str) -> None:
    city, planted = swept
    for role in Role.values:
        someone = signed_in(city.world.people[f"{code}-{role}"])
        _turned_away_from(city.world.organs[FAR], someone, planted)


def _turned_away_from(organ: Organ, someone: Client, planted: Planted, *, post: bool = False) -> None:
    """Whatever is opened of the organ's, or done to it, nothing is told and nothing happens."""
    logged = AuditEntry.objects.filter(path=organ.path)
    before = logged.count()
    for address in addresses.addresses("desk", organ):
        assert planted.told_in(text_of(someone.get(address))) == set(), address
        if post and not address.startswith(
            "/desk/registers/"
        ):  # those are posted to in tests/desk/test_doors.py
            assert planted.told_in(text_of(someone.post(address, {"reason": "试探"}))) == set(), address
    assert logged.count() == before
