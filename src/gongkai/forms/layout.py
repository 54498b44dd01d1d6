"""The statutory forms by year: 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号, labels verbatim."""

from __future__ import annotations

from .fmt2019 import FMT2019
from .fmt2021 import FMT2021
from .shape import (
    TABLES,
    Block,
    Cell,
    Column,
    Form,
    Line,
    NoSuchCell,
    RemedyGroup,
    Row,
    RowKind,
    Section,
    Subheading,
    Unit,
)

__all__ = [
    "FORMS",
    "TABLES",
    "Block",
    "Cell",
    "Column",
    "Form",
    "Line",
    "NoForm",
    "NoSuchCell",
    "RemedyGroup",
    "Row",
    "RowKind",
    "Section",
    "Subheading",
    "Unit",
    "form_by_key",
    "form_for",
]

FORMS: dict[str, Form] = {form.key: form for form in (FMT2019, FMT2021)}


class NoForm(ValueError):
    """No statutory layout is known for the year, or under the key."""


def form_for(year: int) -> Form:
    """The form that a report of this year must use. Raises :class:`NoForm` before 2019."""
    for form in FORMS.values():
        if form.covers(year):
            return form
    raise NoForm(f"{year}年度没有统一的年度报告表格格式；统一格式自2019年度起使用。")


def form_by_key(key: str) -> Form:
    """The form with this key (``fmt2019``, ``fmt2021``). Raises :class:`NoForm` for another key."""
    try:
        return FORMS[key]
    except KeyError:
        raise NoForm(f"没有名为“{key}”的年度报告格式。") from None
