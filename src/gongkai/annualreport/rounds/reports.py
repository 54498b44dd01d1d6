"""Handing in a signed report, and taking one in for a unit that does not work in the system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.annualreport import actions as annual
from gongkai.annualreport import seals
from gongkai.annualreport.compile import statutory_scope
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.queries import FINAL
from gongkai.forms.values import State
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused

from . import facts, queries
from .models import Duty, RoundFact

Kind, Stage = RoundFact.Kind, Duty.Stage


@transaction.atomic
def submit(*, by: Actor, duty: Duty, version: ReportVersion, note: str = "") -> RoundFact:
    """Hand in a signed version of the report owed. What was returned comes back as a correction, or unchanged with a
    note that answers the remarks. Raises Refused, ValidationError."""
    duty = facts.locked_duty(by, "submit", duty)
    version = ReportVersion.objects.select_related("report__organ").get(pk=version.pk)
    _check_version(duty, version)
    words = facts.words(note, "note", required=False)
    last = queries.standing(duty, duty.round.end).last(Kind.SUBMITTED)
    if last is not None and last.version_id == version.pk:
        if duty.stage != Stage.RETURNED:
            raise Refused(_("这一版已经报送过。"))
        if not words:
            message = _("这一版曾被退回。请先编制更正版再报送；经核实无误要原样再报的，请写明理由。")
            raise ValidationError({"note": message})
    if last is not None and last.version is not None and version.number < last.version.number:
        raise Refused(_("已报送过更新的一版（第%(number)d版）。") % {"number": last.version.number})
    if version.pk == duty.accepted_id:
        raise Refused(_("这一版上级已经接收。"))
    return facts.of_duties(by, [duty], Kind.SUBMITTED, words, versions=[version])[0]


@transaction.atomic
def receive(
    *,
    by: Actor,
    duty: Duty,
    source: str,
    tables: Mapping[str, Any] | None = None,
    null: State = State.UNREAD,
) -> RoundFact:
    """Take in, on behalf of a unit that does not work in the system, the report it sent on paper or as a file: `tables` in
    the exchange shape, or (None) the one imported for it already. It is accepted with that. Raises Refused,
    ValidationError."""
    duty = facts.locked_duty(by, "receive", duty)
    origin = facts.words(source, "source")
    if queries.ready(duty) is not None:
        raise Refused(_("该单位在本系统有自己签发的报告，请由该单位报送。"))
    if tables is not None:
        version = annual.take_in(
            by=by, organ=duty.organ, year=duty.round.year, tables=tables, source=origin, null=null
        )
    else:
        found = queries.on_paper(duty)
        if found is None:
            raise ValidationError({"tables": _("还没有导入该单位的报告，请选择文件或者粘贴数据。")})
        version = found
    return facts.of_duties(by, [duty], Kind.ACCEPTED, origin, versions=[version], on_behalf=True)[0]


def _check_version(duty: Duty, version: ReportVersion) -> None:
    report = version.report
    owed = (duty.organ_id, duty.round.year, statutory_scope(duty.organ))
    if (report.organ_id, report.year, report.scope) != owed:
        raise Refused(_("这不是应报送的那一份年度报告。"))
    if version.state not in FINAL:
        raise Refused(_("报告还没有签发，签发以后才能报送。"))
    if version.origin != ReportVersion.Origin.COMPILED:
        raise Refused(_("整份导入的报告由上级代为接收。"))
    if seals.fingerprint(version) != version.hash:
        raise Refused(_("报告内容与签发时的校验值不符，不能报送，请联系运维岗。"))
