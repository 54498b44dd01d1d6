"""What every form of a case has: the day, the files, the number of the last entry seen, and errors beside the fields.

The forms ask; whether something is permitted or complete is for the actions to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.forms import DateInput
from gongkai.organs.actors import Actor
from gongkai.requests import actions
from gongkai.requests.actions import Upload
from gongkai.requests.casefile import CasePage
from gongkai.requests.models import Case

_FILES, _NOTE = _("附件"), _("备注")
SHOWN = "shown"  # the hidden field that says for which choice the fields were shown
AGAIN = "again"  # the button that fills the form in further instead of acting


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none, as the actions take them."""

    widget = ManyFiles

    def __init__(self, label: Any = _FILES, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("每个不超过 10 MB，可以一次选多个"))
        super().__init__(label=label, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        chosen: Iterable[Any] = data or [None]  # nothing chosen goes through the same check once
        files: list[UploadedFile] = [
            file for one in chosen if (file := super(FilesField, self).clean(one, initial))
        ]
        return [Upload(str(file.name), file.read()) for file in files]


class CaseForm(forms.Form):
    """One action on one case, in one capacity. Fields carry the names of the action's arguments.

    `action` is the key it belongs to. `danger` marks what ends a case. Only what was filled in is passed on, so that the
    action's own defaults hold.
    """

    action: ClassVar[str] = ""
    button: ClassVar[Any] = ""
    again: ClassVar[Any] = ""  # label of the button that only fills the form in further
    danger: ClassVar[bool] = False
    template: ClassVar[str] = ""  # what is shown above the fields

    on = forms.DateField(
        label=_("日期"),
        required=False,
        widget=DateInput,
        help_text=_("记在哪一天，补登的填当时的日期"),
    )

    def __init__(self, *args: Any, page: CasePage, by: Actor, **kwargs: Any) -> None:
        self.page, self.by = page, by
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        kwargs["initial"] = {"on": clock.today(), **self.start(page), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.order_fields([*(name for name in self.fields if name != "on"), "on"])
        self.prepare()

    def start(self, page: CasePage) -> dict[str, Any]:
        """What the fields hold at first."""
        return {}

    def prepare(self) -> None:
        """Fit the fields to the case."""

    @property
    def hints(self) -> list[str]:
        """What to bear in mind, in sentences."""
        return []

    @property
    def needs_more(self) -> bool:
        """Whether the form must be filled in further before it can be acted on."""
        return False

    @property
    def shown_for(self) -> str:
        """The choice the other fields were made for; a form sent with another choice is filled in anew, not acted on."""
        return ""

    def values(self) -> dict[str, Any]:
        """The action's arguments."""
        given = {name: value for name, value in self.cleaned_data.items() if not _blank(value)}
        if "papers" in given:
            given["files"] = given.pop("papers")  # a form's own attribute bears that name
        return given

    def others(self) -> list[Case]:
        """Further cases the action writes to."""
        return []

    def run(self) -> Any:
        """Do it. Raises ValidationError and Refused as the action does."""
        return getattr(actions, self.action)(self.page.case, by=self.by, **self.values())

    def take(self, error: ValidationError) -> None:
        """Show the action's objections beside the fields they speak of, or at the top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error.messages)
            return
        for name, messages in error.message_dict.items():
            where = "papers" if name == "files" else name
            self.add_error(None if where == NON_FIELD_ERRORS or where not in self.fields else where, messages)


def _blank(value: Any) -> bool:
    return value is None or value == "" or value == []


def line(label: Any, *, wanted: Any = "", **kwargs: Any) -> forms.CharField:
    """One line of text; with `wanted`, the sentence when it is missing."""
    return forms.CharField(
        label=label,
        required=bool(wanted),
        error_messages={"required": wanted or ""},
        **{"max_length": 500, **kwargs},
    )


def words(label: Any, *, wanted: Any = "", rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Some lines of text; with `wanted`, the sentence when they are missing."""
    return forms.CharField(
        label=label,
        required=bool(wanted),
        error_messages={"required": wanted or ""},
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


def note(label: Any = _NOTE) -> forms.CharField:
    return words(label, rows=2)


def date(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput, **{"required": False, **kwargs})


def number(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A whole number from 1."""
    return forms.IntegerField(
        label=label,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        **{"required": False, "min_value": 1, "max_value": 100_000_000, **kwargs},
    )


def choice(label: Any, choices: Any, *, required: bool = True, **kwargs: Any) -> forms.ChoiceField:
    """One of a few; without `required` nothing may be chosen."""
    listed = list(choices.items()) if hasattr(choices, "items") else list(choices)
    if not required:
        listed = [("", _("不填")), *listed]
    return forms.ChoiceField(label=label, choices=listed, required=required, **kwargs)


METHODS = {
    "phone": _("电话"),
    "email": _("电子邮件"),
    "sms": _("短信"),
    "letter": _("信函"),
    "in_person": _("当面"),
    "website": _("网站"),
}
WAYS = {
    "website": _("网站"),
    "mail": _("邮寄"),
    "email": _("电子邮件"),
    "pick_up": _("当面领取"),
    "fax": _("传真"),
    "inspection": _("查阅、抄录"),
}
