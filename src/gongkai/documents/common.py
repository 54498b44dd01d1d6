"""What every action on a document begins and ends with."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.documents.models import Document
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused


def authorised(by: Actor, document: Document) -> Document:
    """The document as it stands, locked for this transaction. Raises Refused to whoever may not work on it, and for a
    document that was struck out."""
    authority.require(by, authority.WORK, "documents", document.path)
    fresh = Document.objects.select_for_update(of=("self",)).select_related("organ").get(pk=document.pk)
    if fresh.struck_at is not None:
        raise Refused(_("该文件的登记已被划去，不能再办理。"))
    return fresh


def required(reason: str) -> None:
    """Raises ValidationError when nobody says why."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})


def log(by: Actor, verb: str, document: Document, **detail: Any) -> None:
    """The audit entry of an action on `document`."""
    audit.record(actor=by.key, post=by.post, verb=verb, subject=document, path=document.path, detail=detail)
