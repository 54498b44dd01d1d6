"""The policy columns: rules, normative documents and every other type across all organs, searched by title, number, year,
issuer, topic and validity (S053–S055)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import within
from gongkai.base.forms import offer
from gongkai.documents import classifying, queries
from gongkai.documents.figures import shown_on
from gongkai.documents.kinds import Kind, public_choices, rules_of
from gongkai.documents.models import Attachment, Document, Release
from gongkai.documents.numbers import written
from gongkai.organs.models import Organ
from gongkai.portal import counted, site
from gongkai.search.titles import holding

ANY = ("", _("不限"))
IN_FORCE, ENDED, ALL = "yes", "no", "all"
# Offered as issuers: most policies carry their names; any other organ is reached from its own page.
ISSUING = (Organ.Kind.GOVERNMENT, Organ.Kind.OFFICE)
LEADING = (Kind.RULES, Kind.NORMATIVE, Kind.OTHER)
EXPLAINED = {
    Kind.RULES: _("有规章制定权的人民政府制定的规章，缺省只列现行有效的。"),
    Kind.NORMATIVE: _("各级行政机关制定的行政规范性文件，缺省只列现行有效的。"),
    Kind.OTHER: _("规章、行政规范性文件以外的文件。"),
}


def titles() -> dict[str, str]:
    """The columns by key, in order."""
    return dict(public_choices())


def column_title(kind: str) -> str:
    """What the column is called."""
    return "规章库" if kind == Kind.RULES else titles()[kind]


class Narrow(forms.Form):
    """What the reader asks of a column, as it stands in the address; nothing in it is required."""

    q = forms.CharField(label=_("标题或文号"), required=False, max_length=60)
    year = forms.IntegerField(label=_("成文年份"), required=False, min_value=1949, max_value=2099)
    organ = forms.ChoiceField(label=_("发文机关（含下级）"), required=False)
    theme = forms.ChoiceField(label=_("主题"), required=False)
    force = forms.ChoiceField(
        label=_("效力"),
        required=False,
        choices=[("", _("现行有效")), (ENDED, _("已废止或失效")), (ALL, _("全部"))],
    )

    def __init__(self, data: Any, kind: str, today: dt.date) -> None:
        super().__init__(data, label_suffix="", auto_id="narrow-%s")
        self.kind, self.today = kind, today
        code = str(data.get("organ", ""))
        asked = Q(kind__in=ISSUING) | Q(code=code[:40])
        rows = site.here(Organ.objects.filter(asked)).exclude(kind=Organ.Kind.UNIT).order_by("path")[:200]
        self.organs = {organ.code: organ for organ in rows}
        self.themes = {entry.code: entry for entry in classifying.in_use(today, "theme")}
        offer(self, "organ", [ANY, *((code, organ.name) for code, organ in self.organs.items())])
        offer(self, "theme", [ANY, *((code, entry.name) for code, entry in self.themes.items())])
        if not rules_of(kind).validity:
            del self.fields["force"]

    def rows(self) -> QuerySet[Document]:
        """The documents asked for, newest first. A field that holds nonsense narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        found = of_kind(self.kind, self.today)
        if words := given.get("q"):
            found = self._holding(found, words, self.organs.get(given.get("organ", "")))
        if year := given.get("year"):
            found = found.filter(made_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        if organ := self.organs.get(given.get("organ", "")):
            found = found.filter(within("path", organ.path))
        if theme := self.themes.get(given.get("theme", "")):
            found = found.filter(Q(theme=theme) | Q(theme__parent=theme))
        force = given.get("force", ALL) or (IN_FORCE if "force" in self.fields else ALL)
        if force == IN_FORCE:
            found = found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=self.today))
        elif force == ENDED:
            found = found.filter(ended_on__lte=self.today)
        return found

    def _holding(self, found: QuerySet[Document], words: str, organ: Organ | None) -> QuerySet[Document]:
        """Those with the words in title or number. Where few may have them the index says which, so that not all are read."""
        hosted = site.hosted()
        may = holding(
            words,
            self.kind,
            self.today,
            within=organ.path if organ else "",
            roots=hosted.roots if hosted else (),
        )
        if may is not None:
            found = found.filter(pk__in=may)
        return found.filter(Q(title__icontains=words) | Q(number__icontains=written(words)))


def of_kind(kind: str, day: dt.date) -> QuerySet[Document]:
    """Everything of a type the public reads on `day`, newest first; `has_image` where the edition it reads is there as an
    image too."""
    found = of_site(day).filter(kind=kind).order_by("-first_released_on", "-pk")
    if not rules_of(kind).image:
        return found
    showing = Release.objects.filter(shown_on(day), document=OuterRef(OuterRef("pk")))
    read = Subquery(showing.order_by("-edition__seq").values("edition")[:1])  # as its page chooses it
    return found.annotate(
        has_image=Exists(Attachment.objects.filter(role=Attachment.Role.IMAGE, edition=read))
    )


def of_site(day: dt.date) -> QuerySet[Document]:
    """Everything this site shows on `day`."""
    return site.here(queries.public_documents(day))


def newest(day: dt.date, number: int) -> list[Document]:
    """The newest of the leading types. A query for each: that is how the index runs."""
    found = [one for kind in LEADING for one in of_kind(kind, day)[:number]]
    return sorted(found, key=lambda one: (one.first_released_on or day, one.pk), reverse=True)[:number]


def counts(day: dt.date) -> list[tuple[str, str, int]]:
    """Key, title and number of every column that has something, the statutory ones always. Two queries, one while
    nothing changed."""
    shown_here = site.hosted()
    held: Counter[str] = Counter()
    for _path, kind, number in counted.by_organ_and_kind(shown_here.roots if shown_here else (), day):
        held[kind] += number
    return [(key, column_title(key), held[key]) for key in titles() if held[key] or key in LEADING]
