"""What can be done with an annual report. Each function checks who and when, writes the fact and the audit entry."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.base.measures import Period
from gongkai.figures.tree import tree
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import NoForm, NoSuchCell, form_for
from gongkai.forms.narrative import report_title
from gongkai.forms.reconcile import blocking as blocking_findings
from gongkai.forms.values import State as CellState
from gongkai.forms.values import Value
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from . import (
    beside,
    cells,
    checking,
    fees,
    last_year,
    lint,
    marking,
    narrative,
    queries,
    seals,
    sections,
    typed,
    workflow,
)
from .compile import Compiled, compile, evidence, statutory_scope
from .models import (
    Elimination,
    FindingAcceptance,
    Report,
    ReportEvidence,
    ReportStep,
    ReportVersion,
    Scope,
)
from .rendering import prints

State, Origin = ReportVersion.State, ReportVersion.Origin
_SHOWN_AT_MOST = 3


@transaction.atomic
def open_report(*, by: Actor, organ: Organ, year: int, scope: str | None = None) -> ReportVersion:
    """Begin the report of `organ` for `year` and compile it. Raises Refused, ValidationError."""
    report = _report(organ, year, scope)
    workflow.check(by, "open", organ.path, queries.state_of(report))
    if year > clock.today().year:
        raise ValidationError(_("%(year)s年度尚未开始，不能编制该年度报告。") % {"year": year})
    version = _new_version(report)
    _fill(version, _compiled(version))
    version.save()
    _step(by, version, "open")
    return version


@transaction.atomic
def recompile(*, by: Actor, version: ReportVersion) -> ReportVersion:
    """Compile the draft again from the records as they are now."""
    version = _locked(by, "recompile", version)
    _fill(version, _compiled(version))
    version.save()
    _step(by, version, "recompile")
    return version


class Overtaken(Refused):
    """Somebody else saved the box meanwhile. `theirs` is what stands there now; nothing was overwritten."""

    def __init__(self, theirs: str) -> None:
        super().__init__(
            _("您打开以后，另一位同事保存了这一处文字。您写的没有丢，请对照两份，改好后再保存。")
        )
        self.theirs = theirs


@transaction.atomic
def edit_section(
    *,
    by: Actor,
    version: ReportVersion,
    section: str,
    key: str = "",
    text: str,
    seen: str | None = None,
) -> ReportVersion:
    """Write the text of a part, or of one of its sub-headings, figure chips and all. `seen` is the `seal` of the text
    that the writer saw. Raises ValidationError for a place the form has not and for a chip that is none, Overtaken when
    the box holds another text by now."""
    version = _locked(by, "edit", version)
    now = str(version.sections.get(section, {}).get(key, ""))
    if seen is not None and seen != seal(now) and now != typed.tidy(text):
        raise Overtaken(now)
    return _write(by, version, {(section, key): text})


@transaction.atomic
def write(*, by: Actor, version: ReportVersion, texts: Mapping[tuple[str, str], str]) -> ReportVersion:
    """Write several boxes at once: (section, key) → text. Raises like :func:`edit_section`; all or nothing."""
    return _write(by, _locked(by, "edit", version), texts)


@transaction.atomic
def link_figure(*, by: Actor, version: ReportVersion, finding_key: str) -> ReportVersion:
    """Put the chip in the place of the number that was typed by hand, where a finding says which it is."""
    version = _locked(by, "edit", version)
    found = checking.from_records(version.findings)
    offer = marking.offers(version, [one for one in found if one.key == finding_key]).get(finding_key)
    if offer is None:
        raise Refused(_("这一处文字已有变动，请刷新页面后再办理。"))
    place = offer.place
    text = str(version.sections.get(place.section, {}).get(place.key, ""))
    return _write(by, version, {(place.section, place.key): marking.linked(text, offer)})


@transaction.atomic
def write_problems(*, by: Actor, version: ReportVersion) -> ReportVersion:
    """Write the year's problems and what was done about them into part five, after what stands there. What was written so
    before and still stands there as it was gives way to what the register says now. Raises Refused when it has none."""
    version = _locked(by, "edit", version)
    proposed = sections.problems_proposed(version.report)
    if not any(proposed.values()):
        raise Refused(_("问题与整改台账里还没有要写入本年度报告的问题。"))
    form, texts = queries.form_of(version), {}
    before = version.sections.get(sections.FROM_REGISTER, {})
    for place, now in sections.texts(form, version.sections).items():
        new, old = proposed.get(place.name, ""), before.get(place.name, "")
        if new and new not in now:
            said = now.replace(old, new, 1) if old and old in now else f"{now}\n{new}"
            texts[place.section, place.key] = said.strip()
    if not texts:
        return version
    version.sections = {**version.sections, sections.FROM_REGISTER: proposed}
    return _write(by, version, texts)


def seal(text: str) -> str:
    """What tells one text of a box from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(by: Actor, version: ReportVersion, texts: Mapping[tuple[str, str], str]) -> ReportVersion:
    form = queries.form_of(version)
    known = {(place.section, place.key) for place in sections.places(form)}
    for (section, key), text in texts.items():
        if (section, key) not in known:
            raise ValidationError({"text": _("报告格式中没有这一处文字内容。")})
        if len(text) > sections.LONGEST:
            raise ValidationError({"text": _("文字超过%(most)s字，请精简。") % {"most": sections.LONGEST}})
        kept = typed.tidy(text)
        narrative.check(kept, form)
        written = {**version.sections.get(section, {}), key: kept}
        version.sections = {**version.sections, section: written}
    _bind(version, _previous(version))
    version.findings = checking.recheck_words(version)
    version.save(update_fields=["sections", "findings"])
    boxes = ",".join(f"{section}.{key}".rstrip(".") for section, key in texts)
    _step(by, version, "edit", detail={"boxes": boxes})
    return version


def _bind(version: ReportVersion, previous: Figures | None, compiled: Compiled | None = None) -> None:
    """Keep the figures behind the text as they are now; those behind the sentence on fees only with the compile, as the
    tables are: they stand beside them."""
    texts = sections.texts(queries.form_of(version), version.sections).values()
    before = version.sections.get(narrative.FIGURES, {})
    charged = (
        narrative.gather_fees(version.report, compiled)
        if compiled
        else {key: before[key] for key in fees.KEYS if key in before}
    )
    figures = {**narrative.gather(version.report, texts, previous, compiled), **charged}
    version.sections = {**version.sections, narrative.FIGURES: figures}


def _generated(version: ReportVersion, compiled: Compiled) -> dict[str, str]:
    return sections.generate(version.report, compiled.grid.tree, version.sections.get(narrative.FIGURES, {}))


def _previous(version: ReportVersion) -> Figures | None:
    """Last year's figures, asked for only where a chip needs them."""
    texts = sections.texts(queries.form_of(version), version.sections).values()
    if not any(chip.needs_last for chip in narrative.chips_of(texts)):
        return None
    report = version.report
    organs = tree(report.path, Period.year(report.year))
    return queries.previous_figures(report.organ, report.year, report.scope, organs)


@transaction.atomic
def accept_finding(*, by: Actor, version: ReportVersion, finding_key: str, reason: str) -> FindingAcceptance:
    """Explain a finding in writing. The reason holds as long as rule, cells and values stay the same."""
    version = _locked(by, "accept", version)
    finding = next((f for f in checking.from_records(version.findings) if f.key == finding_key), None)
    if finding is None or finding.result is not Result.FAILS:
        raise Refused(_("这条核对结果已不存在，请刷新页面后再办理。"))
    if finding.severity is Severity.ERROR:
        if lint.told(finding) is not None:
            raise Refused(_("这一处文字有误，须改正文字，不能以说明代替。"))
        raise Refused(_("这是勾稽错误，须更正数据，不能以说明代替。"))
    acceptance = FindingAcceptance.objects.create(
        report=version.report,
        finding_key=finding_key,
        rule=finding.rule,
        reason=_reason(reason, "reason"),
        actor=by.key,
        post=by.post,
        recorded_at=clock.now(),
    )
    _audit(by, version, "accept", {"rule": finding.rule})
    return acceptance


@transaction.atomic
def eliminate(
    *, by: Actor, version: ReportVersion, cell: str, amount: Decimal | int | str, reason: str
) -> Elimination:
    """Take an amount out of a cell of a consolidated report and of the totals it is part of, and compile again."""
    version = _locked(by, "eliminate", version)
    form = queries.form_of(version)
    if version.report.scope != Scope.CONSOLIDATED:
        raise Refused(_("只有汇总报告可以有调整项。"))
    if cell not in cells.sources(form):
        raise ValidationError({"cell": _("请选择表中的一项；总计随各项自动调整。")})
    line = Elimination.objects.create(
        report=version.report,
        cell=cell,
        amount=_amount(amount, money=cells.is_money(form, cell)),
        reason=_public(version.report, beside.REASON, reason, "reason"),
        actor=by.key,
        recorded_at=clock.now(),
    )
    _refill(by, version, "eliminate", {"cell": cell})
    return line


@transaction.atomic
def revoke_elimination(
    *, by: Actor, version: ReportVersion, elimination: Elimination, reason: str
) -> Elimination:
    """Withdraw an adjustment by a record that revokes it, and compile again."""
    version = _locked(by, "revoke", version)
    if elimination.report_id != version.report_id or elimination.revokes_id is not None:
        raise Refused(_("本报告没有这一调整项。"))
    if Elimination.objects.filter(revokes=elimination).exists():
        raise Refused(_("这一调整项已经撤销。"))
    line = Elimination.objects.create(
        report=version.report,
        cell=elimination.cell,
        amount=elimination.amount,
        reason=_reason(reason, "reason"),
        actor=by.key,
        recorded_at=clock.now(),
        revokes=elimination,
    )
    _refill(by, version, "revoke", {"cell": elimination.cell})
    return line


@transaction.atomic
def submit(*, by: Actor, version: ReportVersion) -> ReportVersion:
    """Hand the draft to the leader. Failing errors block it, and warnings without an explanation; what cannot be judged
    does not. Raises Refused."""
    version = _locked(by, "submit", version)
    compiled = _unmoved(version)
    findings = checking.check_version(version, compiled)
    _block(findings, version, "compile")
    _fill(version, compiled, findings=findings)
    version.sections = {**version.sections, sections.GENERATED: _generated(version, compiled)}
    version.state = State.SUBMITTED
    version.save()
    _step(by, version, "submit")
    return version


@transaction.atomic
def return_report(*, by: Actor, version: ReportVersion, reason: str) -> ReportVersion:
    """Send a submitted report back for changes, with the reason."""
    version = _locked(by, "return", version)
    note = _reason(reason, "reason")
    version.state = State.DRAFT
    version.sections = {name: kept for name, kept in version.sections.items() if name != sections.GENERATED}
    version.save(update_fields=["state", "sections"])
    _step(by, version, "return", note)
    return version


@transaction.atomic
def sign(*, by: Actor, version: ReportVersion) -> ReportVersion:
    """Sign and freeze: figures, words, lines and the records each figure counted, under one hash. Blocked by the
    submitter's own hand, a year that still runs, figures and sentences that are others by now, and children without a
    final report."""
    version = _locked(by, "sign", version)
    if workflow.submitted_by(version, by):
        raise Refused(str(workflow.OWN_SUBMISSION))
    if not workflow.year_is_over(version.report.year, clock.today()):
        raise Refused(_("统计期限尚未届满，%(year)s年12月31日后才能签发。") % {"year": version.report.year})
    compiled = _unmoved(version)
    if version.sections.get(sections.GENERATED) != _generated(version, compiled):
        raise Refused(
            _("标题、编制说明、收费情况、联系方式等自动生成的文字在送审之后有变动，请退回，核对后重新送审。")
        )
    findings = checking.check_version(version, compiled, "sign")
    _block(findings, version, "sign")
    _fill(version, compiled, findings=findings)
    version.sections = sections.frozen(version)
    version.state, version.signed_on = State.SIGNED, clock.today()
    version.organ_name = compiled.own.label
    version.title = version.sections[sections.GENERATED]["title"]
    seals.seal(version)
    version.save()
    rows = evidence(compiled)
    for row in rows:
        row.version = version
    ReportEvidence.objects.bulk_create(rows, batch_size=200)
    _step(by, version, "sign")
    prints.order(version)
    return version


@transaction.atomic
def publish(*, by: Actor, version: ReportVersion) -> ReportVersion:
    """Make a signed version public, for good, at its own address."""
    version = _locked(by, "publish", version)
    version.state, version.published_at = State.PUBLISHED, clock.now()
    version.save(update_fields=["state", "published_at"])
    _step(by, version, "publish")
    prints.order(version)  # of a version signed elsewhere, or before there was an archive
    return version


@transaction.atomic
def open_correction(*, by: Actor, report: Report, note: str) -> ReportVersion:
    """Begin a new version of a frozen report, from today's records, with the words of the last one and a note that
    says what is corrected. The old version stays as it is."""
    report = Report.objects.select_for_update().select_related("organ").get(pk=report.pk)
    workflow.check(by, "correct", report.path, queries.state_of(report))
    last = ReportVersion.objects.filter(report=report, origin=Origin.COMPILED).order_by("number").last()
    if last is None:  # pragma: no cover - the state says there is one
        raise Refused(_("该年度报告尚未签发，不需要更正版。"))
    version = _new_version(report)
    version.correction_note = _public(report, beside.NOTE, note, "note")
    version.sections = sections.written(last.sections)
    _fill(version, _compiled(version))
    version.save()
    _step(by, version, "correct", version.correction_note)
    return version


@transaction.atomic
def reword_correction(*, by: Actor, version: ReportVersion, note: str) -> ReportVersion:
    """Write the note of a correction anew, as long as the correction is a draft. Raises Refused, ValidationError."""
    version = _locked(by, "edit", version)
    if not version.correction_note:
        raise Refused(_("这不是更正版，没有更正说明。"))
    version.correction_note = _public(version.report, beside.NOTE, note, "note")
    version.findings = checking.recheck_words(version)
    version.save(update_fields=["correction_note", "findings"])
    _step(by, version, "note", version.correction_note)
    return version


@transaction.atomic
def import_report(
    *,
    by: Actor,
    organ: Organ,
    year: int,
    tables: Mapping[str, Any],
    source: str,
    scope: str | None = None,
    null: CellState = CellState.UNREAD,
) -> ReportVersion:
    """Keep a whole report from outside, in the exchange shape of the three tables, frozen as it came.

    It stands for the organ in an upper report where nothing is registered, and as last year's report. Importing again
    makes a new version. Raises ValidationError for figures that cannot be read, Refused if the organ has its own report.
    """
    report = _report(organ, year, scope)
    workflow.check(by, "import", organ.path, queries.state_of(report))
    return _keep_whole(by, report, tables, source, null)


@transaction.atomic
def take_in(
    *,
    by: Actor,
    organ: Organ,
    year: int,
    tables: Mapping[str, Any],
    source: str,
    null: CellState = CellState.UNREAD,
) -> ReportVersion:
    """The same for whoever collects the reports of organs below, which are not theirs to work on: the caller has settled
    that `by` may. Raises ValidationError, Refused."""
    report = _report(organ, year, None)
    reason = workflow.refusal("import", queries.state_of(report), by.role)
    if reason is not None:
        raise Refused(reason)
    return _keep_whole(by, report, tables, source, null)


def _keep_whole(
    by: Actor, report: Report, tables: Mapping[str, Any], source: str, null: CellState
) -> ReportVersion:
    organ, year = report.organ, report.year
    origin = _reason(source, "source", most=200)
    figures = _read(tables, year, null)
    read = tables.get("sections") or {}
    words = {n: t for part in figures.form.sections for n, t in last_year.boxes(part, read).items()}
    version = _new_version(report)
    version.origin, version.state, version.source = Origin.IMPORTED, State.SIGNED, origin
    version.cells = figures.to_cells()
    version.sections = {sections.PRINTED: {name: [[text]] for name, text in words.items()}} if words else {}
    version.findings = checking.as_records(
        checking.check_imported(figures, organ, year, report.scope, _last_year(organ, year, report.scope))
    )
    version.organ_name = _name_in(organ, year)
    version.title = report_title(version.organ_name, year)
    seals.seal(version)
    version.save()
    _step(by, version, "import", origin)
    return version


def _report(organ: Organ, year: int, scope: str | None) -> Report:
    """The report, locked, made if there is none yet."""
    try:
        form_for(year)
    except NoForm as error:
        raise ValidationError(str(error)) from None
    Organ.objects.select_for_update().get(pk=organ.pk)
    report, _made = Report.objects.get_or_create(
        organ=organ, year=year, scope=Scope(scope or statutory_scope(organ))
    )
    return report


def _new_version(report: Report) -> ReportVersion:
    last = ReportVersion.objects.filter(report=report).order_by("number").last()
    return ReportVersion(report=report, number=last.number + 1 if last else 1)


def _locked(by: Actor, action: str, version: ReportVersion) -> ReportVersion:
    """The version as it is now, locked, if `by` may do this with it."""
    current = (
        ReportVersion.objects.select_for_update(of=("self",))
        .select_related("report__organ")
        .get(pk=version.pk)
    )
    workflow.check(by, action, current.report.path, current.state)
    return current


def _compiled(version: ReportVersion) -> Compiled:
    report = version.report
    return compile(report.organ, report.year, report.scope)


def _fill(version: ReportVersion, compiled: Compiled, *, findings: list[Finding] | None = None) -> None:
    """Take today's figures, words' figures and findings (those just made, if given) into the version."""
    version.cells = compiled.figures.to_cells()
    version.contributions = [line.as_json() for line in compiled.lines]
    version.eliminations = [line.as_json() for line in compiled.eliminations]
    _bind(version, _previous(version), compiled)
    found = checking.check_version(version, compiled) if findings is None else findings
    version.findings = checking.as_records(found)
    version.compiled_at = clock.now()


def _refill(by: Actor, version: ReportVersion, verb: str, detail: dict[str, str]) -> None:
    _fill(version, _compiled(version))
    version.save()
    _step(by, version, verb, detail=detail)


def _unmoved(version: ReportVersion) -> Compiled:
    """Today's compile, if it gives the very figures of the version, in the tables and in the words: nobody passes on
    figures they have not seen."""
    compiled = _compiled(version)
    if compiled.figures.to_cells() != version.cells or words_moved(version, compiled):
        raise Refused(_("数据在汇总之后有变动，请重新汇总并核对后再办理。"))
    return compiled


def words_moved(version: ReportVersion, compiled: Compiled) -> bool:
    """Whether a figure in the text, or of the fees, that is no cell of the version is another by now."""
    texts = sections.texts(queries.form_of(version), version.sections).values()
    now = narrative.gather(version.report, texts, _previous(version), compiled)
    charged = narrative.gather_fees(version.report, compiled)
    return {**now, **charged} != version.sections.get(narrative.FIGURES, {})


def _block(findings: list[Finding], version: ReportVersion, mode: checking.Mode) -> None:
    blocking = blocking_findings(findings, checking.accepted(version.report), mode)
    if not blocking:
        return
    shown = "".join(finding.message for finding in blocking[:_SHOWN_AT_MOST])
    more = _("（共%(count)s处）") % {"count": len(blocking)} if len(blocking) > _SHOWN_AT_MOST else ""
    what = _("送审") if mode == "compile" else _("签发")
    raise Refused(_("暂不能%(what)s：%(shown)s%(more)s") % {"what": what, "shown": shown, "more": more})


def _read(tables: Mapping[str, Any], year: int, null: CellState) -> Figures:
    content = {key: tables.get(key, {}) for key in ("table2", "table3", "table4")}
    try:
        figures = Figures.from_seed_tables({"report_year": year, **content}, null=null)
        return _as_read(figures, tables.get("states") or {})
    except NoSuchCell as error:
        raise ValidationError(str(error)) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise ValidationError(_("报告数据无法读取：%(reason)s") % {"reason": error}) from None


def _as_read(figures: Figures, states: Mapping[str, str]) -> Figures:
    """The figures, with what was seen of each cell that gives none: printed blank, or not to be read for certain."""
    told = {
        path: CellState.BLANK if state == CellState.BLANK else CellState.UNREAD
        for path, state in states.items()
    }
    return Figures(
        figures.form,
        {
            path: Value(told[path]) if path in told and figures.number(path) is None else figures[path]
            for path in figures
        },
    )


def _name_in(organ: Organ, year: int) -> str:
    """The organ's name at the year's end: the one its report bears."""
    try:
        return tree(organ.path, Period.year(year)).nodes[organ.path].name
    except LookupError:  # a report from before it was registered here
        return organ.name


def _last_year(organ: Organ, year: int, scope: str) -> Figures | None:
    version = queries.final_version(organ, year - 1, scope)
    return None if version is None else queries.figures_of(version)


def _reason(text: str, field: str, most: int = 300) -> str:
    words = text.strip()
    if not words:
        raise ValidationError({field: _("请填写说明。")})
    if len(words) > most:
        raise ValidationError({field: _("说明超过%(most)s字，请精简。") % {"most": most}})
    return words


def _public(report: Report, what: str | Promise, text: str, field: str) -> str:
    """A reason that is published with the report: it names nobody who applied."""
    words = typed.tidy(_reason(text, field))
    organs = tree(report.path, Period.year(report.year))
    if any(one.sure for one in beside.named(report, organs, [beside.Words(what, words)])):
        message = _("%(what)s随报告公布，不能写申请人的姓名或者名称，请改写。")
        raise ValidationError({field: message % {"what": what}})
    return words


def _amount(amount: Decimal | int | str, *, money: bool) -> Decimal:
    try:
        number = Decimal(str(amount))
    except ArithmeticError:
        raise ValidationError({"amount": _("“%(amount)s”不是数字。") % {"amount": amount}}) from None
    places = Decimal("0.0001") if money else Decimal(1)
    if not number.is_finite() or number == 0 or number != number.quantize(places):
        raise ValidationError({"amount": _("调整数应为不等于0的整数；金额以万元为单位，最多4位小数。")})
    return number


def _step(
    by: Actor, version: ReportVersion, kind: str, note: str = "", detail: dict[str, str] | None = None
) -> None:
    ReportStep.objects.create(
        version=version,
        kind=kind,
        on=clock.today(),
        recorded_at=clock.now(),
        actor=by.key,
        post=by.post,
        note=note,
    )
    _audit(by, version, kind, detail or {})


def _audit(by: Actor, version: ReportVersion, verb: str, detail: dict[str, str]) -> None:
    report = version.report
    audit.record(
        actor=by.key,
        post=by.post,
        verb=f"report.{verb}",
        subject=version,
        path=report.path,
        detail={"year": report.year, "scope": report.scope, "number": version.number, **detail},
    )
