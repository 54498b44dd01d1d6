"""政府信息公开指南 (Regulation art. 12), written from the organ's own particulars, so that it can't fall behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.law.outcomes import CHANNELS
from gongkai.organs.models import Organ


@dataclass(frozen=True)
class ChannelLine:
    """A way to apply: what to do, and when the application counts as received, with the article."""

    label: str
    how: str
    received: str
    article: str


def contact_facts(organ: Organ) -> list[tuple[str, str]]:
    """Label and content of the particulars art. 12 asks for; what isn't on record is the empty string."""
    return [
        (_("机构名称"), organ.name),
        (_("办公地址"), organ.address),
        (_("邮政编码"), organ.postcode),
        (_("办公时间"), organ.office_hours),
        (_("联系电话"), organ.phones),
        (_("传真号码"), organ.fax),
        (_("互联网联系方式"), organ.email),
    ]


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
