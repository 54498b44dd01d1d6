"""The measures of release: how many documents came out, and how many times, on which channel. The two are never mixed.

What a unit did not record release by release it counts by the month; such a count stands beside the records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _

from gongkai.base.measures import Measure, Period, register
from gongkai.base.tallies import UNTOLD
from gongkai.documents.channel_models import Account, Channel
from gongkai.documents.kinds import Kind
from gongkai.documents.models import CURRENT, STANDING, Classification, Document, Release

REGISTER = "channels"
DOCUMENTS_REGISTER = (
    "channels.documents"  # who counts releases by the month does not know how many documents they were
)

_OUT = CURRENT & Q(document__struck_at__isnull=True)


def latest_channels() -> dict[str, Channel]:
    """The last wording of every channel, by code, in the table's order."""
    found = {row.key: row for row in Channel.objects.order_by("valid_from")}
    return dict(sorted(found.items(), key=lambda pair: pair[1].pk))


def _channels() -> list[tuple[str, str]]:
    return [(key, row.name) for key, row in latest_channels().items()]


def _accounts() -> list[tuple[str, str]]:
    rows = Account.objects.order_by("path", "channel", "pk").values_list("pk", "name", "channel__name")
    return [(UNTOLD, _("未分账号")), *((str(pk), f"{name}（{channel}）") for pk, name, channel in rows)]


def _kinds() -> list[tuple[str, str]]:
    return [(UNTOLD, _("未分类型")), *((kind.value, str(kind.label)) for kind in Kind)]


def _forms() -> list[tuple[str, str]]:
    return [(UNTOLD, _("未分形式")), *((form.value, str(form.label)) for form in Release.Form)]


def _groups() -> list[tuple[str, str]]:
    rows = Classification.objects.filter(scheme=Classification.Scheme.GROUP).order_by("code", "valid_from")
    return [(UNTOLD, _("未分组配")), *dict(rows.values_list("code", "name")).items()]


VALUES: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
    "category": lambda: [(one.value, str(one.label)) for one in Channel.Category],
    "channel": _channels,
    "account": _accounts,
    "kind": _kinds,
    "form": _forms,
    "group": _groups,
}


def _told(period: Period) -> Mapping[str, Any]:
    """Account, form and 组配分类 as text, `UNTOLD` where there is none."""
    return {
        "group_told": Coalesce(F("document__group__code"), Value(UNTOLD)),
        "account_told": Coalesce(Cast("account_id", CharField()), Value(UNTOLD)),
        "form_told": Coalesce(NullIf(F("form"), Value("")), Value(UNTOLD)),
    }


def settle(given: Mapping[str, str], path: str) -> dict[str, str]:
    """The dimensions of a count of the releases of the organ at `path`: a channel must be named, its category follows, the
    rest may stay untold, an account is the organ's own. Raises ValidationError."""
    channel = latest_channels().get(given.get("channel", ""))
    if channel is None:
        raise ValidationError({"dimensions": _("请写明渠道。")})
    account = given.get("account") or UNTOLD
    here = Account.objects.filter(channel__key=channel.key, path=path)
    if account != UNTOLD and not (account.isdigit() and here.filter(pk=int(account)).exists()):
        raise ValidationError(
            {"dimensions": _("本机关在“%(channel)s”上没有这个账号。") % {"channel": channel.name}}
        )
    told = {name: value or UNTOLD for name, value in given.items()}
    if told.get("category", channel.category) not in (channel.category, UNTOLD):
        raise ValidationError({"dimensions": _("“%(channel)s”不属于这一类别。") % {"channel": channel.name}})
    untold = dict.fromkeys(("account", "kind", "form", "group"), UNTOLD)
    return untold | told | {"category": channel.category}


def _settle_kind(given: Mapping[str, str], path: str) -> dict[str, str]:
    return {"kind": UNTOLD} | {name: value or UNTOLD for name, value in given.items()}


def _of_releases(key: str, title: str, unit: str, definition: str, amount: str | None = None) -> Measure:
    counted = _OUT & Q(**{f"{amount}__isnull": False}) if amount else _OUT
    return Measure(
        key=key,
        title=title,
        unit=unit,
        register=REGISTER,
        statistical_date="公开日期",
        model=lambda: Release,
        select=lambda period: counted & period.covers("on"),
        dimensions={
            "category": "channel__category",
            "channel": "channel__key",
            "account": "account_told",
            "kind": "document__kind",
            "form": "form_told",
            "group": "group_told",
        },
        amount=amount,
        path="document__path",
        tally="beside",
        annotate=_told,
        definition=definition,
        values=VALUES,
        settle=settle,
        settled=("category", "channel", "account"),
        implied=("category",),
    )


releases = _of_releases(
    "channels.releases",
    "公开条次",
    "条次",
    "统计期内的公开次数：一件信息在几个渠道、几个账号公开就计几次，加上单位没有逐条登记、按数填报的条次。"
    "撤销的记录不计，撤下的仍计。与公开信息件数是两个数，不能相加。",
)
copies = _of_releases(
    "channels.copies",
    "发放份数",
    "份",
    "统计期内在线下渠道印发、张贴的份数，加上按数填报的份数。",
    "copies",
)
events = _of_releases(
    "channels.events",
    "公开场次",
    "场次",
    "统计期内新闻发布会、广播电视栏目、宣讲等的场次，加上按数填报的场次。",
    "events",
)


def _came_out(period: Period) -> Q:
    shown = Release.objects.filter(_OUT & period.covers("on"), document=OuterRef("pk"))
    return STANDING & Q(Exists(shown))


documents = Measure(
    key="channels.documents",
    title="公开信息件数",
    unit="件",
    register=DOCUMENTS_REGISTER,
    statistical_date="公开日期",
    model=lambda: Document,
    select=_came_out,
    dimensions={"kind": "kind"},
    tally="beside",
    definition="统计期内公开过的信息件数：一件信息不论在几个渠道公开，只计一件，加上单位没有逐件登记、按数填报的件数。"
    "首次公开在以前的，本期在别的渠道又公开，也计一件；只计首次公开的是“本年新公开数量”。",
    values={"kind": _kinds},
    settle=_settle_kind,
)


def _first_of_its_category(period: Period) -> Q:
    """One release for each document and category of channel."""
    inside = _OUT & period.covers("on")
    earlier = Release.objects.filter(
        inside,
        document=OuterRef("document"),
        channel__category=OuterRef("channel__category"),
        pk__lt=OuterRef("pk"),
    )
    return inside & ~Q(Exists(earlier))


documents_by_category = Measure(
    key="channels.documents_by_category",
    title="各类渠道公开信息件数",
    unit="件",
    register=DOCUMENTS_REGISTER,
    statistical_date="公开日期",
    model=lambda: Release,
    select=_first_of_its_category,
    dimensions={"category": "channel__category", "kind": "document__kind"},
    path="document__path",
    definition="统计期内在每一类渠道公开过的信息件数：同一类渠道里不论公开几次，只计一件。一件信息可以在几类渠道公开，"
    "所以各类相加会大于公开信息件数。只数逐条登记的。",
    values={"category": VALUES["category"], "kind": _kinds},
)

register(releases, copies, events, documents, documents_by_category)
