"""A page of an organ: its name, the way to it, and its columns at the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.catalogue import queries as catalogue
from gongkai.catalogue.queries import Node
from gongkai.organs.models import Organ
from gongkai.portal import public_organs
from gongkai.portal.pages import Crumb, page
from gongkai.portal.site import column_meta


def show_column(
    request: HttpRequest,
    subject: Organ,
    template: str,
    column: str,
    title: str,
    *,
    crumbs: list[Crumb] | None = None,
    meta: list[tuple[str, str]] | None = None,
    status: int = 200,
    roots: Sequence[Node] | None = None,
    root: str = "",
    **context: Any,
) -> HttpResponse:
    """A page of an organ with its columns at the left; `column` marks the present one of the statutory ones. `crumbs` leads
    on from the organ. `roots` are its own columns where they are known already, `root` the one the page is of or below."""
    name = title or _("政府信息公开")
    plain = column_meta(name, f"{subject.name}{name}", f"{subject.name},{name}", _("政府信息公开"))
    standing = catalogue.tree(subject) if roots is None else roots
    return page(
        request,
        template,
        section="organs",
        crumbs=_crumbs(subject, crumbs if crumbs is not None else [("", title)] if title else []),
        meta=meta or plain,
        status=status,
        organ=subject,
        open_for_applications=public_organs.takes_applications(subject),
        column=column,
        title=title,
        own_columns=[node for node in standing if node.open or node.column.slug == root],
        root=root,
        **context,
    )


def _crumbs(subject: Organ, onward: list[Crumb]) -> list[Crumb]:
    crumbs = [(reverse("portal:organs"), _("政府信息公开"))]
    above = public_organs.ancestors(subject)
    crumbs += [(reverse("portal:organ", args=[organ.code]), organ.name) for organ in above]
    own = (reverse("portal:organ", args=[subject.code]) if onward else "", subject.name)
    return [*crumbs, own, *onward]
