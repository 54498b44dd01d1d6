"""The invented staff of the demo: for every organ that works on cases or reports one person per role, and a few to sign in with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.demo.seasons import seasons
from gongkai.organs import actions
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person, Post, Role

PASSWORD = "gongkai-demo-2023"  # noqa: S105 (printed for everybody who tries the demo)
SINCE = dt.date(2015, 1, 1)
CASE_ROLES = (Role.HANDLER, Role.OFFICE, Role.HEAD, Role.SECRECY, Role.LEADER)
REPORT_ROLES = (Role.OFFICE, Role.HEAD, Role.LEADER)
OVERSEERS = (Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR)
_NAMES = {
    Role.HANDLER: ("陈承办", "承办人"),
    Role.OFFICE: ("李审核", "公开办审核"),
    Role.HEAD: ("王主任", "公开办主任"),
    Role.SECRECY: ("赵保密", "保密审查员"),
    Role.LEADER: ("周分管", "分管副职"),
    Role.SUPERVISOR: ("吴监督", "监督岗"),
    Role.AUDITOR: ("郑审计", "审计岗"),
    Role.OPERATOR: ("孙运维", "运维岗"),
}


@dataclass(frozen=True)
class Account:
    """One account printed at the end of the load."""

    username: str
    organ: str
    role: str
    tries: str


ACCOUNTS = (
    Account(f"{LY_OFFICE}-handler", "洛阳市人民政府办公室", "承办人", "办理申请、拟答复"),
    Account(f"{LY_OFFICE}-office", "洛阳市人民政府办公室", "公开办审核", "确认收到、审核、编年报"),
    Account(f"{LY_OFFICE}-head", "洛阳市人民政府办公室", "公开办主任", "批准延期、延迟、收费"),
    Account(f"{LY_OFFICE}-secrecy", "洛阳市人民政府办公室", "保密审查", "审查答复"),
    Account(f"{LY_OFFICE}-leader", "洛阳市人民政府办公室", "分管领导", "批准答复、签发年报"),
    Account(f"{LUOYANG}-office", "洛阳市人民政府", "公开办审核", "收下级年报、汇总全市年报"),
    Account(f"{LUOYANG}-leader", "洛阳市人民政府", "分管领导", "签发全市年报"),
    Account(f"{LUOYANG}-supervisor", "洛阳市人民政府", "监督岗", "查看全市（申请人信息已遮盖）"),
    Account(f"{LUOYANG}-auditor", "洛阳市人民政府", "审计岗", "查看审计日志"),
    Account(f"{LUOYANG}-operator", "洛阳市人民政府", "运维岗", "机关、人员、日历"),
    Account("ly-edu-handler", "洛阳市教育局", "承办人", "另一机关：看不到市政府办的案件"),
    Account("ly-edu-office", "洛阳市教育局", "公开办审核", "2022年年报被市里退回，更正后再报送"),
    Account(f"{XIGONG}-office", "西工区人民政府", "公开办审核", "已公布的2020年年报"),
    Account(
        f"{MENGJIN}-office",
        "洛阳市孟津区人民政府（原孟津县）",
        "公开办审核",
        "承继原孟津县的记录和2020年年报",
    ),
    Account(f"{PINGDINGSHAN}-office", "平顶山市人民政府", "公开办审核", "另一座城市"),
)


def appoint_staff(organs: dict[str, Organ], by: Actor) -> None:
    """People and posts for every organ that has any work in the demo."""
    working = {code for season in seasons() for code in season.weights}
    reporting = {code for code, organ in organs.items() if _reports(organ) and code not in working}
    for code in sorted(working):
        _staff(organs[code], CASE_ROLES, by)
    for code in sorted(reporting):
        _staff(organs[code], REPORT_ROLES, by)
    for code in (LUOYANG, PINGDINGSHAN):
        _staff(organs[code], OVERSEERS, by)
    _units(organs, by)
    _give_passwords()


def _reports(organ: Organ) -> bool:
    return organ.kind in {
        Organ.Kind.GOVERNMENT,
        Organ.Kind.DISPATCHED,
        Organ.Kind.DEPARTMENT,
        Organ.Kind.OFFICE,
    }


def _staff(organ: Organ, roles: tuple[Role, ...], by: Actor) -> None:
    for role in roles:
        name, title = _NAMES[role]
        person = actions.add_person(by=by, username=f"{organ.code}-{role.value}", name=name)
        actions.appoint(by=by, person=person, organ=organ, role=role.value, valid_from=SINCE, title=title)


def _units(organs: dict[str, Organ], by: Actor) -> None:
    """S003: the same people sit in the office's internal units, which hold the workflow roles."""
    for role, unit in ((Role.OFFICE, "open"), (Role.SECRECY, "records")):
        person = Person.objects.get(username=f"{LY_OFFICE}-{role.value}")
        unit_organ = organs[f"{LY_OFFICE}-{unit}"]
        actions.appoint(
            by=by, person=person, organ=unit_organ, role=role.value, valid_from=SINCE, title=unit_organ.name
        )


def _give_passwords() -> None:
    """One slow hash for all printed accounts: they share the printed password."""
    shown = Person.objects.filter(username__in=[account.username for account in ACCOUNTS])
    sample = Person(username="demo")
    sample.set_password(PASSWORD)
    shown.update(password=sample.password)


def posts_by_role(organ: Organ) -> dict[str, Post]:
    """The first post of each role at `organ`."""
    found: dict[str, Post] = {}
    for post in Post.objects.filter(organ=organ).select_related("person", "organ").order_by("pk"):
        found.setdefault(post.role, post)
    return found
