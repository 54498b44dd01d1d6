"""The editor of a document's body: a box of formatted text with a script, a box of plain text without."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from gongkai.desk.register import tables
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents import actions, richtext, writing
from gongkai.documents.models import Edition
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused

_LARGEST = 10 * 1024 * 1024  # bytes of one saving, form and all


class Draft(forms.Form):
    """Title and body; `format` says what the body is written in, `seen` what the writer began from."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=300)
    body = forms.CharField(
        label=gettext_lazy("正文"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 24})
    )
    format = forms.ChoiceField(choices=[("text", "text"), ("html", "html")], widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


@csrf_exempt  # the size is looked at before anything is read; `_write` is protected
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: DeskRequest, pk: int) -> HttpResponse:
    """The editor; what is refused stands beside the text, and nothing that was typed is lost."""
    if request.method == "POST" and int(request.headers.get("Content-Length") or 0) > _LARGEST:
        edition = _edition(request, pk)
        sentence = _(
            "粘贴的内容超过 10 MB，没有保存。请返回上一页，把图片和附表作为附件上传，正文只粘贴文字。"
        )
        return _page(request, edition, _blank(edition), refused=sentence, status=413)
    return _write(request, pk)


@csrf_protect
def _write(request: DeskRequest, pk: int) -> HttpResponse:
    edition = _edition(request, pk)
    try:
        by = _actor(request, edition)
    except Refused as refused:
        return _page(
            request, edition, None, refused=str(refused), status=200 if request.method != "POST" else 403
        )
    if edition.closed:
        closed = _("该版本已定稿，不能再改；需要修改时请新建一个版本。")
        return _page(request, edition, None, refused=closed, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, edition, _blank(edition))
    form = Draft(request.POST)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    return _save(request, edition, by, form)


def _save(request: DeskRequest, edition: Edition, by: Actor, form: Draft) -> HttpResponse:
    data = form.cleaned_data
    given = {"html" if data["format"] == "html" else "text": data["body"]}
    try:
        _kept, told = actions.write(edition, by=by, title=data["title"], seen=data["seen"], **given)
    except ValidationError as error:
        for name, words in error.message_dict.items():
            form.add_error(name if name in form.fields else None, words)
        return _page(request, edition, form, status=422)
    except writing.Overtaken as overtaken:
        again = Draft(data | {"seen": writing.seal_of(overtaken.theirs)})
        return _page(request, edition, again, refused=str(overtaken), theirs=overtaken.theirs, status=409)
    except Refused as refused:
        return _page(request, edition, form, refused=str(refused), status=409)
    messages.success(request, _("草稿已保存。"))
    for sentence in told:
        messages.warning(request, sentence)
    return redirect("desk:edition-write", edition.pk)


def _edition(request: DeskRequest, pk: int) -> Edition:
    return scope.get(request.viewer, Edition.objects.select_related("document__organ"), pk=pk)


def _actor(request: DeskRequest, edition: Edition) -> Actor:
    found = actors_for(request.viewer, "documents", edition.document.path)
    if not found:
        raise Refused(_("您现在的岗位只能查看这份文件，不能修改。"))
    return found[0]


def _blank(edition: Edition) -> Draft:
    return Draft(
        initial={
            "title": edition.title,
            "body": edition.rich or edition.body,
            "format": "html" if edition.rich else "text",
            "seen": writing.seal_of(edition),
        }
    )


def _page(
    request: DeskRequest,
    edition: Edition,
    form: Draft | None,
    *,
    refused: str = "",
    theirs: Edition | None = None,
    status: int = 200,
) -> HttpResponse:
    document = edition.document
    context: dict[str, Any] = {
        "section": "documents",
        "crumbs": [
            (reverse("desk:register", args=["documents"]), _("文件")),
            (tables.record_url("documents", document.pk), document.title),
            (tables.record_url("editions", edition.pk), _("第 %(n)d 版") % {"n": edition.seq}),
            ("", _("编辑正文")),
        ],
        "edition": edition,
        "document": document,
        "form": form,
        "refused": refused,
        "theirs": theirs,
        "shown": edition.rich or richtext.from_text(edition.body),
        "back": tables.record_url("editions", edition.pk),
    }
    return render(request, "desk/documents/write.html", context, status=status)
