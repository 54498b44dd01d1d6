"""The fields of an application (art. 29), how its applicant is found again, and how others see them: masked."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.base import crypto

# Key, label, longest text. Nothing else of a posted form is kept as a field; the raw bytes hold the rest.
FIELDS: dict[str, tuple[Any, int]] = {
    "applicant_name": (gettext_lazy("姓名或者名称"), 100),
    "id_type": (gettext_lazy("证件类型"), 30),
    "id_number": (gettext_lazy("证件号码"), 40),
    "phone": (gettext_lazy("联系电话"), 40),
    "email": (gettext_lazy("电子邮箱"), 120),
    "address": (gettext_lazy("通信地址"), 200),
    "postcode": (gettext_lazy("邮政编码"), 10),
    "contact_person": (gettext_lazy("联系人"), 60),
    "legal_representative": (gettext_lazy("法定代表人"), 60),
    "agent_name": (gettext_lazy("代理人姓名"), 60),
    "agent_id_number": (gettext_lazy("代理人证件号码"), 40),
    "agent_phone": (gettext_lazy("代理人联系电话"), 40),
    "info_description": (gettext_lazy("所需政府信息的名称、文号或者其他特征性描述"), 5000),
    "delivery_form": (gettext_lazy("提供信息的形式"), 20),
    "delivery_way": (gettext_lazy("获取信息的途径"), 20),
    "assistance_need": (gettext_lazy("需要的阅读或者视听协助"), 200),
}
ID_TYPES = {
    "id_card": gettext_lazy("居民身份证"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "passport": gettext_lazy("护照"),
    "other": gettext_lazy("其他证件"),
}
DELIVERY_FORMS = {
    "paper": gettext_lazy("纸质"),
    "electronic": gettext_lazy("电子文件"),
    "inspection": gettext_lazy("查阅、抄录"),
}
DELIVERY_WAYS = {
    "mail": gettext_lazy("邮寄"),
    "email": gettext_lazy("电子邮件"),
    "pick_up": gettext_lazy("当面领取"),
    "website": gettext_lazy("网站查看"),
    "fax": gettext_lazy("传真"),
}
# Who applies online is asked for all of art. 29; what is missing on paper is a matter for correction, never for refusal.
_REQUIRED_ONLINE = ("applicant_name", "id_number", "info_description", "delivery_form", "delivery_way")
_REQUIRED_ON_PAPER = ("applicant_name", "info_description")
_CONTACTS = ("phone", "email", "address")
_CHOICES = {"id_type": ID_TYPES, "delivery_form": DELIVERY_FORMS, "delivery_way": DELIVERY_WAYS}
_IDENTIFYING = (
    "applicant_name",
    "id_number",
    "phone",
    "email",
    "address",
    "contact_person",
    "legal_representative",
    "agent_name",
    "agent_id_number",
    "agent_phone",
)


def clean(form: dict[str, Any], *, online: bool) -> dict[str, str]:
    """The fields to keep, without outer space and empty ones. Raises ValidationError with a sentence per field."""
    kept = {key: str(form.get(key) or "").strip() for key in FIELDS}
    errors: dict[str, str] = {}
    for key in _REQUIRED_ONLINE if online else _REQUIRED_ON_PAPER:
        if not kept[key]:
            errors[key] = _("请填写“%(label)s”。") % {"label": FIELDS[key][0]}
    if online and not any(kept[key] for key in _CONTACTS):
        errors["phone"] = _("请至少填写一种联系方式：电话、邮箱或者地址。")
    for key, (label, longest) in FIELDS.items():
        if len(kept[key]) > longest:
            errors[key] = _("“%(label)s”请控制在%(count)s字以内。") % {"label": label, "count": longest}
        elif kept[key] and key in _CHOICES and kept[key] not in _CHOICES[key]:
            errors[key] = _("请从列出的选项中选择。")
    if kept["email"] and "@" not in kept["email"]:
        errors["email"] = _("电子邮箱的写法不正确。")
    if online and kept["delivery_way"] == "mail" and not kept["address"]:
        errors["address"] = _("选择邮寄的，请填写通信地址。")
    if errors:
        raise ValidationError(errors)
    return {key: value for key, value in kept.items() if value}


def indexes(form: dict[str, str]) -> dict[str, str]:
    """The blind indexes of a submission: by name, id and phone, and `applicant_key` for the monthly count (02 §1.4)."""
    name, number, phone = (form.get(key, "") for key in ("applicant_name", "id_number", "phone"))
    digits = re.sub(r"\D", "", phone)
    return {
        "name_index": crypto.blind("name", name),
        "id_index": crypto.blind("id", number),
        "phone_index": crypto.blind("phone", digits),
        "applicant_key": crypto.blind("applicant", f"id:{number}" if number else f"name:{name}:{digits}"),
    }


def canonical(form: dict[str, str]) -> bytes:
    """The fields as bytes: kept as the original where no other bytes came."""
    return json.dumps(form, ensure_ascii=False, sort_keys=True).encode()


def masked(form: dict[str, str]) -> dict[str, str]:
    """The fields for a reader without the right to identities: 张**, a number's first and last characters at most."""
    shown = {key: mask(key, value) if key in _IDENTIFYING else value for key, value in form.items()}
    for key in ("info_description", "assistance_need"):
        if key in shown:
            shown[key] = without_identity(shown[key], form)
    return shown


def without_identity(text: str, form: dict[str, str]) -> str:
    """Free text with the applicant's own identifying words masked where they occur."""
    for key in sorted(_IDENTIFYING, key=lambda key: -len(form.get(key, ""))):
        value = form.get(key, "")
        if len(value) > 1:
            text = text.replace(value, mask(key, value))
    return text


def mask(key: str, value: str) -> str:
    """One identifying value, masked."""
    if not value:
        return ""
    if key.endswith("id_number"):
        return value[:1] + "*" * max(len(value) - 2, 2) + value[-1:] if len(value) > 3 else "***"
    if key.endswith("phone"):
        return "***" + value[-2:] if len(value) > 4 else "***"
    if key == "email":
        return value[:1] + "***@" + value.rpartition("@")[2]
    if key == "address":
        return "***"
    return value[:1] + "**"
