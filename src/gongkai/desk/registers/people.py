"""人员: accounts, posts and delegations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, tables
from gongkai.base.imports import Report
from gongkai.desk.register.declare import Action, Column, Importer, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search
from gongkai.desk.register.forms import ActionForm, date_field, form_for
from gongkai.desk.register.scoped import OrganChoice, ScopedKey
from gongkai.organs import actions, imports, scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Delegation, Person, Post, Role
from gongkai.organs.scope import MANAGE, Viewer

_GROUP = _("机构与人员")
_PASSWORD = forms.CharField(
    label=_("初始密码"),
    max_length=200,
    required=False,
    strip=False,
    help_text=_("至少 10 位；本人登录后须先改。留空则暂不能登录"),
    widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
)


def _in_force() -> Q:
    today = clock.today()
    return Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))


def _dated(row: Any) -> State | Text:
    today = clock.today()
    if row.valid_to is not None and row.valid_to < today:
        return _("已结束")
    return State("soon", _("未开始")) if row.valid_from > today else State("open", _("在任"))


def _over(row: Any) -> Any:
    return _("已经结束。") if row.valid_to is not None and row.valid_to < clock.today() else ""


_DATED = either(
    "dated", _("状态"), {"yes": (_("在任"), _in_force), "no": (_("不在任"), lambda: ~_in_force())}
)


def _with_posts(who: Viewer, people: QuerySet[Person]) -> QuerySet[Person]:
    """Each person's posts in force, and only those the viewer may see."""
    posts = scope.rows(who, Post).filter(_in_force()).select_related("organ").order_by("organ__path", "role")
    return people.prefetch_related(Prefetch("posts", queryset=posts, to_attr="seen_posts"))


def _posts(row: Any) -> str:
    return "；".join(str(post) for post in row.seen_posts)


def _load(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
    sheet = imports.PEOPLE
    rows = tables.read(content, name, required=sheet.required, optional=sheet.optional)
    return imports.import_people(rows, by, dry_run)


def _add(by: Actor, row: None, data: dict[str, Any]) -> Person:
    return actions.add_person(by=by, **(data | {"password": data["password"] or None}))


class _AddPerson(ActionForm):
    username = forms.CharField(label=_("账号"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    organ = OrganChoice(label=_("机关"), units=True)
    role = forms.ChoiceField(label=_("岗位"), choices=Role.choices)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    valid_from = date_field(_("任职日期"))
    password = _PASSWORD


PEOPLE = Register(
    key="people",
    model=Person,
    title=_("人员"),
    unit=_("人"),
    group=_GROUP,
    explain=_("账号及在任岗位"),
    label=lambda row: row.name,
    order=["username"],
    columns=[
        Column("name", link=True),
        Column("username", sort="username"),
        Column("posts", _("在任岗位"), value=_posts, wide=True),
        Column(
            "is_active",
            _("状态"),
            value=lambda row: State("open", _("启用")) if row.is_active else _("停用"),
        ),
    ],
    filters=[
        search("name", "username"),
        organ(),
        either(
            "active",
            _("状态"),
            {"yes": (_("启用"), Q(is_active=True)), "no": (_("停用"), Q(is_active=False))},
        ),
    ],
    narrow=_with_posts,
    facts=[Column("name"), Column("username"), Column("is_active"), Column("must_change_password")],
    parts=[
        Part(
            _("岗位"),
            lambda who, row: (
                scope.rows(who, Post).filter(person=row).select_related("organ").order_by("-valid_from")
            ),
            [
                Column("role", link=True),
                Column("organ__name", _("机关")),
                Column("title"),
                Column("valid_from"),
                Column("valid_to"),
            ],
            register="posts",
        ),
    ],
    actions=[
        Action("add", _("新增人员"), _add, form=_AddPerson, verb=MANAGE, new=True),
        Action(
            "password",
            _("重置密码"),
            lambda by, row, data: actions.set_password(by=by, person=row, password=data["password"]),
            form=form_for(
                Person,
                password=forms.CharField(
                    label=_("新密码"),
                    max_length=200,
                    strip=False,
                    help_text=_("至少 10 位；本人登录后须先改"),
                    widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                ),
            ),
            verb=MANAGE,
            explain=_("本人现有的登录会全部退出。"),
        ),
        Action(
            "deactivate",
            _("停用账号"),
            lambda by, row, data: actions.deactivate(by=by, person=row),
            verb=MANAGE,
            bulk=True,
            danger=True,
            refusal=lambda row: "" if row.is_active else _("该账号已停用。"),
            explain=_("立即不能登录；岗位和办过的记录都保留，可以再启用。"),
        ),
        Action(
            "activate",
            _("启用账号"),
            lambda by, row, data: actions.activate(by=by, person=row),
            verb=MANAGE,
            refusal=lambda row: _("该账号正在使用。") if row.is_active else "",
        ),
    ],
    importer=Importer(
        load=_load,
        required=imports.PEOPLE.required,
        optional=imports.PEOPLE.optional,
        template=imports.PEOPLE.template,
        verb=MANAGE,
    ),
)
POSTS = Register(
    key="posts",
    model=Post,
    title=_("任职"),
    unit=_("条"),
    group=_GROUP,
    explain=_("谁在哪个机关任什么岗位、从何时到何时"),
    label=lambda row: f"{row.person.name}　{row}",
    order=["organ__path", "role", "pk"],
    columns=[
        Column("person__name", _("姓名"), link=True),
        Column("organ__name", _("机关"), wide=True),
        Column("role"),
        Column("title"),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_dated),
    ],
    filters=[search("person__name", "person__username"), choice("role"), organ(), _DATED],
    related=["person", "organ"],
    facts=[
        Column("person", record=lambda row: ("people", row.person_id)),
        Column("organ", record=lambda row: ("organs", row.organ_id)),
        Column("role"),
        Column("title"),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_dated),
    ],
    parts=[
        Part(
            _("委托"),
            lambda who, row: row.delegations.select_related("to").order_by("-valid_from"),
            [
                Column("to__name", _("受托人"), link=True),
                Column("valid_from"),
                Column("valid_to"),
                Column("reason"),
            ],
            register="delegations",
        ),
    ],
    actions=[
        Action(
            "add",
            _("任命"),
            lambda by, row, data: actions.appoint(by=by, **data),
            form=form_for(
                Post,
                "person",
                "organ",
                "role",
                "title",
                "valid_from",
                "valid_to",
                person=ScopedKey(Person, "username", label=_("账号"), help_text=_("人员的登录账号")),
                organ=OrganChoice(label=_("机关"), units=True),
            ),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "end",
            _("离任"),
            lambda by, row, data: actions.end_post(by=by, post=row, **data),
            form=form_for(Post, on=date_field(_("最后一天"))),
            verb=MANAGE,
            bulk=True,
            refusal=_over,
            explain=_("从次日起不再有此岗位的权限，岗位上的委托同时结束。"),
        ),
        Action(
            "delegate",
            _("委托他人"),
            lambda by, row, data: actions.delegate(by=by, post=row, **data),
            form=form_for(
                Delegation,
                "to",
                "valid_from",
                "valid_to",
                "reason",
                to=ScopedKey(Person, "username", label=_("受托人账号")),
            ),
            verb=MANAGE,
            refusal=_over,
        ),
    ],
)
DELEGATIONS = Register(
    key="delegations",
    model=Delegation,
    title=_("委托"),
    unit=_("条"),
    group=_GROUP,
    explain=_("请假、出差期间由他人代行岗位"),
    label=lambda row: f"{row.post.person.name} → {row.to.name}",
    columns=[
        Column("post__person__name", _("委托人"), link=True),
        Column("post__role", _("岗位")),
        Column("post__organ__name", _("机关"), wide=True),
        Column("to__name", _("受托人")),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_dated),
    ],
    filters=[search("post__person__name", "to__name"), organ(), _DATED],
    related=["post__person", "post__organ", "to", "recorded_by"],
    facts=[
        Column("post", record=lambda row: ("posts", row.post_id)),
        Column("post__person__name", _("委托人")),
        Column("to__name", _("受托人")),
        Column("valid_from"),
        Column("valid_to"),
        Column("reason"),
        Column("recorded_by__name", _("登记人")),
        Column("recorded_at", _("登记时间")),
    ],
    actions=[
        Action(
            "revoke",
            _("撤回委托"),
            lambda by, row, data: actions.revoke(by=by, delegation=row, last=data["last"]),
            form=form_for(
                Delegation,
                last=date_field(_("最后一天"), required=False, help_text=_("留空则立即失效")),
            ),
            verb=MANAGE,
            refusal=_over,
        )
    ],
)
REGISTERS = (PEOPLE, POSTS, DELEGATIONS)
