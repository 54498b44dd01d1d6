"""公开记录: what was made public where and when, by hand, by sheet or by count; and what is to be, at a moment ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, tables
from gongkai.base.imports import Report
from gongkai.desk.register.declare import Action, Column, Importer, Register, State, Text
from gongkai.desk.register.filters import FilterSpec, choice, either, organ, search, since, until
from gongkai.desk.register.forms import ActionForm, date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice, Rows, ScopedChoice, ScopedKey
from gongkai.documents import actions, channel_import, channel_tallies, channels, describing
from gongkai.documents.channel_figures import latest_channels
from gongkai.documents.kinds import public_choices
from gongkai.documents.models import CURRENT, Account, Channel, Classification, Document, Release, ReleasePlan
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.scope import Viewer


def fact_over(row: Any) -> Any:
    """Why nothing more can be done with a fact."""
    if row.void:
        return _("这条记录是撤销记录。")
    return _("这条记录已被更正，请在最新的一条上办理。") if hasattr(row, "superseded_by") else ""


def fact_state(row: Any) -> State | Text:
    """Whether a fact still speaks."""
    if row.void:
        return _("撤销记录")
    return _("已更正") if hasattr(row, "superseded_by") else State("done", _("有效"))


def plan_state(row: ReleasePlan) -> State | Text:
    shapes = {"waiting": "open", "done": "done", "failed": "over"}
    return State(shapes.get(row.state, "unknown"), row.get_state_display())


def _known(who: Viewer, record: Any) -> QuerySet[Channel]:
    """The channels the record's organ may use or could once, for what happened before today; without one record, those
    of all and of the person's organs. A release's own channel is called what it was called then."""
    paths = [_path(record)] if record is not None else [grant.path for grant in who.grants]
    rows = channels.known(paths, clock.today())
    if not isinstance(record, Release):
        return rows
    others = rows.exclude(key=record.channel.key)
    return Channel.objects.filter(Q(pk=record.channel_id) | Q(pk__in=others.values("pk")))


def _in_use(who: Viewer, record: Any) -> QuerySet[Channel]:
    """Those of them in use today."""
    return _known(who, record).filter(channels.dated(clock.today()))


def _accounts(who: Viewer, record: Any) -> QuerySet[Account]:
    """The accounts of the record's organ; those it closed come last."""
    rows = scope.rows(who, Account).select_related("channel")
    rows = rows.filter(path=_path(record)) if record is not None else rows
    return rows.order_by(F("closed_on").desc(nulls_first=True), "channel", "name")


def _used_until(name: str, day: dt.date | None) -> str:
    if day is None or day >= clock.today():
        return name
    return _g("%(name)s（用到%(day)s）") % {"name": name, "day": day.isoformat()}


def _path(record: Any) -> str:
    return str(record.path if hasattr(record, "path") else record.document.path)


class ChannelChoice(ScopedChoice):
    """One of the channels the organ may use, the website first."""

    def __init__(self, rows: Rows = _in_use, **kwargs: Any) -> None:
        super().__init__(Channel, rows=rows, order="pk", label=_("渠道"), **kwargs)

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        super().bind_to(who, record, register, verb)
        website = self._rows(who, record).filter(key=channels.WEBSITE).first()
        self.initial = website.pk if website is not None else None

    def label_from_instance(self, obj: Any) -> str:
        return _used_until(obj.name, obj.valid_to)


class AccountChoice(ScopedChoice):
    """One of the organ's accounts, named with its channel."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Account,
            rows=_accounts,
            label=_("账号"),
            required=False,
            empty_label=_("不分账号"),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{_used_until(obj.name, obj.closed_on)}（{obj.channel.name}）"


def _form_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("形式"), choices=[("", _("不分形式")), *Release.Form.choices], required=False
    )


def _number_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=2_000_000_000, required=False)


class _More(ActionForm):
    """What a release may have beside its channel and day."""

    account = AccountChoice()
    form = _form_field()
    carrier = forms.CharField(
        label=_("载体或网址"), max_length=300, required=False, help_text=_("网上的写链接，报刊写刊期和版面")
    )
    copies = _number_field(_("份数"))
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    events = _number_field(_("场次"))
    field_order = ("channel", "account", "form", "on", "at", "carrier", "copies", "place", "events", "reason")


class ReleaseForm(_More):
    """A release by hand. Copies, place and events are for what happens off the net."""

    channel = ChannelChoice(_known)
    on = date_field(_("公开日期"))
    at = forms.TimeField(
        label=_("公开时刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class PlanForm(ActionForm):
    """A release at a moment ahead."""

    channel = ChannelChoice()
    at = forms.DateTimeField(
        label=_("定于"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class WithdrawForm(ActionForm):
    """From when on and why, and where readers are led instead."""

    on = date_field(_("撤下日期"))
    reason = reason_field(_("撤下原因"), help_text=_("会写在原来的网址上给读者看"))
    onward = ScopedKey(
        Document,
        "number",
        label=_("转至"),
        required=False,
        help_text=_("读者打开原来的网址时转到的文件，写发文字号；不填则说明已撤下"),
    )


class _Correct(_More):
    channel = ChannelChoice(_known)
    on = date_field(_("公开日期"))
    reason = reason_field(_("更正原因"))


class _Count(ActionForm):
    """How many there were in a month that nobody recorded one by one."""

    organ = OrganChoice(label=_("机关"))
    channel = ChannelChoice(_known)
    account = AccountChoice()
    kind = forms.ChoiceField(
        label=_("类型"), choices=lambda: [("", _g("不分类型")), *public_choices()], required=False
    )
    form = _form_field()
    group = ScopedChoice(
        Classification,
        rows=lambda who, record: describing.offered("group"),
        order="code",
        label=_("组配分类"),
        required=False,
        empty_label=_("不分组配"),
    )
    month = forms.CharField(label=_("月份"), max_length=10, help_text=_("已经结束的月份，如 2019-03"))
    releases = _number_field(_("条次"))
    copies = _number_field(_("份数"))
    events = _number_field(_("场次"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    field_order = (
        "organ", "month", "channel", "account", "releases", "copies", "events", "kind", "form", "group", "note",
    )  # fmt: skip

    def clean_month(self) -> Any:
        try:
            return channel_tallies.month(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def _count(by: Actor, row: None, data: dict[str, Any]) -> None:
    group = data.pop("group")
    actions.count_releases(by=by, period=data.pop("month"), group=group.code if group else "", **data)


def _load(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
    rows = tables.read(content, name, required=channel_import.REQUIRED, optional=channel_import.OPTIONAL)
    return channel_import.import_releases(rows, by=by, dry_run=dry_run)


_CORRECTED = ("channel", "account", "form", "on", "carrier", "copies", "place", "events")


def _as_recorded(row: Release) -> dict[str, Any]:
    keys = {"channel": row.channel_id, "account": row.account_id}
    return {name: keys.get(name, getattr(row, name)) for name in _CORRECTED}


def _correct(by: Actor, row: Release, data: dict[str, Any]) -> Release:
    return actions.correct_release(row, by=by, **data)


def _on_channel() -> FilterSpec:
    def made(register: Register) -> django_filters.Filter:
        return django_filters.ChoiceFilter(
            field_name="channel__key",
            label=_("渠道"),
            choices=lambda: [(key, row.name) for key, row in latest_channels().items()],
            empty_label=_("全部"),
        )

    return "channel", made


RELEASES = Register(
    key="releases",
    model=Release,
    title=_("公开记录"),
    unit=_("条"),
    group=_("文件"),
    section="documents",
    explain=_("每份文件在哪个渠道、哪个账号、哪天公开；只有数的，按月填报。件数和条次是两个数"),
    label=lambda row: f"{row.document.title}　{row.channel}",
    order=["-on", "-pk"],
    columns=[
        Column("document__title", _("文件"), link=True, wide=True),
        Column("document__organ__name", _("机关")),
        Column("channel"),
        Column("account"),
        Column("form"),
        Column("on", sort="on"),
        Column("copies", number=True),
        Column("events", number=True),
        Column("until"),
        Column("state", _("状态"), value=fact_state),
    ],
    filters=[
        search("document__title", "document__number", "account__name", "place"),
        either(
            "category",
            _("渠道类别"),
            {one.value: (one.label, Q(channel__category=one.value)) for one in Channel.Category},
        ),
        _on_channel(),
        choice("form"),
        organ(),
        since("on"),
        until("on"),
        either(
            "standing",
            _("状态"),
            {
                "yes": (_("有效"), CURRENT),
                "no": (_("已更正或撤销"), ~CURRENT),
                "all": (_("全部"), Q()),
            },
            initial="yes",
        ),
    ],
    related=["document__organ", "channel", "account", "edition", "superseded_by"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("channel"),
        Column("category", _("渠道类别"), value=lambda row: row.channel.get_category_display()),
        Column(
            "account",
            record=lambda row: ("accounts", row.account_id) if row.account_id else None,
        ),
        Column("form"),
        Column("on"),
        Column("at"),
        Column("carrier"),
        Column("copies"),
        Column("place"),
        Column("events"),
        Column("until"),
        Column("reason"),
        Column("state", _("状态"), value=fact_state),
    ],
    actions=[
        Action(
            "count",
            _("按数填报"),
            _count,
            form=_Count,
            new=True,
            explain=_(
                "没有逐条登记、只知道总数的，按月填报；已逐条登记的不再计入。填报的数在“填报数字”里更正。"
            ),
        ),
        Action(
            "withdraw",
            _("撤下"),
            lambda by, row, data: actions.withdraw_release(row, by=by, **data),
            form=WithdrawForm,
            refusal=lambda row: fact_over(row) or (_("该渠道已经撤下。") if row.until else ""),
            explain=_("只撤下这一个渠道；其他渠道还公开的，公众仍能看到。全部撤下的，在文件页办理。"),
        ),
        Action("correct", _("更正"), _correct, form=_Correct, initial=_as_recorded, refusal=fact_over),
        Action(
            "void",
            _("撤销这条记录"),
            lambda by, row, data: actions.void_release(row, by=by, **data),
            form=form_for(Release, reason=reason_field(_("撤销原因"))),
            danger=True,
            refusal=fact_over,
            explain=_("用于实际没有公开过的情形。"),
        ),
    ],
    importer=Importer(
        load=_load,
        required=channel_import.REQUIRED,
        optional=channel_import.OPTIONAL,
        explain=_(
            "一行一次公开：“文件”写发文字号、索引号或者标题全文，“公开日期”写哪天。只有数的，“文件”空着，写“机关代码”“月份”和条次、份数或者场次。"
        ),
    ),
)
PLANS = Register(
    key="release-plans",
    model=ReleasePlan,
    title=_("定时发布"),
    unit=_("项"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.document.title}　{row.channel}",
    columns=[
        Column("document__title", _("文件"), link=True, wide=True),
        Column("channel"),
        Column("at"),
        Column("state", value=plan_state),
    ],
    filters=[organ(), choice("state")],
    related=["document", "channel"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("channel"),
        Column("at"),
        Column("state", value=plan_state),
        Column("why"),
    ],
    actions=[
        Action(
            "cancel",
            _("取消"),
            lambda by, row, data: actions.cancel_plan(row, by=by),
            refusal=lambda row: "" if row.state == "waiting" else _("这项安排已经了结。"),
        ),
    ],
)
REGISTERS = (RELEASES, PLANS)
