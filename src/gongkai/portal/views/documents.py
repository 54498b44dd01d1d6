"""The page of a document and its files, the policy columns with their feeds, and the documents' site map."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock, crypto, files
from gongkai.documents import attachments
from gongkai.documents.models import Document, Edition
from gongkai.portal import leafing, policies, public_documents, syndication
from gongkai.portal.pages import page
from gongkai.portal.public_documents import Gone, Shown
from gongkai.portal.site import article_meta, column_meta

PER_SITEMAP = 5_000


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it reads today; where it went, or why it is gone; 404 for what was never public."""
    found = public_documents.open_page(pk, clock.today())
    if found is None:
        raise Http404
    if isinstance(found, Gone):
        return _gone(request, found)
    kind, organ = found.document.kind, found.document.organ
    column = policies.column_title(kind)
    more = [("Keywords", found.document.keywords), ("Description", found.document.summary[:200])]
    meta = [
        *column_meta(column, f"{organ.name}{column}", f"{organ.name},{column}", _("政府信息公开")),
        *article_meta(found.edition.title, f"{found.published:%Y-%m-%d %H:%M}", found.source),
        *[tag for tag in more if tag[1]],
    ]
    crumbs = [
        (reverse("portal:policies"), _("政策文件")),
        (reverse("portal:policy-column", args=[kind]), column),
        ("", found.edition.title),
    ]
    return page(
        request,
        "document.html",
        section="policies",
        crumbs=crumbs,
        meta=meta,
        shown=found,
        organ=organ,
        column=column,
        files=[_file(found, one) for one in found.files],
    )


def _gone(request: HttpRequest, gone: Gone) -> HttpResponse:
    today = clock.today()
    if gone.onward is not None and isinstance(public_documents.open_page(gone.onward.pk, today), Shown):
        return redirect("portal:document", gone.onward.pk)
    crumbs = [(reverse("portal:policies"), _("政策文件")), ("", _("已撤下的文件"))]
    response = page(request, "document_gone.html", section="policies", crumbs=crumbs, status=410, gone=gone)
    response["X-Robots-Tag"] = "noindex"
    return response


def _file(shown: Shown, one: Any) -> dict[str, Any]:
    kind = files.extension(one.file)
    return {
        "href": reverse("portal:document-file", args=[shown.document.pk, one.pk, f"file{kind}"]),
        "title": one.title,
        "role": one.get_role_display() if one.role != one.Role.ANNEX else "",
        "kind": kind.lstrip(".").upper(),
        "size": one.file.size,
        "sha256": one.file.sha256,
    }


@require_safe
def document_file(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponse:
    """An attachment of the edition that is shown, as a download; 304 for who has it already."""
    edition = public_documents.edition_showing(pk, clock.today())
    found = (
        attachments.public_files(edition).filter(pk=number).first() if isinstance(edition, Edition) else None
    )
    if found is None or name != f"file{files.extension(found.file)}":
        raise Http404
    etag = f'"{found.file.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return unchanged
    try:
        content = files.read(found.file)
    except (FileNotFoundError, crypto.Unreadable):
        sentence = _("这个附件现在不能下载，请稍后再试，或者联系本机关。")
        return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=found.file.media_type)
    title = f"{found.title}{files.extension(found.file)}"
    response["Content-Disposition"] = content_disposition_header(True, title) or "attachment"
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The columns with their numbers, and the newest of the two statutory ones."""
    today, name = clock.today(), _("政策文件")
    return page(
        request,
        "policies.html",
        section="policies",
        crumbs=[("", name)],
        meta=column_meta(name, _("规章、行政规范性文件和其他政府信息"), name, name),
        columns=policies.counts(today),
        documents=policies.newest(today, 15),
    )


@require_safe
def column(request: HttpRequest, kind: str) -> HttpResponse:
    """One column: a list one can narrow; the statutory ones show what is in force unless asked otherwise."""
    title = _column_or_404(kind)
    form = policies.Narrow(request.GET, kind, clock.today())
    shown = leafing.leafed(form.rows(), request.GET)
    return page(
        request,
        "policy_column.html",
        section="policies",
        crumbs=[(reverse("portal:policies"), _("政策文件")), ("", title)],
        meta=column_meta(title, _("%(title)s公开列表") % {"title": title}, title, _("政策文件")),
        kind=kind,
        title=title,
        explained=policies.EXPLAINED.get(kind, ""),  # type: ignore[call-overload]
        form=form,
        shown=shown,
        documents=shown.documents,
    )


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest of a column as RSS."""
    title = _column_or_404(kind)
    return syndication.rss(
        request,
        title=title,
        path=reverse("portal:policy-column", args=[kind]),
        description=_("%(title)s，新公开的在前") % {"title": title},
        rows=policies.of_kind(kind, clock.today())[: syndication.MOST],
    )


def _column_or_404(kind: str) -> str:
    if kind not in policies.titles():
        raise Http404
    return policies.column_title(kind)


@require_safe
def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """A page of the addresses of all documents the public reads, for machines. One query."""
    if number < 1:
        raise Http404
    rows = _listed().values_list("pk", flat=True)[(number - 1) * PER_SITEMAP : number * PER_SITEMAP]
    addresses = [request.build_absolute_uri(reverse("portal:document", args=[pk])) for pk in rows]
    if not addresses and number > 1:
        raise Http404
    return render(request, "portal/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


def sitemap_pages() -> int:
    """How many pages :func:`sitemap` has. One query."""
    return max(1, -(-_listed().count() // PER_SITEMAP))


def _listed() -> Any:
    return Document.objects.filter(pk__in=policies.of_site(clock.today()).values("pk")).order_by("pk")
