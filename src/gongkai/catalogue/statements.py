"""What an organ says of itself: its profile (职能、负责人) and its 政府信息公开指南, as dated versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.base import clock
from gongkai.catalogue.common import log, one_at_a_time, require
from gongkai.catalogue.models import GuideVersion, ProfileVersion
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

# What a guide says of the organ (art. 12), in its order and in its words.
LABELS = {
    "name": gettext_lazy("机构名称"),
    "address": gettext_lazy("办公地址"),
    "postcode": gettext_lazy("邮政编码"),
    "office_hours": gettext_lazy("办公时间"),
    "phones": gettext_lazy("联系电话"),
    "fax": gettext_lazy("传真号码"),
    "email": gettext_lazy("互联网联系方式"),
    "leader": gettext_lazy("负责人"),
}
LEADER_FIELDS = ("name", "post", "duties")
CLASSES = "本机关公开的政府信息按《政府信息公开条例》第二十条、第二十一条所列内容分类，并按主题、体裁、生成日期编排；每条信息有索引号、名称、内容概述和生成日期。"
ACCESS = "可以在本网站检索、查阅、下载，也可以到档案馆、公共图书馆和政务服务场所的政府信息查阅点查阅。"


@transaction.atomic
def publish_profile(
    *,
    by: Actor,
    organ: Organ,
    functions: str,
    leaders: Iterable[Mapping[str, str]],
    on: dt.date,
    reason: str = "",
) -> ProfileVersion:
    """The organ's duties and who leads it, from a day on. Raises Refused or ValidationError by field."""
    require(by, organ)
    listed = [{name: str(one.get(name, "")).strip() for name in LEADER_FIELDS} for one in leaders]
    if any(not one["name"] or not one["post"] for one in listed):
        raise ValidationError({"leaders": _("每位负责人请写明姓名和职务。")})
    version = ProfileVersion(organ=organ, functions=functions.strip(), leaders=listed)
    return _publish(version, by, on, reason, "profile.publish")


@transaction.atomic
def publish_guide(
    *,
    by: Actor,
    organ: Organ,
    on: dt.date,
    classes: str = CLASSES,
    access: str = ACCESS,
    reason: str = "",
) -> GuideVersion:
    """The guide as it is from a day on, with the organ's particulars as they stand now (art. 12). Raises Refused or
    ValidationError by field."""
    require(by, organ)
    version = GuideVersion(
        organ=organ, facts=facts_of(organ, on), classes=classes.strip(), access=access.strip()
    )
    return _publish(version, by, on, reason, "guide.publish")


def facts_of(organ: Organ, on: dt.date) -> dict[str, str]:
    """What a guide written on a day would say of the organ. One query."""
    return facts_of_all([organ], on)[organ.pk]


def facts_of_all(organs: Sequence[Organ], on: dt.date) -> dict[int, dict[str, str]]:
    """The same of several organs, by key, in the same one query."""
    leaders: dict[int, str] = {}
    for profile in ProfileVersion.objects.filter(organ__in=organs, on__lte=on).order_by("seq"):
        leaders[profile.organ_id] = profile.leaders[0]["name"] if profile.leaders else ""
    return {
        organ.pk: {name: getattr(organ, name) for name in LABELS if name != "leader"}
        | {"leader": leaders.get(organ.pk, "")}
        for organ in organs
    }


def changed(version: GuideVersion, present: Mapping[str, str]) -> list[str]:
    """What a guide says otherwise than :func:`facts_of` does now: names of :data:`LABELS`, in their order."""
    return [name for name in LABELS if version.facts.get(name, "") != present[name]]


def _publish(version: Any, by: Actor, on: dt.date, reason: str, verb: str) -> Any:
    one_at_a_time(version.organ)
    last = type(version).objects.filter(organ=version.organ).order_by("seq").last()
    if on > clock.today():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    if last is not None and on < last.on:
        raise ValidationError({"on": _("日期不能早于上一版（%(day)s）。") % {"day": last.on.isoformat()}})
    version.path, version.on, version.reason = version.organ.path, on, reason.strip()
    version.seq = last.seq + 1 if last else 1
    version.actor, version.recorded_at = by.key, clock.now()
    version.clean_fields(exclude=["organ"])
    version.save()
    log(by, verb, version, on=on.isoformat(), seq=version.seq)
    return version
