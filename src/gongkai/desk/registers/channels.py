"""渠道和账号: where documents can be made public, and the accounts an organ keeps there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search
from gongkai.desk.register.forms import date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice
from gongkai.desk.register.sheets import through
from gongkai.desk.registers.releases import ChannelChoice, fact_state
from gongkai.documents import actions, channels
from gongkai.documents.models import CURRENT, Account, Channel
from gongkai.organs.scope import MANAGE


def _in_use(row: Channel) -> State | Text:
    today = clock.today()
    if row.valid_from > today:
        return _("未启用")
    return _("已停用") if row.valid_to is not None and row.valid_to < today else State("done", _("在用"))


def _open(row: Account) -> State | Text:
    over = row.closed_on is not None and row.closed_on < clock.today()
    return _("已停用") if over else State("done", _("在用"))


CHANNELS = Register(
    key="channels",
    model=Channel,
    title=_("公开渠道"),
    unit=_("个"),
    group=_("设置"),
    section="settings",
    explain=_("网站、微博、微信、公报、公开栏等；每个渠道归入一个计数类别，停用的留在原来的公开记录上"),
    label=str,
    order=["pk"],
    columns=[
        Column("name", link=True, wide=True),
        Column("category"),
        Column("offline"),
        Column("organ__name", _("使用机关")),
        Column("key"),
        Column("valid_from"),
        Column("valid_to"),
        Column("state", _("状态"), value=_in_use),
    ],
    filters=[
        search("name", "key"),
        choice("category"),
        either(
            "current",
            _("状态"),
            {
                "yes": (_("在用"), lambda: channels.dated(clock.today())),
                "no": (_("未启用或已停用"), lambda: ~channels.dated(clock.today())),
            },
        ),
    ],
    related=["organ"],
    actions=[
        Action(
            "add",
            _("增加渠道"),
            lambda by, row, data: actions.add_channel(by=by, **data),
            form=form_for(
                Channel,
                "name",
                "category",
                "offline",
                "organ",
                "valid_from",
                "key",
                organ=OrganChoice(
                    register="organs",
                    verb=MANAGE,
                    label=_("使用机关"),
                    required=False,
                    help_text=_("空白即各机关通用；选了机关的，只供该机关及其下级使用"),
                ),
                key=forms.CharField(
                    label=_("代码"),
                    max_length=40,
                    required=False,
                    help_text=_("空白即自动给定；写已有的代码，是给那个渠道换名称或者换类别"),
                ),
            ),
            verb=MANAGE,
            new=True,
            common=True,
        ),
        Action(
            "end",
            _("停用"),
            lambda by, row, data: actions.end_channel(row, by=by, **data),
            form=form_for(Channel, on=date_field(_("使用的最后一天"))),
            verb=MANAGE,
            refusal=lambda row: _("该渠道已停用。") if row.valid_to else "",
        ),
    ],
)


def _recent(who: Any, row: Account) -> Any:
    rows = row.releases.filter(CURRENT).select_related("document", "superseded_by")
    return rows.order_by("-on", "-pk")[:20]


_OPEN = Action(
    "open",
    _("登记账号"),
    lambda by, row, data: actions.open_account(by=by, **data),
    form=form_for(Account, "organ", "channel", "name", "address", "opened_on", channel=ChannelChoice()),
    new=True,
    explain=_("网站、公众号、微博、移动客户端，以及本机关自办的报刊、简报。"),
)
ACCOUNTS = Register(
    key="accounts",
    model=Account,
    title=_("渠道账号"),
    unit=_("个"),
    group=_("文件"),
    section="documents",
    explain=_("本机关在各渠道上的网站、账号和刊物，公开记录按账号计数"),
    label=lambda row: f"{row.name}（{row.channel.name}）",
    order=["path", "channel", "name"],
    columns=[
        Column("name", link=True, wide=True),
        Column("channel"),
        Column("organ__name", _("机关")),
        Column("address"),
        Column("opened_on"),
        Column("closed_on"),
        Column("state", _("状态"), value=_open),
    ],
    filters=[
        search("name", "address"),
        either(
            "category",
            _("渠道类别"),
            {one.value: (one.label, Q(channel__category=one.value)) for one in Channel.Category},
        ),
        organ(),
        either(
            "current",
            _("状态"),
            {
                "yes": (
                    _("在用"),
                    lambda: Q(closed_on__isnull=True) | Q(closed_on__gte=clock.today()),
                ),
                "no": (_("已停用"), lambda: Q(closed_on__lt=clock.today())),
            },
        ),
    ],
    related=["organ", "channel"],
    parts=[
        Part(
            _("最近的公开"),
            _recent,
            [
                Column("on", link=True),
                Column("document__title", _("文件"), wide=True),
                Column("form"),
                Column("carrier"),
                Column("state", _("状态"), value=fact_state),
            ],
            register="releases",
            empty=_("这个账号还没有逐条登记的公开。"),
        ),
    ],
    actions=[
        _OPEN,
        Action(
            "correct",
            _("更正或改名"),
            lambda by, row, data: actions.correct_account(row, by=by, **data),
            form=form_for(Account, "name", "address", "opened_on", reason=reason_field(_("更正原因"))),
            initial=lambda row: {name: getattr(row, name) for name in ("name", "address", "opened_on")},
        ),
        Action(
            "close",
            _("停用"),
            lambda by, row, data: actions.close_account(row, by=by, **data),
            form=form_for(Account, on=date_field(_("使用的最后一天")), reason=reason_field(_("停用原因"))),
            refusal=lambda row: _("该账号已停用。") if row.closed_on else "",
        ),
    ],
    importer=through(_OPEN, "documents"),
)
REGISTERS = (ACCOUNTS, CHANNELS)
