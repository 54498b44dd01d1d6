"""Every door of every register, opened by every role at every organ: what `scope.allows` says is what the page does.

Doors that cost a page are opened once for each organ and each way a role reaches the register.

Registers are discovered. What one person may not see is in no list, export, chooser or filter, and a posted key changes
nothing.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.forms import ModelChoiceField

from gongkai.base.models import AuditEntry
from gongkai.desk.register import acting, known, pages, scoped
from gongkai.desk.register.declare import Action, Register
from gongkai.desk.register.forms import ActionForm
from gongkai.monitoring.models import Site
from gongkai.organs import scope
from gongkai.organs.models import Organ, Role
from gongkai.organs.scope import VIEW, Viewer
from gongkai.remedies.models import ResultRule
from tests.desk.conftest import City
from tests.desk.visitors import Visitor, bare_pages  # noqa: F401

KEYS = [register.key for register in known.all_registers()]
pytestmark = pytest.mark.usefixtures("bare_pages", "db")


def register_of(key: str) -> Register:
    found = known.get(key)
    assert found is not None
    return found


def visitors(city: City) -> list[Visitor]:
    """Every role at every organ."""
    if not city.visitors:
        city.visitors = [
            Visitor(code, city.world.people[f"{code}-{role}"], city.world.viewer(code, role))
            for code in city.world.organs
            for role in Role.values
        ]
    return city.visitors


def apart(city: City, register: Register) -> list[Visitor]:
    """One visitor for each organ and each way a role reaches this register: `scope` gives all others of the kind the
    same rows, which the test of lists checks for every single one."""
    kinds: dict[tuple[str, tuple[str | None, ...]], Visitor] = {}
    for visitor in visitors(city):
        role = visitor.who.grants[0].role
        table = scope.REACH[register.scope_register]
        reach = tuple(table.get(verb, {}).get(role) for verb in scope.VERBS)
        kinds.setdefault((visitor.code, reach), visitor)
    return list(kinds.values())


def may_do(who: Viewer, action: Action, register: Register, paths: list[str]) -> bool:
    if action.register:
        return scope.allows(who, action.verb, action.register, scope.COMMON)
    return may(who, action.verb, register, paths)


def may(who: Viewer, verb: str, register: Register, paths: list[str]) -> bool:
    return any(scope.allows(who, verb, register.scope_register, path) for path in paths)


def seen_by(city: City, register: Register, who: Viewer) -> set[int]:
    return {pk for pk, paths in city.places[register.key].items() if may(who, VIEW, register, paths)}


@pytest.mark.parametrize("key", KEYS)
def test_lists_exports_and_filters_hold_what_is_in_scope_and_nothing_else(city: City, key: str) -> None:
    register = register_of(key)
    for visitor in visitors(city):
        reached = set(pages.rows_for(visitor.who, register).values_list("pk", flat=True))
        assert reached == seen_by(city, register, visitor.who), visitor
    for visitor in apart(city, register):
        page, seen = visitor.get("register", key), seen_by(city, register, visitor.who)
        if not known.may_open(visitor.who, register):
            assert page.status_code == 404, visitor
            assert visitor.get("register-export", key, "csv").status_code == 404
            assert not seen
            continue
        listed = set(page.context["table"].data.data.values_list("pk", flat=True))
        assert listed == seen, visitor
        assert len(exported(visitor, key)) == len(seen), visitor
        fields = page.context["filter"].form.fields
        choices_are_in_scope(fields, visitor.who, register, VIEW)
        if "organ" in fields and (foreign := foreign_organ(visitor.who, register)):
            asked = visitor.get("register", key, organ=foreign.pk)
            assert asked.context["filter"].form.errors["organ"]
            assert not asked.context["table"].rows


def exported(visitor: Visitor, key: str) -> list[list[str]]:
    answer = visitor.get("register-export", key, "csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def foreign_organ(who: Viewer, register: Register) -> Organ | None:
    reached = scope.organs_for(who, register.scope_register)
    return Organ.objects.exclude(pk__in=reached.values("pk")).first()


@pytest.mark.parametrize("key", KEYS)
def test_records_open_only_in_scope(city: City, key: str) -> None:
    register = register_of(key)
    for visitor in apart(city, register):
        for other, row in city.rows[key].items():
            visible = may(visitor.who, VIEW, register, city.places[key][row.pk])
            answer = visitor.get("register-record", key, row.pk)
            assert answer.status_code == (200 if visible else 404), (visitor, other)


@pytest.mark.parametrize("key", [key for key in KEYS if register_of(key).row_actions])
def test_actions_are_there_for_whom_scope_lets_work_and_refused_to_all_others(city: City, key: str) -> None:
    register = register_of(key)
    for visitor in apart(city, register):
        tried: set[tuple[bool, bool]] = set()
        for row in city.rows[key].values():
            paths = city.places[key][row.pk]
            for action in register.row_actions:
                visible = may(visitor.who, VIEW, register, paths)
                workable = visible and may_do(visitor.who, action, register, paths)
                kind = (visible, workable)
                if kind in tried:
                    continue  # one row out of scope, one only to look at, one to work on
                check_action(visitor, register, action, row, *kind)
            tried.add(kind)


def check_action(
    visitor: Visitor, register: Register, action: Action, row: Any, visible: bool, workable: bool
) -> None:
    where, before = (register.key, row.pk, action.key), AuditEntry.objects.count()
    if not visible:
        assert visitor.post("register-act", *where, reason="试探").status_code == 404, (visitor, where)
    elif not workable:
        assert visitor.post("register-act", *where, reason="试探").status_code == 403, (visitor, where)
    else:
        page = visitor.get("register-act", *where)
        opened = 302 if action.page else 200
        assert page.status_code == (403 if action.refusal(row) else opened), (visitor, where)
        if page.status_code == 200:
            choices_are_in_scope(page.context["form"].fields, visitor.who, register, action.verb)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("key", [key for key in KEYS if register_of(key).new_actions])
def test_new_records_offer_and_take_only_what_is_in_scope(city: City, key: str) -> None:
    register = register_of(key)
    for visitor in apart(city, register):
        for action in register.new_actions:
            page, before = visitor.get("register-create", key, action.key), AuditEntry.objects.count()
            if not known.may_open(visitor.who, register):
                assert page.status_code == 404
            elif not acting.may(visitor.who, register, action):
                assert page.status_code == 403, visitor
                assert visitor.post("register-create", key, action.key).status_code == 403
            else:
                assert page.status_code == 200
                choices_are_in_scope(page.context["form"].fields, visitor.who, register, action.verb)
                posted_foreign_keys_are_refused(visitor, key, action, page.context["form"])
            assert AuditEntry.objects.count() == before


def posted_foreign_keys_are_refused(visitor: Visitor, key: str, action: Action, form: ActionForm) -> None:
    for name, field in form.fields.items():
        if isinstance(field, ModelChoiceField):
            rows, column = field.queryset, "pk"
        elif isinstance(field, scoped.ScopedKey):
            rows, column = field.rows, field.key
        else:
            continue
        foreign = rows.model._default_manager.exclude(pk__in=rows.values("pk")).first()
        if foreign is not None and getattr(foreign, column):
            answer = visitor.post("register-create", key, action.key, **{name: getattr(foreign, column)})
            assert answer.status_code == 422
            assert name in answer.context["form"].errors, (visitor, key, name)


def choices_are_in_scope(fields: dict[str, Any], who: Viewer, register: Register, verb: str) -> None:
    """Each option of each chooser names a row this person may name."""
    for name, field in fields.items():
        if isinstance(field, scoped.ScopedKey):
            rows = field.rows
        elif isinstance(field, scoped.ScopedChoice | scoped.ScopedChoices):
            rows = field.queryset
        else:
            continue
        if rows.model is ResultRule or (register.key == "proceedings" and name in ("respondents", "organ")):
            continue  # codes common to all; and the government an office answers for, whose name is public
        if register.key == "offers" and name == "to_organ":
            continue  # the organs above, whose names are public; what is offered is checked by the action
        if rows.model is Site and name == "parent":
            above = [grant.path for grant in who.grants]
            rows = rows.exclude(pk__in=[site.pk for site in rows if _stands_above(site, above)])
        if rows.model is Organ:
            asked = verb if isinstance(field, scoped.OrganChoice) else VIEW
            assert all(scope.allows(who, asked, register.scope_register, organ.path) for organ in rows), name
        else:
            known_rows = scope.rows(who, rows.model).values_list("pk", flat=True)
            assert set(rows.values_list("pk", flat=True)) <= set(known_rows), name


def _stands_above(site: Site, paths: list[str]) -> bool:
    """Of a main site of an organ above: the register of sites is public, and sub-sites hang on those."""
    return site.parent_id is None and any(path.startswith(site.path) for path in paths)


@pytest.mark.parametrize("key", [key for key in KEYS if register_of(key).bulk_actions])
def test_a_foreign_key_in_a_bulk_is_no_row_of_ours(city: City, key: str) -> None:
    register = register_of(key)
    for visitor in apart(city, register):
        if not known.may_open(visitor.who, register):
            continue
        seen = seen_by(city, register, visitor.who)
        own = [row.pk for row in city.rows[key].values() if row.pk in seen]
        foreign = [row.pk for row in city.rows[key].values() if row.pk not in seen]
        before = AuditEntry.objects.count()
        for action in register.bulk_actions if foreign else ():
            expected = 404 if acting.may(visitor.who, register, action) else 403
            for pks in (foreign[:1], own[:1] + foreign[:1]):
                answer = visitor.post(
                    "register-bulk", key, action.key, pk=pks, reason="试探", on="2022-05-01"
                )
                assert answer.status_code == expected, visitor
        assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("key", [key for key in KEYS if register_of(key).importer])
def test_imports_are_open_to_those_who_may_act(city: City, key: str) -> None:
    register = register_of(key)
    importer = register.importer
    assert importer is not None
    probe = Action(key="import", title="", do=lambda *a: None, verb=importer.verb)
    for visitor in apart(city, register):
        answer = visitor.get("register-import", key)
        if not known.may_open(visitor.who, register):
            assert answer.status_code == 404
        else:
            expected = 200 if acting.may(visitor.who, register, probe) else 403
            assert answer.status_code == expected, visitor


def test_the_overview_shows_open_doors_only(city: City) -> None:
    for visitor in visitors(city):
        groups = visitor.get("registers").context["groups"]
        shown = {register.key for _group, registers in groups for register in registers}
        assert shown == {one.key for one in known.visible(visitor.who) if one.listed}, visitor
