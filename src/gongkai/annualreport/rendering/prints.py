"""Printing signed versions into the archive, and drafts for those who write them.

A version's files are made once, after it is signed; whoever asks later gets those very bytes, whatever the renderer has
become. Where a file cannot be made (no Chinese font), signing goes on, and the file is made later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version as library
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.base import audit, clock, crypto, files, outbox
from gongkai.base.models import OutboxMessage
from gongkai.organs.actors import Actor, system
from gongkai.organs.refusals import Refused

from .models import Print
from .printed import PrintedParagraph, PrintedPart, PrintedReport

Format = Print.Format
TOPIC = "report.print"
EDITION = 1  # of our layout: one more when the same version would come out otherwise
_LIBRARIES = {Format.DOCX: "python-docx", Format.PDF: "typst"}


def order(version: ReportVersion) -> None:
    """Have the files made that a frozen version has none of yet, once the caller's transaction is committed.

    Each format is an order of its own: one that cannot be made holds up no other and is tried again later.
    """
    there = set(Print.objects.filter(version=version).values_list("format", flat=True))
    waiting = OutboxMessage.objects.filter(topic=TOPIC, done_at__isnull=True, payload__version=version.pk)
    ordered = {message.payload["format"] for message in waiting}
    for wanted in Format.values:
        if wanted not in there | ordered:
            outbox.post(TOPIC, version=version.pk, format=wanted)


def carry_out(payload: dict[str, Any]) -> None:
    """Make the file an order asks for, unless it is there already."""
    make(
        by=system("print"), version=ReportVersion.objects.get(pk=payload["version"]), wanted=payload["format"]
    )


@transaction.atomic
def make(*, by: Actor, version: ReportVersion, wanted: str) -> Print:
    """The archived file of a frozen version, rendered now if there is none. Raises Refused for what is not signed, and
    :class:`.fonts.NoFont`."""
    found = (
        ReportVersion.objects.select_for_update(of=("self",))
        .select_related("report__organ")
        .get(pk=version.pk)
    )
    if found.state not in queries.FINAL:
        raise Refused(_("报告签发以后才有存档文件；起草中的可以打印草稿。"))
    made = Print.objects.filter(version=found, format=wanted).first()
    if made is not None:
        return made
    report = printed_report(found)
    content = render(report, wanted)
    stored = files.store(found.report.organ, file_name(found, wanted), content)
    made = Print.objects.create(
        version=found,
        format=wanted,
        file=stored,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        renderer=f"{EDITION} / {_LIBRARIES[Format(wanted)]} {library(_LIBRARIES[Format(wanted)])}",
        made_at=clock.now(),
    )
    audit.record(
        actor=by.key,
        post=by.post,
        verb="report.print",
        subject=found,
        path=found.report.path,
        detail={"format": wanted, "sha256": made.sha256},
    )
    return made


def render(report: PrintedReport, wanted: str) -> bytes:
    """The file of a report in ``docx`` or ``pdf``. Raises :class:`.fonts.NoFont`."""
    # The renderers are large, and few processes ever print.
    if wanted == Format.DOCX:
        from . import docx

        return docx.render(report)
    from . import pdf

    return pdf.render(report, font_folder=settings.FONTS)


def of_version(version: ReportVersion) -> dict[str, Print]:
    """The archived files of a version by format."""
    return {made.format: made for made in Print.objects.filter(version=version).select_related("file")}


def of_versions(versions: Iterable[ReportVersion]) -> Mapping[int, dict[str, Print]]:
    """The same for many versions by key, in one query."""
    found: dict[int, dict[str, Print]] = {}
    for made in Print.objects.filter(version__in=[one.pk for one in versions]).order_by("pk"):
        found.setdefault(made.version_id, {})[made.format] = made
    return found


def content(made: Print) -> bytes:
    """The very bytes that were archived. Raises :class:`Damaged` when they are not those any more."""
    try:
        found = files.read(made.file)
    except (FileNotFoundError, crypto.Unreadable) as error:
        raise Damaged(made.pk) from error
    if hashlib.sha256(found).hexdigest() != made.sha256:
        raise Damaged(made.pk)
    return found


class Damaged(RuntimeError):
    """An archived file is missing or not what it was: it is not given out."""


def missing(version: ReportVersion, there: Mapping[str, Print]) -> list[tuple[str, str]]:
    """The formats a frozen version has no file of, each with the sentence that says why and what to do."""
    return [(wanted, _why(wanted)) for wanted in Format.values if wanted not in there]


def _why(wanted: str) -> str:
    if wanted == Format.PDF:
        from .fonts import problem

        if reason := problem(settings.FONTS):
            return reason
    return _("正在生成，请稍后刷新；一直没有的，请运维人员运行 gongkai report print。")


def file_name(version: ReportVersion, wanted: str) -> str:
    """The name under which a file is kept and handed out."""
    title = sections.printed(version).title
    number = _("（第%(number)s版）") % {"number": version.number} if version.number > 1 else ""
    return f"{title}{number}.{wanted}"


def printed_report(
    version: ReportVersion, generated: Mapping[str, str] | None = None, *, draft: bool = False
) -> PrintedReport:
    """A version as it is printed. `generated` are the sentences of a draft; a frozen version has its own."""
    words = sections.printed(version, generated)
    return PrintedReport(
        title=words.title,
        figures=queries.figures_of(version),
        parts=tuple(_part(part) for part in words.parts),
        preamble=words.preamble,
        contact=words.contact,
        organ=queries.organ_name(version),
        signed_on=None if draft else version.signed_on,
        version=version.number,
        correction_note=version.correction_note,
        hash="" if draft else version.hash,
        draft=draft,
    )


def _part(part: sections.Part) -> PrintedPart:
    paragraphs = tuple(PrintedParagraph(one.label, one.text) for one in part.paragraphs)
    return PrintedPart(part.key, part.heading, part.table, paragraphs)
