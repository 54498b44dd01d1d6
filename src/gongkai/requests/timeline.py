"""What happened in a case, entry by entry, in words: for the desk's case page and the applicant's tracking page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS, OUTCOMES
from gongkai.law.procedure import ROLES
from gongkai.law.wording import zh_date
from gongkai.organs.models import Person
from gongkai.requests import facts as f
from gongkai.requests.course import label
from gongkai.requests.fees import BASES
from gongkai.requests.models import CaseAction, CaseFile

LABELS: dict[str, Any] = {
    "channel": _("渠道"),
    "applicant_kind": _("申请人类别"),
    "submitted_on": _("提交日期"),
    "method": _("联系方式"),
    "reached": _("是否联系上"),
    "number": _("编号"),
    "received_on": _("收到日期"),
    "to": _("转往"),
    "parts": _("拆分件数"),
    "until": _("期限至"),
    "what": _("事项和要求"),
    "text": _("内容"),
    "reasonable": _("理由是否合理"),
    "whom": _("征求对象"),
    "served_on": _("送达日期"),
    "name": _("名称"),
    "reply": _("答复意见"),
    "ended_on": _("结束日期"),
    "days": _("工作日数"),
    "reason": _("理由"),
    "note": _("意见、备注"),
    "basis": _("计费方式"),
    "pages": _("页数"),
    "month": _("计费月份"),
    "position": _("当月第几件"),
    "amount": _("金额（元）"),
    "total": _("通知总额（元）"),
    "counts": _("是否计为缴费"),
    "receipt_number": _("票据号"),
    "payment_code": _("缴款识别码"),
    "outcome": _("办理结果"),
    "sub_reason": _("具体情形"),
    "article": _("法律依据"),
    "search_record": _("检索记录"),
    "earlier_answer": _("此前答复"),
    "replaces": _("替代的答复"),
    "way": _("方式"),
    "receiver": _("签收人"),
    "order": _("责令重新办理的决定"),
    "counted": _("计入统计"),
}
_WORDS: dict[str, Mapping[str, Any]] = {
    "channel": {key: channel.label for key, channel in CHANNELS.items()},
    "applicant_kind": {key: kind.label for key, kind in APPLICANT_KINDS.items()},
    "outcome": {key: outcome.label for key, outcome in OUTCOMES.items()},
    "sub_reason": {key: name for outcome in OUTCOMES.values() for key, name in outcome.sub_reasons.items()},
    "reply": f.REPLIES,
    "basis": BASES,
    "whom": {"third_party": _("第三方"), "organ": _("其他机关")},
    "way": {
        "website": _("网站"),
        "mail": _("邮寄"),
        "email": _("电子邮件"),
        "pick_up": _("当面领取"),
        "fax": _("传真"),
        "inspection": _("查阅、抄录"),
    },
    "method": {
        "phone": _("电话"),
        "email": _("电子邮件"),
        "sms": _("短信"),
        "letter": _("信函"),
        "in_person": _("当面"),
        "website": _("网站"),
    },
}
# What the applicant is shown of each kind of entry; kinds that are not listed are the office's own business.
_FOR_APPLICANT: dict[str, tuple[str, ...]] = {
    "submit": ("channel",),
    "confirm": ("number", "received_on"),
    "forward": ("to",),
    "accept": (),
    "split": ("parts", "reason"),
    "part": ("number", "received_on"),
    "redone": ("number", "received_on", "days"),
    "ask_correction": ("what", "until"),
    "receive_correction": (),
    "extend_correction": ("until",),
    "lapse_correction": (),
    "ask_explanation": ("what", "until"),
    "receive_explanation": (),
    "consult": ("whom",),
    "close_consultation": (),
    "approve_extension": ("days",),
    "approve_delay": ("until",),
    "approve_fee": ("number", "basis", "position", "pages", "amount", "total", "served_on"),
    "revoke_fee": ("reason",),
    "record_payment": ("amount", "receipt_number"),
    "refund": ("amount", "reason"),
    "lapse_fee": (),
    "dispatch": ("way",),
    "serve": ("way",),
    "withdraw": (),
    "lapse": ("reason",),
}


@dataclass(frozen=True)
class Happening:
    """One entry in words. `lines` are label and text; `late` when it was written down after the day it counts for."""

    seq: int
    kind: str
    label: str
    on: dt.date
    recorded_at: dt.datetime
    who: str
    lines: tuple[tuple[str, str], ...]
    files: tuple[CaseFile, ...]
    superseded: bool
    corrects: int | None
    because: str
    late: bool


def for_desk(
    rows: Iterable[CaseAction], files: Mapping[int, list[CaseFile]], *, private: bool
) -> list[Happening]:
    """Every entry of a case in the order it was written; without `private` what people wrote stays closed."""
    kept = list(rows)
    names = _names(kept)
    replaced = {row.supersedes_id for row in kept if row.supersedes_id}
    seq_of = {row.pk: row.seq for row in kept}
    return [
        _happening(row, _fact(row, private), names, replaced, seq_of, files, _desk_fields(row))
        for row in kept
    ]


def for_applicant(rows: Iterable[CaseAction], files: Mapping[int, list[CaseFile]]) -> list[Happening]:
    """The entries that concern the applicant, without superseded ones and without the names of staff."""
    kept = list(rows)
    replaced = {row.supersedes_id for row in kept if row.supersedes_id}
    seq_of = {row.pk: row.seq for row in kept}
    return [
        _happening(row, _fact(row, True), {}, replaced, seq_of, files, _FOR_APPLICANT[row.kind])
        for row in kept
        if row.kind in _FOR_APPLICANT and row.pk not in replaced
    ]


def _fact(row: CaseAction, private: bool) -> f.Fact:
    return f.decode(row.kind, row.payload, row.sealed if private else None)  # type: ignore[arg-type]


def _desk_fields(row: CaseAction) -> tuple[str, ...]:
    return tuple(part.name for part in fields(f.KINDS[row.kind]) if part.name in LABELS)


def _happening(
    row: CaseAction,
    fact: f.Fact,
    names: Mapping[int, str],
    replaced: set[int],
    seq_of: Mapping[int, int],
    files: Mapping[int, list[CaseFile]],
    shown: tuple[str, ...],
) -> Happening:
    return Happening(
        seq=row.seq,
        kind=row.kind,
        label=label(row.kind),
        on=row.on,
        recorded_at=row.recorded_at,
        who=_who(row, names),
        lines=tuple(
            (str(LABELS[name]), words(name, value))
            for name in shown
            if (value := getattr(fact, name)) not in (None, "")
        ),
        files=tuple(files.get(row.pk, ())),
        superseded=row.pk in replaced,
        corrects=seq_of.get(row.supersedes_id or 0),
        because=fact.because,
        late=row.recorded_at.astimezone(clock.SHANGHAI).date() > row.on,
    )


def words(name: str, value: Any) -> str:
    """One value of an entry as people read it."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, dt.date):
        return zh_date(value)
    return str(_WORDS.get(name, {}).get(value, value))


def _names(rows: list[CaseAction]) -> dict[int, str]:
    keys = {int(row.actor.removeprefix("staff:")) for row in rows if row.actor.startswith("staff:")}
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))


def _who(row: CaseAction, names: Mapping[int, str]) -> str:
    if row.actor == "applicant":
        return ROLES["applicant"]
    if row.actor.startswith("staff:"):
        role = ROLES.get(row.post.partition("#")[0], "")
        return f"{names.get(int(row.actor.removeprefix('staff:')), '')} {role}".strip()
    return str(_("系统"))
