"""Organ beside organ: chosen figures of one year, ranked, per 10,000 inhabitants where their number is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.library import indicators, lines
from gongkai.annualreport.library.compare import HIGH, LOW, Head, Standing, populations, shown, standings
from gongkai.annualreport.library.indicators import NAMED, Indicator
from gongkai.annualreport.library.lines import READ, Asked, Line
from gongkai.base import clock
from gongkai.base.tables import csv_bytes
from gongkai.desk.library import drawing
from gongkai.desk.library.frame import asked_year, frame, href, opened, organ_href
from gongkai.desk.library.frame import years as years_seen
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.layout import FORMS

PAGE = 100
MOST_COLUMNS = 12
MOST_BARS = 30


@dataclass(frozen=True)
class Question:
    """What the page was asked."""

    year: int
    columns: list[Indicator]
    by: Indicator
    order: str
    heads: dict[str, Head] | None
    words: str

    def query(self, **changed: Any) -> str:
        """The same question for an address, with something changed."""
        found = QueryDict(mutable=True)
        parts: dict[str, Any] = {
            "year": self.year,
            "by": self.by.key,
            "order": self.order,
            "q": self.words,
            "per": "head" if self.heads is not None else "",
            **changed,
        }
        found.update({name: str(value) for name, value in parts.items() if value not in (None, "")})
        found.setlist("show", [one.key for one in self.columns])
        return found.urlencode()


@dataclass(frozen=True)
class Cell:
    """A figure ready to be written: its words, how it is marked, its rank."""

    text: str
    css: str
    rank: str


@dataclass(frozen=True)
class Row:
    """One organ."""

    line: Line
    name_href: str
    report_href: str
    head: Head | None
    rank: str
    cells: list[Cell]


@require_safe
def compare(request: DeskRequest) -> HttpResponse:
    """The table, with the chart of the figure it is ranked by."""
    opened(request)
    every_year = years_seen(request)
    question = _asked(request, every_year)
    found = _found(request, question)
    table = _table(found, question)
    page = Paginator(table, PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, "compare", ("", _("比机关"))),
        "question": question,
        "years": every_year,
        "choices": _choices(question),
        "heads": [
            (one, f"?{question.query(by=one.key, order=_turned(question, one))}") for one in question.columns
        ],
        "page": page,
        "total": len(table),
        "unknown": sum(not row.rank for row in table),
        "missing_heads": sum(row.head is None for row in table) if question.heads is not None else 0,
        "chart": _chart(found, question),
        "most_bars": MOST_BARS,
        "export": f"{reverse('desk:library-compare-export')}?{question.query()}",
        "LOW": LOW,
    }
    return render(request, "desk/library/compare.html", context)


@require_safe
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The same table as a sheet; what is not known says so."""
    opened(request)
    question = _asked(request, years_seen(request))
    table = _table(_found(request, question), question)
    header = [
        _("机关"),
        _("年度"),
        _("来源"),
        _("人口数"),
        _("人口截至"),
        _("名次"),
        *(_title(one, question) for one in question.columns),
    ]
    response = StreamingHttpResponse(csv_bytes(header, _sheet(table)), content_type="text/csv; charset=utf-8")
    name = _("机关比较-%(year)s.csv") % {"year": question.year}
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _sheet(table: list[Row]) -> Iterator[list[Any]]:
    for row in table:
        origin = _("读取") if row.line.origin == READ else _("本平台公布")
        persons, as_of = (row.head.persons, row.head.as_of) if row.head else ("", "")
        yield [
            row.line.name,
            row.line.year,
            origin,
            persons,
            as_of,
            row.rank,
            *(cell.text for cell in row.cells),
        ]


def _asked(request: DeskRequest, every_year: list[int]) -> Question:
    year = asked_year(request, every_year) or (every_year or [clock.today().year])[0]
    columns = _columns(request.GET.getlist("show"))
    by = next((one for one in columns if one.key == request.GET.get("by")), columns[0])
    per_head = request.GET.get("per") == "head"
    return Question(
        year=year,
        columns=columns,
        by=by,
        order=LOW if request.GET.get("order") == LOW else HIGH,
        heads=populations(request.focus, year) if per_head else None,
        words=request.GET.get("q", "").strip()[:80],
    )


def _columns(keys: list[str]) -> list[Indicator]:
    try:
        chosen = [indicators.by_key(key) for key in dict.fromkeys(keys[: MOST_COLUMNS * 2])]
    except LookupError:
        raise Http404 from None
    return chosen[:MOST_COLUMNS] or list(NAMED)


def _found(request: DeskRequest, question: Question) -> list[Line]:
    return lines.lines(request.focus, Asked(years=(question.year,), words=question.words))


def _table(found: list[Line], question: Question) -> list[Row]:
    """Ranked by the chosen figure; the unknown stand last, in the order of names."""
    columns = [standings(found, one, question.heads, question.order) for one in question.columns]
    chosen = columns[question.columns.index(question.by)]
    order = sorted(
        range(len(found)), key=lambda place: (chosen[place].place.rank or len(found) + 1, found[place].name)
    )
    return [
        Row(
            found[place],
            organ_href(found[place].key),
            href(found[place]),
            (question.heads or {}).get(found[place].key),
            _rank(chosen[place]),
            [_cell(column[place], one) for column, one in zip(columns, question.columns, strict=True)],
        )
        for place in order
    ]


def _rank(standing: Standing) -> str:
    if standing.place.rank is None:
        return ""
    return (
        _("并列%(rank)s") % {"rank": standing.place.rank}
        if standing.place.shared
        else str(standing.place.rank)
    )


def _cell(standing: Standing, indicator: Indicator) -> Cell:
    found = standing.amount
    if found is None:
        return Cell("—", "meta", "")
    if found.number is None:
        words = {"blank": _("空白"), "unread": _("未读出")}
        return Cell(words.get(found.value.state.value, _("未知")), "unknown", "")
    inferred = "is-inferred" if found.value.state.value == "inferred" else ""
    return Cell(shown(found.number, indicator.unit, divided=standing.per_head), inferred, _rank(standing))


def _title(indicator: Indicator, question: Question) -> str:
    per_head = _("每万人") if question.heads is not None and indicator.per_head else ""
    return f"{indicator.title}（{per_head}{indicator.unit_word}）"


def _turned(question: Question, indicator: Indicator) -> str:
    return LOW if indicator == question.by and question.order == HIGH else HIGH


def _chart(found: list[Line], question: Question) -> drawing.Chart | None:
    ranked = standings(found, question.by, question.heads, question.order)
    ordered = sorted(ranked, key=lambda one: (one.place.rank or len(ranked) + 1, one.line.name))
    rows = []
    for one in ordered[:MOST_BARS]:
        cell = _cell(one, question.by)
        number = one.amount.number if one.amount else None
        if one.amount is not None:
            rows.append((one.line.name, number, cell.text))
    return drawing.bars(rows)


def _choices(question: Question) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What can be shown: the named figures, then every cell by table."""
    chosen = {one.key for one in question.columns}
    newest = list(FORMS.values())[-1]
    headings = {section.table: section.heading for section in newest.sections if section.table}
    groups: dict[str, list[tuple[str, str, bool]]] = {
        _("常用"): [(one.key, f"{one.title}（{one.unit_word}）", one.key in chosen) for one in NAMED]
    }
    for cell in indicators.all_cells():
        key = f"{indicators.CELL}{cell.path}"
        groups.setdefault(headings[cell.table], []).append((key, cell.label, key in chosen))
    return list(groups.items())
