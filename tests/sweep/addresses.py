"""Every address of the house, found in the URL patterns themselves. One that takes arguments must say here with which records
it is opened, or the sweep fails: a new page cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern

from gongkai.annualreport.library.models import ExternalOrgan, Intake, ReadVersion
from gongkai.annualreport.models import Report, ReportVersion
from gongkai.annualreport.reviewing import KIND as REPORT
from gongkai.annualreport.rounds.models import Duty, Round, Sheet
from gongkai.catalogue.models import Column
from gongkai.desk.register import known
from gongkai.documents.bulk.models import Batch
from gongkai.documents.models import Attachment, Document, Edition
from gongkai.documents.reviewing import KIND as EDITION
from gongkai.monitoring.models import Site
from gongkai.organs.models import Delegation, Organ, Post
from gongkai.requests.models import Case, CaseFile
from gongkai.requests.reviewing import KIND as ANSWER
from gongkai.review.models import ConsultedParty, ReviewRun
from tests.sweep.planting import rows_at

Ways = Callable[[Organ], Iterator[tuple[Any, ...]]]


def of(model: type[Model], *more: Any) -> Ways:
    """By key, with each record of the organ; `more` are further arguments."""
    return lambda organ: ((pk, *more) for pk in rows_at(model, organ.path).values_list("pk", flat=True))


def by_code(*more: Any) -> Ways:
    return lambda organ: iter([(organ.code, *more)])


def _versions(*more: Any) -> Ways:
    def ways(organ: Organ) -> Iterator[tuple[Any, ...]]:
        for row in rows_at(ReportVersion, organ.path).select_related("report"):
            yield row.report_id, row.number, *more

    return ways


def _public_versions(*more: Any) -> Ways:
    def ways(organ: Organ) -> Iterator[tuple[Any, ...]]:
        yield organ.code, 2022, 1, *more
        for row in rows_at(ReportVersion, organ.path).select_related("report"):
            yield organ.code, row.report.year, row.number, *more

    return ways


def _registers(*more: Any) -> Ways:
    return lambda organ: ((register.key, *more) for register in known.all_registers())


def _register_actions(kind: str) -> Ways:
    return lambda organ: (
        (register.key, action.key)
        for register in known.all_registers()
        for action in list(getattr(register, f"{kind}_actions"))[:1]
    )


def _records(organ: Organ) -> Iterator[tuple[Any, ...]]:
    for register in known.all_registers():
        if register.is_common:
            continue
        for pk in rows_at(register.model, organ.path).order_by("pk").values_list("pk", flat=True)[:1]:
            yield register.key, pk


def _record_actions(organ: Organ) -> Iterator[tuple[Any, ...]]:
    """The first action of each record: tests/desk/test_doors.py opens every one of them."""
    for key, pk in _records(organ):
        register = known.get(key)
        assert register is not None
        for action in list(register.row_actions)[:1]:
            yield key, pk, action.key


def _keys(*more: Any) -> Ways:
    return lambda organ: (
        (row.key, *more) for row in rows_at(ExternalOrgan, organ.path) if getattr(row, "key", "")
    )


def _subjects(organ: Organ) -> Iterator[tuple[Any, ...]]:
    """Everything that can be sent to review."""
    for kind, model in ((EDITION, Edition), (REPORT, ReportVersion), (ANSWER, Case)):
        for (pk,) in of(model)(organ):
            yield kind, pk


WAYS: dict[str, Ways] = {
    "desk:delegate": of(Post),
    "desk:revoke": of(Delegation),
    "desk:case-export": lambda organ: iter([("csv",), ("xlsx",)]),
    "desk:case": of(Case),
    "desk:case-file": lambda organ: (
        (file.action.case_id, file.pk) for file in rows_at(CaseFile, organ.path).select_related("action")
    ),
    "desk:case-paper": of(Case, "slip"),
    "desk:figure": lambda organ: iter([("requests.received",), ("review.leaks",), ("documents.made",)]),
    "desk:figure-records": lambda organ: iter([("requests.received",), ("documents.made",)]),
    "desk:figure-export": lambda organ: iter([("requests.received",)]),
    "desk:report": of(Report),
    "desk:report-version": _versions(),
    "desk:report-act": _versions("submit"),
    "desk:report-write": _versions("s1.on_request"),
    "desk:report-cell": _versions("table3.new_received.total"),
    "desk:report-print": _versions("pdf"),
    "desk:library-intake": of(Intake),
    "desk:library-version": of(ReadVersion),
    "desk:library-claim": of(ReadVersion),
    "desk:library-reread": of(ReadVersion),
    "desk:library-original": of(ReadVersion),
    "desk:library-organ": _keys(),
    "desk:library-match": _keys(),
    "desk:library-unmatch": _keys(),
    "desk:library-pair": lambda organ: iter([("s1", "one", "other")]),
    "desk:library-download": lambda organ: iter([("long", "csv"), ("wide", "xlsx")]),
    "desk:sheet": of(Sheet),
    "desk:sheet-open": of(Sheet),
    "desk:sheet-end": of(Sheet),
    "desk:duty": of(Duty),
    "desk:duty-act": of(Duty, "submit"),
    "desk:duty-fill": of(Duty),
    "desk:duty-counted": of(Duty),
    "desk:duty-figure": of(Duty, 1),
    "desk:round": of(Round),
    "desk:round-act": of(Round, "close"),
    "desk:round-chosen": of(Round, "accept"),
    "desk:round-export": of(Round),
    "desk:edition-write": of(Edition),
    "desk:editions-compare": of(Document),
    "desk:document-archive": of(Document),
    "desk:attachment-file": of(Attachment),
    "desk:documents-bulk-export": lambda organ: iter([("csv",), ("json",)]),
    "desk:documents-batch": of(Batch),
    "desk:documents-batch-confirm": of(Batch),
    "desk:documents-batch-stop": of(Batch),
    "desk:documents-batch-problems": of(Batch),
    "desk:review-submit": _subjects,
    "desk:review-party": of(ConsultedParty),
    "desk:review": of(ReviewRun),
    "desk:review-sheet": of(ReviewRun),
    "desk:review-drafts": of(ReviewRun),
    "desk:register": _registers(),
    "desk:register-export": _registers("csv"),
    "desk:register-create": _register_actions("new"),
    "desk:register-bulk": _register_actions("bulk"),
    "desk:register-import": _registers(),
    "desk:register-import-errors": _registers(),
    "desk:register-import-template": _registers(),
    "desk:register-import-confirm": _registers(),
    "desk:register-record": _records,
    "desk:register-act": _record_actions,
    "portal:document": of(Document),
    "portal:document-file": lambda organ: (
        (row.edition.document_id, row.seq, "x")
        for row in rows_at(Attachment, organ.path).select_related("edition")
    ),
    "portal:policy-column": lambda organ: iter([("normative_docs",), ("rules",), ("notice",), ("telegram",)]),
    "portal:policy-feed": lambda organ: iter([("normative_docs",), ("notice",)]),
    "portal:organ": by_code(),
    "portal:organ-guide": by_code(),
    "portal:organ-rules": by_code(),
    "portal:organ-content": by_code(),
    "portal:organ-item": by_code("A01"),
    "portal:organ-guide-version": by_code(1),
    "portal:organ-profile": by_code(),
    "portal:organ-columns": by_code(),
    "portal:organ-gathered": by_code(),
    "portal:column": lambda organ: ((organ.code, row.slug) for row in rows_at(Column, organ.path)),
    "portal:column-feed": lambda organ: ((organ.code, row.slug) for row in rows_at(Column, organ.path)),
    "portal:organ-reports": by_code(),
    "portal:apply": by_code(),
    "portal:account-application": of(Case),
    "portal:track-act": of(Case, "withdraw"),
    "portal:track-file": of(CaseFile),
    "portal:report": lambda organ: iter([(organ.code, 2022), (organ.code, 2021)]),
    "portal:report-version": _public_versions(),
    "portal:report-download": _public_versions("report.pdf"),
    "portal:report-cell": _public_versions("table3.new_received.total"),
    "portal:reading": lambda organ: iter([("elder", "on")]),
    "portal:sitemap-documents": lambda organ: iter([(1,)]),
    "portal:site-logo": of(Site),
}


def patterns() -> list[tuple[str, bool]]:
    """Every named address, and whether it takes arguments."""
    return sorted(set(_walk(get_resolver(), "", False)))


def _walk(resolver: Any, space: str, taking: bool) -> Iterator[tuple[str, bool]]:
    for pattern in resolver.url_patterns:
        takes = taking or bool(pattern.pattern.converters or pattern.pattern.regex.groups)
        if not isinstance(pattern, URLPattern):
            yield from _walk(pattern, pattern.namespace or space, takes)
        elif pattern.name:
            yield f"{space}:{pattern.name}" if space else pattern.name, takes


def addresses(space: str, organ: Organ) -> Iterator[str]:
    """The addresses with arguments, opened with the records of `organ`."""
    for name, takes in patterns():
        if takes and name.startswith(f"{space}:"):
            for arguments in WAYS[name](organ):
                try:
                    yield reverse(name, args=arguments)
                except NoReverseMatch as error:
                    raise AssertionError(f"{name} does not take {arguments}") from error


def bare(space: str) -> Iterator[str]:
    """The addresses without arguments, except those that end the visit."""
    for name, takes in patterns():
        if not takes and name.startswith(f"{space}:") and name not in ("desk:sign-out", "portal:track-leave"):
            yield reverse(name)
