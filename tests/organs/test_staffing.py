"""People: accounts, posts, delegations. Operators act for their subtree, holders for their own post, nobody for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.organs import actions, queries, scope
from gongkai.organs.actors import Actor, actors_for, oneself, system
from gongkai.organs.models import Delegation, Organ, Person, Post, Role
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import viewer
from gongkai.requests.models import Case
from tests.support.world import SINCE, World

MACHINE = system("test")
DAY = dt.date(2022, 6, 1)
PASSWORD = "一个很长的口令-2022"


@pytest.fixture(autouse=True)
def _fixed_day() -> object:
    with clock.on_day(DAY):
        yield


def operator(world: World, code: str) -> Actor:
    return actors_for(world.viewer(code, "operator", DAY), "people", world.organs[code].path, "manage")[0]


def holder(world: World, code: str, role: str) -> Actor:
    return actors_for(world.viewer(code, role, DAY), "cases", world.organs[code].path)[0]


def post_of(world: World, key: str) -> Post:
    return world.people[key].posts.get()


def roles_held(person: Person, day: dt.date) -> set[tuple[str, str]]:
    return {(grant.role.value, grant.path) for grant in viewer(person, day).grants}


@pytest.mark.seed("S003")
def test_an_internal_unit_holds_a_workflow_role(world: World) -> None:
    office = world.organs["county-a-office"]
    unit = actions.create_organ(
        by=operator(world, "county-a"),
        code="county-a-office-disclosure",
        name="信息公开股",
        kind=Organ.Kind.UNIT,
        tier=Organ.Tier.COUNTY,
        parent=office,
        valid_from=dt.date(2018, 1, 1),
    )
    clerk = actions.add_person(
        by=operator(world, "county-a"),
        username="clerk",
        name="测试股员",
        password=PASSWORD,
        organ=unit,
        role=Role.HANDLER,
        valid_from=dt.date(2018, 1, 1),
    )
    seen = viewer(clerk, DAY)
    assert [(grant.role, grant.path) for grant in seen.grants] == [(Role.HANDLER, office.path)]
    assert scope.allows(seen, scope.WORK, "cases", office.path)
    assert not scope.allows(seen, scope.WORK, "cases", world.organs["county-a"].path)
    [actor] = actors_for(seen, "cases", office.path)
    assert (actor.role, actor.post_id) == ("handler", clerk.posts.get().pk)
    assert scope.rows(seen, Case).count() == 0
    head = world.viewer("county-a-office", "head", DAY)
    assert set(queries.people_of(head, office, DAY, Role.HANDLER)) == {
        world.people["county-a-office-handler"],
        clerk,
    }


def test_an_account_opened_by_an_operator_comes_with_a_post_and_a_password_to_change(world: World) -> None:
    by = operator(world, "county-a")
    with pytest.raises(ValidationError, match="同时指定机关和岗位"):
        actions.add_person(by=by, username="n", name="测试", password=PASSWORD)
    person = actions.add_person(
        by=by, username="n", name="测试", password=PASSWORD, organ=world.organs["town-a1"], role="handler"
    )
    assert person.must_change_password
    assert person.check_password(PASSWORD)
    assert roles_held(person, DAY) == {("handler", world.organs["town-a1"].path)}
    assert person in scope.rows(world.viewer("county-a", "operator", DAY), Person)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"username": "city-head"}, "username"),
        ({"username": "a b"}, "username"),
        ({"name": " "}, "name"),
        ({"password": "123"}, "password"),
        ({"password": "password12"}, "password"),
    ],
)
def test_bad_accounts_are_refused(world: World, changes: dict[str, str], column: str) -> None:
    fields = {"username": "n", "name": "测试", "password": PASSWORD} | changes
    with pytest.raises(ValidationError) as refused:
        actions.add_person(by=MACHINE, **fields)
    assert column in refused.value.message_dict


def test_an_account_without_a_password_cannot_sign_in(db: None) -> None:
    assert not actions.add_person(by=MACHINE, username="n", name="测试").has_usable_password()


def test_posts_begin_and_end_on_their_days(world: World) -> None:
    person = actions.add_person(by=MACHINE, username="n", name="测试")
    organ = world.organs["county-b"]
    by = operator(world, "city")
    post = actions.appoint(by=by, person=person, organ=organ, role="office", valid_from=dt.date(2022, 3, 1))
    actions.end_post(by=by, post=post, on=dt.date(2022, 5, 31))
    held = {("office", organ.path)}
    assert roles_held(person, dt.date(2022, 2, 28)) == set()
    assert roles_held(person, dt.date(2022, 3, 1)) == held
    assert roles_held(person, dt.date(2022, 5, 31)) == held
    assert roles_held(person, dt.date(2022, 6, 1)) == set()
    with pytest.raises(ValidationError, match="已于 2022-05-31 结束"):
        actions.end_post(by=by, post=post, on=DAY)
    assert Post.objects.filter(pk=post.pk).exists(), "a post is ended, never deleted"


@pytest.mark.parametrize(
    ("since", "until", "clash"),
    [
        (dt.date(2022, 1, 1), None, True),
        (dt.date(2022, 6, 30), dt.date(2022, 7, 31), True),
        (dt.date(2022, 7, 1), None, False),
        (dt.date(2021, 1, 1), dt.date(2022, 2, 28), False),
        (dt.date(2021, 1, 1), dt.date(2022, 3, 1), True),
    ],
)
def test_one_person_holds_one_role_at_an_organ_once_at_a_time(
    world: World, since: dt.date, until: dt.date | None, clash: bool
) -> None:
    person = actions.add_person(by=MACHINE, username="n", name="测试")
    where = {"by": MACHINE, "person": person, "organ": world.organs["city"], "role": "office"}
    actions.appoint(**where, valid_from=dt.date(2022, 3, 1), valid_to=dt.date(2022, 6, 30))
    if clash:
        with pytest.raises(ValidationError, match="已有登记"):
            actions.appoint(**where, valid_from=since, valid_to=until)
    else:
        actions.appoint(**where, valid_from=since, valid_to=until)
    assert person.posts.count() == (1 if clash else 2)


def test_an_appointment_must_make_sense(world: World) -> None:
    person, organ = actions.add_person(by=MACHINE, username="n", name="测试"), world.organs["city"]
    where = {"by": MACHINE, "person": person, "organ": organ}
    with pytest.raises(ValidationError, match="不存在"):
        actions.appoint(**where, role="office", valid_from=SINCE - dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="不能早于"):
        actions.appoint(**where, role="office", valid_from=DAY, valid_to=SINCE)
    with pytest.raises(ValidationError):
        actions.appoint(**where, role="king", valid_from=DAY)
    actions.deactivate(by=MACHINE, person=person)
    with pytest.raises(ValidationError, match="已停用"):
        actions.appoint(**where, role="office", valid_from=DAY)


def test_an_inactive_person_holds_nothing_until_active_again(world: World) -> None:
    person = world.people["county-a-head"]
    actions.deactivate(by=operator(world, "city"), person=person)
    person.refresh_from_db()
    assert viewer(person, DAY).grants == ()
    actions.activate(by=operator(world, "city"), person=person)
    person.refresh_from_db()
    assert roles_held(person, DAY) == {("head", world.organs["county-a"].path)}


def test_a_password_is_set_by_oneself_or_by_whoever_manages_all_ones_posts(world: World) -> None:
    person = world.people["county-a-head"]
    actions.set_password(by=operator(world, "county-a"), person=person, password=PASSWORD)
    person.refresh_from_db()
    assert person.must_change_password
    actions.set_password(by=oneself(viewer(person, DAY)), person=person, password=PASSWORD + "x")
    person.refresh_from_db()
    assert not person.must_change_password
    assert person.check_password(PASSWORD + "x")
    entries = AuditEntry.objects.filter(verb="person.password").order_by("id")
    assert [entry.detail["own"] for entry in entries] == [False, True]
    assert PASSWORD not in str([entry.detail for entry in entries])


def test_an_operator_cannot_take_over_an_account_that_reaches_further(world: World) -> None:
    """A county's operator who could reset the city head's password would be the city head."""
    head = world.people["city-head"]
    actions.appoint(
        by=operator(world, "county-a"),
        person=head,
        organ=world.organs["county-a"],
        role="leader",
        valid_from=DAY,
    )
    lent = world.people["county-a-handler"]
    actions.delegate(
        by=holder(world, "city", "office"),
        post=post_of(world, "city-office"),
        to=lent,
        valid_from=DAY,
        valid_to=DAY,
        reason="出差",
    )
    for person in (head, lent):
        for action in (
            lambda by, person=person: actions.set_password(by=by, person=person, password=PASSWORD),
            lambda by, person=person: actions.deactivate(by=by, person=person),
        ):
            with pytest.raises(Refused, match="管理范围以外"):
                action(operator(world, "county-a"))
    actions.set_password(by=operator(world, "city"), person=lent, password=PASSWORD)


def test_a_handler_sets_nobodys_password(world: World) -> None:
    with pytest.raises(Refused):
        actions.set_password(
            by=holder(world, "city", "handler"), person=world.people["city-head"], password=PASSWORD
        )


def test_nobody_appoints_or_locks_out_themselves(world: World) -> None:
    me, by = world.people["city-operator"], operator(world, "city")
    with pytest.raises(Refused, match="不能为自己"):
        actions.appoint(by=by, person=me, organ=world.organs["city"], role="head", valid_from=DAY)
    for action in (actions.deactivate, actions.activate):
        with pytest.raises(Refused, match="不能为自己"):
            action(by=by, person=me)
    assert me.posts.count() == 1


def lend(world: World, by: Actor, **changes: object) -> Delegation:
    fields: dict[str, object] = {
        "post": post_of(world, "city-office-head"),
        "to": world.people["city-office-office"],
        "valid_from": dt.date(2022, 6, 10),
        "valid_to": dt.date(2022, 6, 20),
        "reason": "出差",
    }
    return actions.delegate(by=by, **{**fields, **changes})


def test_a_delegate_acts_in_the_post_between_both_dates_only(world: World) -> None:
    lend(world, holder(world, "city-office", "head"))
    delegate, path = world.people["city-office-office"], world.organs["city-office"].path
    for day, holds in ((9, False), (10, True), (20, True), (21, False)):
        assert (("head", path) in roles_held(delegate, dt.date(2022, 6, day))) is holds
    [grant] = [g for g in viewer(delegate, dt.date(2022, 6, 10)).grants if g.role == Role.HEAD]
    assert grant.delegated_from == world.people["city-office-head"].pk
    actor = next(
        a for a in actors_for(viewer(delegate, dt.date(2022, 6, 10)), "cases", path) if a.role == "head"
    )
    assert actor.post == f"head#{grant.post_id}<{grant.delegated_from}"
    assert AuditEntry.objects.get(verb="post.delegate").path == path


def test_what_the_holder_no_longer_has_is_no_longer_lent(world: World) -> None:
    lend(world, holder(world, "city-office", "head"))
    day = dt.date(2022, 6, 15)
    delegate, held = world.people["city-office-office"], ("head", world.organs["city-office"].path)
    assert held in roles_held(delegate, day)
    actions.deactivate(by=MACHINE, person=world.people["city-office-head"])
    assert held not in roles_held(delegate, day)
    actions.activate(by=MACHINE, person=world.people["city-office-head"])
    assert held in roles_held(delegate, day)
    actions.end_post(by=MACHINE, post=post_of(world, "city-office-head"), on=dt.date(2022, 6, 14))
    assert held not in roles_held(delegate, day)
    assert held in roles_held(delegate, dt.date(2022, 6, 14))


def test_revoking_ends_it_now(world: World) -> None:
    by = holder(world, "city-office", "head")
    delegation = lend(world, by, valid_from=dt.date(2022, 5, 1))
    delegate, held = world.people["city-office-office"], ("head", world.organs["city-office"].path)
    assert held in roles_held(delegate, DAY)
    actions.revoke(by=by, delegation=delegation)
    assert held not in roles_held(delegate, DAY)
    assert held in roles_held(delegate, DAY - dt.timedelta(days=1)), "what was done under it stays explained"
    with pytest.raises(ValidationError, match="已于 2022-05-31 结束"):
        actions.revoke(by=by, delegation=delegation)


@pytest.mark.parametrize("who", ["delegate", "operator", "stranger"])
def test_a_delegation_is_laid_down_by_the_delegate_or_an_operator_too(world: World, who: str) -> None:
    delegation = lend(world, holder(world, "city-office", "head"), valid_from=dt.date(2022, 5, 1))
    by = {
        "delegate": oneself(viewer(world.people["city-office-office"], DAY)),
        "operator": operator(world, "city"),
        "stranger": holder(world, "city-office", "leader"),
    }[who]
    if who == "stranger":
        with pytest.raises(Refused):
            actions.revoke(by=by, delegation=delegation)
    else:
        assert actions.revoke(by=by, delegation=delegation).valid_to < DAY


REFUSED: list[tuple[Callable[[World], Actor], str]] = [
    (lambda world: holder(world, "city-office", "leader"), "运维岗"),
    (lambda world: operator(world, "county-a"), "运维岗"),
    (lambda world: oneself(world.viewer("city-office", "office", DAY)), "运维岗"),
]


@pytest.mark.parametrize(("make", "sentence"), REFUSED)
def test_nobody_lends_what_is_not_theirs(world: World, make: Callable[[World], Actor], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        lend(world, make(world))
    assert not Delegation.objects.exists()


def test_an_operator_may_record_a_delegation_but_not_to_themselves(world: World) -> None:
    by = operator(world, "city")
    with pytest.raises(Refused, match="委托给自己"):
        lend(world, by, to=world.people["city-operator"])
    delegation = lend(world, by)
    assert delegation.recorded_by == world.people["city-operator"]


def test_a_delegate_does_not_lend_on(world: World) -> None:
    lend(world, holder(world, "city-office", "head"), valid_from=DAY)
    delegate = viewer(world.people["city-office-office"], DAY)
    [by] = [a for a in actors_for(delegate, "cases", world.organs["city-office"].path) if a.delegated_from]
    with pytest.raises(Refused):
        lend(
            world,
            by,
            to=world.people["city-office-handler"],
            valid_from=dt.date(2022, 7, 1),
            valid_to=dt.date(2022, 7, 2),
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to": "city-office-head"}, "不能委托给本人"),
        ({"to": "county-b-auditor"}, "账号都应在用"),
        ({"valid_to": dt.date(2022, 6, 9)}, "不能早于"),
        ({"valid_from": dt.date(2014, 1, 1)}, "不能超出任职期间"),
        ({"reason": " "}, "不能为空"),
        ({"valid_to": dt.date(2022, 6, 21)}, "已有委托"),
    ],
)
def test_a_delegation_must_make_sense(world: World, changes: dict[str, object], sentence: str) -> None:
    actions.deactivate(by=MACHINE, person=world.people["county-b-auditor"])
    for person in world.people.values():
        person.refresh_from_db()
    if isinstance(changes.get("to"), str):
        changes = {"to": world.people[str(changes["to"])]}
    lend(world, MACHINE, valid_from=dt.date(2022, 6, 21), valid_to=dt.date(2022, 6, 30))
    with pytest.raises(ValidationError) as refused:
        lend(world, MACHINE, **changes)
    assert sentence in "".join(refused.value.messages)


STAFFING: list[Callable[[Actor, World], object]] = [
    lambda by, world: actions.add_person(
        by=by, username="n", name="测试", organ=world.organs["town-a1"], role="office"
    ),
    lambda by, world: actions.appoint(
        by=by,
        person=world.people["town-a1-office"],
        organ=world.organs["town-a1"],
        role="head",
        valid_from=DAY,
    ),
    lambda by, world: actions.end_post(by=by, post=post_of(world, "town-a1-office"), on=DAY),
    lambda by, world: actions.set_password(by=by, person=world.people["town-a1-office"], password=PASSWORD),
    lambda by, world: actions.deactivate(by=by, person=world.people["town-a1-office"]),
    lambda by, world: actions.activate(by=by, person=world.people["town-a1-office"]),
]


@pytest.mark.parametrize("action", STAFFING)
def test_only_operators_of_the_organ_and_above_deal_with_its_people(
    world: World, action: Callable[[Actor, World], object]
) -> None:
    before = AuditEntry.objects.count()
    for by in (
        operator(world, "county-b"),
        operator(world, "county-a-office"),
        holder(world, "town-a1", "head"),
        oneself(world.viewer("town-a1", "operator", DAY)),
    ):
        with pytest.raises(Refused):
            action(by, world)
    assert AuditEntry.objects.count() == before
    action(operator(world, "county-a"), world)
    assert AuditEntry.objects.count() > before
