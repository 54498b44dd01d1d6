"""Personal numbers in a text: identity cards with their checksum, mobile phones, bank cards with theirs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from .finding import Finding, Kind, Weight
from .quoting import around

# Digits as people type them: in one run, or in groups parted by a space or a hyphen.
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \-]?[0-9]){9,18}[Xx]?(?![0-9A-Za-z])")
_WIDE = {
    ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９Ｘｘ－", "0123456789Xx-", strict=True)
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5), (7, 1), (8, 3))
    for place in range(0 if region == 5 else 1, places + 1)
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
# the first digits of cards issued in China: UnionPay 62, and the brands
_CARD = re.compile(r"(?:62|60|4|5[1-5]|35|37|9)\d+")


def find(text: str) -> Iterator[Finding]:
    """Every personal number, masked."""
    plain = text.translate(_WIDE)  # full-width digits count as digits; positions stay
    for found in _RUN.finditer(plain):
        kind = classify(re.sub(r"[ \-]", "", found[0]))
        if kind is not None:
            yield Finding(kind, _WEIGHT[kind], _SAID[kind], around(plain, *found.span()))


_WEIGHT = {Kind.ID_CARD: Weight.BLOCK, Kind.BANK_CARD: Weight.BLOCK, Kind.PHONE: Weight.WARN}
_SAID = {
    Kind.ID_CARD: "有身份证件号码，属于个人隐私，应当删除或者遮盖（条例第十五条）。",
    Kind.BANK_CARD: "有银行卡号，应当删除或者遮盖（条例第十五条）。",
    Kind.PHONE: "有手机号码，个人的号码应当删除；公务联系电话请核对。",
}


def classify(digits: str) -> Kind | None:
    """What a bare run of digits (with X at the end) is, if it is personal."""
    if is_id_card(digits):
        return Kind.ID_CARD
    if _MOBILE.fullmatch(digits):
        return Kind.PHONE
    if is_bank_card(digits):
        return Kind.BANK_CARD
    return None


def is_id_card(digits: str) -> bool:
    """18 digits with a right checksum and a real birthday, or the 15 digits of old cards (GB 11643)."""
    if digits[:2] not in _PROVINCES:
        return False
    if len(digits) == 18:
        if not digits[:17].isdigit() or not _is_birthday(digits[6:14]):
            return False
        total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
        return "10X98765432"[total % 11] == digits[17].upper()
    return len(digits) == 15 and digits.isdigit() and _is_birthday("19" + digits[6:12])


def _is_birthday(text: str) -> bool:
    try:
        day = dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return 1880 <= day.year <= 2100


def is_bank_card(digits: str) -> bool:
    """16 to 19 digits, issued by a bank, with the Luhn check digit right."""
    return (
        16 <= len(digits) <= 19
        and digits.isdigit()
        and _CARD.fullmatch(digits) is not None
        and len(set(digits)) > 2
        and luhn(digits)
    )


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
