"""Scope: every role at every tier, every verb, every register, every kin of organ, against a table of its own."""

from __future__ import annotations

import ast
import datetime as dt
import re
from itertools import pairwise, product
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import gongkai
from gongkai.base import audit, clock
from gongkai.base.models import AuditEntry, Coverage, StoredFile, Tally
from gongkai.keyareas.models import PowerItem
from gongkai.organs import actions, scope
from gongkai.organs.actors import actors_for, system
from gongkai.organs.models import (
    CalendarYear,
    Delegation,
    Organ,
    OrganName,
    Person,
    Post,
    Role,
    Succession,
)
from gongkai.organs.scope import (
    COMMON,
    COMMON_REGISTERS,
    MANAGE,
    NOBODY,
    REACH,
    SYSTEM,
    VERBS,
    VIEW,
    WORK,
    Grant,
    Viewer,
    viewer,
)
from gongkai.remedies.models import ResultRule
from gongkai.requests.models import Case, Submission
from tests.organs.matrix import REACHED_BY, ROLES, expectations
from tests.support.world import World

MACHINE = system("test")
DAY = dt.date(2022, 6, 1)
EXPECTED = expectations()
TIERS = ("city", "county", "township")


class Kin:
    """A tree in which organs of three tiers have every kind of kin, and staff of every role."""

    def __init__(self) -> None:
        self.organs: dict[str, Organ] = {}
        above = self.found("province", "government", "city", None)
        for tier, below in (("city", "county"), ("county", "township"), ("township", "village")):
            above = self.family(tier, below, above)
        self.found("foreign", "government", "city", None)
        for tier in TIERS:
            for role in ROLES:
                person = actions.add_person(by=MACHINE, username=f"{tier}-{role}", name="测试")
                actions.appoint(
                    by=MACHINE,
                    person=person,
                    organ=self.organs[tier],
                    role=role,
                    valid_from=dt.date(2015, 1, 1),
                )

    def found(self, code: str, kind: str, tier: str, parent: Organ | None) -> Organ:
        self.organs[code] = actions.create_organ(
            by=MACHINE,
            code=re.sub(r"[^a-z]+", "-", code),
            name=code,
            kind=kind,
            tier=tier,
            parent=parent,
            valid_from=dt.date(2015, 1, 1),
        )
        return self.organs[code]

    def family(self, tier: str, below: str, parent: Organ) -> Organ:
        """The organ of `tier` and its kin; the next tier's organ is one more child of it."""
        own = self.found(tier, "government", tier, parent)
        self.found(f"{tier}: own unit", "unit", tier, own)
        child = self.found(f"{tier}: child", "government", below, own)
        self.found(f"{tier}: grandchild", "institution", below, child)
        sibling = self.found(f"{tier}: sibling", "government", tier, parent)
        self.found(f"{tier}: sibling's child", "institution", below, sibling)
        former = self.found(f"{tier}: predecessor", "government", tier, parent)
        self.found(f"{tier}: predecessor's child", "institution", below, former)
        moved = self.found(f"{tier}: child's predecessor elsewhere", "institution", below, sibling)
        self.succession(former, own)
        self.succession(moved, child)
        return own

    @staticmethod
    def succession(predecessor: Organ, successor: Organ) -> None:
        Succession.objects.create(
            predecessor=predecessor, successor=successor, kind="merger", on=dt.date(2020, 1, 1)
        )

    def kin(self, tier: str) -> dict[str, Organ]:
        named = {kin: self.organs[f"{tier}: {kin}"] for kin in REACHED_BY if f"{tier}: {kin}" in self.organs}
        parent = {"city": "province", "county": "city", "township": "county"}[tier]
        return named | {
            "own": self.organs[tier],
            "parent": self.organs[parent],
            "another tree": self.organs["foreign"],
        }

    def viewer(self, tier: str, role: str, day: dt.date = DAY) -> Viewer:
        return viewer(Person.objects.get(username=f"{tier}-{role}"), day)


@pytest.fixture
def kin(db: None) -> Kin:
    return Kin()


pytestmark = pytest.mark.django_db


def test_the_table_speaks_of_everything_there_is() -> None:
    assert set(EXPECTED) == {
        (register, verb, role) for register in REACH for verb in VERBS for role in Role.values
    }


def test_the_family_has_every_kin(kin: Kin) -> None:
    for tier in TIERS:
        assert set(kin.kin(tier)) == set(REACHED_BY)


@pytest.mark.parametrize("tier", TIERS)
def test_the_matrix(kin: Kin, tier: str) -> None:
    """Role × tier × verb × register × kin: `allows`, choosers and actors say what the table says."""
    wrong = []
    relations = kin.kin(tier).items()
    for role in ROLES:
        who = kin.viewer(tier, role)
        for register, verb in product(REACH, VERBS):
            letter = EXPECTED[register, verb, role]
            chooser = set(scope.organs_for(who, register, verb).values_list("path", flat=True))
            for relation, organ in relations:
                answers = {
                    "allows": scope.allows(who, verb, register, organ.path),
                    "chooser": organ.path in chooser,
                    "actors": bool(actors_for(who, register, organ.path, verb)),
                }
                expected = letter in REACHED_BY[relation]
                wrong += [
                    (role, register, verb, relation, how)
                    for how, answer in answers.items()
                    if answer is not expected
                ]
    assert wrong == []


def _record_at(organ: Organ) -> None:
    StoredFile.objects.create(
        organ=organ,
        key=organ.code,
        name="x",
        media_type="text/plain",
        size=1,
        sha256="",
        stored_at=clock.now(),
    )
    Tally.objects.create(
        organ=organ,
        measure="m",
        period_from=DAY,
        period_to=DAY,
        value=1,
        source="unit",
        author="x",
        recorded_at=clock.now(),
    )
    PowerItem.objects.bulk_create([_minimal(PowerItem, organ)])
    audit.record(actor="system:test", verb="test", subject=organ, path=organ.path)


def _minimal(model: type[Model], organ: Organ) -> Model:
    """A row with the organ and its path and whatever else the table insists on."""
    values: dict[str, object] = {"organ": organ, "path": organ.path}
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or field.null or field.has_default() or field.blank:
            continue
        kind = field.get_internal_type()
        values[field.name] = (
            DAY
            if kind == "DateField"
            else clock.now()
            if kind == "DateTimeField"
            else 0
            if "Integer" in kind
            else "x"
        )
    return model(**values)


@pytest.mark.parametrize("model", [StoredFile, Tally, PowerItem, AuditEntry, OrganName, Organ])
def test_rows_say_what_the_table_says(kin: Kin, model: type[Model]) -> None:
    """Real rows of registers of every kind of look-up, one at every organ, seen from every tier."""
    register, lookup = scope._declared(model)
    for organ in kin.organs.values():
        _record_at(organ)
    for tier, role in product(TIERS, ROLES):
        who = kin.viewer(tier, role)
        for verb in VERBS:
            letter = EXPECTED[register, verb, role]
            reached = set(scope.rows(who, model, verb).values_list(lookup, flat=True))
            found = {relation for relation, organ in kin.kin(tier).items() if organ.path in reached}
            assert found == {relation for relation, letters in REACHED_BY.items() if letter in letters}


def test_before_the_succession_the_successor_sees_nothing_of_it(kin: Kin) -> None:
    former = kin.organs["county: predecessor"].path
    for day, reaches in ((dt.date(2019, 12, 31), False), (dt.date(2020, 1, 1), True)):
        assert scope.allows(kin.viewer("county", "handler", day), WORK, "cases", former) is reaches
        assert scope.allows(kin.viewer("county", "supervisor", day), VIEW, "cases", former) is reaches


def test_heirs_of_heirs_inherit(kin: Kin) -> None:
    third = kin.found("third", "government", "county", kin.organs["city"])
    Kin.succession(kin.organs["county"], third)
    person = actions.add_person(by=MACHINE, username="third", name="测试")
    actions.appoint(by=MACHINE, person=person, organ=third, role="handler", valid_from=DAY)
    who = viewer(person, DAY)
    assert scope.allows(who, WORK, "cases", kin.organs["county"].path)
    assert scope.allows(who, WORK, "cases", kin.organs["county: predecessor"].path)


def test_a_ring_of_successions_does_not_hang(kin: Kin) -> None:
    Kin.succession(kin.organs["county"], kin.organs["county: predecessor"])
    who = kin.viewer("county", "handler")
    assert scope.allows(who, WORK, "cases", kin.organs["county: predecessor"].path)


def test_posts_end_with_their_organ(kin: Kin) -> None:
    organ = kin.organs["township"]
    Organ.objects.filter(pk=organ.pk).update(valid_to=DAY)
    assert kin.viewer("township", "head", DAY).grants
    assert not kin.viewer("township", "head", DAY + dt.timedelta(days=1)).grants


def test_a_path_that_only_looks_alike_is_not_below(kin: Kin) -> None:
    """``0001.00010.`` is not below ``0001.0001.``."""
    grant = Grant(post_id=1, role=Role.SUPERVISOR, organ_id=1, path="0001.0001.")
    who = Viewer(1, grants=(grant,))
    assert not scope.allows(who, VIEW, "cases", "0001.00010.")
    assert not scope.allows(who, VIEW, "cases", "0001.")
    assert scope.allows(who, VIEW, "cases", "0001.0001.0007.")


# What is common to the whole installation


@pytest.mark.parametrize("role", ROLES)
def test_common_ground_is_read_by_the_register_and_changed_from_the_top_of_a_tree(
    kin: Kin, role: str
) -> None:
    CalendarYear.objects.create(region="CN", year=2031, off_days=["2031-01-01"], extra_workdays=[])
    for role in ROLES:
        top = actions.add_person(by=MACHINE, username=f"top-{role}", name="测试")
        actions.appoint(by=MACHINE, person=top, organ=kin.organs["province"], role=role, valid_from=DAY)
        for who, at_top in ((viewer(top, DAY), True), (kin.viewer("county", role), False)):
            for (register, model), verb in product(
                (("calendars", CalendarYear), ("settings", ResultRule)), VERBS
            ):
                expected = EXPECTED[register, verb, role] != "-" and (verb == VIEW or at_top)
                assert scope.allows(who, verb, register, COMMON) is expected
                assert scope.rows(who, model, verb).count() == (model.objects.count() if expected else 0)


def test_common_ground_of_other_registers_is_nobodys(kin: Kin) -> None:
    viewers = [kin.viewer("city", role) for role in ROLES]
    for who, register, verb in product(viewers, set(REACH) - COMMON_REGISTERS, VERBS):
        assert not scope.allows(who, verb, register, COMMON)


def test_what_is_logged_of_no_organ_is_read_by_the_auditor_at_the_top_and_by_nobody_else(kin: Kin) -> None:
    """Changes of what is common, failed sign-ins of names nobody has, accounts of the public."""
    entry = audit.record(actor="system:test", verb="test", subject=kin.organs["county"], path=COMMON)
    for role in ROLES:
        top = actions.add_person(by=MACHINE, username=f"top-{role}", name="测试")
        actions.appoint(by=MACHINE, person=top, organ=kin.organs["province"], role=role, valid_from=DAY)
        for who, at_top in ((viewer(top, DAY), True), (kin.viewer("county", role), False)):
            for verb in VERBS:
                expected = at_top and (role, verb) == ("auditor", VIEW)
                assert scope.allows(who, verb, "audit", COMMON) is expected
                assert scope.rows(who, AuditEntry, verb).filter(pk=entry.pk).exists() is expected


# Fails closed

UNSCOPED = {
    "base.Sequence": "numbers, taken only by numbering.take",
    "base.OutboxMessage": "side effects under way, read only by the worker",
    "base.AuditSeal": "hashes over the log, read only by verify",
    "organs.SignInAttempt": "blind indexes, read only at sign-in, of staff and of the public",
    "accounts.Account": "the public's own, read only by whoever signed in to it",
    "accounts.VisitorSession": "the public's signing in, looked up by its key",
    "accounts.OwnSubmission": "which submissions are an account's, read only with the account",
    "requests.Attempt": "blind indexes, read only by the limit of the public form",
}


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("gongkai.")]


def test_every_model_names_its_register_and_path_or_is_listed_as_having_none() -> None:
    unscoped = set()
    for model in our_models():
        if not hasattr(model, "scope_register"):
            unscoped.add(model._meta.label)
            continue
        register, lookup = scope._declared(model)
        assert register in REACH
        if lookup == COMMON:
            assert register in COMMON_REGISTERS
        else:
            scope.rows(SYSTEM, model).filter(**{f"{lookup}__startswith": "x"}).query  # the look-up exists  # noqa: B018
    assert unscoped == set(UNSCOPED)


def test_what_names_no_register_is_refused_even_to_the_machine() -> None:
    foreign = [model for model in apps.get_models() if not model.__module__.startswith("gongkai.")]
    closed = [apps.get_model(label) for label in UNSCOPED] + foreign
    assert len(closed) > len(UNSCOPED)
    for model in closed:
        for who in (SYSTEM, NOBODY):
            with pytest.raises(ImproperlyConfigured):
                scope.rows(who, model)


def test_a_model_that_claims_to_be_common_without_leave_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Case, "scope_path", "", raising=False)
    with pytest.raises(ImproperlyConfigured, match="not common"):
        scope.rows(SYSTEM, Case)


def test_a_misspelt_register_or_verb_is_an_error_not_an_answer() -> None:
    for verb, register in (("see", "cases"), (VIEW, "case")):
        with pytest.raises(ImproperlyConfigured):
            scope.allows(NOBODY, verb, register, "0001.")
        with pytest.raises(ImproperlyConfigured):
            scope.organs_for(NOBODY, register, verb)


def test_nobody_sees_nothing(kin: Kin) -> None:
    for model in our_models():
        if hasattr(model, "scope_register"):
            for verb in VERBS:
                assert not scope.rows(NOBODY, model, verb).exists()


def test_only_the_machine_sees_everything() -> None:
    with pytest.raises(ValueError, match="nobody sees everything"):
        Viewer(1, everything=True)
    assert SYSTEM.everything
    source = Path(gongkai.__file__).parent
    uses = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "everything"
    ]
    assert uses == ["organs/scope.py"]


def test_what_is_out_of_scope_does_not_exist(world: World) -> None:
    who = world.viewer("town-a1", "operator")
    assert scope.get(who, Organ, code="town-a1") == world.organs["town-a1"]
    with pytest.raises(Http404):
        scope.get(who, Organ, code="county-b")
    with pytest.raises(Http404):
        scope.get(who, Organ, code="no-such-organ")


def test_a_person_with_several_posts_is_one_row(world: World) -> None:
    person = world.people["town-a1-office"]
    for role in ("head", "leader"):
        actions.appoint(by=MACHINE, person=person, organ=world.organs["town-a1"], role=role, valid_from=DAY)
    people = scope.rows(world.viewer("county-a", "operator"), Person)
    assert people.filter(pk=person.pk).count() == 1
    assert people.count() == len(set(people.values_list("pk", flat=True)))


# Query counts


def test_a_viewer_costs_the_same_few_queries_whatever_the_posts(world: World) -> None:
    person = world.people["city-handler"]
    unit = actions.create_organ(
        by=MACHINE, code="u", name="科", kind="unit", tier="city", parent=world.organs["city"], valid_from=DAY
    )
    inner = actions.create_organ(
        by=MACHINE, code="v", name="组", kind="unit", tier="city", parent=unit, valid_from=DAY
    )
    with CaptureQueriesContext(connection) as one:
        viewer(person, DAY)
    for code in ("county-a", "county-b", "city-office"):
        actions.appoint(by=MACHINE, person=person, organ=world.organs[code], role="office", valid_from=DAY)
    actions.appoint(by=MACHINE, person=person, organ=inner, role="head", valid_from=DAY)
    actions.delegate(
        by=MACHINE,
        post=Post.objects.get(person__username="city-edu-head"),
        to=person,
        valid_from=DAY,
        valid_to=DAY,
        reason="x",
    )
    with CaptureQueriesContext(connection) as many:
        who = viewer(person, DAY)
    assert len(who.grants) == 6
    assert (len(one), len(many)) == (4, 4)


def test_scope_itself_asks_nothing(world: World) -> None:
    who = world.viewer("county-b", "supervisor")
    with CaptureQueriesContext(connection) as asked:
        scope.rows(who, Case)
        scope.allows(who, VIEW, "cases", world.organs["old-b"].path)
        scope.organs_for(who, "cases")
    assert len(asked) == 0


# rows and allows are one rule

PATHS = tuple(
    f"{a}{b}{c}"
    for a in ("0001.", "0002.")
    for b in ("", "0001.", "0002.")
    for c in (("", "0001.") if b else ("",))
)
grants = st.builds(
    Grant,
    post_id=st.integers(1, 9),
    role=st.sampled_from(list(Role)),
    organ_id=st.just(1),
    path=st.sampled_from(PATHS),
    inherited=st.lists(st.sampled_from(PATHS), max_size=2).map(tuple),
    units=st.lists(st.sampled_from(PATHS), max_size=1).map(tuple),
    inherited_below=st.lists(st.sampled_from(PATHS), max_size=1).map(tuple),
)


class TestRowsAndAllowsAgree(TestCase):
    """rows(viewer) holds exactly the rows whose path `allows` allows, for any grants whatever."""

    @classmethod
    def setUpTestData(cls) -> None:
        organ = actions.create_organ(
            by=MACHINE, code="x", name="甲", kind="government", tier="city", parent=None, valid_from=DAY
        )
        for path in PATHS:
            audit.record(actor="system:test", verb="test", subject=organ, path=path)
            coverage = Coverage(organ=organ, register="r", mode="here", valid_from=DAY, path=path)
            Coverage.objects.bulk_create([coverage])

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(held=st.lists(grants, max_size=3), verb=st.sampled_from(VERBS))
    def test_agree(self, held: list[Grant], verb: str) -> None:
        who = Viewer(1, grants=tuple(held))
        for model in (AuditEntry, Coverage):
            register = model.scope_register
            reached = set(scope.rows(who, model, verb).filter(path__in=PATHS).values_list("path", flat=True))
            assert reached == {path for path in PATHS if scope.allows(who, verb, register, path)}


def test_paths_of_the_property_nest() -> None:
    assert any(longer.startswith(shorter) for shorter, longer in pairwise(PATHS))
    assert {Submission.scope_register, Delegation.scope_register} == {"cases", "people"}
    assert MANAGE in VERBS
