"""The forms of a visitor's account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.portal.forms import Plain, ReachForm, WhoForm

_PROFILE_WHO = ("kind", "applicant_name", "id_type", "id_number")
_PROFILE_REACH = ("phone", "email", "address", "postcode")


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": _("请填写密码。")},
    )


def _login(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("账号名"),
        help_text=help_text,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": _("请填写账号名。")},
    )


class SignInForm(Plain):
    login = _login()
    password = _password(_("密码"), "current-password")


class RegisterForm(Plain):
    login = _login(_("4到60个字，可以用汉字；不必是真名，不要用证件号码"))
    password = _password(_("密码"), "new-password", _("至少10个字符，不要用容易猜到的"))
    again = _password(_("再输入一次密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return data


class PasswordForm(Plain):
    old = _password(_("原密码"), "current-password")
    new = _password(_("新密码"), "new-password", _("至少10个字符，不要用容易猜到的"))


class DeleteForm(Plain):
    password = _password(_("密码"), "current-password")
    sure = forms.BooleanField(
        label=_("我确认删除账号"), error_messages={"required": _("删除后不能恢复，请勾选确认。")}
    )

    def __init__(self, *args: Any, with_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_password:
            del self.fields["password"]


class ProfileForm(Plain):
    """The person's part of the application form; nothing in it is required here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form, names in ((WhoForm(), _PROFILE_WHO), (ReachForm(), _PROFILE_REACH)):
            for name in names:
                self.fields[name] = form.fields[name]
                self.fields[name].required = False
