"""Forms that add to the record or put it right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base.forms import offer
from gongkai.desk.cases.forms.base import (
    METHODS,
    WAYS,
    CaseForm,
    FilesField,
    choice,
    date,
    line,
    note,
    number,
    words,
)
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS, OUTCOMES
from gongkai.law.wording import zh_date
from gongkai.requests import applicants, timeline
from gongkai.requests import facts as f
from gongkai.requests.actions import CORRECTABLE
from gongkai.requests.casefile import CasePage
from gongkai.requests.course import Entry, label
from gongkai.requests.models import CaseFile


class Attach(CaseForm):
    action = "attach"
    purpose = choice(_("是什么"), CaseFile.Purpose.choices, initial=CaseFile.Purpose.EVIDENCE)
    papers = FilesField(_("文件"), required=True, error_messages={"required": _("请选择要上传的文件。")})
    note = note()

    def values(self) -> dict[str, Any]:
        values = super().values()
        purpose = values.pop("purpose")
        return {**values, "files": [upload._replace(purpose=purpose) for upload in values["files"]]}


def _yes_no(name: Any) -> forms.Field:
    return forms.TypedChoiceField(
        label=name,
        required=False,
        choices=[("", _("没有判断")), ("True", _("是")), ("False", _("否"))],
        coerce=lambda value: value == "True",
        empty_value=None,
    )


_FIELDS: Mapping[str, Any] = {
    "channel": lambda name: choice(name, {key: channel.label for key, channel in CHANNELS.items()}),
    "applicant_kind": lambda name: choice(name, {key: kind.label for key, kind in APPLICANT_KINDS.items()}),
    "method": lambda name: choice(name, METHODS),
    "whom": lambda name: choice(name, {"third_party": _("第三方"), "organ": _("其他机关")}),
    "reply": lambda name: choice(name, f.REPLIES),
    "sub_reason": lambda name: choice(name, OUTCOMES["other_misc"].sub_reasons),
    "way": lambda name: choice(name, WAYS),
    "reached": _yes_no,
    "reasonable": _yes_no,
    **dict.fromkeys(("days", "amount"), number),
    **dict.fromkeys(("submitted_on", "received_on", "until", "served_on", "ended_on"), date),
    **dict.fromkeys(("what", "text", "reason", "note"), lambda name: words(name, rows=3)),
}
_APPLICATION = "form_"
# The applicant's fields have boxes of their own; a reason that was given is put right by annulling and doing it again.
_NOT_HERE = frozenset({"form", "organ_id", "reason"})


class Supersede(CaseForm):
    """Puts one entry right: its day, what it says, or that it never was. Only what was changed is passed on."""

    action = "supersede"
    seq_entry = forms.TypedChoiceField(
        label=_("更正哪一条"), coerce=int, error_messages={"required": _("请选择要更正的记录。")}
    )
    annul = forms.BooleanField(label=_("这件事没有发生过，撤销这条记录"), required=False)
    because = words(_("更正的理由"), wanted=_("请写明更正的理由。"), rows=2)

    @property
    def again(self) -> str:
        return _g("换一条记录") if self.entry else _g("填写更正内容")

    def prepare(self) -> None:
        listed = [(e.seq, _entry_words(e)) for e in correctable(self.page)]
        offer(self, "seq_entry", [("", _g("请选择")), *listed])
        self.entry = self._chosen()
        if self.entry is None:
            del self.fields["annul"], self.fields["because"], self.fields["on"]
            return
        self.before = self._before(self.entry)
        for name in self.before:
            self.fields[name] = self._field(name)
            self.initial[name] = self.before[name]
        self.initial["on"] = self.before["on"] = self.entry.on
        self.fields["on"].help_text = _g("这件事实际的日期")
        self.order_fields(["seq_entry", "on", *self.before, "annul", "because"])

    @property
    def needs_more(self) -> bool:
        return self.entry is None

    @property
    def shown_for(self) -> str:
        return str(self.entry.seq) if self.entry else ""

    def _chosen(self) -> Entry | None:
        given = str(self["seq_entry"].value() or "")
        return next((e for e in correctable(self.page) if str(e.seq) == given), None)

    def _before(self, entry: Entry) -> dict[str, Any]:
        """What stands there now, by field."""
        names = sorted(CORRECTABLE.get(entry.kind, frozenset()) - _NOT_HERE)
        found = {name: getattr(entry.fact, name) for name in names}
        if entry.kind == "submit":
            found |= {_APPLICATION + key: self.page.form.get(key, "") for key in applicants.FIELDS}
        return found

    @staticmethod
    def _field(name: str) -> forms.Field:
        if name.startswith(_APPLICATION):
            key = name.removeprefix(_APPLICATION)
            return _application_field(key)
        made: forms.Field = _FIELDS.get(name, line)(timeline.LABELS.get(name, name))
        made.required = False
        return made

    def values(self) -> dict[str, Any]:
        """The entry, the reason, and what is different from before."""
        data = self.cleaned_data
        kept: dict[str, Any] = {"seq": data["seq_entry"], "reason": data["because"]}
        if data.get("annul"):
            return {**kept, "annul": True}
        changed = {
            name: data.get(name)
            for name, was in self.before.items()
            if _told(data.get(name)) != _told(was) and not (name == "on" and data.get(name) is None)
        }
        form = {name for name in self.before if name.startswith(_APPLICATION)}
        if form & changed.keys():
            kept["form"] = {name.removeprefix(_APPLICATION): data.get(name) or "" for name in form}
        if "to" in changed:
            kept["organ_id"] = None  # the organ that was named by mistake
        return {**kept, **{name: value for name, value in changed.items() if name not in form}}

    def take(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            super().take(error)
            return
        places = {"seq": "seq_entry", "form": None}
        for name, messages in error.message_dict.items():
            where = places.get(name, name)
            where = where if where in self.fields else f"{_APPLICATION}{name}"
            self.add_error(where if where in self.fields else None, messages)

    @property
    def hints(self) -> list[str]:
        return [_g("更正后两条记录都保留，原来的划去；期限和统计按更正后的重新计算。")]


def correctable(page: CasePage) -> list[Entry]:
    """The entries that still count, newest first: those something in can be put right, or that can be annulled."""
    return [e for e in reversed(page.facts.entries) if e.kind != "annul"]


def _entry_words(entry: Entry) -> str:
    return _g("第%(seq)s条　%(day)s　%(label)s") % {
        "seq": entry.seq,
        "day": zh_date(entry.on),
        "label": label(entry.kind),
    }


def _told(value: Any) -> str:
    """A value so that what was left alone compares equal to what stood there."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def _application_field(key: str) -> forms.Field:
    name, longest = applicants.FIELDS[key]
    known = {
        "id_type": applicants.ID_TYPES,
        "delivery_form": applicants.DELIVERY_FORMS,
        "delivery_way": applicants.DELIVERY_WAYS,
    }
    if key in known:
        return choice(name, known[key], required=False)
    if key == "info_description":
        return words(name)
    return line(name, max_length=longest)
