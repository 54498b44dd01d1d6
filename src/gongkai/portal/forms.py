"""The portal's forms. They ask in plain words; whether an application is complete in law is not theirs to judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gongkai.law.outcomes import APPLICANT_KINDS
from gongkai.organs.refusals import Refused
from gongkai.requests.applicants import ID_TYPES

# In a reader's own words; the keys are those of requests.applicants.
DELIVERY_FORMS = (
    ("electronic", _("电子文件")),
    ("paper", _("纸质复印件")),
    ("inspection", _("到场查阅、抄录")),
)
DELIVERY_WAYS = (
    ("website", _("在本网站下载")),
    ("email", _("发到我的电子邮箱")),
    ("mail", _("邮寄给我")),
    ("pick_up", _("当面领取")),
    ("fax", _("传真给我")),
)
MOST_FILES = 5


class Plain(forms.Form):
    """A form of the house: labels without a colon, errors named after the field by the templates."""

    template = "portal/step_fields.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)  # the server's words are kinder than the browser's
        super().__init__(*args, **kwargs)

    def take(self, error: Refused | ValidationError) -> None:
        """Show what an action refused beside the field it speaks of, or at the top."""
        if isinstance(error, Refused):
            self.add_error(None, str(error))
        elif hasattr(error, "error_dict"):
            for name, words in error.message_dict.items():
                self.add_error(name if name in self.fields else None, words)
        else:
            self.add_error(None, error.messages)


def _text(
    label: Any, help_text: Any = "", *, wanted: Any = "", most: int = 120, **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(wanted),
        max_length=most,
        error_messages={"required": wanted, "max_length": _("这一项请写在%(limit_value)d字以内。")},
        widget=forms.TextInput(attrs=attrs),
    )


class WhoForm(Plain):
    """Who you are: kind, name, identity, and the agent if there is one."""

    template = "portal/step_who.html"

    kind = forms.ChoiceField(
        label=_("您以什么身份申请"),
        choices=[(kind.key, kind.label) for kind in APPLICANT_KINDS.values()],
        initial="natural_person",
        help_text=_("个人申请选“自然人”；代表单位申请，选单位的类别。"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择您以什么身份申请。")},
    )
    applicant_name = _text(
        _("姓名或者单位名称"),
        _("与证件上的一致，例：王某某"),
        wanted=_("请填写姓名或者单位名称。"),
        autocomplete="name",
    )
    id_type = forms.ChoiceField(
        label=_("证件类型"),
        choices=list(ID_TYPES.items()),
        error_messages={"required": _("请选择证件类型。")},
    )
    id_number = _text(
        _("证件号码"),
        _("个人填身份证号，单位填统一社会信用代码。号码加密保存，只有承办机关能看到。"),
        wanted=_("请填写证件号码。"),
        most=40,
        autocomplete="off",
        spellcheck="false",
    )
    legal_representative = _text(_("法定代表人"), _("单位申请时填写"), most=60)
    contact_person = _text(_("联系人"), _("单位申请时填写"), most=60)
    agent_name = _text(_("代理人姓名"), _("由别人代您办理时才填；授权委托书在最后一步上传。"), most=60)
    agent_id_number = _text(_("代理人证件号码"), most=40, autocomplete="off")
    agent_phone = _text(_("代理人电话"), most=40)

    @property
    def agent_open(self) -> bool:
        """Whether the agent's part stands open: something is in it, or wrong with it."""
        return self._touched("agent_name", "agent_id_number", "agent_phone")

    @property
    def unit_open(self) -> bool:
        """Whether the part for organisations stands open."""
        return self._touched("legal_representative", "contact_person")

    def _touched(self, *names: str) -> bool:
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        about_agent = [data.get(name) for name in ("agent_name", "agent_id_number", "agent_phone")]
        if any(about_agent) and not data.get("agent_name"):
            self.add_error("agent_name", _("有代理人的，请填写代理人姓名；没有的，请把代理人各项清空。"))
        return data


class ReachForm(Plain):
    """How to reach you: at least one way the answer can travel."""

    phone = _text(
        _("联系电话"),
        _("受理机关要和您确认收到申请，请留方便接听的号码"),
        most=40,
        autocomplete="tel",
        inputmode="tel",
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("例：name@example.com"),
        error_messages={"invalid": _("电子邮箱的写法不对，应当像 name@example.com。")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    address = _text(
        _("通信地址"), _("要邮寄答复时需要，例：某市某区某路1号"), most=200, autocomplete="street-address"
    )
    postcode = _text(_("邮政编码"), most=6, autocomplete="postal-code", inputmode="numeric")
    assistance_need = _text(
        _("需要的帮助"), _("有阅读困难或者视听障碍的，请写明需要什么帮助（条例第四十三条）"), most=300
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in ("phone", "email", "address")):
            self.add_error("phone", _("电话、电子邮箱、通信地址请至少留一样，否则无法把答复交给您。"))
        return data


class WhatForm(Plain):
    """What you want: name, number or any description that lets the office find it. The purpose is not asked."""

    info_description = forms.CharField(
        label=_("您要申请公开什么信息"),
        help_text=_(
            "写文件名称、文号，或者能让工作人员找到它的描述：什么事、哪一年、哪个单位。"
            "例：2021年某某路旧城改造项目的房屋征收补偿方案。不需要写用途。"
        ),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": _("请写明要申请公开的信息。"),
            "max_length": _("请写在%(limit_value)d字以内；内容较多的，可以在最后一步上传附件。"),
        },
    )


class HowForm(Plain):
    """How you want it: the form of the information and the way it travels."""

    delivery_form = forms.ChoiceField(
        label=_("您想要什么形式"),
        choices=DELIVERY_FORMS,
        initial="electronic",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择信息的形式。")},
    )
    delivery_way = forms.ChoiceField(
        label=_("怎样交给您"),
        choices=DELIVERY_WAYS,
        initial="website",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择获取信息的方式。")},
    )

    def __init__(self, *args: Any, reachable: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.reachable = reachable or {}
        super().__init__(*args, **kwargs)

    def clean_delivery_way(self) -> str:
        way = self.cleaned_data["delivery_way"]
        if way == "email" and not self.reachable.get("email"):
            raise forms.ValidationError(_("您没有留电子邮箱。请选别的方式，或者返回上一步补上邮箱。"))
        if way == "mail" and not self.reachable.get("address"):
            raise forms.ValidationError(_("您没有留通信地址。请选别的方式，或者返回上一步补上地址。"))
        return str(way)


class ManyFiles(forms.ClearableFileInput):
    """A file box that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data or [None]  # nothing chosen goes through the same checks once
        return [file for one in chosen if (file := super(FilesField, self).clean(one, initial))]


class FilesForm(Plain):
    """The last page: evidence of identity and other papers, sent together with the application."""

    identity_files = FilesField(
        label=_("身份证明和授权委托书"),
        required=False,
        help_text=_(
            "照片或扫描件，每个不超过 10 MB，最多 5 个。没有身份证明的申请，受理机关会请您补正（条例第二十九条、第三十条）。"
        ),
        widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.doc,.docx,.zip"}),
        error_messages={"empty": _("文件是空的，请检查后重新选择。")},
    )

    def clean_identity_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["identity_files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("一次最多上传 5 个文件，请合并后再选。"))
        return files


class TrackForm(Plain):
    """The query number and the secret of the receipt."""

    reference = _text(_("查询号"), _("在登记回执上"), wanted=_("请填写查询号。"), most=40, autocomplete="off")
    secret = forms.CharField(
        label=_("查询密码"),
        help_text=_("提交申请时显示过一次"),
        max_length=60,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写查询密码。")},
    )


class LostForm(Plain):
    """What proves the applicant when the secret is lost."""

    reference = _text(_("查询号"), _("在登记回执上"), wanted=_("请填写查询号。"), most=40, autocomplete="off")
    applicant_name = _text(
        _("姓名或者单位名称"), _("与申请时填写的一致"), wanted=_("请填写姓名或者单位名称。")
    )
    id_number = _text(
        _("证件号码"), _("与申请时填写的一致；也可以改填下面的电话"), most=40, autocomplete="off"
    )
    phone = _text(_("联系电话"), _("与申请时填写的一致"), most=40, autocomplete="off")


class ReplyForm(Plain):
    """The applicant's answer to a correction notice or to a request for explanation."""

    text = forms.CharField(
        label=_("您的回复"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("请写下您的回复。"),
            "max_length": _("请写在%(limit_value)d字以内；内容较多的，可以上传附件。"),
        },
    )
    papers = FilesField(
        label=_("附件"), required=False, help_text=_("每个不超过 10 MB，最多 5 个"), widget=ManyFiles()
    )


class AttachForm(Plain):
    """More papers for an open application."""

    papers = FilesField(
        label=_("文件"),
        help_text=_("每个不超过 10 MB，最多 5 个"),
        widget=ManyFiles(),
        error_messages={"required": _("请选择要补充的文件。")},
    )


class WithdrawForm(Plain):
    """A withdrawal, and the reason if the applicant wants to give one."""

    text = _text(_("撤回的原因"), _("可以不写"), most=500)
    sure = forms.BooleanField(
        label=_("我确认撤回这份申请"), error_messages={"required": _("撤回后不再办理，请勾选确认。")}
    )
