"""人口数: how many inhabitants an organ's area had on a day, for figures per 10,000 inhabitants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.library import actions
from gongkai.annualreport.library.models import ExternalOrgan, Population
from gongkai.desk.library.forms import OrganName
from gongkai.desk.register import sheets
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import either, search, since, until
from gongkai.desk.register.forms import ActionForm, date_field, reason_field
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice
from gongkai.organs.actors import Actor


class Noted(ActionForm):
    """A number of inhabitants."""

    organ = OrganChoice(label=_("年报库"), register="library")
    subject = OrganName(
        label=_("本平台的机关"), required=False, max_length=120, help_text=_("代码、现名或者曾用名")
    )
    external = ScopedChoice(
        ExternalOrgan,
        label=_("或者外部机关"),
        required=False,
        order="name",
        help_text=_("年报库里已有的外部机关"),
    )
    as_of = date_field(_("截至"))
    persons = forms.IntegerField(label=_("人口数（人）"), min_value=1, max_value=actions.MOST_PERSONS)
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("例如：2022年统计公报，常住人口"))


class Withdrawn(ActionForm):
    """Why a number is withdrawn."""

    reason = reason_field(_("撤回理由"))


def _whose(row: Population) -> str:
    return str(row.subject or row.external)


def _record(by: Actor, _row: Any, data: dict[str, Any]) -> Population:
    return actions.record_population(by=by, **data)


def _state(row: Population) -> State | Text:
    if row.persons is None:
        return _("已撤回")
    return _("已被取代") if _is_superseded(row) else State("done", _("有效"))


def _is_superseded(row: Population) -> bool:
    """As :func:`_mark` found it for a whole page, else by a look-up."""
    found: bool | None = getattr(row, "superseded", None)
    return Population.objects.filter(supersedes=row).exists() if found is None else found


def _mark(_who: Any, rows: list[Population]) -> None:
    """Which of a page's rows a later one has taken the place of: one query."""
    gone = set(
        Population.objects.filter(supersedes__in=[row.pk for row in rows]).values_list(
            "supersedes", flat=True
        )
    )
    for row in rows:
        row.superseded = row.pk in gone  # type: ignore[attr-defined]


def _refusal(row: Population) -> Text:
    return _("这条记录已被更正或者撤回。") if row.persons is None or _is_superseded(row) else ""


NOTE = Action(
    "note",
    _("登记人口数"),
    _record,
    form=Noted,
    new=True,
    explain=_("同一机关同一天再登记一次，新的取代旧的。比较时用截至该年年底最近的一个数。"),
)
_COLUMNS = [
    Column("whose", _("机关"), value=_whose, link=True),
    Column("as_of", sort="as_of"),
    Column("persons", number=True),
    Column("source", wide=True),
    Column("state", _("状态"), value=_state),
]
POPULATIONS = Register(
    key="populations",
    model=Population,
    title=_("人口数"),
    unit=_("条"),
    section="library",
    group=_("年报库"),
    explain=_("用于把各机关的年报数折算成每万人；没有登记人口数的机关不折算"),
    label=lambda row: f"{_whose(row)} {row.as_of:%Y-%m-%d}",
    columns=_COLUMNS,
    filters=[
        search("subject__name", "external__name", "source"),
        since("as_of"),
        until("as_of"),
        either(
            "standing",
            _("状态"),
            {
                "yes": (_("有效"), Q(persons__isnull=False, superseded_by=None)),
                "no": (_("已撤回或取代"), Q(persons=None) | Q(superseded_by__isnull=False)),
            },
        ),
    ],
    order=("-as_of", "-pk"),
    related=["organ", "subject", "external"],
    decorate=_mark,
    facts=[
        Column("organ__name", _("年报库")),
        Column("whose", _("机关"), value=_whose),
        Column("as_of"),
        Column("persons"),
        Column("source"),
        Column("recorded_at"),
        Column("state", _("状态"), value=_state),
    ],
    parts=[
        Part(
            _("取代的记录"),
            lambda who, row: [row.supersedes] if row.supersedes else [],
            [
                Column("as_of", _("截至")),
                Column("persons", _("人口数（人）"), number=True),
                Column("source", _("来源")),
            ],
            empty=_("没有。"),
        )
    ],
    actions=[
        NOTE,
        Action(
            "withdraw",
            _("撤回"),
            lambda by, row, data: actions.withdraw_population(by=by, population=row, reason=data["reason"]),
            form=Withdrawn,
            refusal=_refusal,
            danger=True,
        ),
    ],
    importer=sheets.through(NOTE, "library"),
)
REGISTERS = (POPULATIONS,)
