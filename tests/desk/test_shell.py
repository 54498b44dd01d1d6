"""Coming in, going out, and the one place that keeps strangers out of the desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.base import clock
from gongkai.desk.shell.request import FOCUS_KEY
from gongkai.organs import actions
from gongkai.organs.models import Delegation, Person
from tests.support.world import SINCE, TEST, World

PASSWORD = "correct-horse-9"
OPEN = {"sign-in", "sign-in-code"}


@pytest.fixture
def person(world: World) -> Person:
    found = world.people["city-office-handler"]
    found.set_password(PASSWORD)
    found.save()
    return found


def desk_addresses() -> Iterator[tuple[str, str]]:
    """Name and an example address of everything under the desk, with numbers and words put in for parameters."""
    for name, route in _walk(get_resolver().url_patterns, ""):
        if route.startswith("desk/"):
            yield name, "/" + route


def _walk(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = above + _example(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield pattern.name or "", route


def _example(route: str) -> str:
    route = re.sub(r"\(\?P<key>[^)]*\)", "decisions", route)
    route = re.sub(r"\(\?P<kind>[^)]*\)", "csv", route)
    route = re.sub(r"<(int|year):\w+>", "1", route)
    route = re.sub(r"<(slug|str|path):\w+>", "decisions", route)
    return route.replace("^.*/$", "nowhere/").lstrip("^").rstrip("$").replace("\\.", ".")


ADDRESSES = sorted(set(desk_addresses()))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), ADDRESSES)
def test_a_stranger_is_sent_to_sign_in_from_every_address(client: Client, name: str, address: str) -> None:
    for answer in (client.get(address), client.post(address)):
        if name in OPEN:
            assert answer.status_code in (200, 302, 422)
        else:
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("desk:sign-in")), address


def test_the_walk_finds_the_addresses() -> None:
    names = {name for name, _address in ADDRESSES}
    assert {"home", "register", "register-export", "register-import", "account", "settings"} <= names


def test_signing_in_leads_where_one_wanted_to_go(client: Client, person: Person) -> None:
    wanted = reverse("desk:register", args=["decisions"])
    page = client.get(wanted, follow=True)
    assert page.context["next"] == wanted
    answer = client.post(
        reverse("desk:sign-in"), {"username": person.username, "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_signing_in_never_leads_to_another_site(client: Client, person: Person) -> None:
    answer = client.post(
        reverse("desk:sign-in"),
        {"username": person.username, "password": PASSWORD, "next": "https://evil.example/desk/"},
    )
    assert answer["Location"] == reverse("desk:home")


def test_a_wrong_password_says_no_more_than_that(client: Client, person: Person) -> None:
    known = client.post(reverse("desk:sign-in"), {"username": person.username, "password": "wrong"})
    unknown = client.post(reverse("desk:sign-in"), {"username": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    said = [str(page.context["form"].non_field_errors()) for page in (known, unknown)]
    assert said[0] == said[1]
    assert "账号或密码不对" in said[0]


def test_the_second_factor_is_asked_before_anything_opens(client: Client, person: Person) -> None:
    person.totp_secret = pyotp.random_base32()
    person.save()
    first = client.post(reverse("desk:sign-in"), {"username": person.username, "password": PASSWORD})
    assert first["Location"] == reverse("desk:sign-in-code")
    assert client.get(reverse("desk:registers")).status_code == 302
    wrong = client.post(reverse("desk:sign-in-code"), {"code": "000000"})
    assert wrong.status_code == 422
    code = pyotp.TOTP(person.totp_secret).at(clock.machine_now())
    right = client.post(reverse("desk:sign-in-code"), {"code": code})
    assert right["Location"] == reverse("desk:home")
    assert client.get(reverse("desk:registers")).status_code == 200


def test_the_code_page_is_for_those_who_gave_a_password(client: Client, db: None) -> None:
    assert client.get(reverse("desk:sign-in-code"))["Location"] == reverse("desk:sign-in")


def test_an_authenticator_is_bound_with_a_code_of_it(sign_in: Callable[[str], Client], world: World) -> None:
    client = sign_in("city-office-handler")
    secret = client.get(reverse("desk:second-factor")).context["secret"]
    refused = client.post(reverse("desk:second-factor"), {"secret": secret, "code": "1"})
    assert refused.status_code == 422
    assert refused.context["secret"] == secret
    code = pyotp.TOTP(secret).at(clock.machine_now())
    client.post(reverse("desk:second-factor"), {"secret": secret, "code": code})
    person = world.people["city-office-handler"]
    person.refresh_from_db()
    assert person.totp_secret == secret
    client.post(reverse("desk:second-factor-drop"))
    person.refresh_from_db()
    assert person.totp_secret is None


def test_signing_out_takes_a_button_not_a_link(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("city-office-handler")
    assert client.get(reverse("desk:sign-out")).status_code == 405
    client.post(reverse("desk:sign-out"))
    assert client.get(reverse("desk:registers")).status_code == 302


def test_a_password_set_by_another_opens_only_the_page_to_change_it(client: Client, person: Person) -> None:
    person.must_change_password = True
    person.save()
    client.force_login(person)
    assert client.get(reverse("desk:registers"))["Location"] == reverse("desk:password")
    short = {"old": PASSWORD, "password": "short", "again": "short"}
    assert client.post(reverse("desk:password"), short).status_code == 422
    unlike = {"old": PASSWORD, "password": "a-new-long-one-1", "again": "another-long-one"}
    assert client.post(reverse("desk:password"), unlike).status_code == 422
    wrong = {"old": "not-it", "password": "a-new-long-one-1", "again": "a-new-long-one-1"}
    assert client.post(reverse("desk:password"), wrong).status_code == 422
    right = {"old": PASSWORD, "password": "a-new-long-one-1", "again": "a-new-long-one-1"}
    assert client.post(reverse("desk:password"), right)["Location"] == reverse("desk:home")
    assert client.get(reverse("desk:registers")).status_code == 200
    person.refresh_from_db()
    assert person.check_password("a-new-long-one-1")


def test_the_organ_worked_for_is_remembered_and_narrows_lists(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    person = world.people["city-office-handler"]
    actions.appoint(by=TEST, person=person, organ=world.organs["city-edu"], role="handler", valid_from=SINCE)
    client, url = sign_in("city-office-handler"), reverse("desk:register", args=["organs"])
    assert "全部 2 个机关" in client.get(url).content.decode()
    assert len(client.get(url).context["table"].rows) == 2
    chosen = client.post(reverse("desk:choose-organ"), {"organ": world.organs["city-edu"].pk, "next": url})
    assert chosen["Location"] == url
    names = [row.record.code for row in client.get(url).context["table"].rows]
    assert names == ["city-edu"]
    other = reverse("desk:register-record", args=["organs", world.organs["city-office"].pk])
    assert client.get(other).status_code == 200  # a link opens whatever one may see
    foreign = client.post(reverse("desk:choose-organ"), {"organ": world.organs["county-a"].pk})
    assert foreign.status_code == 404
    client.post(reverse("desk:choose-organ"), {"organ": ""})
    assert len(client.get(url).context["table"].rows) == 2


def test_an_organ_left_is_no_longer_worked_for(world: World, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("city-office-handler")
    session = client.session
    session[FOCUS_KEY] = world.organs["county-a"].pk
    session.save()
    page = client.get(reverse("desk:register", args=["organs"]))
    assert [row.record.code for row in page.context["table"].rows] == ["city-office"]


def test_a_post_is_lent_to_a_colleague_and_taken_back(world: World, sign_in: Callable[[str], Client]) -> None:
    leader, handler = world.people["city-office-leader"], world.people["city-office-handler"]
    client, post = sign_in("city-office-leader"), leader.posts.get()
    today = clock.today()
    form = {"valid_from": today, "valid_to": today + dt.timedelta(days=7), "reason": "出差"}
    url = reverse("desk:delegate", args=[post.pk])
    stranger = client.post(url, form | {"to": world.people["county-a-handler"].pk})
    assert stranger.context["form"].errors["to"]
    client.post(url, form | {"to": handler.pk})
    delegation = Delegation.objects.get(post=post)
    assert delegation.to == handler
    assert "出差" in client.get(reverse("desk:account")).content.decode()
    revoke = reverse("desk:revoke", args=[delegation.pk])
    assert sign_in("city-office-head").post(revoke).status_code == 404
    client.post(revoke)
    delegation.refresh_from_db()
    assert delegation.valid_to < today


def test_nobody_lends_anothers_post(world: World, sign_in: Callable[[str], Client]) -> None:
    other = world.people["city-office-head"].posts.get()
    assert sign_in("city-office-leader").get(reverse("desk:delegate", args=[other.pk])).status_code == 404


def test_without_a_post_one_is_told_so(client: Client, db: None) -> None:
    client.force_login(actions.add_person(by=TEST, username="newcomer", name="新人"))
    page = client.get(reverse("desk:registers"))
    assert page.status_code == 200
    assert "没有在任期内的岗位" in page.content.decode()


def test_what_is_not_there_looks_like_what_is_out_of_scope(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("city-office-handler")
    hidden = client.get(reverse("desk:register-record", args=["organs", world.organs["county-a"].pk]))
    absent = client.get(reverse("desk:register-record", args=["organs", 999_999]))
    nowhere = client.get("/desk/nowhere/at/all/")
    assert hidden.status_code == absent.status_code == nowhere.status_code == 404
    pages = {
        re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", one.content)
        for one in (hidden, absent, nowhere)
    }
    assert len(pages) == 1


def test_staff_pages_are_kept_by_no_cache(sign_in: Callable[[str], Client]) -> None:
    assert "no-store" in sign_in("city-office-handler").get(reverse("desk:registers"))["Cache-Control"]


def test_no_page_writes_scripts_or_styles_inline(world: World, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("city-operator")
    addresses = [
        reverse("desk:registers"),
        reverse("desk:settings"),
        reverse("desk:account"),
        reverse("desk:organ-tree"),
        reverse("desk:calendar-years"),
        reverse("desk:register", args=["organs"]),
        reverse("desk:register-record", args=["organs", world.organs["city"].pk]),
        reverse("desk:register-create", args=["people", "add"]),
        reverse("desk:register-import", args=["people"]),
    ]
    for address in addresses:
        page = client.get(address)
        text = page.content.decode()
        assert page.status_code == 200, address
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), address
        assert "unsafe" not in page["Content-Security-Policy"]
