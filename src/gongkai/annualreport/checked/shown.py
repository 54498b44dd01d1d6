"""The result page's content, drawn from the very answer it offers as JSON: findings by verdict, tables with their marks.

Everything is bounded, so that the page stays light whatever the file held; what is left off the page stands in the JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.annualreport.checked import rules
from gongkai.annualreport.checked.tables import Drawn, Mark, Table, draw
from gongkai.forms.layout import Form
from gongkai.reading.variants import FMT2019, FMT2021, FMT2021_ONE_OTHER

FAULT, DOUBT, LOSS = "publisher_fault", "doubt", "reading_loss"
# Verdict → the word, the state that gives its shape and colour, what it means, how many a page lists.
VERDICTS: dict[str, tuple[Any, str, Any, int]] = {
    FAULT: (
        gettext_lazy("发布错误"),
        "over",
        gettext_lazy("报告自己的数或者说法互相矛盾，而且有关的数都确实读到了。真实情况请向发布机关核实。"),
        25,
    ),
    DOUBT: (
        gettext_lazy("存疑"),
        "soon",
        gettext_lazy("写法不合格式，或者口径不清、数字反常，需要说明，不一定错。"),
        25,
    ),
    LOSS: (
        gettext_lazy("读取缺损"),
        "unknown",
        gettext_lazy("转换、分页或者读取时丢失了内容，无法判断，不算任何人的错。"),
        10,
    ),
}
_CELLS, _MENDS, _CHANGES, _PROOFS, _NOTES, _CONFIRMED = 5, 3, 4, 25, 20, 30
_QUOTE, _MESSAGE = 240, 220


@dataclass(frozen=True)
class Change:
    """A cell with its place on the page, and the number it would have to hold."""

    href: str
    label: str
    number: str = ""


@dataclass(frozen=True)
class Some:
    """The first of several, and how many there are in all."""

    first: list[Change]
    count: int

    @property
    def is_cut(self) -> bool:
        """Whether more exist than are listed."""
        return self.count > len(self.first)


@dataclass(frozen=True)
class Item:
    """One finding as listed."""

    number: int
    rule: str
    name: str
    message: str
    quote: str
    at: str
    expected: str
    found: str
    cells: Some
    mends: list[Some]


@dataclass(frozen=True)
class Group:
    """The findings of one verdict; `count` is all of them, `items` those listed."""

    key: str
    word: str
    state: str
    meaning: str
    count: int
    items: list[Item]

    @property
    def left_off(self) -> int:
        """How many aren't listed."""
        return self.count - len(self.items)


@dataclass(frozen=True)
class Proof:
    """Why an inferred cell can only hold this number."""

    anchor: str
    label: str
    number: str
    text: str


@dataclass
class Shown:
    """The page."""

    answer: dict[str, Any]
    form: Form
    groups: list[Group] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many cells were read, inferred, printed blank, not read."""
        found = Counter(cell["state"] for cell in self.answer["cells"].values())
        words = (
            ("read", _("读出")),
            ("inferred", _("推定")),
            ("blank", _("空白")),
            ("unread", _("没有读出")),
        )
        return [(word, found[state]) for state, word in words]

    @property
    def more_proofs(self) -> int:
        """Inferred cells whose proof isn't listed."""
        inferred = sum(cell["state"] == "inferred" for cell in self.answer["cells"].values())
        return inferred - len(self.proofs)

    @property
    def damage(self) -> list[str]:
        """The first notes on damage."""
        return list(self.answer["damage"][:_NOTES])

    @property
    def confirmed(self) -> list[str]:
        """The first sentences that were checked and are right."""
        return [_cut(one["message"], _MESSAGE) for one in self.answer["confirmed"][:_CONFIRMED]]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found, and nothing was lost."""
        return not self.answer["findings"]


def show(answer: dict[str, Any]) -> Shown:
    """The page for an answer in the shape of `gongkai report check --json`, with the cells."""
    form = _form(answer)
    anchors = {path: f"c{number}" for number, path in enumerate(form.paths)}
    shown = Shown(answer, form)
    marks: dict[str, list[Mark]] = {}
    number = 0
    for verdict, (word, state, meaning, most) in VERDICTS.items():
        found = [one for one in answer["findings"] if one["verdict"] == verdict]
        group = Group(verdict, str(word), state, str(meaning), len(found), [])
        for finding in found:
            number += 1
            listed = len(group.items) < most
            if listed:
                group.items.append(_item(form, anchors, number, finding))
            _mark(marks, finding, Mark(verdict, str(word), number if listed else 0))
        shown.groups.append(group)
    changes = _changes(answer["findings"])
    shown.proofs = _proofs(form, answer["cells"])
    proved = {cell: f"p{place}" for place, cell in enumerate(_inferred(answer["cells"])[:_PROOFS], 1)}
    shown.tables = draw(form, Drawn(answer["cells"], anchors, marks, changes, proved))
    return shown


def _form(answer: dict[str, Any]) -> Form:
    """The form as it was really printed: the one that has just these cells."""
    return next(
        form
        for form in (FMT2019, FMT2021, FMT2021_ONE_OTHER)
        if form.key == answer["format"] and answer["cells"].keys() == set(form.paths)
    )


def _item(form: Form, anchors: dict[str, str], number: int, finding: dict[str, Any]) -> Item:
    cells = [path for path in finding["cells"] if path in anchors]
    mends = [list(mend.items()) for mend in finding["mend"] if all(path in anchors for path in mend)]
    return Item(
        number,
        finding["rule"],
        rules.name(finding["rule"]),
        _cut(finding["message"], _MESSAGE),
        "" if finding["quote"] in finding["message"] else _cut(finding["quote"], _QUOTE),
        finding["at"],
        *_compared(finding),
        Some(
            [Change(f"#{anchors[path]}", form.cell(path).label) for path in _few(cells, _CELLS)], len(cells)
        ),
        [
            Some(
                [
                    Change(f"#{anchors[path]}", form.cell(path).label, text(number))
                    for path, number in (mend if len(mend) <= _CHANGES else ())
                ],
                len(mend),
            )
            for mend in mends[:_MENDS]
        ],
    )


def _few(cells: list[str], most: int) -> list[str]:
    """All of a few, the beginning of many."""
    return cells if len(cells) <= most else cells[: most - 2]


def _compared(finding: dict[str, Any]) -> tuple[str, str]:
    """The two numbers that don't agree; one alone says nothing that the message doesn't."""
    pair = (text(finding["expected"]), text(finding["found"]))
    return pair if all(pair) else ("", "")


def _mark(marks: dict[str, list[Mark]], finding: dict[str, Any], mark: Mark) -> None:
    for path in finding["cells"]:
        marks.setdefault(path, []).append(mark)


def _changes(findings: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What a cell would have to hold, from changes small enough to be told in the table."""
    return {
        path: text(number)
        for finding in findings
        for mend in finding["mend"]
        if len(mend) <= _CHANGES
        for path, number in mend.items()
    }


def _inferred(cells: dict[str, Any]) -> list[str]:
    return [path for path, cell in cells.items() if cell["state"] == "inferred"]


def _proofs(form: Form, cells: dict[str, Any]) -> list[Proof]:
    return [
        Proof(f"p{place}", form.cell(path).label, text(cells[path]["value"]), cells[path]["proof"])
        for place, path in enumerate(_inferred(cells)[:_PROOFS], 1)
    ]


def text(number: int | str | None) -> str:
    """A number as the report prints it: no decimals added."""
    return "" if number is None else _cut(str(number), 24)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
