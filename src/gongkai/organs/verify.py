"""What `gongkai verify` checks of organs, people and calendars: everything that could be otherwise than the facts say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import F, Q

from gongkai.base.models import OrganRecord
from gongkai.law import workdays
from gongkai.organs.models import CalendarYear, Organ, OrganName, Post, Succession

_SEGMENT = re.compile(r"\d{4,}\.")


def problems() -> Iterator[str]:
    """One sentence per problem; none when all is whole."""
    organs = {organ.pk: organ for organ in Organ.objects.order_by("path")}
    yield from _paths(organs)
    yield from _copied_paths()
    yield from _names(organs)
    yield from _endings(organs)
    yield from _successions(organs)
    yield from _calendars()


def _paths(organs: dict[int, Organ]) -> Iterator[str]:
    for organ in organs.values():
        above = organs[organ.parent_id].path if organ.parent_id else ""
        own = organ.path[len(above) :]
        if not organ.path.startswith(above) or not _SEGMENT.fullmatch(own):
            yield f"机关“{organ.name}”（{organ.code}）的路径 {organ.path} 不在上级路径 {above or '（顶级）'} 之下一层"


def _copied_paths() -> Iterator[str]:
    """Every record of an organ carries its organ's path."""
    for model in apps.get_models():
        if issubclass(model, OrganRecord):
            astray = model._default_manager.exclude(path=F("organ__path")).count()
            if astray:
                yield f"{model._meta.label} 有 {astray} 条记录的路径与所属机关不符"


def _names(organs: dict[int, Organ]) -> Iterator[str]:
    """The present name is the latest official one, and no two official names begin on one day."""
    official: dict[int, list[OrganName]] = {}
    rows = OrganName.objects.filter(kind=OrganName.Kind.OFFICIAL).order_by(
        F("valid_from").asc(nulls_first=True), "pk"
    )
    for row in rows:
        official.setdefault(row.organ_id, []).append(row)
    for organ in organs.values():
        names = official.get(organ.pk, [])
        if not names or names[-1].name != organ.name:
            yield f"机关“{organ.name}”（{organ.code}）的现名与名称记录不符"
        begun = [row.valid_from for row in names]
        if len(set(begun)) != len(begun):
            yield f"机关“{organ.name}”（{organ.code}）有两个正式名称自同一天起"


def _endings(organs: dict[int, Organ]) -> Iterator[str]:
    for organ in organs.values():
        parent = organs.get(organ.parent_id) if organ.parent_id else None
        if parent and parent.valid_to and (organ.valid_to is None or organ.valid_to > parent.valid_to):
            yield f"机关“{organ.name}”（{organ.code}）仍存续，其上级“{parent.name}”已撤销"
    outlasting = Post.objects.filter(organ__valid_to__isnull=False).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=F("organ__valid_to"))
    )
    for post in outlasting.select_related("organ"):
        yield f"“{post.organ.name}”（{post.organ.code}）已撤销，任职记录 {post.pk} 未结束"


def _successions(organs: dict[int, Organ]) -> Iterator[str]:
    links: dict[int, set[int]] = {}
    for row in Succession.objects.order_by("pk"):
        old, new = organs[row.predecessor_id], organs[row.successor_id]
        links.setdefault(row.successor_id, set()).add(row.predecessor_id)
        if old.valid_to is None or old.valid_to >= row.on:
            yield f"“{old.name}”（{old.code}）已由“{new.name}”承继，但仍存续"
        if not new.existed_on(row.on):
            yield f"“{new.name}”（{new.code}）在承继“{old.name}”之日不存在"
    for organ_id in links:
        if organ_id in _reached(organ_id, links):
            yield f"“{organs[organ_id].name}”（{organs[organ_id].code}）的承继关系成环"


def _reached(start: int, links: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        fresh = links.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _calendars() -> Iterator[str]:
    for row in CalendarYear.objects.order_by("region", "year"):
        try:
            workdays.CalendarYear.from_data(
                {"year": row.year, "region": row.region, "off": row.off_days, "work": row.extra_workdays}
            )
        except (ValueError, TypeError) as error:
            yield f"{row.region} {row.year} 年的工作日历有误：{error}"
