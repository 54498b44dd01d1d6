"""Organs and people of a real office, from the rows of a spreadsheet. Everything goes through the actions, or nothing does.

Rows come from :func:`gongkai.base.tables.read` with the columns named here. Loading the same file twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.base import imports
from gongkai.base.imports import Report, RowError
from gongkai.base.tables import Row, parse_date, parse_yes, xlsx_bytes
from gongkai.organs import actions, scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, OrganName, Person, Role, Succession
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import MANAGE, SYSTEM, Viewer


@dataclass(frozen=True)
class Sheet:
    """The columns of one kind of import, as the office reads them."""

    title: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    example: tuple[str, ...]

    def template(self) -> bytes:
        """An XLSX to fill in, with one example row to write over."""
        header = [f"{name}*" for name in self.required] + list(self.optional)
        return xlsx_bytes(header, [self.example], self.title)


ORGANS = Sheet(
    title="机关",
    required=("机关代码", "名称", "上级代码", "类型", "层级", "成立日期"),
    optional=(
        "撤销日期",
        "区划代码",
        "统一社会信用代码",
        "日历地区",
        "有规章制定权",
        "地址",
        "邮编",
        "电话",
        "传真",
        "电子邮箱",
        "办公时间",
        "复议机关",
        "管辖法院",
        "受理申请",
        "曾用名",
        "更名日期",
        "简称",
        "承继自",
        "承继方式",
        "依据文件",
    ),
    example=("edu", "某某市教育局", "root", "政府部门", "市级", "1949-10-01"),
)
PEOPLE = Sheet(
    title="人员",
    required=("账号", "姓名", "机关代码", "岗位", "自"),
    optional=("至", "职务", "初始口令"),
    example=("zhangsan", "张三", "edu", "承办人", "2022-01-01"),
)

ORGAN_REQUIRED, ORGAN_OPTIONAL = ORGANS.required, ORGANS.optional
PEOPLE_REQUIRED, PEOPLE_OPTIONAL = PEOPLE.required, PEOPLE.optional

_PROFILE = {
    "division_code": "区划代码",
    "credit_code": "统一社会信用代码",
    "region": "日历地区",
    "address": "地址",
    "postcode": "邮编",
    "phones": "电话",
    "fax": "传真",
    "email": "电子邮箱",
    "office_hours": "办公时间",
    "review_organ": "复议机关",
    "court": "管辖法院",
}
_ORGAN_FIELDS = _PROFILE | {
    "code": "机关代码",
    "name": "名称",
    "parent": "上级代码",
    "kind": "类型",
    "tier": "层级",
    "valid_from": "成立日期",
    "valid_to": "撤销日期",
    "makes_rules": "有规章制定权",
    "accepts_requests": "受理申请",
    "on": "更名日期",
}
_PERSON_FIELDS = {
    "username": "账号",
    "name": "姓名",
    "organ": "机关代码",
    "role": "岗位",
    "valid_from": "自",
    "valid_to": "至",
    "title": "职务",
    "password": "初始口令",
}
_SUCCESSION_FIELDS = {"on": "成立日期", "kind": "承继方式", "document": "依据文件"}
_SEPARATORS = str.maketrans("，,；;／/", "、、、、、、")


def import_organs(rows: Iterable[Row], by: Actor, dry_run: bool = False) -> Report:
    """Add organs below those `by` manages, parents before children; a known code only has its profile brought up to date.

    With 承继自 (codes) the organ continues others from its founding day; this happens after all rows, deepest first, so
    that a whole county can be converted in one file. Raises TableError when the file cannot be read on.
    """
    job = _Organs(by)
    return imports.run(
        rows, job.take, dry_run=dry_run, columns=_ORGAN_FIELDS, refusals=(Refused,), finish=job.finish
    )


def import_people(rows: Iterable[Row], by: Actor, dry_run: bool = False) -> Report:
    """Open accounts and give posts at organs `by` manages; further rows of an account are further posts of it."""
    job = _People(by)
    return imports.run(rows, job.take, dry_run=dry_run, columns=_PERSON_FIELDS, refusals=(Refused,))


class _Organs:
    def __init__(self, by: Actor) -> None:
        self.by = by
        self.failed: set[str] = set()
        self.heirs: list[tuple[int, Organ, dict[str, str]]] = []

    def take(self, number: int, row: dict[str, str]) -> None:
        try:
            _need(row, ORGANS.required, but=("上级代码",))
            known = Organ.objects.filter(code=row["机关代码"]).first()
            organ = self._update(known, row) if known else self._create(row)
        except (ValidationError, Refused):
            self.failed.add(row["机关代码"])
            raise
        if row.get("承继自"):
            self.heirs.append((number, organ, row))

    def _create(self, row: dict[str, str]) -> Organ:
        founded = _date(row, "成立日期")
        former = _list(row.get("曾用名", ""))
        renamed = _date(row, "更名日期", blank=True)
        if renamed and len(former) != 1:
            raise _at("曾用名", _("填写更名日期时，请填一个曾用名。"))
        organ = actions.create_organ(
            by=self.by,
            code=row["机关代码"],
            name=former[0] if renamed else row["名称"],
            kind=_choice(row, "类型", Organ.Kind),
            tier=_choice(row, "层级", Organ.Tier),
            parent=self._parent(row["上级代码"]),
            valid_from=founded,
            **self._profile(row),
            **_given(valid_to=_date(row, "撤销日期", blank=True)),
        )
        if renamed:
            actions.rename(by=self.by, organ=organ, name=row["名称"], on=renamed)
        self._aliases(organ, [] if renamed else former, _list(row.get("简称", "")))
        return organ

    def _parent(self, code: str) -> Organ | None:
        if not code:
            if self.by.is_machine:
                return None
            raise _at("上级代码", _("请填写上级机关的代码。"))
        if code in self.failed:
            raise _at("上级代码", _("上级“%(code)s”所在的行有误。") % {"code": code})
        parent = _manageable(self.by, "organs").filter(code=code).first()
        if parent is None:
            raise _at(
                "上级代码",
                _("没有代码为“%(code)s”的机关，或者不在您的管理范围内；上级应排在下级前面。")
                % {"code": code},
            )
        return parent

    def _update(self, organ: Organ, row: dict[str, str]) -> Organ:
        if not _manageable(self.by, "organs").filter(pk=organ.pk).exists():
            raise _at("机关代码", _("该代码已被使用。"))
        if row["名称"] not in {organ.name, *organ.names.values_list("name", flat=True)}:
            raise _at("名称", _("与已登记的“%(name)s”不同；更名请另行办理。") % {"name": organ.name})
        if (organ.parent.code if organ.parent else "") != row["上级代码"]:
            raise _at("上级代码", _("与已登记的上级不同；机关换上级请另设机关并办理承继。"))
        if (_choice(row, "类型", Organ.Kind), _choice(row, "层级", Organ.Tier)) != (organ.kind, organ.tier):
            raise _at("类型", _("类型或层级与已登记的不同，请核对代码。"))
        actions.edit_profile(by=self.by, organ=organ, **self._profile(row))
        return organ

    def _profile(self, row: dict[str, str]) -> dict[str, Any]:
        """What the row says; a blank cell says nothing."""
        said: dict[str, Any] = {name: row[column] for name, column in _PROFILE.items() if row.get(column)}
        for name, column in (("makes_rules", "有规章制定权"), ("accepts_requests", "受理申请")):
            if row.get(column):
                said[name] = _parsed(column, parse_yes, row[column])
        return said

    def _aliases(self, organ: Organ, former: list[str], short: list[str]) -> None:
        for kind, names in ((OrganName.Kind.ALIAS, former), (OrganName.Kind.SHORT, short)):
            for name in names:
                actions.add_alias(by=self.by, organ=organ, name=name, kind=kind)

    def finish(self, report: Report) -> None:
        """Carry out the successions, the deepest predecessor first: its parent can only end after it."""
        planned: list[tuple[int, Organ, Organ, dict[str, str]]] = []
        for number, heir, row in self.heirs:
            for code in _list(row["承继自"]):
                old = _manageable(self.by, "organs").filter(code=code).first()
                if old is not None:
                    planned.append((number, old, heir, row))
                    continue
                sentence = _("没有代码为“%(code)s”的机关，或者不在您的管理范围内。") % {"code": code}
                report.errors.append(RowError(number, "承继自", sentence))
        for number, old, heir, row in sorted(planned, key=lambda plan: -len(plan[1].path)):
            succeed = partial(self._succeed, old, heir, row)
            report.errors += imports.attempt(number, succeed, _SUCCESSION_FIELDS, (Refused,))

    def _succeed(self, old: Organ, heir: Organ, row: dict[str, str]) -> None:
        if Succession.objects.filter(predecessor=old, successor=heir).exists():
            return
        actions.succeed(
            by=self.by,
            predecessors=[old],
            successor=heir,
            on=heir.valid_from,
            kind=_choice(row, "承继方式", Succession.Kind),
            document=row.get("依据文件", ""),
        )


class _People:
    def __init__(self, by: Actor) -> None:
        self.by = by

    def take(self, number: int, row: dict[str, str]) -> None:
        _need(row, PEOPLE.required)
        organ = _manageable(self.by, "people").filter(code=row["机关代码"]).first()
        if organ is None:
            raise _at("机关代码", _("没有这个机关，或者不在您的管理范围内。"))
        role = _choice(row, "岗位", Role)
        since, until = _date(row, "自"), _date(row, "至", blank=True)
        person = Person.objects.filter(username=Person.normalize_username(row["账号"])).first()
        if person is None:
            person = actions.add_person(
                by=self.by,
                username=row["账号"],
                name=row["姓名"],
                password=row.get("初始口令") or None,
                organ=organ,
                role=role,
                valid_from=since,
                title=row.get("职务", ""),
                valid_to=until,
            )
            return
        self._check_same(person, row)
        if not person.posts.filter(organ=organ, role=role, valid_from=since).exists():
            actions.appoint(
                by=self.by,
                person=person,
                organ=organ,
                role=role,
                valid_from=since,
                valid_to=until,
                title=row.get("职务", ""),
            )

    def _check_same(self, person: Person, row: dict[str, str]) -> None:
        seen = scope.rows(_viewer(self.by), Person, MANAGE).filter(pk=person.pk).exists()
        if not seen or person.name != row["姓名"]:
            raise _at("账号", _("该账号已属于另一人，请换一个账号。"))


def _viewer(by: Actor) -> Viewer:
    return SYSTEM if by.is_machine else by.viewer or scope.NOBODY


def _manageable(by: Actor, register: str) -> QuerySet[Organ]:
    return scope.organs_for(_viewer(by), register, MANAGE)


def _need(row: Mapping[str, str], columns: Iterable[str], but: Collection[str] = ()) -> None:
    if missing := [column for column in columns if column not in but and not row.get(column)]:
        raise _at(missing[0], _("不能为空。"))


def _choice(row: Mapping[str, str], column: str, choices: Any) -> str:
    """The value of a choice written by its label (or its key)."""
    text = row.get(column, "")
    for value, label in choices.choices:
        if text in (str(label), value):
            return str(value)
    labels = "、".join(str(label) for label in choices.labels)
    raise _at(column, _("“%(text)s”应为：%(labels)s。") % {"text": text[:20], "labels": labels})


def _date(row: Mapping[str, str], column: str, blank: bool = False) -> Any:
    day: dt.date | None = _parsed(column, parse_date, row.get(column, ""))
    if day is None and not blank:
        raise _at(column, _("不能为空。"))
    return day


def _parsed(column: str, parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise _at(column, str(error)) from error


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.translate(_SEPARATORS).split("、") if part.strip()]


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _at(column: str, message: str) -> ValidationError:
    return ValidationError({column: message})
