"""政府信息公开指南 (Regulation art. 12): the version in force, beside what the organ's particulars say today. An organ that
has published none shows one written from its particulars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.catalogue import queries, statements
from gongkai.catalogue.models import GuideVersion
from gongkai.law.outcomes import CHANNELS
from gongkai.organs.models import Organ
from gongkai.portal import public_organs

_VERSIONS = 50


@dataclass(frozen=True)
class ChannelLine:
    """A way to apply: what to do, and when the application counts as received, with the article."""

    label: str
    how: str
    received: str
    article: str


@dataclass(frozen=True)
class Fact:
    """One particular art. 12 asks for, as the guide says it. `now`: what it is today, where that is something else."""

    label: str
    text: str
    now: str = ""


@dataclass(frozen=True)
class Guide:
    """The guide as shown: `on` is the day it was last revised, `version` the published one, if there is one."""

    facts: Sequence[Fact]
    classes: str
    access: str
    version: GuideVersion | None = None
    latest: bool = True

    @property
    def behind(self) -> list[Fact]:
        """What has changed since it was written (P4 of the platform's rules)."""
        return [fact for fact in self.facts if fact.now]


def guide(organ: Organ, day: dt.date, version: GuideVersion | None = None) -> Guide:
    """The guide of `organ` on `day`, or an older `version` as it was. Two queries."""
    present = statements.facts_of(organ, day)
    newest = queries.guide(organ, day)
    chosen = version or newest
    labels = {name: str(label) for name, label in statements.LABELS.items()}
    if chosen is None:
        facts = [Fact(labels[name], present[name]) for name in labels if name != "leader" or present[name]]
        return Guide(facts, "", "")
    latest = newest is not None and chosen.pk == newest.pk
    said = {name: chosen.facts.get(name, "") for name in labels}
    otherwise = statements.changed(chosen, present) if latest else []
    facts = [
        Fact(label, said[name], (present[name] or _("已撤下")) if name in otherwise else "")
        for name, label in labels.items()
        if name != "leader" or said[name] or present[name]
    ]
    return Guide(facts, chosen.classes, chosen.access, chosen, latest)


def context(organ: Organ, version: GuideVersion | None = None) -> dict[str, Any]:
    """What the page of the guide shows, or of an older version."""
    shown = guide(organ, clock.today(), version)
    return {
        "shown": shown,
        "versions": queries.guides(organ)[:_VERSIONS],
        "changed_on": shown.version.on if shown.version else public_organs.profile_changed_on(organ),
        "remedies": remedy_facts(organ),
        "channels": channels(organ),
    }


def remedy_facts(organ: Organ) -> list[tuple[str, str]]:
    """Where to turn with a complaint about an answer; set per organ, never computed."""
    superior = organ.parent.name if organ.parent else ""
    return [
        (_("行政复议机关"), organ.review_organ),
        (_("行政诉讼管辖法院"), organ.court),
        (_("投诉举报"), superior),
    ]


def channels(organ: Organ) -> list[ChannelLine]:
    """The ways to apply to this organ that its particulars allow."""
    return [
        ChannelLine(CHANNELS[key].label, how, CHANNELS[key].confirm_rule.text, CHANNELS[key].article)
        for key, how in _ways(organ)
    ]


def _ways(organ: Organ) -> Iterator[tuple[str, str]]:
    yield "internet", _("在本网站填写《政府信息公开申请表》，不需要注册账号。")
    if organ.address:
        place = _("%(address)s") % {"address": organ.address}
        hours = _("，%(hours)s") % {"hours": organ.office_hours} if organ.office_hours else ""
        yield (
            "in_person",
            _("到%(place)s办理%(hours)s；书写有困难的，工作人员代为填写。")
            % {
                "place": place,
                "hours": hours,
            },
        )
        yield (
            "signed_mail",
            _("寄至%(place)s（邮编%(code)s），信封注明“政府信息公开申请”。")
            % {
                "place": place,
                "code": organ.postcode or _("未登记"),
            },
        )
    if organ.fax:
        yield "fax", _("传真至%(fax)s，注明“政府信息公开申请”。") % {"fax": organ.fax}
    if organ.email:
        yield "email", _("发送至%(email)s，主题注明“政府信息公开申请”。") % {"email": organ.email}
