"""Everything the report page shows of one version, gathered once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.annualreport import (
    actions,
    changes,
    checking,
    checklist,
    lint,
    marking,
    queries,
    sections,
    workflow,
)
from gongkai.annualreport.changes import TALLY, Moved
from gongkai.annualreport.compile import Compiled, compile, statutory_scope
from gongkai.annualreport.marking import Fragment
from gongkai.annualreport.models import Elimination, ReportSettings, ReportStep, ReportVersion, Scope
from gongkai.annualreport.narrative import Piece
from gongkai.annualreport.reviewing import KIND
from gongkai.annualreport.sections import Part, Place
from gongkai.annualreport.workflow import Offer
from gongkai.base import clock, measures
from gongkai.base.models import Tally
from gongkai.desk.figures import records
from gongkai.desk.register import history
from gongkai.desk.reports import findings, opened
from gongkai.desk.reports.findings import Noted
from gongkai.desk.reports.forms import VERBS, Plain
from gongkai.desk.review import offering
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.grid import Grid, grids
from gongkai.forms.values import Value
from gongkai.organs.actors import actors_for
from gongkai.organs.scope import Viewer

State, Origin = ReportVersion.State, ReportVersion.Origin
_TELLING = ("table3.new_received.total", "table3.outcome_total.total", "table3.carried_out.total")
_RECORDS_NAMED = 12
# What stands in the card of actions; the others have their own place on the page.
_ON_CARD = ("recompile", "submit", "return", "sign", "publish", "correct")
_STEP_WORDS = {
    "open": "开始编制",
    "recompile": "重新汇总",
    "edit": "修改文字",
    "eliminate": "增加调整项",
    "revoke": "撤销调整项",
    "submit": "送审",
    "return": "退回",
    "sign": "签发",
    "publish": "公布",
    "correct": "编制更正版",
    "note": "改写更正说明",
    "import": "整份导入",
}
Bound = Mapping[str, Plain]  # the form that came back with errors, under "<verb>:<what it is about>"


@dataclass(frozen=True)
class Writing:
    """One box of text: what it prints, marked where something was found, and where it is written."""

    place: Place
    fragments: list[Fragment]
    notes: list[Noted]
    href: str  # "" where it cannot be written now
    omitted: bool


@dataclass(frozen=True)
class Block:
    """One statutory table, or one headed part of it."""

    caption: str
    grid: Grid


@dataclass(frozen=True)
class Section:
    """One of the six parts, with its state for the index."""

    part: Part
    shape: str
    word: str
    blocks: list[Block]
    writings: list[Writing]
    fees: str


@dataclass(frozen=True)
class Button:
    """An action of the card: its form when it can be done now, else the reason why not."""

    offer: Offer
    form: Plain | None
    asks: bool
    unfold: bool
    primary: bool  # the one obvious next action


@dataclass(frozen=True)
class Line:
    """One part of a consolidated report."""

    label: str
    source: str
    href: str
    figures: list[Value]
    unknown: int
    standing: str  # why a round does not count it yet, in words


@dataclass(frozen=True)
class Taken:
    """An amount between the parts and the sum; `form` revokes it."""

    label: str
    amount: Any
    reason: str
    automatic: bool
    form: Plain | None


@dataclass(frozen=True)
class Shift:
    """A cell that moved since the version was frozen; records are (sign, name, address)."""

    moved: Moved
    href: str
    records: list[tuple[str, str, str]]
    more: int


@dataclass(frozen=True)
class Done:
    """A step of the version's history; `times` when the same person did the same several times running."""

    step: ReportStep
    word: str
    who: str
    times: int


class Sheet:
    """Read by the template; every property is made from what the constructor loaded."""

    def __init__(self, who: Viewer, version: ReportVersion, bound: Bound) -> None:
        self.who, self.version, self.bound = who, version, bound
        self.report = version.report
        self.here = opened.address(version)
        self.form = queries.form_of(version)
        self.figures = queries.figures_of(version)
        self.is_current = opened.current(self.report).pk == version.pk
        self.is_frozen = version.state in queries.FINAL
        self.is_imported = version.origin == Origin.IMPORTED
        self._steps = list(version.steps.order_by("id"))
        self._accepted = checking.accepted(self.report)
        actors = [*(step.actor for step in self._steps), *(one.actor for one in self._accepted.values())]
        self._names = history.names_of(actors)
        self._offers = self._offered()
        self._compiled = self._compile()
        self.links = {cell: f"{self.here}cells/{cell}/" for cell in self.form.paths}
        self.title = opened.title(version)
        self.scope_word = str(Scope(self.report.scope).label)

        self._found = checking.from_records(version.findings)
        self._desk = self._noting()
        self.findings = findings.groups(self._found, self._desk)
        self._by_box = marking.by_place(self._found)
        self._generated = self._words()
        self.printed = sections.printed(version, self._generated)
        self.sections = [self._section(part) for part in self.printed.parts]
        self.missing = self._missing()
        self.lines = self._lines()
        self.eliminations = self._eliminations()
        self.steps = self._checklist()
        self.left = checklist.left(self.steps)
        every = [self._button(offer) for offer in self._offers.values() if offer.action in _ON_CARD]
        self.buttons = [button for button in every if button.form]
        self.undoable = [button for button in every if button.form is None]
        self.moved = self._moved() if self.is_frozen and self.is_current else []
        self.history = self._history()
        self.versions = list(
            self.report.versions.order_by("-number").values("number", "state", "origin", "correction_note")
        )

    # --- what can be done ---

    def offer(self, action: str) -> Offer | None:
        """The offer of an action on this version; none on a version that is no longer the current one."""
        return self._offers.get(action)

    def _offered(self) -> dict[str, Offer]:
        if not self.is_current:
            return {}
        actors = actors_for(self.who, workflow.REGISTER, self.report.path)
        found = {offer.action: offer for offer in workflow.offers(actors, self.version, self.report.path)}
        if self.is_imported:  # it stands beside one's own report, which is not begun yet
            own = {offer.action: offer for offer in workflow.offers(actors, None, self.report.path)}
            return {"publish": found["publish"], "open": own["open"], "import": own["import"]}
        return found

    @property
    def review_href(self) -> str:
        """The way to the chain of signatures before the leader signs, for whoever may submit to it."""
        if not self.is_current or self.version.state not in queries.OPEN:
            return ""
        return offering.href(self.who, KIND, self.version.pk, self.report.path)

    @property
    def looking_only(self) -> bool:
        """Whether the person holds no post that works on this report."""
        return not actors_for(self.who, workflow.REGISTER, self.report.path)

    def _may(self, action: str) -> bool:
        found = self._offers.get(action)
        return found is not None and found.actor is not None

    @property
    def may_reopen(self) -> bool:
        """Whether one's own report can be begun beside the imported one."""
        return self.is_imported and self._may("open")

    @property
    def eliminate(self) -> Plain | None:
        """The form to add an adjustment, where that can be done."""
        allowed = self.report.scope == Scope.CONSOLIDATED and self._may("eliminate")
        return self.make("eliminate") if allowed else None

    @property
    def eliminate_open(self) -> bool:
        return "eliminate:" in self.bound

    @property
    def note(self) -> Plain | None:
        """The form to write the note of a correction anew, where that can be done."""
        return self.make("note") if self.version.correction_note and self._may("edit") else None

    @property
    def note_open(self) -> bool:
        return "note:" in self.bound

    def make(self, verb: str, about: str = "", **more: Any) -> Plain:
        """The form of a verb; the one that came back with errors in its place."""
        key = f"{verb}:{about}"
        if key in self.bound:
            return self.bound[key]
        initial = {**more.pop("initial", {}), "seen": self.seen}
        return VERBS[verb].form(
            version=self.version, initial=initial, auto_id=f"id-{verb}-{about}-%s".replace("--", "-"), **more
        )

    @property
    def seen(self) -> int:
        """The last step the page shows."""
        return self._steps[-1].pk if self._steps else 0

    def _button(self, offer: Offer) -> Button:
        form = self.make(offer.action) if offer.actor else None
        asks = form is not None and bool(form.visible_fields())
        return Button(offer, form, asks, f"{offer.action}:" in self.bound, self._is_next(offer.action))

    def _is_next(self, action: str) -> bool:
        """Whether nothing else should be done first."""
        waiting = {step.key for step in self.steps if not step.done}
        if action == "recompile":
            return "figures" in waiting
        if action == "submit":  # the children and the year's end hold up the signature only
            return waiting <= {"children", "year", "submit"}
        return action == "publish" or (action == "sign" and not waiting)

    # --- the words and tables ---

    def _compile(self) -> Compiled | None:
        """Today's compile of an open version: its generated sentences, and whether the figures still stand."""
        if self.is_frozen:
            return None
        try:
            return compile(self.report.organ, self.report.year, self.report.scope)
        except ValidationError:  # the organ was closed meanwhile: the page still opens
            return None

    def _words(self) -> Mapping[str, str]:
        """The generated sentences: kept with a submitted or frozen version, made anew for a draft."""
        kept = self.version.sections.get(sections.GENERATED)
        if kept or self._compiled is None:
            return kept or {}
        return sections.generated(self.version, self._compiled.grid.tree)

    def _section(self, part: Part) -> Section:
        if part.table:
            shape, word = self._table_state(part.table)
            captions = (
                [block.label for block in self.form.blocks]
                if part.table == "table2"
                else [_("%(heading)s（单位：件）") % {"heading": part.heading}]
            )
            blocks = [
                Block(caption, grid)
                for caption, grid in zip(captions, grids(self.form, part.table), strict=True)
            ]
            return Section(part, shape, word, blocks, [], "")
        told = sections.box_pieces(self.version)
        places = [place for place in sections.places(self.form) if place.section == part.key]
        writings = [self._writing(place, told.get(place.name, ())) for place in places]
        shape, word = self._words_state(part.key, writings)
        return Section(part, shape, word, [], writings, self._fees(part))

    def _words_state(self, part: str, writings: list[Writing]) -> tuple[str, str]:
        waiting = [note for writing in writings for note in writing.notes if note.shape in ("over", "soon")]
        wrong = sum(not findings.is_unwritten(note.finding) for note in waiting)
        empty = sum(not writing.fragments for writing in writings)
        if wrong and not self.is_frozen:
            return "over", _("%(count)s处要处理") % {"count": wrong}
        # Part six is complete without words of one's own: the fee sentence, or 无, is printed.
        if not empty or part == "s6" or self.is_frozen:
            return "done", _("已写") if not empty else _("已生成")
        return "open", _("%(count)s处没写") % {"count": empty}

    def _fees(self, part: Part) -> str:
        if part.key != "s6":
            return ""
        return self._generated.get("fees", "")

    def _writing(self, place: Place, pieces: tuple[Piece, ...]) -> Writing:
        found = self._by_box.get(place.name, ())
        return Writing(
            place,
            marking.marked(pieces, () if self.is_frozen else found),
            [] if self.is_frozen else findings.of_box(found, self._desk),
            self._desk.boxes[place.name][1] if self._may("edit") else "",
            self._omits and bool(place.label),
        )

    @property
    def _omits(self) -> bool:
        """Whether sub-headings without words are left out."""
        return self._generated.get("without_words") == ReportSettings.NoWords.OMIT

    @property
    def may_write_problems(self) -> bool:
        """Whether the register has problems of this report that part five does not tell yet."""
        if not self._may("edit"):
            return False
        written = sections.texts(self.form, self.version.sections)
        now = {place.name: text for place, text in written.items()}
        proposed = sections.problems_proposed(self.report)
        return any(text and text not in now[name] for name, text in proposed.items())

    def _table_state(self, table: str) -> tuple[str, str]:
        wrong = {
            one.key
            for one in self._found
            if one.result is Result.FAILS
            and one.severity is not Severity.INFORMATION
            and one.key not in self._accepted
            and lint.told(one) is None
            and any(cell.startswith(f"{table}.") for cell in one.cells)
        }
        unknown = sum(
            value.number is None for cell, value in self.figures.items() if cell.startswith(f"{table}.")
        )
        if wrong:
            return "over", _("%(count)s处要处理") % {"count": len(wrong)}
        if unknown:
            return "unknown", _("%(count)s格未知") % {"count": unknown}
        return "done", _("数齐")

    def _missing(self) -> list[tuple[str, int]]:
        """Whose figures are missing, and in how many cells; who lacks most first."""
        counted: Counter[str] = Counter()
        for value in self.figures.values():
            if value.number is None:
                counted.update(value.missing)
        return counted.most_common()

    @property
    def unknown_cells(self) -> int:
        return sum(value.number is None for value in self.figures.values())

    # --- findings and steps ---

    def _noting(self) -> findings.Desk:
        boxes = {
            place.name: (
                place.title,
                reverse("desk:report-write", args=[self.report.pk, self.version.number, place.name]),
            )
            for place in sections.places(self.form)
        }
        offers = marking.offers(self.version, self._found) if self._may("edit") else {}
        return findings.Desk(self.form, self.here, boxes, self._accepted, self._names, offers, self._explain)

    def _explain(self, finding: Finding) -> Plain | None:
        if finding.severity is Severity.ERROR or not self._may("accept"):
            return None
        return self.make("accept", finding.key, initial={"finding_key": finding.key})

    def _checklist(self) -> list[checklist.Step]:
        moved = self._compiled is not None and (
            self._compiled.figures.to_cells() != self.version.cells
            or actions.words_moved(self.version, self._compiled)
        )
        return checklist.steps(self.version, clock.today(), moved=moved)

    @property
    def turn(self) -> str:
        """Whose turn it is, in words; "" when nothing is left to do."""
        found = workflow.waits_for(self.version.state) if self.is_current and not self.is_imported else None
        return _("下一步：%(who)s“%(what)s”") % {"what": found[0], "who": found[1]} if found else ""

    def _history(self) -> list[Done]:
        """What was done, newest first; the same done several times running is one line."""
        found = []
        runs = groupby(reversed(self._steps), key=lambda step: (step.kind, step.actor, step.note))
        for (kind, actor, _note), run in runs:
            steps = list(run)
            who = history.whom(actor, steps[0].post, self._names)
            found.append(Done(steps[0], _STEP_WORDS.get(kind, kind), who, len(steps)))
        return found

    # --- the parts of a consolidated report ---

    def _lines(self) -> list[Line]:
        if self.report.scope == Scope.OWN:
            return []
        reports: dict[tuple[int, str], int] = {}
        frozen: dict[int, str] = {}
        rows = queries.versions_for(self.who).filter(report__year=self.report.year)
        for pk, report, number, organ, wanted in rows.values_list(
            "pk", "report_id", "number", "report__organ_id", "report__scope"
        ):
            reports[organ, wanted] = report
            frozen[pk] = reverse("desk:report-version", args=[report, number])
        return [self._line(line, reports, frozen) for line in self.version.contributions]

    def _line(
        self, line: dict[str, Any], reports: dict[tuple[int, str], int], frozen: dict[int, str]
    ) -> Line:
        figures = Figures.from_cells(self.form, line["cells"])
        href = frozen.get(line["version"], "")
        report = reports.get((line["organ"], line["scope"]))
        if not href and report is not None and report != self.report.pk:
            href = reverse("desk:report", args=[report])
        return Line(
            line["label"],
            line["source"],
            href,
            [figures[cell] for cell in _TELLING],
            sum(value.number is None for value in figures.values()),
            self._standing.get(line["organ"], ""),
        )

    @cached_property
    def _standing(self) -> dict[int, str]:
        """What the round says of each child that is not collected yet; of a frozen report all are."""
        lines = () if self._compiled is None else self._compiled.children
        return {line.organ_id: line.standing for line in lines}

    def _eliminations(self) -> list[Taken]:
        """The automatic ones as kept with the version; of a draft those people entered, each once, to be revoked."""
        kept = [
            Taken(self.form.cell(one["cell"]).label, one["amount"], one["reason"], one["automatic"], None)
            for one in self.version.eliminations
            if one["automatic"] or self.is_frozen
        ]
        if self.is_frozen:
            return kept
        manual = Elimination.objects.filter(
            report=self.report, revokes__isnull=True, revoked_by__isnull=True
        ).order_by("id")
        return [*kept, *(self._taken(one) for one in manual)]

    def _taken(self, one: Elimination) -> Taken:
        form = None
        if self._may("revoke"):
            form = self.make("revoke", str(one.pk), initial={"elimination": one.pk})
        return Taken(self.form.cell(one.cell).label, one.amount.normalize(), one.reason, False, form)

    # --- after freezing ---

    @property
    def public_href(self) -> str:
        """The permanent public address, once published."""
        statutory = self.report.scope == statutory_scope(self.report.organ)
        if self.version.state != State.PUBLISHED or not statutory:
            return ""
        return reverse(
            "portal:report-version", args=[self.report.organ.code, self.report.year, self.version.number]
        )

    def _moved(self) -> list[Shift]:
        try:
            found = changes.moved(self.version)
        except ValidationError:
            return []
        names = self._record_names(found)
        return [self._shift(one, names) for one in found]

    def _record_names(self, found: list[Moved]) -> dict[tuple[str, int], tuple[str, str]]:
        """The records that came or went, of those the viewer may see: a query or two per kind of record."""
        wanted: dict[type[Model], set[tuple[str, int]]] = {}
        for key, pk in {record for one in found for record in (*one.added, *one.removed)}:
            model: type[Model] = Tally if key == TALLY else measures.get(key).model()
            wanted.setdefault(model, set()).add((key, pk))
        names: dict[tuple[str, int], tuple[str, str]] = {}
        for model, asked in wanted.items():
            known = records.named(self.who, model, (pk for _key, pk in asked))
            names.update({record: known[record[1]] for record in asked if record[1] in known})
        return names

    def _shift(self, one: Moved, names: dict[tuple[str, int], tuple[str, str]]) -> Shift:
        signed = [*(("＋", record) for record in one.added), *(("－", record) for record in one.removed)]
        shown = [(sign, *names[record]) for sign, record in signed if record in names][:_RECORDS_NAMED]
        return Shift(one, self.links[one.cell], shown, len(signed) - len(shown))

    @property
    def correction(self) -> Button | None:
        """The button that begins the corrected version."""
        every = (*self.buttons, *self.undoable)
        return next((button for button in every if button.offer.action == "correct"), None)
