"""The register in the columns of the import: CSV, XLSX or JSON lines, streamed; with the files in a zip."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Protocol

import openpyxl
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet

from gongkai.base import crypto, files, tables
from gongkai.base.tables import csv_bytes, safe_cell
from gongkai.documents.bulk.cells import CUT, ROLES
from gongkai.documents.bulk.columns import COLUMNS, HEADERS, PROBLEM, ROW
from gongkai.documents.models import CURRENT, Attachment, Document, Edition, Openness, Release, ValidityFact

CSV, XLSX, JSON = "csv", "xlsx", "jsonl"
FORMATS = (CSV, XLSX, JSON)
CHUNK = 500
LONGEST_CELL = 32_767  # characters an XLSX cell holds
_BLANK = "—"  # a blank line of a cell with several
_UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*;；\s]+")

Cells = dict[str, str]


def lines(rows: QuerySet[Document]) -> Iterator[Cells]:
    """A row of cells for each document, with the edition that is shown or else the newest. Eight queries a chunk."""
    ready = rows.select_related("organ", "theme", "genre", "group", "outside_key").prefetch_related(
        "editions",
        Prefetch("editions__attachments", Attachment.objects.select_related("file").order_by("seq")),
        Prefetch(
            "releases",
            Release.objects.filter(CURRENT).select_related("channel", "account").order_by("on", "pk"),
        ),
        Prefetch("validity_facts", ValidityFact.objects.filter(CURRENT).order_by("on", "pk")),
        "co_organs",
        "appointments",
    )
    for document in ready.iterator(chunk_size=CHUNK):
        yield _cells(document)


def attachments_of(rows: QuerySet[Document]) -> Iterator[tuple[str, Attachment]]:
    """The files that :func:`lines` names, by the name it gives them."""
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while chunk := list(islice(keys, CHUNK)):
        found = Document.objects.filter(pk__in=chunk).prefetch_related(
            "editions",
            Prefetch("editions__attachments", Attachment.objects.select_related("file").order_by("seq")),
            Prefetch("releases", Release.objects.filter(CURRENT)),
        )
        for document in found:
            for attachment in _edition(document).attachments.all():
                yield file_name(document, attachment), attachment


def file_name(document: Document, attachment: Attachment) -> str:
    """Where a file lies in the zip: unique, and told by its title."""
    title = _UNFIT.sub("_", attachment.title).strip("._")[:80] or "附件"
    return f"附件/{document.pk}/{attachment.seq:02d}-{title}{files.extension(attachment.file)}"


def csv_pieces(found: Iterable[Cells], headers: Sequence[str] = tuple(HEADERS)) -> Iterator[bytes]:
    """A CSV file, with the mark Excel needs; formulas are quoted, and the import takes the quotes off again."""
    return csv_bytes(
        [HEADERS.get(key, key) for key in headers],
        ([cells.get(key, "") for key in headers] for cells in found),
    )


def json_pieces(found: Iterable[Cells]) -> Iterator[bytes]:
    """JSON lines: an object a document, blank cells left out."""
    for cells in found:
        given = {HEADERS[key]: text for key, text in cells.items() if text}
        yield (json.dumps(given, ensure_ascii=False) + "\n").encode()


def xlsx_pieces(found: Iterable[Cells], headers: Sequence[str] = tuple(HEADERS)) -> Iterator[bytes]:
    """An XLSX file by way of a file on disk. A text no cell can hold is not cut: a sentence says where to find it. Raises
    ValidationError for more rows than a sheet holds."""
    with tempfile.TemporaryFile() as out:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("文件")
        sheet.append([HEADERS.get(key, key) for key in headers])
        for number, cells in enumerate(found):
            if number >= tables.XLSX_MOST:
                raise ValidationError(tables.too_many_rows())
            sheet.append([_fitting(safe_cell(cells.get(key, ""))) for key in headers])
        book.save(out)
        out.seek(0)
        while piece := out.read(1 << 16):
            yield piece


def pieces(kind: str, found: Iterable[Cells]) -> Iterator[bytes]:
    """The register as a file of that format."""
    return {CSV: csv_pieces, XLSX: xlsx_pieces, JSON: json_pieces}[kind](found)


def zip_pieces(kind: str, found: Iterable[Cells], named: Iterable[tuple[str, Attachment]]) -> Iterator[bytes]:
    """The same with the files beside it (:func:`attachments_of`), in a zip that is never there as a whole."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(f"文件.{kind}", "w", force_zip64=True) as member:
            for piece in pieces(kind, found):
                member.write(piece)
                yield sink.taken()
        for name, attachment in named:
            try:
                archive.writestr(name, files.read(attachment.file), zipfile.ZIP_STORED)
            except (OSError, crypto.Unreadable):  # one lost file does not keep the others from going out
                archive.writestr(f"{name}（缺失）.txt", "原文件缺失或者无法解密。")
            yield sink.taken()
    yield sink.taken()


class Troubled(Protocol):
    """A row that was not taken, or (`kept`) taken less something: kept beside its batch, or told by a trial."""

    @property
    def row(self) -> int: ...
    @property
    def words(self) -> Any: ...
    @property
    def cells(self) -> Any: ...
    @property
    def kept(self) -> bool: ...


def problem_pieces(problems: Iterable[Troubled]) -> Iterator[bytes]:
    """The rows in trouble in the same columns, with what is wrong: to be mended and brought again."""
    found = (
        {
            ROW: str(one.row),
            PROBLEM: f"（已导入）{one.words!s}" if one.kept else str(one.words),
            **one.cells,
        }
        for one in problems
    )
    return csv_pieces(found, (ROW, PROBLEM, *HEADERS))


def template() -> Iterator[bytes]:
    """An empty table; what must be filled in has a star, and a second sheet says what each column is."""
    with tempfile.TemporaryFile() as out:
        book = openpyxl.Workbook(write_only=True)
        book.create_sheet("文件").append([f"{c.header}*" if c.required else c.header for c in COLUMNS])
        told = book.create_sheet("填写说明")
        for column in COLUMNS:
            told.append([column.header, str(column.help)])
        book.save(out)
        out.seek(0)
        yield out.read()


class _Sink(io.RawIOBase):
    """What a zip writes into, taken away piece by piece; it cannot be sought in, and the zip does without."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def _cells(document: Document) -> Cells:
    edition = _edition(document)
    releases = list(document.releases.all())
    changes = list(document.validity_facts.all())
    outside = getattr(document, "outside_key", None)
    found = {
        "organ": document.organ.code,
        "kind": str(document.get_kind_display()),
        "title": edition.title,
        "made_on": document.made_on.isoformat(),
        "number": document.number,
        "index_no": document.index_no,
        "key": outside.key if outside is not None else "",
        "text": "" if edition.rich else edition.body,
        "html": edition.rich,
        "attribute": str(edition.get_attribute_display()),
        "attribute_reason": edition.attribute_reason,
        "theme": document.theme.code if document.theme else "",
        "genre": document.genre.code if document.genre else "",
        "group": document.group.code if document.group else "",
        "summary": document.summary,
        "keywords": document.keywords,
        "source": document.source,
        "openness": "；".join(str(Openness(tag).label) for tag in document.openness),
        "co_organs": "；".join(one.name for one in document.co_organs.all()),
        "appointments": "\n".join(
            f"{one.person} {one.get_action_display()} {one.position}" for one in document.appointments.all()
        ),
        "effective_on": _day(document.effective_on),
        "valid_until": _day(document.valid_until),
        "validity": _lines(str(one.get_kind_display()) for one in changes),
        "changed_on": _lines(one.on.isoformat() for one in changes),
        "decided_by": _lines(one.decided_by for one in changes),
        "change_note": _lines(one.note for one in changes),
        "released_on": _lines(one.on.isoformat() for one in releases),
        "released_at": _lines(f"{one.at:%H:%M}" if one.at else "" for one in releases),
        "channel": _lines(one.channel.name for one in releases),
        "account": _lines(one.account.name if one.account else "" for one in releases),
        "form": _lines(str(one.get_form_display()) if one.form else "" for one in releases),
        "link": _lines(one.carrier for one in releases),
        "copies": _lines(_number(one.copies) for one in releases),
        "place": _lines(one.place for one in releases),
        "events": _lines(_number(one.events) for one in releases),
        "withdrawn_on": _lines(_day(one.until) for one in releases),
        "withdrawn_why": _lines(one.reason if one.until else "" for one in releases),
    }
    for key, role in ROLES.items():
        found[key] = "；".join(
            file_name(document, one) for one in edition.attachments.all() if one.role == role
        )
    return found


def _edition(document: Document) -> Edition:
    editions = {edition.pk: edition for edition in document.editions.all()}
    shown = [editions[one.edition_id] for one in document.releases.all()]
    return max(shown or editions.values(), key=lambda edition: edition.seq)


def _lines(found: Iterable[str]) -> str:
    listed = [" ".join(text.split()) for text in found]
    if not any(listed):
        return ""
    return listed[0] if len(listed) == 1 else "\n".join(text or _BLANK for text in listed)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _fitting(value: Any) -> Any:
    return CUT if isinstance(value, str) and len(value) > LONGEST_CELL else value


def save(found: Iterable[bytes], out: IO[bytes]) -> int:
    """Write the pieces; returns the bytes."""
    return sum(out.write(piece) for piece in found)
