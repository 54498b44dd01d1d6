"""发文字号: how a document number is written (domain 05 §7.1)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.documents.kinds import Kind

_SERIES = re.compile(r"[\u4e00-\u9fa5A-Za-z（）()]+〔(?:19|20)\d{2}〕[1-9]\d{0,3}号")
_ORDER = re.compile(r"[\u4e00-\u9fa5]+令第[1-9]\d{0,3}号")
_YEAR = re.compile(r"[\[［【(（〔]\s*((?:19|20)\d{2})\s*[\]］】)）〕]")


def written(words: str) -> str:
    """A number in whatever brackets people type, as it is written: 洛政[2019]12号 → 洛政〔2019〕12号."""
    return _YEAR.sub(r"〔\1〕", words)


def check_number(number: str, kind: str) -> None:
    """A number must be ``机关代字〔YYYY〕N号``; rules may carry an order's number, ``某市人民政府令第N号``.

    Raises ValidationError that says what to write instead.
    """
    if _SERIES.fullmatch(number) or (kind == Kind.RULES and _ORDER.fullmatch(number)):
        return
    if written(number) != number:
        raise ValidationError({"number": _("发文字号的年份应使用六角括号，例如“洛政〔2019〕12号”。")})
    if kind == Kind.RULES:
        raise ValidationError(
            {"number": _("规章的编号应写作“洛阳市人民政府令第12号”或“机关代字〔2019〕12号”。")}
        )
    raise ValidationError(
        {
            "number": _(
                "发文字号应写作“机关代字〔年份〕序号号”，例如“孟政办〔2020〕5号”，序号不加“第”和前导零。"
            )
        }
    )
