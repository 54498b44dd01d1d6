"""Small pieces of Chinese wording shared by the explanations and refusals of this room."""

from datetime import date


def zh_date(day: date) -> str:
    """A date as an office writes it, e.g. 2022年12月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
