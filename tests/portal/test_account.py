"""One sign-in for every interactive page (S167), and none where the law asks for none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.accounts.models import Account, OwnSubmission, VisitorSession
from gongkai.requests.models import Submission
from tests.portal.conftest import HOW, PERSONAL, STEPS, WHAT, Applicant, receipt_of
from tests.support.world import World

SECRET = "kao-shan-lin-shui-9"
LOGIN = {"login": "洛河边的人", "password": SECRET}


@pytest.fixture
def visitor(client: Client, world: World) -> Client:
    """Somebody who has just opened an account."""
    answer = client.post("/account/register/", {**LOGIN, "again": SECRET})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    return client


def text(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_signing_in_and_out(visitor: Client) -> None:
    assert ">我的</a>" in text(visitor, "/")
    cookie = visitor.cookies["visitor"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    visitor.post("/account/sign-out/")
    assert ">登录</a>" in text(visitor, "/")
    assert visitor.get("/account/")["Location"] == "/account/sign-in/?next=%2Faccount%2F"
    assert not VisitorSession.objects.exists()
    back = visitor.post("/account/sign-in/", {**LOGIN, "next": "/track/"})
    assert back["Location"] == "/track/"


def test_each_sign_in_has_a_token_of_its_own(visitor: Client) -> None:
    first = visitor.cookies["visitor"].value
    visitor.post("/account/sign-in/", LOGIN)
    assert visitor.cookies["visitor"].value != first
    assert VisitorSession.objects.count() == 1


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_to_no_other_site(visitor: Client, target: str) -> None:
    assert visitor.post("/account/sign-in/", {**LOGIN, "next": target})["Location"] == "/account/"


def test_the_form_is_filled_in_and_the_application_is_in_the_account(visitor: Client) -> None:
    who, reach = dict(STEPS)["who"], dict(STEPS)["reach"]
    visitor.post("/account/profile/", {**who, **reach})
    applicant = Applicant(visitor)
    assert 'value="欧阳测试"' in applicant.page
    assert 'value="41030519900101777X"' in applicant.page
    applicant.post("who", who)
    assert 'value="13900001234"' in applicant.page
    applicant.post("reach", reach)
    applicant.post("what", WHAT)
    applicant.post("how", HOW)
    applicant.send()
    reference, _secret = receipt_of(applicant.response)
    mine = text(visitor, "/account/")
    assert reference in mine
    submission = Submission.objects.get(reference=reference)
    opened = visitor.post(f"/account/applications/{submission.pk}/", follow=True)
    assert WHAT["info_description"] in opened.content.decode()


def test_one_session_serves_applying_tracking_and_the_list(visitor: Client, applicant: Applicant) -> None:
    """S167: signed in once, nothing asks for name, number or secret again."""
    applicant.fill().send()
    submission = Submission.objects.get()
    assert OwnSubmission.objects.get().submission == submission
    assert visitor.post(f"/account/applications/{submission.pk}/")["Location"] == "/track/"
    assert visitor.get("/track/").context["tracked"].submission == submission


def test_an_earlier_application_is_taken_in_with_its_secret(world: World) -> None:
    stranger = Client()
    applicant = Applicant(stranger)
    applicant.fill().send()
    reference, secret = receipt_of(applicant.response)
    assert not OwnSubmission.objects.exists()
    stranger.post("/account/register/", {**LOGIN, "again": SECRET})
    wrong = stranger.post("/account/take-in/", {"reference": reference, "secret": "x"})
    assert "对不上" in wrong.content.decode()
    stranger.post("/account/take-in/", {"reference": reference, "secret": secret})
    assert reference in text(stranger, "/account/")


def test_nobody_opens_anothers_application(visitor: Client, applicant: Applicant) -> None:
    applicant.fill().send()
    other = Client()
    other.post("/account/register/", {"login": "other", "password": SECRET, "again": SECRET})
    pk = Submission.objects.get().pk
    assert other.post(f"/account/applications/{pk}/").status_code == 404
    assert Client().post(f"/account/applications/{pk}/").status_code == 302
    assert "tracked" not in other.get("/track/").context


@pytest.mark.parametrize("way", ["sign-out", "delete", "sign-in"])
def test_who_goes_or_comes_leaves_no_application_open(
    visitor: Client, applicant: Applicant, way: str
) -> None:
    """The next one at a shared computer reads nothing of it."""
    applicant.fill().send()
    visitor.post(f"/account/applications/{Submission.objects.get().pk}/")
    assert "tracked" in visitor.get("/track/").context
    given = {"password": SECRET, "sure": "on"} if way == "delete" else LOGIN
    assert visitor.post(f"/account/{way}/", given).status_code == 302
    assert "tracked" not in visitor.get("/track/").context


@pytest.mark.parametrize(
    "path", ["/", "/o/city-office/apply/", "/track/", "/policies/", "/reports/", "/search/", "/check/"]
)
def test_no_account_is_asked_for(client: Client, world: World, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "visitor" not in client.cookies


def test_signing_in_here_is_no_sign_in_at_the_desk_nor_the_other_way(visitor: Client, world: World) -> None:
    assert visitor.get("/desk/")["Location"].startswith("/desk/sign-in/")
    staff = Client()
    staff.force_login(world.people["city-office-handler"])
    assert staff.get("/account/")["Location"].startswith("/account/sign-in/")
    staff.post("/account/sign-in/", LOGIN)
    staff.post("/account/sign-out/")
    assert staff.get("/desk/")["Location"] == "/desk/today/"


def test_account_pages_are_kept_by_nobody(visitor: Client) -> None:
    visitor.post("/account/profile/", dict(STEPS)["who"])
    for path in (
        "/account/",
        "/account/profile/",
        "/account/password/",
        "/account/delete/",
        "/account/sign-in/",
    ):
        answer = visitor.get(path)
        assert "no-store" in answer["Cache-Control"], path
        assert answer["X-Robots-Tag"] == "noindex"
    assert "Disallow: /account/" in text(visitor, "/robots.txt")


def test_giving_up_the_account(visitor: Client, applicant: Applicant) -> None:
    applicant.fill().send()
    assert "请勾选确认" in visitor.post("/account/delete/", {"password": SECRET}).content.decode()
    wrong = visitor.post("/account/delete/", {"password": "x", "sure": "on"})
    assert "密码不对" in wrong.content.decode()
    visitor.post("/account/delete/", {"password": SECRET, "sure": "on"})
    assert not Account.objects.exists()
    assert Submission.objects.count() == 1
    assert visitor.get("/account/").status_code == 302


def test_a_new_password(visitor: Client) -> None:
    token = visitor.cookies["visitor"].value
    answer = visitor.post("/account/password/", {"old": SECRET, "new": "another-long-word-1"})
    assert answer["Location"] == "/account/"
    assert visitor.cookies["visitor"].value != token
    assert visitor.get("/account/").status_code == 200
    assert visitor.post("/account/sign-in/", LOGIN).status_code == 403


def test_forms_without_the_token_are_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/account/sign-in/", "/account/register/", "/account/sign-out/"):
        assert strict.post(path, LOGIN).status_code == 403


def test_nothing_personal_is_logged(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        visitor.post("/account/sign-in/", {**LOGIN, "password": "wrong"})
        visitor.post("/account/profile/", dict(STEPS)["who"])
    for secret in (*PERSONAL, "洛河边的人"):
        assert secret not in caplog.text


def test_a_page_asks_who_is_there_in_one_query_and_only_with_the_cookie(
    visitor: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(1):
        visitor.get("/accessibility/")
    with django_assert_num_queries(0):
        Client().get("/accessibility/")
