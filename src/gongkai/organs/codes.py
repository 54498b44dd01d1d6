"""The codes an organ carries: administrative division (GB/T 2260, 10114) and unified social credit code (GB 32100)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
_CREDIT = re.compile(rf"[{_CREDIT_ALPHABET}]{{18}}")
_DIVISION = re.compile(r"[1-9]\d{5}(\d{3})?(\d{3})?")


def check_division_code(text: str) -> None:
    """Six digits for county and above, nine for townships, twelve for villages. Raises ValidationError."""
    if not _DIVISION.fullmatch(text):
        raise ValidationError(_("区划代码应为 6 位、9 位或 12 位数字。"))


def check_credit_code(text: str) -> None:
    """Eighteen characters, the last of which checks the others. Raises ValidationError."""
    if not _CREDIT.fullmatch(text) or credit_code_check(text[:17]) != text[17]:
        raise ValidationError(_("统一社会信用代码应为 18 位，且末位校验码相符，请核对。"))


def credit_code_check(first: str) -> str:
    """The check character of the first 17 characters (GB 32100: weights are powers of 3 modulo 31)."""
    total = sum(_CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first))
    return _CREDIT_ALPHABET[-total % 31]
