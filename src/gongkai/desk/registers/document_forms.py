"""The forms of a document's own actions: catalogue data, joint issue, posts filled, numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.forms import ActionForm, date_field
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.documents import describing
from gongkai.documents.models import Classification, NumberSeries, Openness
from gongkai.organs import scope


def _list(scheme: str, label: Any) -> ScopedChoice:
    return ScopedChoice(
        Classification,
        rows=lambda who, record: describing.offered(scheme),
        order="code",
        label=label,
        required=False,
    )


class Describe(ActionForm):
    """Catalogue data of 05 §7.3."""

    theme = _list("theme", _("主题分类"))
    genre = _list("genre", _("体裁分类"))
    group = _list("group", _("组配分类"))
    keywords = forms.CharField(
        label=_("关键词"), max_length=200, required=False, help_text=_("用空格或者逗号分开")
    )
    summary = forms.CharField(label=_("内容概述"), max_length=1000, required=False, widget=forms.Textarea)
    source = forms.CharField(
        label=_("信息来源"), max_length=120, required=False, help_text=_("空白即发文机关")
    )
    effective_on = date_field(_("实施日期"), required=False)
    valid_until = date_field(_("有效期至"), required=False, help_text=_("有效的最后一天"))
    openness = forms.MultipleChoiceField(
        label=_("五公开"), choices=Openness.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class Joint(ActionForm):
    """The organs beside the lead."""

    names = forms.CharField(
        label=_("联合发文机关"),
        required=False,
        widget=forms.Textarea,
        help_text=_("一行一个全称，按落款顺序；主办机关不写"),
    )

    def clean_names(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


class Appoint(ActionForm):
    """Who is appointed or removed."""

    lines = forms.CharField(
        label=_("任免事项"),
        widget=forms.Textarea,
        help_text=_("一行一项：姓名 任命 职务，或者 姓名 免去 职务"),
    )

    def clean_lines(self) -> list[describing.Filled]:
        try:
            return describing.parse_appointments(self.cleaned_data["lines"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class Allot(ActionForm):
    """The series to number in: those of the document's own organ."""

    series = ScopedChoice(
        NumberSeries,
        rows=lambda who, record: (
            scope.rows(who, NumberSeries).filter(path=record.path)
            if record is not None
            else scope.rows(who, NumberSeries)
        ),
        order="mark",
        text_key="mark",
        label=_("发文字号系列"),
    )
