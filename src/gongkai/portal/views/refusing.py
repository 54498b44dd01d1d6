"""What a request is told that cannot be read at all."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Too much at once is called by its name (413); everything else was not understood (400)."""
    if words := _too_much(exception):
        return render(request, "413.html", {"words": words}, status=413)
    return render(request, "400.html", status=400)


def _too_much(exception: Exception) -> str:
    """What there was too much of and what to do, "" if that was not it."""
    if isinstance(exception, RequestDataTooBig):
        most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024 // 1024
        words = _(
            "一次提交的文字超过 %(most)d MB，没有保存，也没有改动任何内容。请返回上一页，把大段文字、图片和附表作为附件上传，表单里只写必要的文字。"
        )
        return words % {"most": most}
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return _("一次提交的项目或者文件太多，没有保存，也没有改动任何内容。请返回上一页，分几次提交。")
    return ""
