"""附件: the files of a document's editions, with what was found in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import files
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, search
from gongkai.desk.register.forms import ActionForm
from gongkai.documents import actions, attachments
from gongkai.documents.models import Attachment, Edition
from gongkai.inspection import Weight

_SHAPES = {Weight.BLOCK: "over", Weight.WARN: "soon", Weight.NOTE: "open"}
_WORDS = {Weight.BLOCK: _("须处理"), Weight.WARN: _("请留意"), Weight.NOTE: _("供参考")}


class Attach(ActionForm):
    """A file with what it is for."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、OFD、Word、WPS、Excel、图片或文本，不超过 10 MB；上传时检查有无隐藏内容"),
    )
    role = forms.ChoiceField(
        label=_("用途"),
        choices=Attachment.Role.choices,
        help_text=_("附件、图片版随文件公开；原件只在内部保存"),
    )
    title = forms.CharField(label=_("名称"), max_length=160, required=False, help_text=_("空白即用文件名"))

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > files.LARGEST:
            raise forms.ValidationError(_g("文件超过 10 MB，请压缩或拆分后上传。"))
        return given


def attach(by: Any, row: Edition, data: dict[str, Any]) -> Attachment:
    """The action behind :class:`Attach`."""
    given = data["file"]
    return actions.attach(
        row, by=by, name=given.name, content=given.read(), role=data["role"], title=data["title"]
    )


def inspected(row: Attachment) -> State | Text:
    """Whether the file may go out, in a word."""
    kept = attachments.inspection_of(row)
    if kept is None:
        return State("unknown", _("没有检查"))
    if kept.blocked:
        return State("over", _("有隐藏内容，须处理"))
    return State("done", _("可以公开"))


def download_link(row: Attachment) -> Any:
    """The file to look at."""
    return format_html('<a href="{}">{}</a>', reverse("desk:attachment-file", args=[row.pk]), _g("下载查看"))


def _closed(row: Attachment) -> Text:
    return _("该版本已定稿，附件不能再改。") if row.edition.closed else ""


def _not_cleanable(row: Attachment) -> Text:
    kept = attachments.inspection_of(row)
    return _closed(row) or ("" if kept and kept.cleanable else _("没有可以自动清理的内容。"))


ATTACHMENTS = Register(
    key="attachments",
    model=Attachment,
    title=_("文件附件"),
    unit=_("个"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.title}（{row.edition.document.title}）",
    columns=[
        Column("title", link=True, wide=True),
        Column("role"),
        Column("edition__document__title", _("文件"), wide=True),
        Column("edition__seq", _("第几版")),
    ],
    filters=[search("title"), choice("role")],
    related=["edition__document", "file"],
    facts=[
        Column(
            "document",
            _("文件"),
            value=lambda row: row.edition.document,
            record=lambda row: ("documents", row.edition.document_id),
        ),
        Column(
            "edition",
            _("版本"),
            value=lambda row: _g("第 %(n)d 版") % {"n": row.edition.seq},
            record=lambda row: ("editions", row.edition_id),
        ),
        Column("role"),
        Column("media_type", _("格式"), value=lambda row: files.extension(row.file).lstrip(".").upper()),
        Column("size", _("大小"), value=lambda row: filesizeformat(row.file.size)),
        Column("sha256", _("校验值"), value=lambda row: f"SHA-256 {row.file.sha256}"),
        Column("inspected", _("检查"), value=inspected),
        Column("download", _("下载"), value=download_link),
    ],
    parts=[
        Part(
            _("检查发现"),
            lambda who, row: attachments.findings(row),
            [
                Column(
                    "weight",
                    _("轻重"),
                    value=lambda one: State(_SHAPES[one.weight], _WORDS[one.weight]),
                ),
                Column("label", _("种类"), value=lambda one: one.label),
                Column("message", _("发现"), value=lambda one: one.message, wide=True),
                Column("where", _("位置"), value=lambda one: one.where),
                Column("quote", _("原文"), value=lambda one: one.quote, wide=True),
            ],
            empty=_("没有发现隐藏的内容。"),
        )
    ],
    actions=[
        Action(
            "clean",
            _("清理"),
            lambda by, row, data: actions.clean_attachment(row, by=by),
            refusal=_not_cleanable,
            explain=_("去掉属性、批注、隐藏文字等看不见的内容，换成清理后的文件；原来的文件仍有留存。"),
        ),
        Action(
            "detach",
            _("去掉"),
            lambda by, row, data: actions.detach(row, by=by),
            danger=True,
            refusal=_closed,
            explain=_("从这一版去掉；文件本身仍有留存。"),
        ),
    ],
)
REGISTERS = (ATTACHMENTS,)
