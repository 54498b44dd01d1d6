"""What is done with any round, whether it collects reports or a sheet. Each function checks who and when, writes the
fact and the audit entry. What is handed in is in :mod:`.reports` and :mod:`.sheets`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.figures.tree import Node
from gongkai.law.reporting import group_of, statutory_due
from gongkai.law.wording import zh_date
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from . import deadlines, facts, periods, queries, workflow
from .models import REGISTER, Duty, Round, RoundFact, Sheet

Kind, Stage = RoundFact.Kind, Duty.Stage
_NAMED = 3


@transaction.atomic
def open_reports(*, by: Actor, organ: Organ, year: int, days: Mapping[str, dt.date] | None = None) -> Round:
    """Begin to collect the reports of `year` from those below `organ`; from then on its consolidated report takes a child
    as final only when it was accepted here. `days` are deadlines by group where they differ from the defaults. Raises
    Refused, ValidationError."""
    Organ.objects.select_for_update().get(pk=organ.pk)
    _may_collect(by, organ)
    if year > clock.today().year:
        raise ValidationError({"year": _("%(year)d年度尚未开始。") % {"year": year}})
    if queries.standing_round(organ, year) is not None:
        raise Refused(_("%(year)d年度的报告已经在报送，不能重复开始。") % {"year": year})
    wanted = deadlines.of_reports(organ, year)
    unknown = set(days or {}) - set(wanted)
    if unknown:
        raise ValidationError(_("没有这一类期限：%(names)s。") % {"names": "、".join(sorted(unknown))})
    wanted.update(days or {})
    deadlines.check_reports(wanted, year)
    period = Period.year(year)
    earlier = Round.objects.filter(organ=organ, year=year, purpose=Round.Purpose.REPORTS).count()
    round_ = Round.objects.create(
        organ=organ,
        purpose=Round.Purpose.REPORTS,
        year=year,
        start=period.start,
        end=period.end,
        number=earlier + 1,
    )
    return _begin(by, round_, _asked(organ, period), wanted)


@transaction.atomic
def open_sheet(*, by: Actor, sheet: Sheet, year: int, index: int) -> Round:
    """Ask the units for one period of a sheet. Raises Refused, ValidationError."""
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("organ").get(pk=sheet.pk)
    _may_collect(by, sheet.organ)
    if sheet.ended_on is not None:
        raise Refused(_("这张统计报表已经停用。"))
    try:
        period = periods.period(sheet.frequency, year, index)
    except ValueError:
        raise ValidationError({"period": _("没有这个统计期。")}) from None
    if period.start > clock.today():
        raise ValidationError({"period": _("统计期尚未开始。")})
    rounds = Round.objects.filter(sheet=sheet, start=period.start)
    if rounds.filter(cancelled_on__isnull=True).exists():
        raise Refused(
            _("%(title)s已经在报送，不能重复开始。") % {"title": periods.words(sheet.frequency, period.start)}
        )
    day = deadlines.of_sheet(sheet, period.end)
    chosen = set(sheet.units.values_list("pk", flat=True))
    asked = [node for node in _asked(sheet.organ, period) if not chosen or node.id in chosen]
    round_ = Round.objects.create(
        organ=sheet.organ,
        purpose=Round.Purpose.SHEET,
        sheet=sheet,
        year=period.start.year,
        start=period.start,
        end=period.end,
        number=rounds.count() + 1,
    )
    return _begin(by, round_, asked, {deadlines.SHEET: day})


@transaction.atomic
def change_deadline(*, by: Actor, round_: Round, group: str, day: dt.date, reason: str) -> RoundFact:
    """Move the deadline of a group, for everybody in it. Raises Refused, ValidationError."""
    round_ = facts.locked_round(by, "deadline", round_)
    if not Duty.objects.filter(round=round_, group=group).exists():
        raise ValidationError({"group": _("名单中没有这一类单位。")})
    _check_day(round_, group, day)
    return facts.of_round(
        by, round_, Kind.DEADLINE, facts.words(reason, "reason"), deadlines={group: day.isoformat()}
    )


@transaction.atomic
def extend(*, by: Actor, duty: Duty, day: dt.date, reason: str) -> RoundFact:
    """Move the deadline of one unit. Raises Refused, ValidationError."""
    duty = facts.locked_duty(by, "extend", duty)
    _check_day(duty.round, duty.group, day)
    note = facts.words(reason, "reason")
    return facts.of_duties(by, [duty], Kind.DEADLINE, note, deadline=day.isoformat())[0]


@transaction.atomic
def include(*, by: Actor, round_: Round) -> list[Duty]:
    """Put on the list whoever should hand in and was registered since. Raises Refused when there is nobody."""
    round_ = facts.locked_round(by, "include", round_)
    found = queries.newcomers(round_)
    _unless(hindrance("include", [], found))
    added = _duties(round_, found)
    facts.of_duties(by, added, Kind.INCLUDED)
    return added


@transaction.atomic
def remind(*, by: Actor, round_: Round, duties: Iterable[Duty] | None = None, note: str = "") -> list[Duty]:
    """Urge the units named, or (None) all that still owe and were not urged today. It appears in their day's work.
    Raises Refused."""
    if duties is None:
        urged = RoundFact.objects.filter(round=round_, kind=Kind.REMINDED, on=clock.today())
        owed = Duty.objects.filter(round=round_, stage__in=[Stage.WAITING, Stage.RETURNED])
        duties = owed.exclude(pk__in=urged.values("duty"))
        if not duties:
            raise Refused(_("没有要催的单位：都已报送，或者今天已经催过。"))
    found = facts.locked_duties(by, "remind", round_, duties)
    today = RoundFact.objects.filter(duty__in=found, kind=Kind.REMINDED, on=clock.today())
    already = set(today.values_list("duty_id", flat=True))
    for duty in found:
        if duty.pk in already:
            raise Refused(_("%(organ)s今天已经催过。") % {"organ": duty.organ.name})
    facts.of_duties(by, found, Kind.REMINDED, facts.words(note, "note", required=False))
    return found


@transaction.atomic
def return_(
    *, by: Actor, duty: Duty, reason: str, until: dt.date | None = None, seen: str | None = None
) -> RoundFact:
    """Send back what was handed in, or accepted, with remarks; `until` says by when it is to come again, and has to once
    the deadline has passed: nobody is overdue by being sent something back. `seen` as in :func:`accept`. Raises Refused,
    ValidationError."""
    duty = facts.locked_duty(by, "return", duty)
    handed = queries.standing(duty, clock.today()).submitted
    if seen is not None:
        _seen(duty, handed, seen, _("单位又报来一版，请看过再退回。"))
    note = facts.words(reason, "reason")
    if until is not None and until < clock.today():
        raise ValidationError({"until": _("再次报送的日期不能早于今天。")})
    if until is None and duty.deadline < clock.today():
        raise ValidationError({"until": _("期限已过，请写明请于何日前再次报送。")})
    version = handed.version if handed else None
    content = {"deadline": until.isoformat()} if until else {}
    return facts.of_duties(by, [duty], Kind.RETURNED, note, versions=[version], **content)[0]


@transaction.atomic
def accept(
    *, by: Actor, round_: Round, duties: Iterable[Duty], seen: Mapping[int, str] | None = None
) -> list[Duty]:
    """Accept what these units handed in: all or none. `seen` says for each duty which submission was looked at
    (:attr:`.queries.Standing.seen`), so that nobody accepts what came after. Raises Refused."""
    found = facts.locked_duties(by, "accept", round_, duties)
    handed = [queries.standing(duty, clock.today()).submitted for duty in found]
    if seen is not None:
        for duty, fact in zip(found, handed, strict=True):
            _seen(duty, fact, seen.get(duty.pk, ""), _("单位又报来一版，请看过再接收。"))
    facts.of_duties(
        by,
        found,
        Kind.ACCEPTED,
        versions=[fact.version if fact else None for fact in handed],
        hashes=[fact.hash if fact and fact.version is not None else "" for fact in handed],
    )
    return found


@transaction.atomic
def close(*, by: Actor, round_: Round) -> RoundFact:
    """End the collecting when everything was accepted. Raises Refused."""
    round_ = facts.locked_round(by, "close", round_)
    _unless(hindrance("close", _all_duties(round_)))
    return facts.of_round(by, round_, Kind.CLOSED)


@transaction.atomic
def reopen(*, by: Actor, round_: Round, reason: str) -> RoundFact:
    """Let corrections in again after the end. Raises Refused, ValidationError."""
    round_ = facts.locked_round(by, "reopen", round_)
    return facts.of_round(by, round_, Kind.REOPENED, facts.words(reason, "reason"))


@transaction.atomic
def cancel(*, by: Actor, round_: Round, reason: str) -> RoundFact:
    """Take back a round opened by mistake, while nothing was accepted in it. Raises Refused, ValidationError."""
    round_ = facts.locked_round(by, "cancel", round_)
    _unless(hindrance("cancel", _all_duties(round_)))
    return facts.of_round(by, round_, Kind.CANCELLED, facts.words(reason, "reason"))


def hindrance(action: str, duties: Sequence[Duty], newcomers: Sequence[Node] = ()) -> str:
    """What stands in the way of doing this to a round besides right and state, in words; "" when nothing does."""
    if action == "include" and not newcomers:
        return _("名单齐全，没有要补充的单位。")
    if action == "remind" and all(duty.stage not in (Stage.WAITING, Stage.RETURNED) for duty in duties):
        return _("都已报送，没有要催的单位。")
    if action == "cancel" and any(duty.stage == Stage.ACCEPTED for duty in duties):
        return _("已经接收了单位的材料，不能撤销；可以在全部办完后结束。")
    missing = [duty for duty in duties if duty.stage != Stage.ACCEPTED]
    if action == "close" and missing:
        names = "、".join(duty.organ.name for duty in missing[:_NAMED])
        more = _("等") if len(missing) > _NAMED else ""
        words = _("还有%(count)d家没有办完：%(names)s%(more)s。")
        return words % {"count": len(missing), "names": names, "more": more}
    return ""


def _seen(duty: Duty, handed: RoundFact | None, seen: str, words: str) -> None:
    if seen != queries.seen(handed):
        raise Refused(f"{duty.organ.name}：{words}")


def _unless(reason: str) -> None:
    if reason:
        raise Refused(reason)


def _all_duties(round_: Round) -> list[Duty]:
    return list(Duty.objects.filter(round=round_).select_related("organ").order_by("path"))


def _may_collect(by: Actor, organ: Organ) -> None:
    refused = _("“开始报送”由公开办审核岗、公开办负责人办理。")
    authority.require(by, authority.WORK, REGISTER, organ.path, refused)
    if not by.is_machine and by.role not in workflow.BY_ACTION["close"].roles:
        raise Refused(refused)
    if organ.kind != Organ.Kind.GOVERNMENT:
        raise Refused(_("由本级人民政府收集下级的材料；%(organ)s没有要汇总的下级。") % {"organ": organ.name})


def _asked(organ: Organ, period: Period) -> list[Node]:
    try:
        return queries.children(organ, period)
    except LookupError:
        raise ValidationError(_("%(organ)s在这一期间不存在。") % {"organ": organ.name}) from None


def _begin(by: Actor, round_: Round, asked: list[Node], days: Mapping[str, dt.date]) -> Round:
    if not asked:
        raise Refused(_("没有要报送的下级单位。"))
    _duties(round_, asked)
    facts.of_round(
        by, round_, Kind.OPENED, deadlines={group: day.isoformat() for group, day in sorted(days.items())}
    )
    return round_


def _duties(round_: Round, asked: list[Node]) -> list[Duty]:
    organs = Organ.objects.in_bulk([node.id for node in asked])
    made = []
    for node in asked:
        group = group_of(node.kind, node.tier) if round_.collects_reports else deadlines.SHEET
        organ = organs[node.id]
        made.append(Duty(organ=organ, path=organ.path, round=round_, group=group, deadline=round_.end))
    return Duty.objects.bulk_create(made, batch_size=200)


def _check_day(round_: Round, group: str, day: dt.date) -> None:
    """Not past, unless it is the law's own day, and not later than the law allows."""
    if round_.collects_reports:
        try:
            deadlines.check_reports({group: day}, round_.year)
        except ValidationError as error:
            raise ValidationError({"day": error.messages}) from None
        if day == statutory_due(group, round_.year).day:
            return
    elif day > round_.end + dt.timedelta(days=366):
        raise ValidationError({"day": _("期限离统计期太远，请核对年份。")})
    if day < clock.today():
        raise ValidationError({"day": _("%(day)s已经过去，请另定期限。") % {"day": zh_date(day)}})
