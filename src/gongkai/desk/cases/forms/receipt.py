"""Forms of receipt: contacting, confirming, forwarding, accepting, assigning, splitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.cases.forms.base import METHODS, CaseForm, choice, line, note, words
from gongkai.law.outcomes import CHANNELS
from gongkai.organs import authority, queries
from gongkai.organs.models import Organ, Person, Role
from gongkai.requests.casefile import CasePage

_WORKERS = (Role.HANDLER, Role.OFFICE, Role.HEAD)
_FEWEST_PARTS, _MORE_PARTS, _MOST_PARTS = 3, 3, 60


class Contact(CaseForm):
    action = "contact"
    method = choice(_("联系方式"), METHODS)
    reached = forms.TypedChoiceField(
        label=_("是否联系上"),
        choices=[("yes", _("联系上了")), ("no", _("没有联系上"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    note = words(_("联系情况"), wanted=_("请写明联系情况。"), rows=3)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "reached": self.cleaned_data["reached"]}


class Confirm(CaseForm):
    action = "confirm"
    method = choice(_("确认方式"), METHODS)
    note = note()

    @property
    def hints(self) -> list[str]:
        channel = CHANNELS.get(self.page.facts.channel)
        return [f"{channel.label}：{channel.confirm_rule.text}（{channel.article}）。"] if channel else []


class Forward(CaseForm):
    action = "forward"
    danger = True
    to = line(
        _("转往的机关"), wanted=_("请填写转往的机关。"), max_length=120, help_text=_("机关名称或者代码")
    )
    note = note(_("转办说明"))

    def values(self) -> dict[str, Any]:
        values = super().values()
        try:
            known = queries.by_any_name(values["to"], queries.standing(Organ.objects.all(), clock.today()))
        except ValidationError:
            return values  # an organ that is not kept here is named in words
        return {**values, "organ": known}


class _Person(forms.ModelChoiceField):
    """A colleague at the organ one acts for, among those this person may see at all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), empty_label=_("请选择"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


def _colleagues(form: CaseForm) -> QuerySet[Person]:
    organ = Organ.objects.filter(path=authority.place(form.by)).first()
    if form.by.viewer is None or organ is None:
        return Person.objects.none()
    return queries.people_of(form.by.viewer, organ, clock.today(), *_WORKERS)


class Accept(CaseForm):
    action = "accept"
    handler = _Person(label=_("承办人"), required=False, help_text=_("不选则由您承办"))
    note = note()

    def prepare(self) -> None:
        self.fields["handler"].queryset = found = _colleagues(self)  # type: ignore[attr-defined]
        if not found.exists():
            del self.fields["handler"]


class Assign(CaseForm):
    action = "assign"
    person = _Person(label=_("承办人"), error_messages={"required": _("请选择承办人。")})
    note = note()

    def prepare(self) -> None:
        self.fields["person"].queryset = _colleagues(self)  # type: ignore[attr-defined]


class Split(CaseForm):
    action = "split"
    again = _("再加几件")
    reason = words(_("拆分的理由"), wanted=_("请写明拆分的理由。"), rows=2)

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"part_1": page.form.get("info_description", "")}

    def prepare(self) -> None:
        for number in range(1, self._wanted() + 1):
            self.fields[f"part_{number}"] = words(_g("第%(n)s件") % {"n": number}, rows=2)
            self.fields[f"part_{number}"].widget.attrs["data-part"] = number
        self.order_fields([name for name in self.fields if name.startswith("part_")])

    def _wanted(self) -> int:
        given = self.data if self.is_bound else self.initial
        sent = [int(name[5:]) for name in given if name.startswith("part_") and name[5:].isdecimal()]
        count = max([_FEWEST_PARTS, *sent])
        more = 0 if self.is_bound else _MORE_PARTS * bool(len(sent) > 1)
        return min(count + more, _MOST_PARTS)

    @property
    def hints(self) -> list[str]:
        return [
            _g("每一件各自编号、各自答复，收到日期和期限不变；至少两件，空着的不算。"),
            _g("拆分要告诉申请人，不能撤销。"),
        ]

    def values(self) -> dict[str, Any]:
        values = super().values()
        parts = [values.pop(name) for name in list(values) if name.startswith("part_")]
        return {**values, "parts": parts}

    def take(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "parts" in error.message_dict:
            self.add_error("part_1", error.message_dict["parts"])
        else:
            super().take(error)
