"""The forms about 政策解读: the plan, the interpretation, and which documents it explains."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.forms import ActionForm, date_field
from gongkai.desk.register.scoped import OrganChoice
from gongkai.documents import queries
from gongkai.documents.interpretation.choices import LONGEST, explicable
from gongkai.documents.interpretation.linking import MOST
from gongkai.documents.interpretation.models import Content, Form, InterpretationSettings
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Document
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer


def _forms(**more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=Form.choices, widget=forms.CheckboxSelectMultiple, **more)


def _contents() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("写到了"),
        choices=Content.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("供自查，不影响公开"),
    )


def _url() -> forms.URLField:
    return forms.URLField(label=_("视频或者原文链接"), max_length=300, required=False, assume_scheme="https")


class OrganName(forms.CharField):
    """An organ by its name, which everybody may know; it opens nothing."""

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organ) else value

    def clean(self, value: Any) -> Organ | None:
        """The organ of that name. Raises ValidationError."""
        name = super().clean(value)
        if not name:
            return None
        found = Organ.objects.exclude(kind=Organ.Kind.UNIT).filter(name=name).first()
        if found is None:
            raise ValidationError(_g("没有叫“%(name)s”的机关，请写全称。") % {"name": name})
        return found


class Plan(ActionForm):
    """解读方案."""

    outline = forms.CharField(label=_("解读提纲"), max_length=2000, widget=forms.Textarea)
    chosen = _forms(label=_("解读形式"))
    ways = forms.CharField(
        label=_("解读途径"), max_length=200, help_text=_("如 政府网站、政务微信、政府公报")
    )
    timing = forms.CharField(
        label=_("解读时间"), max_length=80, help_text=_("如 与文件同时公开、文件公开后3个工作日内")
    )
    first_interpreter = forms.CharField(
        label=_("第一解读人"), max_length=80, required=False, help_text=_("主要负责人担任的，写姓名和职务")
    )
    drafter = OrganName(
        label=_("起草机关"), required=False, help_text=_("写全称；就是发文机关的不填。谁起草、谁解读")
    )


class Describe(ActionForm):
    """What an interpretation is, beyond its text."""

    form = forms.ChoiceField(label=_("解读形式"), choices=Form.choices)
    topic = forms.CharField(label=_("主题"), max_length=120, required=False)
    speaker = forms.CharField(label=_("解读人"), max_length=120, required=False)
    url = _url()
    contents = _contents()


class Interpret(Describe):
    """A new interpretation of the document at hand."""

    title = forms.CharField(label=_("标题"), max_length=300)
    made_on = date_field(_("成文日期"))
    body = forms.CharField(
        label=_("正文"), required=False, widget=forms.Textarea, help_text=_("也可以只用附件或者链接")
    )
    field_order: tuple[str, ...] = ("title", "form", "made_on", "topic", "speaker", "url", "body", "contents")


class Documents(forms.CharField):
    """Documents named by 发文字号, 索引号 or title, one a line: what the public reads, and what the person sees here."""

    widget = forms.Textarea(attrs={"rows": 3})

    def bind_to(self, who: Viewer, record: Any, register: str, verb: str) -> None:
        """Among which documents to look."""
        public = queries.public_documents(clock.today()).values("pk")
        own = scope.rows(who, Document).values("pk")
        found = Document.objects.filter(STANDING).exclude(kind=Kind.INTERPRETATION)
        self.rows = found.filter(Q(pk__in=public) | Q(pk__in=own)).select_related("organ")

    def clean(self, value: Any) -> list[Document]:
        """The documents, in the order they were named. Raises ValidationError naming the line."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST:
            raise ValidationError(_g("一次最多关联%(most)d份文件。") % {"most": MOST})
        return [queries.named(self.rows, line) for line in lines]


def _documents(**more: Any) -> Documents:
    return Documents(help_text=_("一行一份：发文字号、索引号或者标题全称；以前的文件也可以"), **more)


class Add(Interpret):
    """A new interpretation of any documents."""

    organ = OrganChoice(label=_("解读机关"))
    documents = _documents(label=_("解读的文件"))
    field_order: tuple[str, ...] = ("organ", "documents", *Interpret.field_order)


class Link(ActionForm):
    """More documents an interpretation explains."""

    documents = _documents(label=_("文件"))


def settings_fields() -> dict[str, forms.Field]:
    """Which documents need an interpretation, and how soon: the fields the model alone can't make."""
    return {
        "kinds": forms.MultipleChoiceField(
            label=_("须解读的文件类型"),
            required=False,
            choices=explicable,
            initial=lambda: InterpretationSettings().kinds,
            widget=forms.CheckboxSelectMultiple,
        ),
        "days": forms.IntegerField(
            label=_("公开后几个工作日内解读"), min_value=0, max_value=LONGEST, initial=3
        ),
    }
