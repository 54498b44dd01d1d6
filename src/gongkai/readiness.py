"""Whether a unit's disclosure platform stands as the norm asks (国办公开办函〔2019〕61号, domain 06 §1): rules P1–P6.

It asks across rooms — columns, documents, annual reports, search — and belongs to none of them. The portal and the desk show
what it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gongkai.annualreport.models import ReportVersion
from gongkai.catalogue import queries, statements
from gongkai.catalogue.models import GuideVersion, PlatformDuty
from gongkai.catalogue.statutory import Item
from gongkai.documents.figures import public_on
from gongkai.documents.kinds import NO_LEGAL_CONTENT
from gongkai.documents.models import STANDING, Document
from gongkai.organs.models import Organ
from gongkai.search import engine, labels
from gongkai.search import queries as search

RED, YELLOW = "red", "yellow"
_NEEDED = {"address", "phones", "leader"}  # what a guide may on no account say wrongly (P4)


@dataclass(frozen=True)
class Finding:
    """What a platform lacks: the rule, how grave, and a sentence."""

    rule: str
    weight: str
    words: str


@dataclass(frozen=True)
class Standing:
    """A unit's platform on a day. It is ready when nothing grave is lacking."""

    organ: Organ
    duty: PlatformDuty | None
    findings: Sequence[Finding] = ()
    filled: int = 0
    required: int = 0

    @property
    def ready(self) -> bool:
        return not any(one.weight == RED for one in self.findings)

    def late_on(self, day: dt.date) -> bool:
        """Whether the deadline has passed and the platform is not in use; an organ that has ended owes none."""
        duty = self.duty
        return (
            duty is not None and duty.launched_on is None and duty.due_on < day and self.organ.existed_on(day)
        )


def standing(organ: Organ, day: dt.date, *, searching: bool = True) -> Standing:
    """One unit, its own titles looked for in the search index too (P6)."""
    (found,) = standings([organ], day)
    return _searched(found, day) if searching else found


def standings(organs: Iterable[Organ], day: dt.date) -> list[Standing]:
    """Several units, in the same seven queries; P6 is left out."""
    units = list(organs)
    required, without = queries.required_of(units, day), queries.inapplicable_of(units, day)
    present = statements.facts_of_all(units, day)
    held = _held(units, day)
    reported = set(
        ReportVersion.objects.filter(
            report__organ__in=units,
            state=ReportVersion.State.PUBLISHED,
            published_at__date__lte=day,
        ).values_list("report__organ_id", flat=True)
    )
    duties = {row.organ_id: row for row in PlatformDuty.objects.filter(organ__in=units)}
    guides: dict[int, GuideVersion] = {}
    for version in GuideVersion.objects.filter(organ__in=units, on__lte=day).order_by("seq"):
        guides[version.organ_id] = version
    return [
        _standing(
            unit,
            [item for item in required[unit.pk] if item.code not in without.get(unit.pk, ())],
            len(required[unit.pk]),
            held.get(unit.pk, _Held()),
            unit.pk in reported,
            guides.get(unit.pk),
            present[unit.pk],
            duties.get(unit.pk),
        )
        for unit in units
    ]


@dataclass
class _Held:
    """What a unit shows: codes and types there is legal content of, and what is wrong with some."""

    codes: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    misplaced: int = 0
    unnumbered: int = 0


def _held(units: Sequence[Organ], day: dt.date) -> dict[int, _Held]:
    """One query."""
    public = Document.objects.filter(STANDING, public_on(day), organ__in=units).order_by()
    found: dict[int, _Held] = {}
    rows = public.values_list("organ_id", "kind", "group__code", "group__parent__code").annotate(
        n=Count("pk"), unnumbered=Count("pk", filter=Q(index_no=""))
    )
    for key, kind, code, above, number, unnumbered in rows:
        held = found.setdefault(key, _Held())
        held.unnumbered += unnumbered
        if kind in NO_LEGAL_CONTENT:
            held.misplaced += number if code and code[0] in "ABC" else 0
            continue
        held.kinds.add(kind)
        held.codes.update(one for one in (code, above) if one)
    return found


def _standing(
    organ: Organ,
    items: Sequence[Item],
    required: int,
    held: _Held,
    reported: bool,
    guide: GuideVersion | None,
    present: Mapping[str, str],
    duty: PlatformDuty | None,
) -> Standing:
    missing = [item for item in items if not _filled(item, held, guide)]
    findings = [
        *_columns(organ, held, reported, guide),
        *_items(missing),
        *_behind(present, guide),
        *_entries(held),
    ]
    return Standing(organ, duty, findings, required - len(missing), required)


def _filled(item: Item, held: _Held, guide: GuideVersion | None) -> bool:
    if item.profile and guide is not None and all(guide.facts.get(name) for name in ("address", "phones")):
        return True
    return item.code in held.codes or bool(held.kinds & set(item.rule_kinds))


def _columns(organ: Organ, held: _Held, reported: bool, guide: GuideVersion | None) -> Iterable[Finding]:
    """P1: the four fixed columns. 制度 always holds the national law."""
    if guide is None:
        yield Finding("P1", RED, _("还没有发布政府信息公开指南。"))
    if not held.kinds:
        yield Finding("P1", RED, _("法定主动公开内容还是空的。"))
    if organ.kind in Organ.REPORTING_KINDS and not reported:
        yield Finding("P1", RED, _("还没有公布政府信息公开年报。"))


def _items(missing: Sequence[Item]) -> Iterable[Finding]:
    """P2: every required item has something, or says why not."""
    for item in missing:
        yield Finding(
            "P2",
            RED,
            _("%(code)s %(short)s没有内容；确实没有的，请标明不涉及并写明理由。")
            % {"code": item.code, "short": item.short},
        )


def _behind(present: Mapping[str, str], guide: GuideVersion | None) -> Iterable[Finding]:
    """P4: the guide says where the organ is, how to reach it and who leads it, as they are."""
    if guide is None:
        return
    wrong = [name for name in statements.changed(guide, present) if name in _NEEDED]
    if wrong:
        yield Finding(
            "P4",
            RED,
            _("指南发布以后，%(what)s有变化，请修订指南。")
            % {"what": "、".join(str(statements.LABELS[name]) for name in wrong)},
        )


def _entries(held: _Held) -> Iterable[Finding]:
    """P3 and P5: what stands there is legal content, with its catalogue data."""
    if held.misplaced:
        yield Finding(
            "P3",
            YELLOW,
            _("有%(n)d件动态信息归在法定主动公开内容的类别下，请改列到动态栏目。") % {"n": held.misplaced},
        )
    if held.unnumbered:
        yield Finding("P5", YELLOW, _("有%(n)d件公开的信息没有索引号。") % {"n": held.unnumbered})


def _searched(found: Standing, day: dt.date) -> Standing:
    """P6: the newest title of the unit is found by searching for it."""
    public = Document.objects.filter(STANDING, public_on(day), organ=found.organ)
    newest = public.order_by("-first_released_on", "-pk").first()
    if newest is None:
        return found
    asked = engine.Query(labels.ANYBODY, text=newest.title, within=found.organ.path, limit=5)
    try:
        answer = search.public(asked)
    except engine.Unavailable:
        words = _("搜索正在准备，没有核对能不能搜到。")
        return _with(found, Finding("P6", YELLOW, words))
    if any(one.kind == "documents" and one.row.pk == newest.pk for one in answer.found):
        return found
    return _with(found, Finding("P6", RED, _("用标题“%(title)s”搜不到这份文件。") % {"title": newest.title}))


def _with(found: Standing, more: Finding) -> Standing:
    return replace(found, findings=[*found.findings, more])
