"""Reports side by side: read ones of the library and our own published ones in one shape, without copying any.

Where an organ of ours has published its statutory report here, that counts; a read copy of the same year stands back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.annualreport.compile import statutory_scope
from gongkai.annualreport.models import ReportVersion
from gongkai.forms.figures import Figures
from gongkai.forms.layout import form_for
from gongkai.forms.shape import Form
from gongkai.forms.values import Value
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

from .models import CollectedReport, ExternalOrgan
from .parsing import form_of

READ, PUBLISHED = "read", "published"
ORIGINS = (READ, PUBLISHED)
CHUNK = 2000  # reports in memory at a time when they are taken one by one


@dataclass(frozen=True)
class Line:
    """One report of one organ and year.

    `key` says whose it is (``organ-12``, ``external-7``); `pk` is the read version's or the published version's key,
    `number` its version; `address` is where it came from: file name, web address, or ``organ code/year/version`` of one
    published here. `cells` is the kept record; ask :meth:`value` for one and `figures` for all.
    """

    key: str
    name: str
    year: int
    origin: str
    pk: int
    report_pk: int
    number: int
    address: str
    form: Form
    cells: Mapping[str, Any] = field(repr=False)
    sections: Mapping[str, str] = field(repr=False)
    code: str = ""
    sha256: str = ""

    @cached_property
    def figures(self) -> Figures:
        """Every cell with its state."""
        return Figures.from_cells(self.form, self.cells)

    def value(self, path: str) -> Value | None:
        """One cell; None where the form of that year has no such cell."""
        if path not in self.form:
            return None
        return Figures.value_from_record(self.form.cell(path), self.cells.get(path))


@dataclass(frozen=True)
class Asked:
    """Which reports: of these years, whose names hold these words, of these organs, from where. Empty means all."""

    years: tuple[int, ...] = ()
    words: str = ""
    keys: tuple[str, ...] = ()
    origins: tuple[str, ...] = ORIGINS


@dataclass(frozen=True)
class _Choice:
    """A report that counts for its organ and year."""

    name: str
    key: str
    year: int
    origin: str
    pk: int


def lines(who: Viewer, asked: Asked, *, texts: bool = False, library: Organ | None = None) -> list[Line]:
    """The reports `who` may compare, in the order of names and years; as many queries however many they are, up to
    some thousands.

    What is published here is public; what was read is seen by those who see its library; `library` asks for
    that one alone. `texts` brings the sections.
    """
    return list(each(who, asked, texts=texts, library=library))


def each(who: Viewer, asked: Asked, *, texts: bool = False, library: Organ | None = None) -> Iterator[Line]:
    """The same one by one, with only some of them in memory."""
    choices = _chosen(who, asked, library)
    for start in range(0, len(choices), CHUNK):
        yield from _load(choices[start : start + CHUNK], texts)


def count(who: Viewer, asked: Asked, library: Organ | None = None) -> int:
    """How many there are."""
    return len(_chosen(who, asked, library))


def _chosen(who: Viewer, asked: Asked, library: Organ | None) -> list[_Choice]:
    """Which report counts for each organ and year: ours over a read one, the last imported of several libraries'."""
    found: dict[tuple[str, int], _Choice] = {}
    if READ in asked.origins:
        rows = _read(who, asked, library).order_by("latest__imported_at", "pk")
        same = _names(asked.keys)
        for pk, subject_id, external_id, external, name, year in rows.values_list(
            "pk", "subject", "external", "external__name", "name", "year"
        ):
            # One outside our tree may be known to several libraries that the reader sees: it counts once.
            outside = f"external-{external_id}"
            key = f"organ-{subject_id}" if subject_id else same.setdefault(external, outside)
            found[key, year] = _Choice(name, key, year, READ, pk)
    if PUBLISHED in asked.origins:
        for pk, organ_id, kind, name, year, scope_ in (
            _published(asked)
            .order_by("number")
            .values_list(
                "pk",
                "report__organ",
                "report__organ__kind",
                "organ_name",
                "report__year",
                "report__scope",
            )
        ):
            if scope_ == statutory_scope(Organ(kind=kind)):
                found[f"organ-{organ_id}", year] = _Choice(name, f"organ-{organ_id}", year, PUBLISHED, pk)
    return sorted(found.values(), key=lambda one: (one.name, one.key, one.year))


def _read(who: Viewer, asked: Asked, library: Organ | None) -> QuerySet[CollectedReport]:
    rows: QuerySet[CollectedReport] = scope.rows(who, CollectedReport).filter(latest__isnull=False)
    if library is not None:
        rows = rows.filter(organ=library)
    if asked.years:
        rows = rows.filter(year__in=asked.years)
    if asked.words:
        rows = rows.filter(Q(name__icontains=asked.words) | Q(subject__code=asked.words))
    if asked.keys:
        rows = rows.filter(
            Q(subject__in=_ids(asked.keys, "organ")) | Q(external__name__in=_names(asked.keys))
        )
    return rows


def _published(asked: Asked) -> QuerySet[ReportVersion]:
    rows = ReportVersion.objects.filter(state=ReportVersion.State.PUBLISHED)
    if asked.years:
        rows = rows.filter(report__year__in=asked.years)
    if asked.words:
        called = Q(organ_name__icontains=asked.words) | Q(report__organ__name__icontains=asked.words)
        rows = rows.filter(called | Q(report__organ__code=asked.words))
    if asked.keys:
        rows = rows.filter(report__organ__in=_ids(asked.keys, "organ"))
    return rows


def _load(choices: Sequence[_Choice], texts: bool) -> Iterator[Line]:
    """The chosen ones in their order; two queries."""
    wanted = {origin: [one.pk for one in choices if one.origin == origin] for origin in ORIGINS}
    columns = [f"latest__{name}" for name in _COLUMNS] + (["latest__sections"] if texts else [])
    read = (
        CollectedReport.objects.filter(pk__in=wanted[READ])
        .select_related("latest", "subject")
        .only("year", "name", "subject__code", "external", "organ", *columns)
    )
    unseen = ["contributions", "eliminations", "findings"] + ([] if texts else ["sections"])
    published = (
        ReportVersion.objects.filter(pk__in=wanted[PUBLISHED]).select_related("report__organ").defer(*unseen)
    )
    found: dict[tuple[str, int], Line] = {(READ, one.pk): _read_line(one, texts) for one in read}
    found |= {(PUBLISHED, one.pk): _published_line(one, texts) for one in published}
    for one in choices:
        if (line := found.get((one.origin, one.pk))) is not None:
            yield line if line.key == one.key else replace(line, key=one.key)


_COLUMNS = ("number", "form", "cells", "source", "sha256")


def _read_line(report: CollectedReport, texts: bool) -> Line:
    version = report.latest
    if version is None:
        raise LookupError(f"report {report.pk} has no version")
    return Line(
        key=report.key,
        name=report.name,
        year=report.year,
        origin=READ,
        pk=version.pk,
        report_pk=report.pk,
        number=version.number,
        address=version.source,
        form=form_of(version.form, version.cells),
        cells=version.cells,
        sections=version.sections if texts else {},
        code=report.subject.code if report.subject else "",
        sha256=version.sha256,
    )


def _published_line(version: ReportVersion, texts: bool) -> Line:
    report = version.report
    return Line(
        key=f"organ-{report.organ_id}",
        name=version.organ_name,
        year=report.year,
        origin=PUBLISHED,
        pk=version.pk,
        report_pk=report.pk,
        number=version.number,
        address=f"{report.organ.code}/{report.year}/v{version.number}",
        form=form_for(report.year),
        cells=version.cells,
        sections=_texts(version) if texts else {},
        code=report.organ.code,
        sha256=version.hash,
    )


def _texts(version: ReportVersion) -> dict[str, str]:
    """The written parts of one of our own reports, in the shape the reader gives."""
    form = form_for(version.report.year)
    found: dict[str, str] = {}
    for section in form.sections:
        written = version.sections.get(section.key, {})
        if isinstance(written, Mapping):
            words = [text for text in written.values() if isinstance(text, str) and text.strip()]
            if words:
                found[section.key] = "\n".join(words)
    return found


def _ids(keys: Iterable[str], kind: str) -> list[int]:
    return [
        int(number)
        for key in keys
        for name, _, number in [key.partition("-")]
        if name == kind and number.isdecimal()
    ]


def _names(keys: Iterable[str]) -> dict[str, str]:
    """The names of external organs with their keys: the same one may be kept in several libraries."""
    wanted = _ids(keys, "external")
    rows = ExternalOrgan.objects.filter(pk__in=wanted) if wanted else ()
    return {one.name: one.key for one in rows}


@dataclass(frozen=True)
class Subject:
    """Whose reports they are: an organ of ours or an external one."""

    key: str
    name: str
    organ: Organ | None = None
    external: ExternalOrgan | None = None


def subject(who: Viewer, key: str) -> Subject | None:
    """The subject a key names, None for one that is not there or not in sight.

    An organ of ours is named to everybody in the register: organs are public. An external one belongs to its library.
    """
    kind, _, number = key.partition("-")
    if not number.isdecimal() or len(number) > 12:
        return None
    if kind == "organ":
        organ = Organ.objects.exclude(kind=Organ.Kind.UNIT).filter(pk=int(number)).first()
        return None if organ is None else Subject(key, organ.name, organ=organ)
    if kind == "external":
        external = scope.rows(who, ExternalOrgan).select_related("matched").filter(pk=int(number)).first()
        return None if external is None else Subject(key, external.name, external=external)
    return None


def years(who: Viewer) -> list[int]:
    """Every year there is a report of, newest first."""
    read = scope.rows(who, CollectedReport).values_list("year", flat=True).distinct()
    ours = (
        ReportVersion.objects.filter(state=ReportVersion.State.PUBLISHED)
        .values_list("report__year", flat=True)
        .distinct()
    )
    return sorted({*read.order_by(), *ours.order_by()}, reverse=True)
