"""An attachment to look at before it goes out: always saved, never shown by the browser."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.base import crypto, files
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents.models import Attachment
from gongkai.organs import scope


@require_safe
def download(request: DeskRequest, pk: int) -> HttpResponse:
    """The file as it is kept; 404 out of scope and when it cannot be read."""
    attachment = scope.get(request.viewer, Attachment.objects.select_related("file"), pk=pk)
    try:
        content = files.read(attachment.file)
    except (FileNotFoundError, crypto.Unreadable) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=attachment.file.media_type)
    name = f"{attachment.title}{files.extension(attachment.file)}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
