"""What can be done in a library: keep a report, claim it, match its organ, read it again, note a population."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.annualreport.checked import confine
from gongkai.base import audit, clock, files, outbox
from gongkai.forms.values import State
from gongkai.organs.actors import Actor, system
from gongkai.organs.authority import WORK, require
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from . import apart, parsing
from .matching import Matcher, name_in, wrong_year
from .models import CollectedReport, ExternalOrgan, Population, ReadVersion
from .parsing import Before, NotKept, Parsed

REGISTER = "library"
CHECK_AGAIN = "library.check_again"
BY_NAME, BY_PERSON = "name", "person"
MOST_PERSONS = 2_000_000_000
Source = ReadVersion.Source


@dataclass(frozen=True)
class Kept:
    """What became of a file: a version, and whether it is a new one or was in the library already."""

    version: ReadVersion
    is_new: bool


def keep(
    *,
    by: Actor,
    library: Organ,
    content: bytes,
    parsed: Parsed,
    name: str,
    kind: str = Source.FILE,
    matcher: Matcher | None = None,
) -> Kept:
    """Keep a report as read, with its original bytes, in the library of `library`.

    `name` is the file's name or its address. Identical bytes are recognised and not kept twice; other bytes for the
    same organ and year become the next version. What names no organ or year waits to be claimed. The bytes are encrypted
    and written before the transaction. Raises Refused.
    """
    require(by, WORK, REGISTER, library.path)
    if parsing.digest(content) != parsed.sha256:
        raise ValueError("these are not the bytes that were read")
    if there := known(library, parsed.sha256):
        return Kept(there, False)
    written = files.write(content)
    try:
        kept = _keep(by, library, written, parsed, name, kind, matcher or Matcher(library))
    except BaseException:
        files.discard(written)
        raise
    if not kept.is_new:
        files.discard(written)
    return kept


@transaction.atomic
def _keep(
    by: Actor,
    library: Organ,
    written: files.Written,
    parsed: Parsed,
    name: str,
    kind: str,
    matcher: Matcher,
) -> Kept:
    Organ.objects.select_for_update().get(pk=library.pk)  # one keeper at a time counts versions
    if there := known(library, parsed.sha256):
        return Kept(there, False)
    match = matcher.match(parsed.organ, parsed.year)
    version = ReadVersion(
        organ=library,
        printed_organ=parsed.organ,
        printed_year=parsed.year,
        waits_for=match.reason,
        source_kind=kind,
        source=name[:500],
        file=files.register(library, name, written, files.PUBLISHED),
        sha256=parsed.sha256,
        imported_at=clock.now(),
        imported_by=by.key,
        post=by.post,
    )
    _fill(version, parsed)
    if match.is_found and parsed.year is not None:
        version.claimed_by, version.filed_by_match = BY_NAME, match.through
        _file(version, _report(library, match.subject, match.external, parsed.year))
    else:
        version.save()
    _audit(by, "keep", version, {"sha256": version.sha256[:12]})
    return Kept(version, True)


@transaction.atomic
def claim(
    *,
    by: Actor,
    version: ReadVersion,
    year: int,
    subject: Organ | None = None,
    external_name: str = "",
) -> ReadVersion:
    """Say whose report this is and of which year; also to put right what was recognised wrongly.

    Raises ValidationError when organ or year is missing, Refused.
    """
    version = _locked(by, version)
    if reason := wrong_year(year):
        raise ValidationError({"year": reason})
    name = " ".join(external_name.split())
    if (subject is None) is (not name):
        raise ValidationError({"subject": _("请选择本平台的机关，或者填写外部机关的名称，二者选一。")})
    if len(name) > 120:
        raise ValidationError({"external_name": _("机关名称超过120字，请核对。")})
    external = through = None
    if subject is None:
        external, _made = ExternalOrgan.objects.get_or_create(organ=version.organ, name=name)
        if external.matched is not None:
            subject, external, through = external.matched, None, external
    version.claimed_by, version.waits_for, version.filed_by_match = BY_PERSON, "", through
    _moved(version, _report(version.organ, subject, external, year))
    _audit(by, "claim", version, {"year": year})
    return version


@transaction.atomic
def match(*, by: Actor, external: ExternalOrgan, subject: Organ) -> ExternalOrgan:
    """Say that an external organ is one of ours: its reports and those of that name to come are filed there."""
    external = _locked_external(by, external)
    if external.matched_id == subject.pk:
        raise Refused(_("已经对应到这个机关。"))
    if external.matched is not None:
        raise Refused(_("已对应到%(organ)s，请先取消对应。") % {"organ": external.matched.name})
    external.matched = subject
    external.save(update_fields=["matched"])
    for report in list(external.reports.select_related("organ").order_by("year")):
        target = _report(external.organ, subject, None, report.year)
        for version in list(report.versions.select_related("organ", "report").order_by("number")):
            version.filed_by_match = external
            _moved(version, target)
    _audit(by, "match", external, {"organ": subject.code})
    return external


@transaction.atomic
def unmatch(*, by: Actor, external: ExternalOrgan) -> ExternalOrgan:
    """Undo a match: exactly what was filed through it goes back to the external organ. Raises Refused."""
    external = _locked_external(by, external)
    if external.matched is None:
        raise Refused(_("没有对应到本平台的机关。"))
    subject, external.matched = external.matched, None
    external.save(update_fields=["matched"])
    versions = ReadVersion.objects.select_related("organ", "report").filter(filed_by_match=external)
    for version in list(versions.order_by("report__year", "number")):
        if version.report is not None:
            version.filed_by_match = None
            _moved(version, _report(external.organ, None, external, version.report.year))
    _audit(by, "unmatch", external, {"organ": subject.code})
    return external


def check_later(pk: int) -> None:
    """Read a version again that stands beside other years by now; what the worker does. The first reading stands where
    that cannot be done."""
    version = ReadVersion.objects.select_related("organ", "report", "file").filter(pk=pk).first()
    if version is not None:
        with contextlib.suppress(Refused):
            reread(by=system("library"), version=version, wait=True)


@transaction.atomic
def take_reading(*, by: Actor, version: ReadVersion, parsed: Parsed) -> ReadVersion:
    """Keep a new reading of a version's own bytes (see :func:`reread`) instead of the old one."""
    version = _locked(by, version)
    if parsed.sha256 != version.sha256:
        raise ValueError("this is a reading of other bytes")
    _fill(version, parsed)
    version.save()
    _audit(by, "reread", version, {})
    return version


def reread(*, by: Actor, version: ReadVersion, wait: bool = False) -> ReadVersion:
    """Read and check the kept bytes again, with today's reader and against last year's report where there is one.

    Reading happens outside the transaction. Raises Refused when the original is no longer whole or can no longer be
    read, and, unless it may `wait`, while others are being read; then nothing is changed.
    """
    require(by, WORK, REGISTER, version.path)
    if (damage := files.damage(version.file)) is not None:
        raise Refused(_("原件不完整（%(damage)s），不能重新读取。") % {"damage": damage})
    try:
        parsed = apart.parse(files.read(version.file), version.source, before(version), wait=wait)
    except (NotKept, confine.Busy) as problem:
        raise Refused(str(problem)) from None
    return take_reading(by=by, version=version, parsed=parsed)


@transaction.atomic
def record_population(
    *,
    by: Actor,
    organ: Organ,
    as_of: dt.date,
    persons: int,
    source: str,
    subject: Organ | None = None,
    external: ExternalOrgan | None = None,
) -> Population:
    """Note how many inhabitants an organ's area had on a day; a second entry for the day takes the place of the first.

    `organ` is the one whose library it is. Raises ValidationError.
    """
    require(by, WORK, REGISTER, organ.path)
    if (subject is None) is (external is None):
        raise ValidationError({"subject": _("请选择本平台的机关，或者外部机关，二者选一。")})
    if external is not None and external.organ_id != organ.pk:
        raise ValidationError({"external": _("这个外部机关不在本机关的年报库中。")})
    if not 0 < persons <= MOST_PERSONS:
        raise ValidationError({"persons": _("人口数应为大于0的整数，以人为单位。")})
    if as_of > clock.today():
        raise ValidationError({"as_of": _("日期尚未到来。")})
    return _population(by, organ, subject, external, as_of, persons, source)


@transaction.atomic
def withdraw_population(*, by: Actor, population: Population, reason: str) -> Population:
    """Withdraw a number noted by mistake. Raises ValidationError, Refused."""
    require(by, WORK, REGISTER, population.path)
    if Population.objects.filter(supersedes=population).exists() or population.persons is None:
        raise Refused(_("这条记录已被更正或者撤回。"))
    return _population(
        by, population.organ, population.subject, population.external, population.as_of, None, reason
    )


def _population(
    by: Actor,
    organ: Organ,
    subject: Organ | None,
    external: ExternalOrgan | None,
    as_of: dt.date,
    persons: int | None,
    source: str,
) -> Population:
    words = source.strip()
    if not words or len(words) > 200:
        raise ValidationError({"source": _("请写明来源，不超过200字。")})
    standing = Population.objects.filter(
        organ=organ, subject=subject, external=external, as_of=as_of, superseded_by=None
    )
    noted = Population.objects.create(
        organ=organ,
        subject=subject,
        external=external,
        as_of=as_of,
        persons=persons,
        source=words,
        author=by.key,
        recorded_at=clock.now(),
        supersedes=standing.order_by("pk").last(),
    )
    _audit(by, "population", noted, {"as_of": as_of.isoformat()})
    return noted


def known(library: Organ, sha256: str) -> ReadVersion | None:
    """The version these very bytes are, if the library has them."""
    return ReadVersion.objects.select_related("report", "organ").filter(organ=library, sha256=sha256).first()


def before(version: ReadVersion) -> Before | None:
    """Last year's report of the same organ in the same library."""
    found = _neighbour(version, -1)
    if found is None or version.report is None:
        return None
    return Before(
        found.printed_organ,
        version.report.year - 1,
        found.form,
        found.cells,
        found.sections,
        frozenset(found.doubtful),
    )


def to_check_again(version: ReadVersion) -> list[ReadVersion]:
    """What should be read again now that `version` is there: itself if last year's report is, and next year's."""
    found = [version] if _neighbour(version, -1) is not None else []
    after = _neighbour(version, 1)
    return found if after is None else [*found, after]


def _neighbour(version: ReadVersion, step: int) -> ReadVersion | None:
    report = version.report
    if report is None:
        return None
    found = (
        CollectedReport.objects.filter(
            organ=version.organ_id,
            subject=report.subject_id,
            external=report.external_id,
            year=report.year + step,
        )
        .select_related("latest")
        .first()
    )
    return None if found is None else found.latest


def _fill(version: ReadVersion, parsed: Parsed) -> None:
    version.form = parsed.form
    version.cells, version.places = parsed.cells, parsed.places
    version.sections, version.damage, version.findings = parsed.sections, parsed.damage, parsed.findings
    version.read_cells = parsed.counts[State.KNOWN]
    version.blank_cells = parsed.counts[State.BLANK]
    version.inferred_cells = parsed.counts[State.INFERRED]
    version.unread_cells = parsed.counts[State.UNREAD]
    version.faults, version.doubtful = parsed.faults, list(parsed.doubtful)


def _report(
    library: Organ, subject: Organ | None, external: ExternalOrgan | None, year: int
) -> CollectedReport:
    name = name_in(subject, year) if subject is not None else str(external)
    report, _made = CollectedReport.objects.get_or_create(
        organ=library, subject=subject, external=external, year=year, defaults={"name": name}
    )
    return report


def _file(version: ReadVersion, report: CollectedReport) -> None:
    last = report.versions.order_by("number").last()
    version.report, version.number = report, last.number + 1 if last else 1
    version.save()
    _renumber(report)
    _project(report)
    version.refresh_from_db(fields=["number"])


def _renumber(report: CollectedReport) -> None:
    """Versions count in the order they were imported, wherever they were filed before: the newest import is the last."""
    rows = list(report.versions.order_by("imported_at", "pk").values_list("pk", "number"))
    if all(before[1] < after[1] for before, after in pairwise(rows)):
        return
    free = max(number for _pk, number in rows) + 1  # two passes, as no number may be there twice
    for start in (free, 1):
        for number, (pk, _number) in enumerate(rows, start=start):
            ReadVersion.objects.filter(pk=pk).update(number=number)


def _move(version: ReadVersion, report: CollectedReport) -> None:
    """File a version elsewhere; a report that has none left goes."""
    left = version.report
    if left == report:
        version.save()
        return
    if left is not None:
        CollectedReport.objects.filter(pk=left.pk).update(latest=None)
    _file(version, report)
    if left is None:
        return
    if left.versions.exists():
        _project(left)
    else:
        left.delete()


def _moved(version: ReadVersion, report: CollectedReport) -> None:
    """File a version elsewhere and have checked again what stands beside another year by now: it, and the years after
    its old and its new place."""
    beside = [_neighbour(version, 1)]
    _move(version, report)
    beside += [version, _neighbour(version, 1)]
    for pk in dict.fromkeys(one.pk for one in beside if one is not None):
        outbox.post(CHECK_AGAIN, version=pk)


def _project(report: CollectedReport) -> None:
    report.latest = report.versions.order_by("number").last()
    report.save(update_fields=["latest"])


def _locked(by: Actor, version: ReadVersion) -> ReadVersion:
    found = (
        ReadVersion.objects.select_for_update(of=("self",))
        .select_related("organ", "report", "file")
        .get(pk=version.pk)
    )
    require(by, WORK, REGISTER, found.path)
    return found


def _locked_external(by: Actor, external: ExternalOrgan) -> ExternalOrgan:
    found = (
        ExternalOrgan.objects.select_for_update(of=("self",))
        .select_related("organ", "matched")
        .get(pk=external.pk)
    )
    require(by, WORK, REGISTER, found.path)
    return found


def _audit(by: Actor, verb: str, subject: Any, detail: dict[str, Any]) -> None:
    audit.record(
        actor=by.key, post=by.post, verb=f"library.{verb}", subject=subject, path=subject.path, detail=detail
    )
