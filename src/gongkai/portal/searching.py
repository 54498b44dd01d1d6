"""The search page: what a reader asked, and what a result says of itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.base.forms import offer
from gongkai.catalogue import queries as catalogue
from gongkai.documents.kinds import public_choices
from gongkai.documents.models import Validity
from gongkai.organs.models import Organ
from gongkai.portal import site
from gongkai.search import engine, labels, queries
from gongkai.search.queries import Answer, Found
from gongkai.search.snippets import Piece

PAGE = 10
_LAST_PAGE = engine.DEEPEST // PAGE
_MOST_ORGANS = 200  # governments offered to narrow by; a department is reached from its own page
CATEGORIES = (
    ("", gettext_lazy("全部")),
    ("documents", gettext_lazy("政策文件")),
    ("interpretations", gettext_lazy("政策解读")),
    ("information", gettext_lazy("通知公告和其他信息")),
    ("news", gettext_lazy("政务动态")),
    ("reports", gettext_lazy("年度报告")),
    ("organs", gettext_lazy("机关")),
)
_LABELS = dict(CATEGORIES)
_PLACES = (
    (engine.EVERYWHERE, gettext_lazy("标题和正文")),
    (engine.IN_TITLE, gettext_lazy("只在标题")),
    (engine.IN_NUMBER, gettext_lazy("只在文号、索引号")),
)
_SORTS = ((engine.RELEVANCE, gettext_lazy("最相关")), (engine.NEWEST, gettext_lazy("最新")))
_CODE = re.compile(r"[-\w]{1,40}", re.ASCII)
_COLUMN = re.compile(r"c\d{1,18}", re.ASCII)
_ANY = [("", gettext_lazy("不限"))]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日期请写作 2022-12-30。")},
    )


class SearchForm(forms.Form):
    """Words and filters, all of them optional, as they stand in the address."""

    q = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=CATEGORIES)
    sort = forms.ChoiceField(required=False, choices=_SORTS)
    column = forms.CharField(required=False, max_length=80)
    place = forms.ChoiceField(label=gettext_lazy("查找范围"), required=False, choices=_PLACES)
    organ = forms.ChoiceField(label=gettext_lazy("机关（含下级）"), required=False)
    since = _day(gettext_lazy("成文日期自"))
    until = _day(gettext_lazy("至"))
    type = forms.ChoiceField(
        label=gettext_lazy("文件类型"), required=False, choices=[*_ANY, *public_choices()]
    )
    validity = forms.ChoiceField(
        label=gettext_lazy("效力"), required=False, choices=[*_ANY, *Validity.choices]
    )

    NARROWING = ("place", "organ", "since", "until", "type", "validity")

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="search-%s")
        code = data.get("organ", "")
        asked = Q(kind=Organ.Kind.GOVERNMENT) | Q(code=code if _CODE.fullmatch(code) else "")
        rows = site.here(Organ.objects.filter(asked)).exclude(kind=Organ.Kind.UNIT)
        rows = rows.order_by("path")[:_MOST_ORGANS]
        self.organs = {organ.code: organ for organ in rows}
        offer(self, "organ", [*_ANY, *((code, organ.name) for code, organ in self.organs.items())])

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields of the filter bar."""
        return [self[name] for name in self.NARROWING]

    @property
    def kept(self) -> list[forms.BoundField]:
        """What is chosen by links, and goes on when the words or filters change."""
        return [self[name] for name in ("kind", "sort", "column") if self.data.get(name)]

    @property
    def in_column(self) -> str:
        """The column that is searched, in words; "" for all."""
        key = self.data.get("column", "")
        found = catalogue.open_columns().filter(pk=int(key[1:])).first() if _COLUMN.fullmatch(key) else None
        return f"{found.organ.name} {found.title}" if found else ""

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set, and not only the words."""
        return any(self.data.get(name) for name in (*self.NARROWING, "column"))

    def query(self, number: int) -> engine.Query:
        """The question for a page. The form must be valid."""
        given = self.cleaned_data
        organ = self.organs.get(given["organ"])
        return engine.Query(
            labels=labels.ANYBODY,
            text=given["q"],
            place=given["place"] or engine.EVERYWHERE,
            category=given["kind"],
            within=organ.path if organ else "",
            roots=shown_here.roots if (shown_here := site.hosted()) else (),
            since=given["since"],
            until=given["until"],
            type=given["type"],
            validity=given["validity"],
            column=given["column"],
            sort=given["sort"] or (engine.RELEVANCE if given["q"].strip() else engine.NEWEST),
            offset=(number - 1) * PAGE,
            limit=PAGE,
        )


@dataclass(frozen=True)
class Tab:
    """One category with the number of its results."""

    key: str
    label: str
    count: int
    here: bool


@dataclass(frozen=True)
class Line:
    """One result. `over`: the state words of a document that is no longer in force, else ""."""

    href: str
    title: Sequence[Piece]
    category: str
    facts: Sequence[str]
    number: Sequence[Piece]
    text: Sequence[Piece]
    on: dt.date | None
    over: str


@dataclass(frozen=True)
class Shown:
    """A page of results with its tabs. `cut`: there are more than one can leaf through."""

    page: Page[Any]
    tabs: list[Tab]
    lines: list[Line]
    total: int
    cut: bool


def results(form: SearchForm, asked_page: str) -> Shown:
    """Ask, and put the answer into words. A page beyond the last is the last. Raises engine.Unavailable."""
    number = int(asked_page) if asked_page.isascii() and asked_page.isdigit() else 1
    number = min(max(number, 1), _LAST_PAGE)
    answer = queries.public(form.query(number))
    pages = Paginator(range(min(answer.total, engine.DEEPEST)), PAGE)
    page = pages.get_page(number)
    if page.number != number and answer.total:
        answer = queries.public(form.query(page.number))
    return Shown(page, _tabs(answer, form), _lines(answer), answer.total, answer.total > engine.DEEPEST)


def _tabs(answer: Answer, form: SearchForm) -> list[Tab]:
    """The whole, and every category that holds something; none at all when nothing does."""
    here = form.cleaned_data["kind"]
    everything = sum(answer.counts.values())
    if not everything:
        return []
    return [
        Tab(key, str(label), answer.counts.get(key, 0) if key else everything, key == here)
        for key, label in CATEGORIES
        if not key or answer.counts.get(key) or key == here
    ]


def _lines(answer: Answer) -> list[Line]:
    written = {"documents": _document, "reports": _report, "organs": _organ}
    return [written[found.kind](found) for found in answer.found]


def _document(found: Found) -> Line:
    row = found.row
    validity = Validity(found.hit.validity)
    return Line(
        reverse("portal:document", args=[row.pk]),
        found.title,
        str(_LABELS[found.hit.category]),
        [row.organ.name, row.get_kind_display()],
        found.number,
        found.text,
        row.made_on,
        "" if validity is Validity.IN_FORCE else str(validity.label),
    )


def _report(found: Found) -> Line:
    row = found.row
    address = reverse("portal:report", args=[row.organ.code, row.year])
    facts = [row.organ.name, _("%(year)s年度") % {"year": row.year}]
    return Line(address, found.title, _("年度报告"), facts, (), found.text, None, "")


def _organ(found: Found) -> Line:
    row = found.row
    facts = [row.get_kind_display()]
    if row.valid_to:
        facts.append(_("已于%(day)s撤销") % {"day": row.valid_to.isoformat()})
    names = [(_("又名、曾名："), False), *found.names] if found.hit.names else ()
    return Line(
        reverse("portal:organ", args=[row.code]), found.title, _("机关"), facts, names, found.text, None, ""
    )
