"""The archive package of a document, to hand to the archives."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.shell.request import DeskRequest
from gongkai.documents import archiving
from gongkai.documents.models import Document
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import VIEW


@require_safe
def download(request: DeskRequest, pk: int) -> HttpResponse:
    """A zip; that it was taken is in the audit log."""
    document = scope.get(request.viewer, Document.objects.select_related("organ"), pk=pk)
    found = actors_for(request.viewer, "documents", document.path, VIEW)
    if not found:
        raise Refused(_("您现在的岗位不能导出这份文件。"))
    response = HttpResponse(archiving.package(document, by=found[0]), content_type="application/zip")
    name = _("文件%(pk)d归档包.zip") % {"pk": document.pk}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
