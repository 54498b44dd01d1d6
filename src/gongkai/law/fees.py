"""The information processing fee: whole yuan, by item or by page (Fee Rules arts. 3-5).

Both bases rise step by step on the excess. For one item an organ takes one of them, never both; it may charge,
it need not, so a person decides and this module only computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from .articles import FEE_RULES
from .workdays import Calendar

FREE_ITEMS: Final = 10
FREE_PAGES: Final = 30
PAYMENT_TERM: Final = 20  # working days from the day after the notice was received
ITEM_BASIS: Final = FEE_RULES + "第四条及附件“按件计收”标准"
PAGE_BASIS: Final = FEE_RULES + "第五条及附件“按量计收”标准"

# (first page, last page or None, yuan per page)
_PAGE_TIERS: Final = ((1, 30, 0), (31, 100, 10), (101, 200, 20), (201, None, 40))
# Steps of ten items beyond this many are summed in one line: the scale has no upper end.
_MAX_ITEM_LINES: Final = 22


@dataclass(frozen=True)
class FeeLine:
    """One step of a computation: ``count`` units at ``rate_yuan`` each (``None`` where the rate rises within)."""

    text: str
    count: int
    rate_yuan: int | None
    amount_yuan: int
    article: str

    def as_dict(self) -> dict[str, object]:
        return {
            "text": self.text,
            "count": self.count,
            "rate_yuan": self.rate_yuan,
            "amount_yuan": self.amount_yuan,
            "article": self.article,
        }


@dataclass(frozen=True)
class Fee:
    """An amount in whole yuan and the lines that add up to it."""

    amount_yuan: int
    lines: tuple[FeeLine, ...]


def rate(k: int) -> int:
    """Yuan for the k-th item of one applicant at one organ in one calendar month (k counts from 1)."""
    if k < 1:
        raise ValueError("件的序号从1开始。")
    if k <= FREE_ITEMS:
        return 0
    return 100 if k <= 30 else 100 * ((k - 31) // 10 + 2)


def fee_items(n: int) -> int:
    """Yuan for n items of one applicant in one calendar month; raises ``ValueError`` when negative."""
    if n < 0:
        raise ValueError("件数不能为负数。")
    amount = 100 * (min(max(n, FREE_ITEMS), 30) - FREE_ITEMS)
    full_steps, rest = divmod(max(n - 30, 0), 10)
    # full steps of ten at 200, 300, ... yuan, then the begun one
    return amount + 10 * 100 * (full_steps * (full_steps + 3) // 2) + rest * 100 * (full_steps + 2)


def fee_pages(p: int) -> int:
    """Yuan for p pages of one item; raises ``ValueError`` when negative."""
    if p < 0:
        raise ValueError("页数不能为负数。")
    return 10 * min(max(p - 30, 0), 70) + 20 * min(max(p - 100, 0), 100) + 40 * max(p - 200, 0)


def explain_items(n: int) -> Fee:
    """The fee by item with one line per step of the scale."""
    total = fee_items(n)
    lines: list[FeeLine] = []
    first = 1
    while first <= n or not lines:
        if len(lines) == _MAX_ITEM_LINES:
            lines.append(_rest_of_items(first, n))
            break
        last = _last_of_step(first)
        count = max(min(n, last) - first + 1, 0)
        each = rate(first)
        price = "不收费" if each == 0 else f"每件{each}元"
        text = f"第{first}至{last}件，{price}：{count}件，计{count * each}元"
        lines.append(FeeLine(text, count, each, count * each, ITEM_BASIS))
        first = last + 1
    return Fee(total, tuple(lines))


def explain_pages(p: int) -> Fee:
    """The fee by page of one item with one line per step of the scale that is reached."""
    total = fee_pages(p)
    lines: list[FeeLine] = []
    for first, last, each in _PAGE_TIERS:
        if p < first and lines:
            break
        count = max(min(p, last or p) - first + 1, 0)
        span = f"第{first}至{last}页" if last else f"第{first}页以上"
        price = "不收费" if each == 0 else f"每页{each}元"
        text = f"{span}，{price}：{count}页，计{count * each}元"
        lines.append(FeeLine(text, count, each, count * each, PAGE_BASIS))
    return Fee(total, tuple(lines))


def fee_month(first_k: int, last_k: int, pages: Mapping[int, int] | None = None) -> Fee:
    """The fee for items ``first_k`` to ``last_k`` of a month, some of them charged by page.

    ``pages``: running number of an item to its pages. Such an item keeps its place in the count of the month.
    Raises ``ValueError`` when a number is out of the range.
    """
    by_page = pages or {}
    if first_k < 1 or last_k < first_k or any(not first_k <= k <= last_k for k in by_page):
        raise ValueError("件的序号不在本月的范围内。")
    lines = tuple(_month_line(k, by_page.get(k)) for k in range(first_k, last_k + 1))
    return Fee(sum(line.amount_yuan for line in lines), lines)


def pay_due(served_on: date, calendar: Calendar) -> date:
    """Last day for payment: 20 working days from the day after the notice was received."""
    return calendar.add(served_on, PAYMENT_TERM)


def _month_line(k: int, pages: int | None) -> FeeLine:
    if pages is not None:
        amount = fee_pages(pages)
        return FeeLine(f"本月第{k}件，按量计收{pages}页，计{amount}元", pages, None, amount, PAGE_BASIS)
    each = rate(k)
    return FeeLine(f"本月第{k}件，按件计收，计{each}元", 1, each, each, ITEM_BASIS)


def _last_of_step(first: int) -> int:
    if first <= FREE_ITEMS:
        return FREE_ITEMS
    return 30 if first <= 30 else first + 9


def _rest_of_items(first: int, n: int) -> FeeLine:
    amount = fee_items(n) - fee_items(first - 1)
    text = f"第{first}至{n}件，每10件为一档，每档每件递增100元：{n - first + 1}件，计{amount}元"
    return FeeLine(text, n - first + 1, None, amount, ITEM_BASIS)
