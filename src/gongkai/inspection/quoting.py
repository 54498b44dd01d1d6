"""Quoting a place in a text with a little around it, personal numbers always masked."""

from __future__ import annotations

import re

AROUND = 12
_DIGITS = re.compile(r"\d[\d \-]{5,}[\dXx]")


def around(text: str, start: int, end: int) -> str:
    """The place `start`..`end` with a few characters on both sides, on one line."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    # a number cut by the edge would escape the mask: take its digits in
    while left > 0 and text[left - 1].isdigit() and text[left].isdigit() and start - left < 40:
        left -= 1
    while right < len(text) and text[right].isdigit() and text[right - 1].isdigit() and right - end < 40:
        right += 1
    quoted = " ".join(masked(text[left:right]).split())
    return f"{'…' if left else ''}{quoted}{'…' if right < len(text) else ''}"


def masked(text: str) -> str:
    """`text` with the middle of every long number starred out."""
    return _DIGITS.sub(lambda found: mask_number(found[0]), text)


def mask_number(number: str) -> str:
    """First three and last two characters, stars between."""
    plain = re.sub(r"[ \-]", "", number)
    return plain[:3] + "*" * max(3, len(plain) - 5) + plain[-2:] if len(plain) > 6 else "*" * len(plain)
