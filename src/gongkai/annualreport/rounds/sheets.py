"""Statistics sheets: an office defines one; its units enter what records cannot give, and hand it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.base.measures import Period
from gongkai.base.models import Coverage
from gongkai.forms.values import Number
from gongkai.law.wording import zh_date
from gongkai.organs import authority, tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from . import columns, deadlines, facts, filling, sealing, workflow
from .models import REGISTER, Duty, RoundFact, Sheet

Kind = RoundFact.Kind


@transaction.atomic
def define(
    *,
    by: Actor,
    organ: Organ,
    name: str,
    basis: str,
    frequency: str,
    keys: Iterable[str],
    days: int = 10,
    day_kind: str = Sheet.Days.WORKDAYS,
    units: Iterable[Organ] = (),
) -> Sheet:
    """A new sheet that `organ` asks its units for. `keys` name the columns (see :func:`.columns.choices`); without `units`
    every reporting organ below fills it in. Raises Refused, ValidationError."""
    _may_define(by, organ)
    if not 1 <= days <= deadlines.LONGEST:
        raise ValidationError({"days": _("报送期限应为1至%(most)d日。") % {"most": deadlines.LONGEST}})
    chosen = list(units)
    strangers = [one for one in chosen if not one.path.startswith(organ.path) or one.pk == organ.pk]
    if strangers:
        raise ValidationError({"units": _("%(name)s不是下级单位。") % {"name": strangers[0].name}})
    sheet = Sheet(
        organ=organ,
        path=organ.path,
        name=name.strip(),
        basis=basis.strip(),
        frequency=frequency,
        columns=[column.as_json() for column in columns.from_keys(keys, frequency)],
        days=days,
        day_kind=day_kind,
        created_at=clock.now(),
    )
    sheet.full_clean(exclude=["path", "organ"])
    sheet.save()
    sheet.units.set(chosen)
    _audit(by, sheet, "define")
    return sheet


@transaction.atomic
def end(*, by: Actor, sheet: Sheet) -> Sheet:
    """Ask for it no more; what was handed in stays. Raises Refused."""
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("organ").get(pk=sheet.pk)
    _may_define(by, sheet.organ)
    if sheet.ended_on is not None:
        raise Refused(_("这张统计报表已经停用。"))
    sheet.ended_on = clock.today()
    sheet.save(update_fields=["ended_on", "path"])
    _audit(by, sheet, "end")
    return sheet


@transaction.atomic
def fill(
    *,
    by: Actor,
    duty: Duty,
    counts: Mapping[int, str],
    absent: Iterable[int] = (),
    note: str = "",
) -> int:
    """Enter counts by place of their column, and say for other places that the unit has nothing of the kind (不涉及). A count
    becomes a tally of the period, or supersedes the one there is; how the register is kept in the period is said
    with the first. Returns how many changed. All or nothing: raises Refused, ValidationError with ``c<place>`` keys."""
    duty = facts.locked_duty(by, "fill", duty)
    found = {entry.place: entry for entry in _entries(duty)}
    wanted = {place: text.strip() for place, text in counts.items() if text.strip()}
    disclaimed = list(dict.fromkeys(absent))
    if not wanted and not disclaimed:
        raise Refused(_("没有填写任何数字。"))
    problems: dict[str, list[str]] = {}
    changed = 0
    for place in (*disclaimed, *wanted):
        try:
            if place not in found:
                raise ValidationError(_("报表中没有这一项。"))
            entry = found[place]
            if place in disclaimed:
                if place in wanted:
                    raise ValidationError(_("填了数字，又选了不涉及，请二者选一。"))
                changed += _disclaim(by, duty, entry)
            else:
                changed += _enter(by, duty, entry, wanted[place], note)
        except ValidationError as error:
            problems[f"c{place}"] = error.messages
        except Refused as refused:
            problems[f"c{place}"] = [str(refused)]
    if problems:
        raise ValidationError(problems)
    if not changed:
        raise Refused(_("数字与现在的相同，没有改动。"))
    return changed


def _disclaim(by: Actor, duty: Duty, entry: filling.Entry) -> int:
    """Coverage speaks for the whole register, so several columns of one register are settled by the first of them."""
    if not entry.may_disclaim:
        raise ValidationError(_("已经设置台账方式：%(source)s。") % {"source": entry.source})
    return _keep(by, duty, entry, Coverage.Mode.NONE)


def _enter(by: Actor, duty: Duty, entry: filling.Entry, text: str, note: str) -> int:
    if not entry.may_enter:
        raise ValidationError(entry.closed)
    if not entry.modes:
        _keep(by, duty, entry, Coverage.Mode.TALLY)
    standing = filling.tally_of(entry)
    if standing is not None:
        if _same(entry.value.number, text):
            return 0
        tallies.supersede_tally(standing, by=by, value=text, reason=note.strip() or _("填报统计报表时更正"))
        return 1
    tallies.record_tally(
        by=by,
        organ=duty.organ,
        measure=entry.column.measure.key,
        dimensions=entry.column.dims,
        period=Period(duty.round.start, duty.round.end),
        value=text,
        note=note.strip()[:300],
    )
    return 1


def _same(number: Number | None, text: str) -> bool:
    """Whether what was typed is the number there is."""
    try:
        return Decimal(text) == number
    except InvalidOperation:
        return False


def _keep(by: Actor, duty: Duty, entry: filling.Entry, mode: str) -> int:
    """Say how the unit keeps the register in the period, unless another column just said so."""
    register = entry.column.measure.register
    start, end_ = duty.round.start, duty.round.end
    said = Coverage.objects.filter(path=duty.path, register=register, valid_from=start, valid_to=end_)
    if found := said.first():
        if found.mode != mode:
            message = _("同一台账的几项，不能既填数又选不涉及；没有发生的请填0。")
            raise ValidationError(message)
        return 0
    tallies.set_coverage(
        by=by, organ=duty.organ, register=register, mode=mode, valid_from=start, valid_to=end_
    )
    return 1


@transaction.atomic
def hand_in(*, by: Actor, duty: Duty, note: str = "", seen: str = "") -> RoundFact:
    """Freeze the sheet as the records give it now and hand it in. Figures that are not known need a note that says why.
    `seen` is the fingerprint of what the person saw: figures that moved since are not passed on unseen. Raises
    Refused, ValidationError."""
    duty = facts.locked_duty(by, "hand-in", duty)
    if clock.today() <= duty.round.end:
        raise Refused(_("统计期到%(day)s才结束，结束以后才能报送。") % {"day": zh_date(duty.round.end)})
    found = _entries(duty)
    if seen and seen != filling.fingerprint(found):
        raise Refused(_("数字在您打开页面之后有变动，请先看过现在的数字，再报送。没有改动任何内容。"))
    words = facts.words(note, "note", required=False)
    missing = filling.unknown_entries(found)
    if missing and not words:
        names = "、".join(entry.column.title for entry in missing[:3])
        message = _("还有%(count)d项没有数：%(names)s%(more)s。请填数，选“不涉及”，或者在说明中写明原因。")
        more = _("等") if len(missing) > 3 else ""
        raise ValidationError({"note": message % {"count": len(missing), "names": names, "more": more}})
    cells = [entry.as_json() for entry in found]
    return facts.of_duties(by, [duty], Kind.SUBMITTED, words, hashes=[sealing.seal(cells)], cells=cells)[0]


def _may_define(by: Actor, organ: Organ) -> None:
    refused = _("统计报表由公开办审核岗、公开办负责人制定。")
    authority.require(by, authority.WORK, REGISTER, organ.path, refused)
    if not by.is_machine and by.role not in workflow.BY_ACTION["close"].roles:
        raise Refused(refused)
    if organ.kind != Organ.Kind.GOVERNMENT:
        raise Refused(
            _("由本级人民政府向下级单位布置统计报表；%(organ)s没有下级单位。") % {"organ": organ.name}
        )


def _audit(by: Actor, sheet: Sheet, verb: str) -> None:
    audit.record(actor=by.key, post=by.post, verb=f"sheets.{verb}", subject=sheet, path=sheet.path)


def _entries(duty: Duty) -> list[filling.Entry]:
    try:
        return filling.entries(duty)
    except LookupError:
        raise Refused(_("%(organ)s在这一统计期内不存在，不能报送。") % {"organ": duty.organ.name}) from None
