"""The short forms of the library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.library import fetching, intake
from gongkai.desk.register.forms import ActionForm
from gongkai.desk.register.scoped import OrganChoice
from gongkai.organs.models import Organ
from gongkai.organs.queries import by_any_name
from gongkai.organs.scope import WORK

LARGEST_LIST = 512 * 1024


class Files(forms.FileField):
    """Several files in one field."""

    widget = forms.ClearableFileInput

    class _Several(forms.FileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=self._Several(attrs={"accept": ".html,.htm,.docx,.pdf,.txt,.md,.zip"}), **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > intake.MOST_FILES:
            raise forms.ValidationError(
                _g("一次最多%(most)s个文件；更多的请打成一个ZIP。") % {"most": intake.MOST_FILES}
            )
        if sum(one.size for one in given) > intake.LARGEST_ARCHIVE:
            raise forms.ValidationError(
                _g("文件合计超过%(most)s MB，请分几次导入。") % {"most": intake.LARGEST_ARCHIVE // 2**20}
            )
        return [super(Files, self).clean(one, initial) for one in given]


class Give(ActionForm):
    """What to import: files, zips, addresses, into which library."""

    organ = OrganChoice(label=_("存入哪个机关的年报库"), register="library", verb=WORK)
    uploads = Files(
        label=_("文件"),
        required=False,
        help_text=_("网页、Word（.docx）、PDF、文本或者ZIP压缩包，可以一次选多个"),
    )
    addresses = forms.CharField(
        label=_("或者网址"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}),
        help_text=_("每行一个完整的 http 或 https 网址"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("uploads") and not data.get("addresses", "").strip():
            self.add_error("uploads", _g("请选择文件，或者粘贴网址。"))
        good, bad = fetching.addresses_in(data.get("addresses", ""))
        if bad and not good and not data.get("uploads"):
            self.add_error(
                "addresses", _g("没有一行是完整的网址，例如 https://www.example.gov.cn/report.html")
            )
        return data


class OrganName(forms.CharField):
    """An organ of ours by code or any name it has or had."""

    def clean(self, value: Any) -> Organ | None:
        text = super().clean(value)
        if not text.strip():
            return None
        return by_any_name(text, Organ.objects.exclude(kind=Organ.Kind.UNIT))


class Claim(ActionForm):
    """Whose report it is and of which year."""

    subject = OrganName(
        label=_("本平台的机关"), required=False, max_length=120, help_text=_("代码、现名或者曾用名")
    )
    external_name = forms.CharField(
        label=_("或者外部机关的名称"), required=False, max_length=120, help_text=_("报告上所印的全称")
    )
    year = forms.IntegerField(
        label=_("年度"), min_value=1, max_value=9999, widget=forms.NumberInput(attrs={"class": "short"})
    )


class Match(ActionForm):
    """Which organ of ours an external one is."""

    subject = OrganName(label=_("本平台的机关"), max_length=120, help_text=_("代码、现名或者曾用名"))
