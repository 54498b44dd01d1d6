"""The forms of the shell: signing in and one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.forms import ActionForm, date_field
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.organs import queries
from gongkai.organs.models import Person


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("动态口令"),
        max_length=10,
        help_text=_("手机验证器上显示的 6 位数字"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"}
        ),
    )


class SignIn(forms.Form):
    username = forms.CharField(
        label=_("账号"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = _password(_("密码"), "current-password")


class Code(forms.Form):
    code = _code()


class NewPassword(forms.Form):
    """A new password, after the old one was given again."""

    old = _password(_("现在的密码"), "current-password")
    password = _password(_("新密码"), "new-password", _("至少 10 位，不要用账号、姓名或者常见密码"))
    again = _password(_("再输一遍新密码"), "new-password")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise ValidationError(_g("现在的密码不对。"))
        return old

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", _g("两遍新密码不一样。"))
        if "old" in data and data.get("password") == data["old"]:
            self.add_error("password", _g("新密码与现在的密码相同。"))
        return data


class Enrol(forms.Form):
    secret = forms.CharField(max_length=64, widget=forms.HiddenInput)
    code = _code()


class Delegate(ActionForm):
    """Lend one's own post to a colleague."""

    to = ScopedChoice(
        Person, label=_("受托人"), rows=lambda who, post: queries.colleagues(post), order="name"
    )
    valid_from = date_field(_("自"))
    valid_to = date_field(_("至"))
    reason = forms.CharField(label=_("事由"), max_length=200)
