"""A published report to take away: Word and PDF as archived when it was signed, JSON and CSV made from the frozen version.

Every file is named with its size and SHA-256, and comes with both: what was downloaded can be held against the page.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongkai.annualreport import exports
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rendering import prints
from gongkai.annualreport.rendering.models import Print
from gongkai.base import files

JSON, CSV = "json", "csv"
_NAMES = {"docx": "Word", "pdf": "PDF", JSON: "JSON", CSV: "CSV"}
_TYPES = {
    "docx": files.ACCEPTED[".docx"],
    "pdf": files.ACCEPTED[".pdf"],
    JSON: "application/json",
    CSV: "text/csv; charset=utf-8",
}
_HASHED = "sha-256"


@dataclass(frozen=True)
class Download:
    """One file of a version; `sha256` is "" where a list does not work it out."""

    kind: str
    name: str
    href: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Lacking:
    """A file that is not there, and why."""

    name: str
    reason: str


def offered(shown: ReportVersion, there: Mapping[str, Print]) -> list[Download]:
    """What can be taken away of a version, each with size and hash."""
    made = [_as_data(shown, kind) for kind in (JSON, CSV)]
    return [
        *archived(shown, there),
        *(
            Download(kind, _NAMES[kind], _address(shown, kind), len(content), _sha(content))
            for kind, content in zip((JSON, CSV), made, strict=True)
        ),
    ]


def listed(shown: ReportVersion, there: Mapping[str, Print]) -> list[Download]:
    """The same for a list: what would have to be made is named without size."""
    return [
        *archived(shown, there),
        *(Download(kind, _NAMES[kind], _address(shown, kind)) for kind in (JSON, CSV)),
    ]


def archived(shown: ReportVersion, there: Mapping[str, Print]) -> list[Download]:
    """The archived files of a version."""
    return [
        Download(kind, _NAMES[kind], _address(shown, kind), there[kind].size, there[kind].sha256)
        for kind in prints.Format.values
        if kind in there
    ]


def lacking(shown: ReportVersion, there: Mapping[str, Print]) -> list[Lacking]:
    """The files that are still to be made, with the reason."""
    return [Lacking(_NAMES[kind], reason) for kind, reason in prints.missing(shown, there)]


def answer(request: HttpRequest, shown: ReportVersion, kind: str) -> HttpResponse | None:
    """The file, or 304 for who has it already; None when there is none of this kind."""
    if kind in (JSON, CSV):
        content = _as_data(shown, kind)
        code = shown.report.organ.code
        name = f"{code}-{shown.report.year}-v{shown.number}.{kind}"
        return _conditional(request, kind, name, content, _sha(content))
    made = prints.of_version(shown).get(kind)
    if made is None:
        return None
    name = prints.file_name(shown, kind)
    unchanged = get_conditional_response(request, etag=f'"{made.sha256}"')
    if unchanged is not None and unchanged.status_code == 304:
        return unchanged
    try:
        return _conditional(request, kind, name, prints.content(made), made.sha256)
    except prints.Damaged:
        return HttpResponse(
            _("这个文件与存档时的校验值不符，已停止下载，请联系本机关。"),
            status=503,
            content_type="text/plain; charset=utf-8",
        )


def _conditional(request: HttpRequest, kind: str, name: str, content: bytes, sha256: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["ETag"] = f'"{sha256}"'
    response["Repr-Digest"] = f"{_HASHED}=:{b64encode(bytes.fromhex(sha256)).decode()}:"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _as_data(shown: ReportVersion, kind: str) -> bytes:
    if kind == JSON:
        return json.dumps(exports.public_json(shown), ensure_ascii=False, indent=1).encode()
    # Spreadsheets take a file for UTF-8 only when it begins with the mark.
    return exports.public_csv(shown).encode("utf-8-sig")


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _address(shown: ReportVersion, kind: str) -> str:
    place = [shown.report.organ.code, shown.report.year, shown.number, f"report.{kind}"]
    return reverse("portal:report-download", args=place)
