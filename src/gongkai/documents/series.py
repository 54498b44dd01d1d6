"""发文字号 by series: kept, allotted once, and the numbers that are missing with the reason why (05 §7.1, S068)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, numbering
from gongkai.documents.common import authorised, log
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import STANDING, Document, Edition, NumberGap, NumberSeries
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

_MARK = re.compile(r"[\u4e00-\u9fa5A-Za-z（）()]+")
_SERIAL = re.compile(r"〕(\d{1,4})号$")
_MARKED = re.compile(r"(.+)〔\d{4}〕")


@dataclass(frozen=True)
class Gap:
    """A number the public does not find. `document`: it is registered and not open; `reason`: "" while nobody said why."""

    serial: int
    number: str
    reason: str
    note: str = ""
    document: Document | None = None

    @property
    def explained(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True)
class GapReport:
    """A series in a year: the highest number given, how many are registered, and what is missing below the highest."""

    series: NumberSeries
    year: int
    highest: int
    registered: int
    gaps: tuple[Gap, ...]

    @property
    def unexplained(self) -> int:
        return sum(not gap.explained for gap in self.gaps)


class Keepers:
    """Whose series the numbers are of. A document of another organ's series lies in the register already: columns and
    channels refer to it, and it is not registered a second time (S273). One query."""

    def __init__(self, numbers: Iterable[str]) -> None:
        marks = {found[1] for number in numbers if (found := _MARKED.match(number))}
        self._series: dict[str, list[NumberSeries]] = {}
        rows = NumberSeries.objects.filter(mark__in=marks) if marks else NumberSeries.objects.none()
        for one in rows.select_related("organ").order_by("pk"):
            self._series.setdefault(one.mark, []).append(one)

    def other(self, number: str, path: str) -> Organ | None:
        """The organ that keeps the number's series, where the one at `path` keeps none of the same mark."""
        found = _MARKED.match(number)
        kept = self._series.get(found[1], []) if found else []
        return None if any(one.path == path for one in kept) else next((one.organ for one in kept), None)


@transaction.atomic
def open_series(*, by: Actor, organ: Organ, mark: str, valid_from: dt.date) -> NumberSeries:
    """Begin a series for an organ. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, "documents", organ.path)
    series = NumberSeries(organ=organ, path=organ.path, mark=mark.strip(), valid_from=valid_from)
    if not _MARK.fullmatch(series.mark):
        raise ValidationError({"mark": _("机关代字只写汉字或字母，例如“洛政”，不写年份和序号。")})
    if NumberSeries.objects.filter(path=organ.path, mark=series.mark).exists():
        raise ValidationError({"mark": _("本机关已有“%(mark)s”这一系列。") % {"mark": series.mark}})
    series.clean_fields(exclude=["organ", "path"])
    series.save()
    _log(by, "series.open", series, mark=series.mark)
    return series


@transaction.atomic
def close_series(series: NumberSeries, *, by: Actor, on: dt.date) -> NumberSeries:
    """The series gives no more numbers after the day `on`; those given stay. Raises Refused or ValidationError."""
    series = _authorised(by, series)
    if series.valid_to is not None:
        raise Refused(_("该系列使用到%(day)s。") % {"day": series.valid_to.isoformat()})
    if on < series.valid_from:
        raise ValidationError({"on": _("停用日期不能早于启用日期。")})
    series.valid_to = on
    series.save(update_fields=["valid_to", "path"])
    _log(by, "series.close", series, on=on.isoformat())
    return series


@transaction.atomic
def allot_number(document: Document, *, by: Actor, series: NumberSeries) -> str:
    """Give the document the next number of the series in the year it was made; once and for ever. Numbers entered by hand
    are passed over. Raises Refused."""
    document = authorised(by, document)
    series = NumberSeries.objects.get(pk=series.pk)
    if document.number:
        raise Refused(_("该文件已有发文字号%(number)s。") % {"number": document.number})
    if series.path != document.path:
        raise Refused(_("联合发文只标主办机关的发文字号；请用登记机关自己的系列。"))
    if not rules_of(document.kind).numbered:
        raise Refused(_("%(kind)s不编发文字号。") % {"kind": document.get_kind_display()})
    if document.made_on < series.valid_from or (series.valid_to and document.made_on > series.valid_to):
        raise Refused(_("该系列在成文日期没有启用。"))
    year = document.made_on.year
    taken = set(_in_year(series, year).values_list("number", flat=True))
    number = ""
    while not number or number in taken:
        number = written(series, year, numbering.take(f"document-number:{series.pk}:{year}"))
    document.number = number
    document.save(update_fields=["number", "path"])
    log(by, "document.number", document, number=number, series=series.pk)
    return number


@transaction.atomic
def explain_gap(
    series: NumberSeries, *, by: Actor, year: int, serial: int, reason: str, note: str = ""
) -> NumberGap:
    """Say why a number below the highest is missing; said again, the later reason counts. Raises Refused or
    ValidationError."""
    series = _authorised(by, series)
    gap = next((gap for gap in gaps(series, year).gaps if gap.serial == serial), None)
    if gap is None:
        raise ValidationError({"serial": _("%(year)d年没有缺这个号。") % {"year": year}})
    if gap.document is not None:
        raise ValidationError({"serial": _("该号已登记为文件，缺号原因随它的公开属性。")})
    line = NumberGap(
        organ=series.organ,
        path=series.path,
        series=series,
        year=year,
        serial=serial,
        reason=reason,
        note=note.strip(),
        actor=by.key,
        recorded_at=clock.now(),
    )
    line.clean_fields(exclude=["organ", "path", "series"])
    line.save()
    said = str(line.get_reason_display())
    _log(by, "series.explain_gap", series, year=year, serial=serial, reason=said)
    return line


def gaps(series: NumberSeries, year: int) -> GapReport:
    """What is missing in a year: numbers nobody registered, and documents that are not open to the public. Four queries."""
    documents: dict[int, Document] = {}
    for document in _in_year(series, year).only("number", "title", "path", "organ", "kind", "made_on"):
        if found := _SERIAL.search(document.number):
            documents[int(found[1])] = document
    closed = _not_open(documents.values())
    said = {line.serial: line for line in series.gaps.filter(year=year).order_by("pk")}
    highest = max(documents, default=0)
    found_gaps = []
    for serial in range(1, highest + 1):
        number = written(series, year, serial)
        document_here = documents.get(serial)
        if document_here is None:
            line = said.get(serial)
            word = str(line.get_reason_display()) if line else ""
            found_gaps.append(Gap(serial, number, word, line.note if line else ""))
        elif document_here.pk in closed:
            edition = closed[document_here.pk]
            found_gaps.append(
                Gap(
                    serial,
                    number,
                    str(edition.get_attribute_display()),
                    edition.attribute_reason,
                    document_here,
                )
            )
    return GapReport(series, year, highest, len(documents), tuple(found_gaps))


def years(series: NumberSeries) -> list[int]:
    """The years the series has numbers in since it was opened, newest first."""
    found = re.compile(re.escape(series.mark) + r"〔(\d{4})〕")
    numbers = _rows(series).values_list("number", flat=True)
    given = {int(match[1]) for number in numbers if (match := found.match(number))}
    return sorted((year for year in given if year >= series.valid_from.year), reverse=True)


def written(series: NumberSeries, year: int, serial: int) -> str:
    """A number as it is written."""
    return f"{series.mark}〔{year}〕{serial}号"


def _not_open(documents: object) -> dict[int, Edition]:
    """The newest edition of each document that is not 主动公开."""
    keys = [document.pk for document in documents]  # type: ignore[attr-defined]
    newest: dict[int, Edition] = {}
    for edition in Edition.objects.filter(document__in=keys).defer("body", "rich").order_by("seq"):
        newest[edition.document_id] = edition
    return {key: one for key, one in newest.items() if one.attribute != Edition.Attribute.OPEN}


def _in_year(series: NumberSeries, year: int) -> QuerySet[Document]:
    return Document.objects.filter(STANDING, path=series.path, number__startswith=f"{series.mark}〔{year}〕")


def _rows(series: NumberSeries) -> QuerySet[Document]:
    return Document.objects.filter(STANDING, path=series.path, number__startswith=f"{series.mark}〔")


def _authorised(by: Actor, series: NumberSeries) -> NumberSeries:
    authority.require(by, authority.WORK, "documents", series.path)
    return NumberSeries.objects.select_for_update(of=("self",)).select_related("organ").get(pk=series.pk)


def _log(by: Actor, verb: str, series: NumberSeries, **detail: object) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=series, path=series.path, detail=detail)
