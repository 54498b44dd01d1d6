"""The form of the check page: a report as a file or as text, and last year's if one likes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.portal.forms import Plain

LONGEST_TEXT = 1_000_000  # characters; the longest reports have some 40,000
_KINDS = ".html,.htm,.shtml,.docx,.pdf,.txt,.md"


class CheckForm(Plain):
    """`too_large` names the file fields whose file was over the limit and isn't here; `refusal` is all there is to say."""

    report = forms.FileField(
        label=_("上传年报文件"),
        required=False,
        allow_empty_file=True,  # refused by the reader, like every other file that cannot be read
        widget=forms.FileInput(attrs={"accept": _KINDS}),
    )
    text = forms.CharField(
        label=_("或者粘贴年报内容"),
        help_text=_("在网页上全选、复制，连同表格一起粘贴进来；网页源代码也可以"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("粘贴的内容太长（超过%(limit_value)d字），不像一份年报。")},
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    previous = forms.FileField(
        label=_("同一机关上一年度的年报"),
        help_text=_("给了就再作跨年核对：上年结转、现行有效件数、增长率等"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": _KINDS}),
    )

    def __init__(self, *args: Any, too_large: Collection[str] = (), refusal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large, self.refusal = too_large, refusal
        self.fields["report"].help_text = gettext(
            "网页（在浏览器里“另存为”）、Word（.docx）、含文字的 PDF、纯文本，不超过 %(limit)s MB"
        ) % {"limit": settings.CHECK_MAX_MB}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        for name in self.too_large:
            self.add_error(
                name,
                gettext("文件超过 %(limit)s MB，没有读取。") % {"limit": settings.CHECK_MAX_MB},
            )
        if self.errors:
            return data
        file, text = data.get("report"), (data.get("text") or "").strip()
        if not file and not text:
            self.add_error("report", gettext("请上传一份年报，或者把年报内容粘贴到下面。"))
        elif file and text:
            self.add_error("text", gettext("文件和粘贴的内容只能给一样：请去掉其中一样。"))
        return data

    def given(self) -> tuple[bytes, str]:
        """The report and what to call it."""
        file: UploadedFile | None = self.cleaned_data["report"]
        if file:
            return file.read(), str(file.name)
        return self.cleaned_data["text"].encode(), gettext("粘贴的内容")

    def last_year(self) -> bytes | None:
        """Last year's report, if it was given."""
        file: UploadedFile | None = self.cleaned_data["previous"]
        return file.read() if file else None
