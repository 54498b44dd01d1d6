"""大事记: its text as entries by date (S285)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_DATED = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?![\d至—-])[\s，,：:]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """What happened on a day; `words` may be several paragraphs."""

    on: dt.date
    words: str


def entries(text: str, made_on: dt.date) -> list[Entry]:
    """The entries of a chronicle in the order of their days. A paragraph that names no day goes on with the entry above; a day
    without a year is of the year before `made_on` at most, and none is later than `made_on`.

    Raises ValidationError naming the line.
    """
    found: list[Entry] = []
    for number, line in _lines(text):
        dated = _DATED.match(line)
        if dated is None:
            if not found:
                raise ValidationError(_("大事记第%(n)d行请以日期开头，例如“1月3日　……”。") % {"n": number})
            found[-1] = Entry(found[-1].on, f"{found[-1].words}\n{line}".strip())
            continue
        on = _day(dated, made_on)
        if on is None or on > made_on:
            raise ValidationError(_("大事记第%(n)d行的日期不存在，或者晚于成文日期。") % {"n": number})
        if found and on < found[-1].on:
            raise ValidationError(_("大事记第%(n)d行的日期早于上一条，请按日期先后排列。") % {"n": number})
        found.append(Entry(on, dated[4].strip()))
    if not found:
        raise ValidationError(_("大事记还没有内容，请按日期逐条填写。"))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _day(dated: re.Match[str], made_on: dt.date) -> dt.date | None:
    month, day = int(dated[2]), int(dated[3])
    try:
        if dated[1]:
            return dt.date(int(dated[1]), month, day)
        same = dt.date(made_on.year, month, day)
        return same if same <= made_on else dt.date(made_on.year - 1, month, day)
    except ValueError:
        return None
