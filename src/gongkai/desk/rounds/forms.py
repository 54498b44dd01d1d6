"""The short forms of the round pages, and which of the room's actions each one calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.rounds import actions, columns, deadlines, periods, queries, reports, sheets
from gongkai.annualreport.rounds.columns import Choice, Column
from gongkai.annualreport.rounds.models import Duty, Round, Sheet
from gongkai.base import clock
from gongkai.base.forms import offer
from gongkai.desk.figures.words import register_title
from gongkai.desk.register.forms import DateInput
from gongkai.desk.register.scoped import ScopedChoice, ScopedChoices
from gongkai.desk.reports import given
from gongkai.forms.layout import FORMS
from gongkai.law.reporting import statutory_due
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer


def _words(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "brief"})
    return forms.CharField(label=label, max_length=1000, widget=widget, **kwargs)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput, **kwargs)


class Short(forms.Form):
    """A form of an action; what the action objects to stands beside the field it speaks of."""

    def take(self, error: ValidationError) -> None:
        """Show the room's objection beside its field, or at the top."""
        messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, found in messages.items():
            self.add_error(name if name in self.fields else None, found)


class About(Short):
    """A form about a round or a duty."""

    def __init__(self, *args: Any, subject: Round | Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject


class Plain(About):
    """A button."""


class Because(About):
    reason = _words(_("理由"))


class Deadline(About):
    group = forms.ChoiceField(label=_("哪一类单位"))
    day = _day(_("新期限"))
    reason = _words(_("理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.subject.duties.order_by().values_list("group", flat=True).distinct()  # type: ignore[union-attr]
        offer(
            self, "group", [(key, name) for key, name in deadlines.GROUP_NAMES.items() if key in set(groups)]
        )


class Extend(About):
    day = _day(_("新期限"))
    reason = _words(_("理由"))


class Remind(About):
    note = _words(_("附言"), required=False, help_text=_("对方在“今日”里看到；可以不填"))


class Seen(About):
    """A button about the submission that stood on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)


class Return(Seen):
    reason = _words(_("退回意见"), help_text=_("写明哪一处、为什么、怎样改"))
    until = _day(_("请于何日前再次报送"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject.deadline < clock.today():  # type: ignore[union-attr]
            self.fields["until"].required = True
            self.fields["until"].help_text = _g("期限已过，须另定日期，免得单位一退回就逾期")


class Submit(About):
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = _words(_("说明"), required=False, help_text=_("可以不填；退回后原样再报的，须写明理由"))


class Receive(About):
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("例如：1月19日收到的纸质报告"))
    file = forms.FileField(
        label=_("报告文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": given.ACCEPT}),
        help_text=_("网页、Word、PDF、文本，或者三张表的数据（JSON）；读不出的格按未知计，不按0计"),
    )
    text = forms.CharField(
        label=_("或者粘贴"),
        required=False,
        max_length=given.LARGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false"}),
        help_text=_("报告全文，或者三张表的数据；已导入过的，两处都留空"),
    )

    sure = forms.BooleanField(label=_("已核对：这份报告就是该单位该年度的"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text", "").strip()
        if file and text:
            self.add_error("file", _g("文件和粘贴的数据，请二者选一。"))
            return data
        data["tables"] = found = self._tables(file, text) if file or text else None
        if found and not data.get("sure") and (why := given.doubt(found, self.subject.organ)):
            self.add_error("sure", _g("%(why)s，请核对；确实无误的，勾选后再接收。") % {"why": why})
        return data

    def _tables(self, file: Any, text: str) -> dict[str, Any] | None:
        year = self.subject.round.year  # type: ignore[union-attr]
        try:
            return given.of_file(file, year) if file else given.tables(text.encode(), year)
        except given.NotTaken as problem:
            self.add_error("file" if file else "text", str(problem))
            return None


class HandIn(About):
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    note = _words(_("说明"), required=False, help_text=_("数字的特殊情况、没有数的原因"))


@dataclass(frozen=True)
class Verb:
    """One thing to do: its form, the action it calls, and what the page says after it."""

    form: type[About]
    run: Callable[[Actor, Any, Mapping[str, Any]], Any]
    done: str | Promise


ROUND_VERBS: Mapping[str, Verb] = {
    "deadline": Verb(
        Deadline,
        lambda by, round_, data: actions.change_deadline(
            by=by, round_=round_, group=data["group"], day=data["day"], reason=data["reason"]
        ),
        _("期限已调整，各单位的页面上是新期限。"),
    ),
    "include": Verb(Plain, lambda by, round_, data: actions.include(by=by, round_=round_), _("名单已补充。")),
    "remind": Verb(
        Remind,
        lambda by, round_, data: actions.remind(by=by, round_=round_, note=data["note"]),
        _("已催报，各单位在“今日”里看到。"),
    ),
    "close": Verb(
        Plain, lambda by, round_, data: actions.close(by=by, round_=round_), _("这次报送已经结束。")
    ),
    "reopen": Verb(
        Because,
        lambda by, round_, data: actions.reopen(by=by, round_=round_, reason=data["reason"]),
        _("已重新开放，单位可以报送更正。"),
    ),
    "cancel": Verb(
        Because,
        lambda by, round_, data: actions.cancel(by=by, round_=round_, reason=data["reason"]),
        _("这次报送已撤销，不再作数。"),
    ),
}


def _submit(by: Actor, duty: Duty, data: Mapping[str, Any]) -> Any:
    version = queries.candidates(duty).filter(pk=data["version"]).first()
    if version is None:
        raise Http404
    return reports.submit(by=by, duty=duty, version=version, note=data["note"])


DUTY_VERBS: Mapping[str, Verb] = {
    "submit": Verb(Submit, _submit, _("已报送，等上级接收。")),
    "hand-in": Verb(
        HandIn,
        lambda by, duty, data: sheets.hand_in(by=by, duty=duty, note=data["note"], seen=data["seen"]),
        _("已报送，等布置单位确认。报送的数从此固定。"),
    ),
    "accept": Verb(
        Seen,
        lambda by, duty, data: actions.accept(
            by=by, round_=duty.round, duties=[duty], seen={duty.pk: data["seen"]}
        ),
        _("已接收。"),
    ),
    "return": Verb(
        Return,
        lambda by, duty, data: actions.return_(
            by=by, duty=duty, reason=data["reason"], until=data["until"], seen=data["seen"]
        ),
        _("已退回，意见在对方的“今日”里。"),
    ),
    "remind": Verb(
        Remind,
        lambda by, duty, data: actions.remind(by=by, round_=duty.round, duties=[duty], note=data["note"]),
        _("已催报，对方在“今日”里看到。"),
    ),
    "extend": Verb(
        Extend,
        lambda by, duty, data: actions.extend(by=by, duty=duty, day=data["day"], reason=data["reason"]),
        _("期限已调整。"),
    ),
    "receive": Verb(
        Receive,
        lambda by, duty, data: reports.receive(
            by=by, duty=duty, source=data["source"], tables=data["tables"]
        ),
        _("已代为接收，数按原样计入汇总。"),
    ),
}


class Scoped(Short):
    """A form whose choices are bound to what somebody may name."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            bind = getattr(field, "bind_to", None)
            if bind is not None:
                bind(viewer, None, "rounds", "work")


class Collector(ScopedChoice):
    """The governments for which somebody collects; chosen already where it is only one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organ, rows=lambda who, record: queries.collectors(who), order="path", **kwargs)

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        super().bind_to(who, record, register, verb)
        only = list(queries.collectors(who)[:2])
        if len(only) == 1:
            self.initial, self.empty_label = only[0].pk, None


def _years() -> list[tuple[str, str]]:
    """Every year there is a form for, the last whole one first."""
    first = min(form.first_year for form in FORMS.values())
    this = clock.today().year
    return [(str(year), str(year)) for year in (*range(this - 1, first - 1, -1), this)]


class Open(Scoped):
    """Begin to collect the reports of a year. An empty deadline is the default of the organ."""

    organ = Collector(label=_("由谁收"))
    year = forms.ChoiceField(label=_("报告年度"), choices=_years)
    department = _day(_("部门、办公室、派出机关的期限"), required=False)
    township = _day(_("乡镇、街道的期限"), required=False)
    government = _day(_("下级人民政府的期限"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in ("department", "township", "government"):
            due = statutory_due(group, clock.today().year - 1).day
            self.fields[group].help_text = _g(
                "不填按本地设置；没有设置的按法定期限%(month)d月%(day)d日，只能提前"
            ) % {"month": due.month, "day": due.day}

    def days(self) -> dict[str, dt.date]:
        """The deadlines that were filled in."""
        names = ("department", "township", "government")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class Define(Scoped):
    """A new statistics sheet; its columns stand beside it as boxes to tick."""

    organ = Collector(label=_("由谁布置"))
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("例如：政府信息公开情况统计表"))
    basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("要求报送的文件，例如：政府信息公开统计制度")
    )
    frequency = forms.ChoiceField(label=_("周期"), choices=Sheet.Frequency.choices, initial="quarter")
    days = forms.IntegerField(
        label=_("期末后几日内报送"),
        min_value=1,
        max_value=deadlines.LONGEST,
        initial=10,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    day_kind = forms.ChoiceField(label=_("按"), choices=Sheet.Days.choices)
    units = ScopedChoices(
        Organ,
        rows=lambda who, record: _below(who),
        order="path",
        label=_("填报单位"),
        required=False,
        help_text=_("不选就是全部直接下级；按住 Ctrl 可以选几家"),
    )
    columns = forms.MultipleChoiceField(label=_("指标"), choices=lambda: _column_choices(), required=False)

    def groups(
        self,
    ) -> list[tuple[str, list[tuple[Choice, bool, list[tuple[Column, bool]], bool]]]]:
        """The boxes by register: each measure, whether ticked, its parts, and whether these stand open."""
        ticked = set(self.data.getlist("columns")) if self.is_bound else set()  # type: ignore[attr-defined]
        found = []
        for choices in columns.choices().values():
            lines = []
            for choice in choices:
                parts = [(part, part.key in ticked) for part in choice.parts]
                lines.append((choice, choice.whole.key in ticked, parts, any(on for _part, on in parts)))
            found.append((register_title(choices[0].whole.measure), lines))
        return found


def _below(who: Viewer) -> Any:
    """The organs below those somebody collects for."""
    tops = list(queries.collectors(who).values_list("path", flat=True))
    rows = Organ.objects.filter(kind__in=Organ.REPORTING_KINDS, parent__path__in=tops)
    return rows.filter(valid_to__isnull=True)


def _column_choices() -> list[tuple[str, str]]:
    return [
        (column.key, column.title)
        for found in columns.choices().values()
        for choice in found
        for column in (choice.whole, *choice.parts)
    ]


class OpenPeriod(Short):
    """Ask for one period of a sheet."""

    period = forms.ChoiceField(label=_("统计期"))

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _periods(sheet)
        offer(self, "period", [(key, words) for key, words, _start in choices])
        asked = set(sheet.rounds.filter(cancelled_on__isnull=True).values_list("start", flat=True))
        first = next((key for key, _words, start in choices if start not in asked), None)
        self.fields["period"].initial = first

    def which(self) -> tuple[int, int]:
        """Year and index."""
        year, _dash, index = self.cleaned_data["period"].partition("-")
        return int(year), int(index)


def _periods(sheet: Sheet) -> list[tuple[str, str, dt.date]]:
    """The periods that are over, newest first: key, words, first day."""
    found = []
    for year, index in periods.recent(sheet.frequency, clock.today()):
        start = periods.period(sheet.frequency, year, index).start
        found.append((f"{year}-{index}", periods.words(sheet.frequency, start), start))
    return found
