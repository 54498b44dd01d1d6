"""A row against the rules: the checks of the actions, on records not written yet. No query a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from gongkai import inspection
from gongkai.base import files
from gongkai.documents import attachments, checks, gate
from gongkai.documents.bulk.attached import Files
from gongkai.documents.bulk.cells import Draft, Wrong
from gongkai.documents.bulk.columns import HEADERS
from gongkai.documents.bulk.lookups import Known
from gongkai.documents.describing import check_co_organs, check_described
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import (
    ENDINGS,
    Appointment,
    CoOrgan,
    Document,
    Edition,
    Release,
    ValidityFact,
)
from gongkai.inspection import Inspection
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.review import screening
from gongkai.review.duty import Duties

# fields of the models as the columns call them
_COLUMN_OF = {
    "body": "text",
    "on": "released_on",
    "at": "released_at",
    "carrier": "link",
    "until": "withdrawn_on",
    "reason": "withdrawn_why",
    "names": "co_organs",
    "lines": "appointments",
    "note": "change_note",
    "file": "annexes",
}


@dataclass
class Paper:
    """A file of a row, looked into and not registered yet; `written` once it lies on disk."""

    role: str
    title: str
    name: str
    content: bytes
    looked: Inspection
    written: files.Written | None = None


@dataclass
class Ready:
    """A row as the records it would make, unsaved. Releases come with their withdrawals."""

    draft: Draft
    by: Actor
    document: Document
    edition: Edition
    releases: list[tuple[Release, Release | None]] = field(default_factory=list)
    changes: list[ValidityFact] = field(default_factory=list)
    co_organs: list[CoOrgan] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Bytes it holds in memory for its files."""
        return sum(len(paper.content) for paper in self.papers)


class Checker:
    """The checks of one import, with what they share between rows."""

    def __init__(self, known: Known) -> None:
        self._known, self._duties = known, Duties.read()

    def refresh(self, paths: Iterable[str]) -> None:
        """Before further rows, of the organs at `paths`: what others changed since counts for them."""
        self._known.refresh(paths)
        self._duties = Duties.read()

    def ready(self, draft: Draft, by: Actor, now: dt.datetime) -> Ready:
        """The records of a row. Raises Wrong with everything that speaks against it."""
        document, edition = _records(draft, by, now)
        found = Ready(draft, by, document, edition)
        wrong: list[str] = []
        _try(wrong, lambda: checks.check_record(document))
        _try(wrong, lambda: checks.check_edition(edition))
        _try(wrong, lambda: check_described(document, draft.catalogue))
        _try(wrong, lambda: self._co_organs(found))
        _try(wrong, lambda: _appointments(found))
        for change in draft.changes:
            _try(wrong, partial(_change, found, change, now), {"on": "changed_on"})
        _try(wrong, lambda: self._releases(found, now))
        if wrong:
            raise Wrong(wrong)
        if found.releases:
            edition.closed = True
        return found

    def _co_organs(self, found: Ready) -> None:
        names = found.draft.co_organs
        check_co_organs(found.document, names)
        for seq, name in enumerate(names, start=1):
            row = CoOrgan(document=found.document, seq=seq, organ=self._known.issuer(name), name=name)
            row.clean_fields(exclude=["document", "organ"])
            found.co_organs.append(row)

    def _releases(self, found: Ready, now: dt.datetime) -> None:
        shown = sorted(found.draft.releases, key=lambda one: one.on)
        if not shown:
            return
        checks.check_openness(found.document, found.edition, names_posts=bool(found.draft.appointments))
        organ = found.document.organ
        self._unreviewed(found, [one.on for one in shown])
        for one in shown:
            channel = self._known.channel(one.channel, organ, one.on)
            values = {
                "document": found.document,
                "edition": found.edition,
                "channel": channel,
                "account": self._known.account(one.account, organ, channel, one.on),
                "form": one.form,
                "on": one.on,
                "at": one.at,
                "carrier": one.carrier,
                "copies": one.copies,
                "place": one.place,
                "events": one.events,
                "actor": found.by.key,
                "recorded_at": now,
            }
            fact = Release(**values)
            checks.check_release(found.document, fact)
            self._known.refuse_if_counted(fact)
            later = None
            if one.until is not None:
                later = Release(**values, until=one.until, reason=one.reason)
                checks.check_release(found.document, later)
            found.releases.append((fact, later))

    def _unreviewed(self, found: Ready, days: list[dt.date]) -> None:
        """What is only now registered was not reviewed: none of its releases may fall under the duty."""
        document = found.document
        asked = [day for day in days if gate.demands_review(self._duties, document, day, found.by)]
        if not asked:
            return
        said = _("%(day)s公开的须先审查、后公开，不能直接导入为已公开；请空着公开日期导入，送审后发布") % {
            "day": asked[0].isoformat()
        }
        if all(gate.is_from_before(self._duties, document, day) for day in days):
            said += "；" + gate.late_entry()
        raise Refused(said)


def take_papers(found: Ready, source: Files) -> None:
    """The row's files, looked into. Raises Wrong with everything that speaks against them."""
    wrong: list[str] = []
    if len(found.draft.files) > attachments.MOST:
        raise Wrong([_("附件：一个版本最多%(most)d个附件，请合并") % {"most": attachments.MOST}])
    for role, name in found.draft.files:
        _try(wrong, partial(_take_paper, found, role, name, source))
    if found.releases and not wrong:
        wrong.extend(_against_release(found.papers))
    if wrong:
        raise Wrong(wrong)


def _take_paper(found: Ready, role: str, name: str, source: Files) -> None:
    content = source.load(name)
    shown = files.plain_name(name)
    attachments.check_role(role, shown)
    files.check(shown, content)
    looked = inspection.inspect(content, shown)
    if looked.refused:
        raise ValidationError(_("附件“%(name)s”：%(why)s") % {"name": shown[:60], "why": looked.refused})
    found.papers.append(Paper(role, PurePath(shown).stem[:160], shown, content, looked))


def _against_release(papers: list[Paper]) -> Iterator[str]:
    for paper in papers:
        if paper.role in attachments.PUBLIC_ROLES and paper.looked.blocked:
            found = screening.findings([finding.to_data() for finding in paper.looked.findings])
            yield _("附件“%(title)s”：%(why)s") % {"title": paper.title, "why": found[0].message}


def _records(draft: Draft, by: Actor, now: dt.datetime) -> tuple[Document, Edition]:
    document = Document(
        organ=draft.organ,
        path=draft.organ.path,
        kind=draft.kind,
        title=draft.title,
        number=draft.number,
        made_on=draft.made_on,
        index_no=draft.index_no,
        entered_by=by.key,
        recorded_at=now,
        **draft.catalogue,
    )
    edition = Edition(
        document=document,
        seq=1,
        title=draft.title,
        body=draft.body,
        rich=draft.rich,
        attribute=draft.attribute,
        attribute_reason=draft.attribute_reason,
    )
    return document, edition


def _appointments(found: Ready) -> None:
    if not found.draft.appointments:
        return
    if not rules_of(found.document.kind).appointments:
        raise Refused(_("只有人事任免类文件登记任免事项。"))
    for seq, line in enumerate(found.draft.appointments, start=1):
        row = Appointment(
            document=found.document,
            seq=seq,
            person=line.person.strip(),
            action=line.action,
            position=line.position.strip(),
        )
        row.clean_fields(exclude=["document"])
        found.appointments.append(row)


def _change(found: Ready, change: object, now: dt.datetime) -> None:
    fact = ValidityFact(document=found.document, actor=found.by.key, recorded_at=now, **vars(change))
    fact.clean_fields(exclude=["document", "supersedes"])
    ended_on = min((one.on for one in found.changes if one.kind in ENDINGS), default=None)
    checks.check_change(found.document, fact, ended_on)
    found.changes.append(fact)


def _try(wrong: list[str], do: Callable[[], object], names: dict[str, str] | None = None) -> None:
    """Do it; what speaks against it as sentences that name the column."""
    try:
        do()
    except Refused as refused:
        wrong.append(str(refused).rstrip("。"))
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            wrong.extend(words.rstrip("。") for words in error.messages)
            return
        for name, messages in error.message_dict.items():
            key = (names or {}).get(name) or _COLUMN_OF.get(name, name)
            column = "" if name == NON_FIELD_ERRORS else HEADERS.get(key, "")
            wrong.extend(f"{column}：{words.rstrip('。')}" if column else words for words in messages)
