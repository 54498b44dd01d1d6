"""解读专栏: every public interpretation with the documents it explains, narrowed by form, year, organ and words; and as RSS."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.forms import offer
from gongkai.documents.interpretation import queries
from gongkai.documents.interpretation.models import Form
from gongkai.documents.models import Document
from gongkai.organs.models import Organ
from gongkai.portal import leafing, policies, site, syndication
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta


class Narrow(forms.Form):
    """What the reader asks for, as it stands in the address; nothing in it is required."""

    q = forms.CharField(label=gettext_lazy("标题、主题或文号"), required=False, max_length=60)
    form = forms.ChoiceField(label=gettext_lazy("解读形式"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("年份"), required=False)
    organ = forms.ChoiceField(label=gettext_lazy("解读机关（含下级）"), required=False)

    def __init__(self, data: Any, today: dt.date) -> None:
        super().__init__(data, label_suffix="", auto_id="narrow-%s")
        self.today = today
        code = str(data.get("organ", ""))[:40]
        asked = Q(kind__in=policies.ISSUING) | Q(code=code)
        rows = site.here(Organ.objects.filter(asked)).exclude(kind=Organ.Kind.UNIT).order_by("path")[:200]
        self.organs = {organ.code: organ for organ in rows}
        held = queries.public_forms(today)
        offer(self, "form", [policies.ANY, *((key, str(Form(key).label)) for key in held)])
        offer(self, "year", [policies.ANY, *((str(year), str(year)) for year in queries.public_years(today))])
        offer(self, "organ", [policies.ANY, *((key, organ.name) for key, organ in self.organs.items())])

    def rows(self) -> QuerySet[Document]:
        """The interpretations asked for, newest first. A field that holds nonsense narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        organ = self.organs.get(given.get("organ", ""))
        found = queries.public_list(
            self.today,
            form=given.get("form", ""),
            year=int(given["year"]) if given.get("year") else None,
            organ_path=organ.path if organ else "",
            words=given.get("q", ""),
        )
        return site.here(found)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The column, page by page. At most eight queries."""
    today, title = clock.today(), _("政策解读")
    form = Narrow(request.GET, today)
    shown = leafing.leafed(form.rows(), request.GET)
    return page(
        request,
        "interpretations.html",
        section="policies",
        crumbs=[(reverse("portal:policies"), _("政策文件")), ("", title)],
        meta=column_meta(title, _("政策文件的文字、图解、视频、访谈等解读"), title, _("政策解读")),
        title=title,
        form=form,
        shown=shown,
        lines=queries.with_explained(shown.documents, today),
        today=today,
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest as RSS. One query."""
    return syndication.rss(
        request,
        title=_("政策解读"),
        path=reverse("portal:interpretations"),
        description=_("政策解读，新公开的在前"),
        rows=site.here(queries.public_list(clock.today()))[: syndication.MOST],
        said=_form_of,
    )


def _form_of(row: Document) -> str:
    told = getattr(row, "interpretation", None)
    return f"{row.organ.name} {told.get_form_display() if told else ''}".strip()
