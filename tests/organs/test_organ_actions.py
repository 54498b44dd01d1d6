"""Organs through time: founded, renamed, edited, merged, converted, closed; who may, and what stays on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.fields import within
from gongkai.base.models import AuditEntry, StoredFile
from gongkai.organs import actions, queries, scope
from gongkai.organs.actors import Actor, actors_for, system
from gongkai.organs.codes import credit_code_check
from gongkai.organs.models import Organ, OrganName, Post, Succession
from gongkai.organs.refusals import Refused
from tests.support.world import SINCE, World

MACHINE = system("test")
DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _fixed_day() -> object:
    with clock.on_day(DAY):
        yield


def _managing(world: World, code: str, register: str, role: str = "operator") -> Actor:
    return actors_for(world.viewer(code, role, DAY), register, world.organs[code].path, "manage")[0]


def found(parent: Organ | None, **changes: object) -> dict[str, object]:
    return {
        "code": "new",
        "name": "新机关",
        "kind": "department",
        "tier": "county",
        "parent": parent,
        "valid_from": DAY,
    } | changes


@pytest.mark.seed("S001")
def test_an_organ_is_kept_with_level_type_dates_and_codes_and_rolls_up_by_subtree(world: World) -> None:
    credit = "11410300005411049"
    township = actions.create_organ(
        by=_managing(world, "county-a", "organs"),
        code="town-a2",
        name="东县东二镇人民政府",
        kind=Organ.Kind.GOVERNMENT,
        tier=Organ.Tier.TOWNSHIP,
        parent=world.organs["county-a"],
        valid_from=dt.date(2016, 1, 1),
        valid_to=dt.date(2030, 12, 31),
        division_code="410306102",
        credit_code=credit + credit_code_check(credit),
    )
    committee = actions.create_organ(
        by=MACHINE,
        code="village",
        name="东二镇甲村村民委员会",
        kind=Organ.Kind.COMMITTEE,
        tier=Organ.Tier.VILLAGE,
        parent=township,
        valid_from=dt.date(2016, 1, 1),
        division_code="410306102201",
    )
    kept = Organ.objects.get(code="town-a2")
    assert (kept.get_tier_display(), kept.get_kind_display()) == ("乡级", "人民政府")
    assert (kept.valid_from, kept.valid_to) == (dt.date(2016, 1, 1), dt.date(2030, 12, 31))
    assert (kept.division_code, kept.credit_code) == ("410306102", credit + credit_code_check(credit))
    assert committee.path.startswith(kept.path)
    assert kept.path.startswith(world.organs["county-a"].path)
    assert not committee.accepts_requests, "committees do not answer under the Regulation"

    for organ in (township, committee, world.organs["county-b"]):  # one record of each organ
        StoredFile.objects.create(
            organ=organ,
            key=organ.code,
            name="x",
            media_type="text/plain",
            size=1,
            sha256="",
            stored_at=clock.now(),
        )
    rolled_up = scope.rows(scope.SYSTEM, StoredFile).filter(within("path", kept.path))
    assert {row.organ.code for row in rolled_up} == {"town-a2", "village"}
    assert {row.organ.code for row in rolled_up.filter(organ=committee)} == {"village"}


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"code": "city"}, "code", "已存在"),
        ({"code": "有 空格"}, "code", ""),
        ({"name": " "}, "name", "不能为空"),
        ({"kind": "king"}, "kind", ""),
        ({"tier": "city"}, "tier", "层级不能高于上级"),
        ({"valid_to": dt.date(2000, 1, 1)}, "valid_to", "不能早于"),
        ({"division_code": "41"}, "division_code", "6 位"),
        ({"credit_code": "114103000054110491"}, "credit_code", "校验码"),
        ({"email": "x" * 121}, "email", "120"),
    ],
)
def test_bad_particulars_are_named(
    world: World, changes: dict[str, object], column: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.create_organ(by=MACHINE, **found(world.organs["county-a"], **changes))
    assert sentence in "".join(refused.value.message_dict[column])
    assert not Organ.objects.filter(code="new").exists()


def test_paths_are_allotted_without_gaps_and_a_refused_one_is_given_back(world: World) -> None:
    parent = world.organs["county-b"]
    first = actions.create_organ(by=MACHINE, **found(parent, code="b-1"))
    with pytest.raises(ValidationError):
        actions.create_organ(by=MACHINE, **found(parent, code="b-1"))
    second = actions.create_organ(by=MACHINE, **found(parent, code="b-2"))
    assert (first.path, second.path) == (f"{parent.path}0001.", f"{parent.path}0002.")


def test_units_nest_two_deep_and_hold_no_organs(world: World) -> None:
    unit = actions.create_organ(by=MACHINE, **found(world.organs["county-a"], code="u1", kind="unit"))
    inner = actions.create_organ(by=MACHINE, **found(unit, code="u2", kind="unit"))
    assert not inner.accepts_requests
    for parent, kind, sentence in ((inner, "unit", "最多设两层"), (unit, "department", "不能再设机关")):
        with pytest.raises(ValidationError, match=sentence):
            actions.create_organ(by=MACHINE, **found(parent, kind=kind))
    with pytest.raises(ValidationError, match="必须设在一个机关之内"):
        actions.create_organ(by=MACHINE, **found(None, kind="unit"))


def test_a_child_takes_its_parents_calendar(world: World) -> None:
    actions.edit_profile(by=MACHINE, organ=world.organs["county-b"], region="CN-64")
    assert actions.create_organ(by=MACHINE, **found(world.organs["county-b"])).region == "CN-64"


def test_nothing_is_founded_under_a_closed_organ(world: World) -> None:
    actions.close_organ(by=MACHINE, organ=world.organs["city-edu"], on=dt.date(2022, 1, 1))
    with pytest.raises(ValidationError, match="已于 2022-01-01 撤销"):
        actions.create_organ(by=MACHINE, **found(world.organs["city-edu"]))


def test_a_rename_keeps_the_organ_and_its_old_name(world: World) -> None:
    organ = world.organs["city-edu"]
    path = organ.path
    actions.rename(
        by=_managing(world, "city", "organs"), organ=organ, name="甲市教育体育局", on=dt.date(2020, 3, 1)
    )
    organ.refresh_from_db()
    assert (organ.name, organ.path) == ("甲市教育体育局", path)
    assert queries.name_on(organ, dt.date(2020, 2, 29)) == "甲市教育局"
    assert queries.name_on(organ, dt.date(2020, 3, 1)) == "甲市教育体育局"
    assert queries.by_any_name("甲市教育局") == organ
    assert AuditEntry.objects.get(verb="organ.rename").path == path


@pytest.mark.parametrize(
    ("name", "on", "sentence"),
    [
        ("甲市教育局", dt.date(2020, 1, 1), "与现名相同"),
        ("新局", SINCE, "应晚于"),
        ("新局", DAY + dt.timedelta(days=1), "不能提前"),
        ("  ", dt.date(2020, 1, 1), "不能为空"),
    ],
)
def test_a_rename_must_make_sense(world: World, name: str, on: dt.date, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.rename(by=MACHINE, organ=world.organs["city-edu"], name=name, on=on)
    assert sentence in "".join(refused.value.messages)


def test_a_name_on_record_is_never_rewritten(world: World) -> None:
    row = world.organs["city"].names.get()
    row.name = "别的"
    with pytest.raises(TypeError, match="append-only"):
        row.save()


def test_an_alias_is_found_but_never_printed(world: World) -> None:
    organ = world.organs["city-edu"]
    actions.add_alias(by=MACHINE, organ=organ, name="市教育局", kind=OrganName.Kind.SHORT)
    assert queries.by_any_name("市教育局") == organ
    assert queries.name_on(organ, DAY) == organ.name
    assert queries.names_on(organ, DAY) == ["甲市教育局", "市教育局"]
    with pytest.raises(ValidationError, match="已有这个名称"):
        actions.add_alias(by=MACHINE, organ=organ, name="市教育局")
    with pytest.raises(ValidationError, match="正式名称请办理更名"):
        actions.add_alias(by=MACHINE, organ=organ, name="某局", kind=OrganName.Kind.OFFICIAL)


def test_the_profile_changes_and_the_log_names_fields_not_values(world: World) -> None:
    organ = world.organs["city-office"]
    actions.edit_profile(
        by=_managing(world, "city", "organs"),
        organ=organ,
        phones="0379-1、0379-2",
        court="丙区人民法院",
        fax="",
    )
    organ.refresh_from_db()
    assert (organ.phones, organ.court) == ("0379-1、0379-2", "丙区人民法院")
    assert AuditEntry.objects.get(verb="organ.edit").detail == {"fields": ["court", "phones"]}
    with pytest.raises(ValidationError):
        actions.edit_profile(by=MACHINE, organ=organ, division_code="x")
    with pytest.raises(TypeError):
        actions.edit_profile(by=MACHINE, organ=organ, path="0009.")


def test_an_unchanged_profile_leaves_no_entry(world: World) -> None:
    actions.edit_profile(by=MACHINE, organ=world.organs["city"], fax="")
    assert not AuditEntry.objects.filter(verb="organ.edit").exists()


def _staffed_unit(world: World) -> Post:
    unit = actions.create_organ(by=MACHINE, **found(world.organs["city-edu"], kind="unit", tier="city"))
    person = actions.add_person(by=MACHINE, username="u", name="测试")
    return actions.appoint(by=MACHINE, person=person, organ=unit, role="handler", valid_from=DAY)


def test_a_merger_closes_the_predecessors_with_their_units_and_posts(world: World) -> None:
    post = _staffed_unit(world)
    on = dt.date(2023, 1, 1)
    heir = actions.create_organ(by=MACHINE, **found(world.organs["city"], code="heir", tier="city"))
    rows = actions.succeed(
        by=_managing(world, "city", "organs"),
        predecessors=[world.organs["city-edu"], world.organs["city-office"]],
        successor=heir,
        on=on,
        kind=Succession.Kind.MERGER,
        document="甲编〔2022〕1号",
    )
    assert [(row.predecessor.code, row.document) for row in rows] == [
        ("city-edu", "甲编〔2022〕1号"),
        ("city-office", "甲编〔2022〕1号"),
    ]
    last = dt.date(2022, 12, 31)
    for organ in (world.organs["city-edu"], world.organs["city-office"], post.organ):
        organ.refresh_from_db()
        assert organ.valid_to == last
    assert not Post.objects.filter(organ__in=[world.organs["city-edu"], post.organ], valid_to=None).exists()
    assert set(queries.predecessors(heir)) == {world.organs["city-edu"], world.organs["city-office"]}
    assert queries.organ_on(world.organs["city-edu"], on) == [heir]
    assert queries.organ_on(world.organs["city-edu"], last) == [world.organs["city-edu"]]


def test_one_organ_may_be_divided_among_two(world: World) -> None:
    old, on = world.organs["city-edu"], dt.date(2022, 5, 1)
    for code in ("city-office", "county-b"):
        actions.succeed(
            by=MACHINE,
            predecessors=[old],
            successor=world.organs[code],
            on=on,
            kind=Succession.Kind.ABOLITION,
        )
    assert {organ.code for organ in queries.organ_on(old, on)} == {"city-office", "county-b"}


@pytest.mark.parametrize(
    ("old", "new", "on", "sentence"),
    [
        ("city-edu", "city-edu", DAY, "不能承继自己"),
        ("county-a", "county-b", DAY, "还有下级机关"),
        ("county-b", "old-b", DAY, "不能反过来承继"),
        ("city-edu", "city-office", SINCE, "应晚于"),
        ("city-edu", "closed", DAY, "不存在"),
        ("closed", "city-edu", DAY, "应为撤销的次日"),
        ("city-edu", "unit", DAY, "内设机构不办理承继"),
    ],
)
def test_a_succession_must_make_sense(world: World, old: str, new: str, on: dt.date, sentence: str) -> None:
    closed = actions.create_organ(
        by=MACHINE, **found(world.organs["city"], tier="city", valid_from=SINCE, code="closed")
    )
    world.organs["closed"] = actions.close_organ(by=MACHINE, organ=closed, on=dt.date(2020, 1, 1))
    world.organs["unit"] = actions.create_organ(
        by=MACHINE, **found(world.organs["city"], tier="city", kind="unit", code="unit")
    )
    before = Succession.objects.count()
    with pytest.raises(ValidationError) as refused:
        actions.succeed(
            by=MACHINE, predecessors=[world.organs[old]], successor=world.organs[new], on=on, kind="merger"
        )
    assert sentence in "".join(refused.value.messages)
    assert Succession.objects.count() == before


def test_an_organ_with_organs_below_it_is_not_closed(world: World) -> None:
    with pytest.raises(ValidationError, match="东县人民政府办公室、东县东一镇人民政府"):
        actions.close_organ(by=MACHINE, organ=world.organs["county-a"], on=DAY)
    for code in ("county-a-office", "town-a1"):
        actions.close_organ(by=MACHINE, organ=world.organs[code], on=DAY)
    actions.close_organ(by=MACHINE, organ=world.organs["county-a"], on=DAY)
    with pytest.raises(ValidationError, match="已于 2022-06-01 撤销"):
        actions.close_organ(by=MACHINE, organ=world.organs["county-a"], on=DAY)


ACTIONS: list[Callable[[Actor, Organ, World], object]] = [
    lambda by, organ, world: actions.create_organ(by=by, **found(organ, tier="village", code="x")),
    lambda by, organ, world: actions.rename(by=by, organ=organ, name="新名", on=DAY),
    lambda by, organ, world: actions.add_alias(by=by, organ=organ, name="别名"),
    lambda by, organ, world: actions.edit_profile(by=by, organ=organ, fax="1"),
    lambda by, organ, world: actions.close_organ(by=by, organ=organ, on=DAY),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_operators_of_the_organ_and_above_manage_it_and_nobody_else(
    world: World, action: Callable[[Actor, Organ, World], object]
) -> None:
    target = world.organs["town-a1"]
    before = Organ.objects.values().get(pk=target.pk)
    outsiders = [
        _managing(world, "county-b", "organs"),
        _managing(world, "county-a-office", "organs"),
        *actors_for(world.viewer("county-a", "head", DAY), "organs", target.path, "view"),
        *actors_for(world.viewer("city", "auditor", DAY), "organs", target.path, "view"),
    ]
    assert len(outsiders) == 4
    for by in outsiders:
        with pytest.raises(Refused, match="运维岗"):
            action(by, target, world)
    assert Organ.objects.values().get(pk=target.pk) == before
    action(_managing(world, "county-a", "organs"), target, world)
    assert AuditEntry.objects.filter(actor__startswith="staff:").count() == 1


def test_a_merger_needs_both_sides(world: World) -> None:
    by = _managing(world, "county-b", "organs")
    with pytest.raises(Refused):
        actions.succeed(
            by=by,
            predecessors=[world.organs["town-a1"]],
            successor=world.organs["county-b"],
            on=DAY,
            kind="merger",
        )
    assert world.organs["town-a1"].valid_to is None


def test_only_the_machine_plants_a_tree(world: World) -> None:
    with pytest.raises(Refused):
        actions.create_organ(by=_managing(world, "city", "organs"), **found(None, tier="city"))
    assert actions.create_organ(by=MACHINE, **found(None, tier="city")).path.count(".") == 1
