"""Open cases from an older book: one row per case, carried to where it stands by the same actions a clerk uses.

Nothing is written past the actions: numbers, dates and terms of a case taken over are checked like those of any other, and
the series of numbers goes on after the highest one taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import imports, tables
from gongkai.base.imports import Report
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, applicants
from gongkai.requests.models import Case

# Column → the field it fills. What `law` and `applicants` name by key may be given by key or by label.
ORGAN, NUMBER, CHANNEL, KIND, ARRIVED = "机关代码", "编号", "渠道", "申请人类别", "到达日期"
NAME, CONTENT = "申请人", "所需信息"
SENT, CONFIRMED, HANDLER = "提交日期", "确认日期", "承办人账号"
ASKED, ASKED_UNTIL, ASKED_WHAT, CORRECTED = "补正通知日期", "补正期限", "补正事项", "补正收到日期"
CONSULTED, CONSULTED_WHOM, CONSULT_ENDED = "征求意见日期", "第三方名称", "意见收到日期"
EXTENDED, EXTENDED_DAYS, EXTENDED_WHY = "延期批准日期", "延期工作日", "延期理由"
_FORM = {
    NAME: "applicant_name",
    CONTENT: "info_description",
    "证件类型": "id_type",
    "证件号码": "id_number",
    "电话": "phone",
    "电子邮箱": "email",
    "通信地址": "address",
    "邮编": "postcode",
    "联系人": "contact_person",
    "代理人": "agent_name",
    "提供形式": "delivery_form",
    "获取途径": "delivery_way",
}
REQUIRED = (ORGAN, NUMBER, CHANNEL, KIND, ARRIVED, NAME, CONTENT)
OPTIONAL = (
    *(column for column in _FORM if column not in REQUIRED),
    SENT,
    CONFIRMED,
    HANDLER,
    ASKED,
    ASKED_UNTIL,
    ASKED_WHAT,
    CORRECTED,
    CONSULTED,
    CONSULTED_WHOM,
    CONSULT_ENDED,
    EXTENDED,
    EXTENDED_DAYS,
    EXTENDED_WHY,
)
COLUMNS = {field: column for column, field in _FORM.items()} | {
    "organ": ORGAN,
    "number": NUMBER,
    "channel": CHANNEL,
    "kind": KIND,
    "on": ARRIVED,
    "submitted_on": SENT,
    "person": HANDLER,
    "days": EXTENDED_DAYS,
}


def import_cases(rows: Iterable[tables.Row], *, by: Actor, dry_run: bool) -> Report:
    """Take over one open case per row of a table as `base.tables.read` gives it (columns `REQUIRED` and `OPTIONAL`).

    A case without 确认日期 is taken over unconfirmed and unnumbered unless its channel fixes the receipt by itself. The
    query code of a case taken over is issued at the counter (the lost-code path). Nothing stays unless every row is good.
    """
    organs: dict[str, Organ] = {}

    def each(_number: int, row: dict[str, str]) -> Case:
        return _take_over(row, _organ(row[ORGAN], organs), by)

    return imports.run(rows, each, dry_run=dry_run, columns=COLUMNS, refusals=(Refused,))


def _take_over(row: Mapping[str, str], organ: Organ, by: Actor) -> Case:
    receipt = actions.submit(
        organ=organ,
        channel=_key(row[CHANNEL], CHANNELS, "channel"),
        kind=_key(row[KIND], APPLICANT_KINDS, "kind"),
        form=_form(row),
        token=f"import:{organ.code}:{row[NUMBER]}",
        by=by,
        on=_day(row, ARRIVED),
        submitted_on=_day(row, SENT),
    )
    if receipt.repeated:
        raise ValidationError({"number": _("编号%(number)s已经导入过。") % {"number": row[NUMBER]}})
    case = receipt.case
    if confirmed := _day(row, CONFIRMED):
        case = actions.confirm(case, by=by, on=confirmed, number=row[NUMBER])
        case = _so_far(case, row, by, confirmed)
    elif _any(row, HANDLER, ASKED, CONSULTED, EXTENDED):
        raise ValidationError({CONFIRMED: _("已开始办理的，请填写确认日期。")})
    return case


def _so_far(case: Case, row: Mapping[str, str], by: Actor, confirmed: dt.date) -> Case:
    """What had been done with a registered case, in the order the law has it."""
    handler = _person(row.get(HANDLER, ""))
    case = actions.accept(case, by=by, on=confirmed, handler=handler)
    if asked := _day(row, ASKED):
        case = actions.ask_correction(
            case, by=by, what=row.get(ASKED_WHAT, ""), until=_day(row, ASKED_UNTIL), on=asked
        )
        if corrected := _day(row, CORRECTED):
            text = _("补正材料见原申请登记簿。")
            case = actions.receive_correction(case, by=by, text=text, on=corrected)
    if consulted := _day(row, CONSULTED):
        actions.consult(
            case,
            by=by,
            whom="third_party",
            name=row.get(CONSULTED_WHOM, ""),
            served_on=consulted,
            on=consulted,
        )
        if ended := _day(row, CONSULT_ENDED):
            case = actions.close_consultation(case, by=by, reply="other", on=ended)
    if extended := _day(row, EXTENDED):
        days, reason = _days(row.get(EXTENDED_DAYS, "")), row.get(EXTENDED_WHY, "")
        case = actions.propose_extension(case, by=by, days=days, reason=reason, on=extended)
        case = actions.approve_extension(case, by=by, on=extended)
    return case


def _form(row: Mapping[str, str]) -> dict[str, Any]:
    labels = {
        "id_type": applicants.ID_TYPES,
        "delivery_form": applicants.DELIVERY_FORMS,
        "delivery_way": applicants.DELIVERY_WAYS,
    }
    form = {field: row.get(column, "") for column, field in _FORM.items()}
    return form | {field: _by_label(form[field], known) for field, known in labels.items()}


def _by_label(text: str, labels: Mapping[str, Any]) -> str:
    return next((key for key, label in labels.items() if str(label) == text), text)


def _key(text: str, known: Mapping[str, Any], field: str) -> str:
    """The key of a channel or kind given by key or label. Raises ValidationError listing what there is."""
    key = _by_label(text, {key: thing.label for key, thing in known.items()})
    if key not in known:
        names = "、".join(thing.label for thing in known.values())
        raise ValidationError(
            {field: _("“%(text)s”无法识别，可填：%(names)s。") % {"text": text, "names": names}}
        )
    return key


def _organ(code: str, known: dict[str, Organ]) -> Organ:
    if code not in known:
        organ = Organ.objects.filter(code=code).first()
        if organ is None:
            raise ValidationError({"organ": _("没有代码为“%(code)s”的机关。") % {"code": code}})
        known[code] = organ
    return known[code]


def _person(username: str) -> Person | None:
    if not username:
        return None
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise ValidationError({"person": _("没有账号“%(name)s”。") % {"name": username}})
    return person


def _day(row: Mapping[str, str], column: str) -> dt.date | None:
    try:
        return tables.parse_date(row.get(column, ""))
    except ValueError as error:
        raise ValidationError({column: str(error)}) from error


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValidationError({"days": _("请填写延期的工作日数，如 20。")})
    return int(text)


def _any(row: Mapping[str, str], *columns: str) -> bool:
    return any(row.get(column) for column in columns)
