"""Entry by a clerk of what came by mail, fax, e-mail, in person or by word of mouth."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.cases.forms.base import FilesField, choice, date, line, words
from gongkai.desk.register.scoped import OrganChoice
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS
from gongkai.organs.models import Organ
from gongkai.organs.scope import WORK, Viewer
from gongkai.requests import applicants

_MORE = ("postcode", "contact_person", "legal_representative", "agent_name", "agent_id_number", "agent_phone")


class Entry(forms.Form):
    """The application as it stands on paper. What is missing there is a matter for correction, not for the clerk."""

    token = forms.CharField(widget=forms.HiddenInput)
    organ = OrganChoice(label=_("受理机关"), register="cases", verb=WORK)
    channel = choice(_("怎样收到的"), {key: one.label for key, one in CHANNELS.items() if key != "internet"})
    on = date(_("到达日期"), required=True, help_text=_("邮寄的为本机关签收之日"))
    submitted_on = date(_("提交日期"), help_text=_("与到达日期不同时填写，例如当面提交后才登记"))
    kind = choice(_("申请人类别"), {key: one.label for key, one in APPLICANT_KINDS.items()})
    applicant_name = line(_("姓名或者名称"), wanted=_("请填写姓名或者名称。"), max_length=100)
    id_type = choice(_("证件类型"), applicants.ID_TYPES, required=False)
    id_number = line(_("证件号码"), max_length=40)
    phone = line(_("联系电话"), max_length=40)
    email = line(_("电子邮箱"), max_length=120)
    address = line(_("通信地址"), max_length=200)
    info_description = words(
        _("所需政府信息的名称、文号或者其他特征性描述"), wanted=_("请填写所需的政府信息。"), rows=6
    )
    delivery_form = choice(_("提供信息的形式"), applicants.DELIVERY_FORMS, required=False)
    delivery_way = choice(_("获取信息的途径"), applicants.DELIVERY_WAYS, required=False)
    assistance_need = line(_("需要的阅读或者视听协助"), max_length=200)
    papers = FilesField(
        _("申请原件的扫描件"), help_text=_("信封、邮戳一并扫描；每个不超过 10 MB，可以一次选多个")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": secrets.token_urlsafe(32), "on": clock.today()}
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        for key in _MORE:
            self.fields[key] = line(applicants.FIELDS[key][0], max_length=applicants.FIELDS[key][1])
        organ = self.fields["organ"]
        organ.bind_to(viewer, None, "cases", WORK)  # type: ignore[attr-defined]
        taking: Any = organ.queryset.filter(accepts_requests=True, valid_to__isnull=True)  # type: ignore[attr-defined]
        organ.queryset = taking.exclude(kind=Organ.Kind.UNIT)  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Heading, fields, and whether the group may stay folded."""
        arrival = ("organ", "channel", "on", "submitted_on", "papers")
        who = ("kind", "applicant_name", "id_type", "id_number", "phone", "email", "address")
        what = ("info_description", "delivery_form", "delivery_way", "assistance_need")
        return [
            (_("收件"), [self[name] for name in arrival], False),
            (_("申请人"), [self[name] for name in who], False),
            (_("代理人和单位"), [self[name] for name in _MORE], True),
            (_("所需信息"), [self[name] for name in what], False),
        ]

    def values(self) -> dict[str, Any]:
        """The arguments of the action."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("token", "organ", "channel", "kind", "on", "submitted_on")},
            "files": data["papers"],
            "form": {key: data[key] for key in applicants.FIELDS if data.get(key)},
        }
