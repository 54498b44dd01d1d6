"""Files of a case, opened through scope and named by number: the uploaded name may name somebody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.base import files
from gongkai.desk.shell.request import DeskRequest, viewer_of
from gongkai.requests.casefile import file_in


@require_safe
def download(request: DeskRequest, pk: int, file_id: int) -> HttpResponse:
    """One file of one case, as it came."""
    found = file_in(viewer_of(request), file_id)
    if found.action.case_id != pk:
        raise Http404
    response = HttpResponse(files.read(found.file), content_type=found.file.media_type)
    name = f"case-{pk}-file-{found.pk}{files.extension(found.file)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
