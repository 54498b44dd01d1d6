"""The organs the public sees: every organ in being, or once in being, that isn't an internal unit. No personal data here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from gongkai.base import clock
from gongkai.base.fields import prefixes
from gongkai.base.models import AuditEntry
from gongkai.organs.models import Organ, OrganName, Succession
from gongkai.portal import site

LARGEST_LIST = 50


@dataclass(frozen=True)
class Group:
    """Organs of one kind below a parent, with the heading they are listed under."""

    heading: str
    organs: list[Organ]


def public() -> QuerySet[Organ]:
    """Everything of this site but internal units, in the order of the tree."""
    return site.here(everywhere())


def everywhere() -> QuerySet[Organ]:
    """The same of every site: a page somebody has the address of opens on each."""
    return Organ.objects.exclude(kind=Organ.Kind.UNIT).order_by("path")


def in_being(day: dt.date) -> Q:
    """Established and not abolished on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def get(code: str) -> Organ:
    """The organ with this code. Raises Http404."""
    organ = everywhere().select_related("parent").filter(code=code).first()
    if organ is None:
        raise Http404
    return organ


def takes_applications(organ: Organ) -> bool:
    """Whether somebody can apply to it today: it accepts applications and has not been abolished."""
    today = clock.today()
    return organ.accepts_requests and (organ.valid_to is None or organ.valid_to >= today)


def roots() -> QuerySet[Organ]:
    """The organ this site begins with; where the installation as a whole answers, the tops of the trees."""
    return site.top(everywhere().filter(in_being(clock.today())))


def below(organ: Organ) -> list[Group]:
    """The organs directly below, grouped by kind: offices and departments, then governments, then others."""
    return _grouped(everywhere().filter(in_being(clock.today()), parent=organ))


def _grouped(organs: Iterable[Organ]) -> list[Group]:
    headings = {
        Organ.Kind.OFFICE: "政府办公室和部门",
        Organ.Kind.DEPARTMENT: "政府办公室和部门",
        Organ.Kind.GOVERNMENT: "下级人民政府",
        Organ.Kind.DISPATCHED: "派出机关",
        Organ.Kind.INSTITUTION: "其他单位",
        Organ.Kind.PUBLIC_ENTERPRISE: "其他单位",
        Organ.Kind.COMMITTEE: "村（居）民委员会",
    }
    groups: dict[str, list[Organ]] = {heading: [] for heading in headings.values()}
    for organ in organs:
        groups[headings[Organ.Kind(organ.kind)]].append(organ)
    return [Group(heading, found) for heading, found in groups.items() if found]


def search(words: str) -> list[Organ]:
    """Organs one of whose names, past ones included, holds `words`; at most `LARGEST_LIST`."""
    words = words.strip()
    if not words:
        return []
    named = OrganName.objects.filter(name__icontains=words).values("organ_id")
    return list(public().filter(Q(name__icontains=words) | Q(pk__in=named))[:LARGEST_LIST])


def ancestors(organ: Organ) -> list[Organ]:
    """The organs above, from the top down."""
    return list(Organ.objects.filter(path__in=prefixes(organ.path)[:-1]).order_by("path"))


def successors(organ: Organ) -> list[Succession]:
    """Who continues this organ, with day and document."""
    today = clock.today()
    found = Succession.objects.filter(predecessor=organ, on__lte=today).select_related("successor")
    return list(found.order_by("on"))


def profile_changed_on(organ: Organ) -> dt.date:
    """The day the organ's particulars were last written: the date the guide carries."""
    last = (
        AuditEntry.objects.filter(subject_type="organs.organ", subject_id=str(organ.pk))
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return last.astimezone(clock.SHANGHAI).date() if last else organ.valid_from
