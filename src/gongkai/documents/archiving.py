"""The archive package of a document (S272): all its editions, every draft as it was submitted, opinions, signatures, releases
and files, each with its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from gongkai.base import clock, crypto, files
from gongkai.base.models import AuditEntry, StoredFile
from gongkai.documents import describing, richtext
from gongkai.documents.common import log
from gongkai.documents.models import Document
from gongkai.documents.reviewing import KIND
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.review import drafts, sheet
from gongkai.review.models import ReviewRun, SubmittedDraft

_STAMP = (1980, 1, 1, 0, 0, 0)  # the same package is the same bytes, whenever it is packed


def package(document: Document, *, by: Actor) -> bytes:
    """A zip of everything kept of the document, with a list of SHA-256 sums. Raises Refused."""
    authority.require(by, authority.VIEW, "documents", document.path)
    parts = dict(_parts(document))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts.items())
    parts["SHA256SUMS.txt"] = sums.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    log(by, "document.archive", document, files=len(parts))
    return packed.getvalue()


def _parts(document: Document) -> Iterator[tuple[str, bytes]]:
    yield "文件.json", _json(_record(document))
    for edition in document.editions.order_by("seq").prefetch_related("attachments__file"):
        folder = _("第%(n)d版") % {"n": edition.seq}
        yield f"{folder}/正文.html", _page(edition.title, edition.rich or richtext.from_text(edition.body))
        yield f"{folder}/正文.txt", f"{edition.title}\n\n{edition.body}\n".encode()
        for attachment in edition.attachments.all():
            name = f"{folder}/附件{attachment.seq}"
            yield from _file(name, attachment.title, attachment.file)
        runs = ReviewRun.objects.filter(subject_kind=KIND, subject_key=str(edition.pk)).order_by("pk")
        for number, run in enumerate(runs.select_related("organ", "template", "submitter"), start=1):
            yield f"{folder}/审查单{number}.json", _json(asdict(sheet.of(run)))
            for draft in run.drafts.order_by("number"):
                yield from _draft(f"{folder}/送审稿{draft.number}", draft)
    yield "经过.json", _json(_history(document))


def _record(document: Document) -> dict[str, Any]:
    names = [
        "kind", "number", "index_no", "made_on", "title", "summary", "keywords", "source", "effective_on",
        "valid_until", "openness", "entered_by", "recorded_at", "struck_at", "first_released_on", "withdrawn_on",
        "ended_on",
    ]  # fmt: skip
    return {
        **{name: getattr(document, name) for name in names},
        "issuers": describing.issuers(document),
        "classified": {
            name: str(getattr(document, name)) for name in ("theme", "genre", "group") if getattr(document, name)
        },
        "appointments": list(document.appointments.values("person", "action", "position")),
        "editions": list(
            document.editions.order_by("seq").values(
                "seq", "title", "attribute", "attribute_reason", "closed"
            )
        ),
        "releases": [
            {
                **model_to_dict(one, exclude=["document", "edition", "channel", "account"]),
                "edition__seq": one.edition.seq,
                "channel": one.channel.name,
                "account": one.account.name if one.account else "",
            }
            for one in document.releases.order_by("pk").select_related("edition", "channel", "account")
        ],
        "validity": list(
            document.validity_facts.order_by("pk").values(
                "kind", "on", "decided_by", "note", "actor", "recorded_at", "void", "pk", "supersedes"
            )
        ),
    }  # fmt: skip


def _history(document: Document) -> list[dict[str, Any]]:
    return [
        {"at": entry.at, "actor": entry.actor, "post": entry.post, "verb": entry.verb, "detail": entry.detail}
        for entry in AuditEntry.objects.filter(
            subject_type=document._meta.label_lower, subject_id=str(document.pk)
        ).order_by("pk")
    ]


def _draft(name: str, draft: SubmittedDraft) -> Iterator[tuple[str, bytes]]:
    """What the signers of a round had before them, with the files of that round."""
    yield f"{name}.txt", f"{drafts.plain(draft)}\n".encode()
    if rich := draft.content.get("rich"):
        yield f"{name}.html", _page(draft.title, rich)
    known = {one.sha256: one for one in StoredFile.objects.filter(sha256__in=draft.files).order_by("pk")}
    for seq, sha256 in enumerate(draft.files, start=1):
        if sha256 in known:
            yield from _file(f"{name}-附件{seq}", draft.title, known[sha256])


def _page(title: str, body: str) -> bytes:
    title = html.escape(title)
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'
    return page.encode()


def _file(start: str, title: str, stored: StoredFile) -> Iterator[tuple[str, bytes]]:
    name = f"{start}-{stored.sha256[:8]}{files.extension(stored)}"
    try:
        yield name, files.read(stored)
    except (FileNotFoundError, crypto.Unreadable):
        yield f"{name}.缺失.txt", f"{title} SHA-256 {stored.sha256}\n".encode()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(clock.SHANGHAI).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
