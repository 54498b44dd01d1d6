"""Text as converters leave it: the layouts of the published reports and worse, each a function of the report."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from gongkai.forms.layout import RowKind

from .model import Printed

Label = list[str]  # the words before the figures, one part per cell of the form


def spaces(report: Printed) -> str:
    """Blank-separated lines, group labels on lines of their own."""
    return _whole(report, _space_line, between="\n\n")


def tabs(report: Printed) -> str:
    """Tab-separated lines, padded, some shifted to the left."""
    return _whole(report, _tab_line)


def pipes(report: Printed) -> str:
    """A markdown table."""
    return _whole(report, _pipe_line)


def one_per_line(report: Printed) -> str:
    """Every label and every figure on a line of its own."""
    return _whole(report, lambda _, label, values: "\n".join([*label, *(value for value in values if value)]))


def labels_above(report: Printed) -> str:
    """Long labels broken over lines above their figures."""
    return _whole(report, _label_above, between="\n\n")


def labels_around(report: Printed) -> str:
    """Figures on the middle line of a label of several lines, as vertically centred cells come out."""
    return _whole(report, _label_around)


def page_breaks(report: Printed) -> str:
    """Page numbers between the lines, one row of table 3 cut in two, its label going on after the break."""
    cut = report.rng.randrange(len(report.form.data_lines))
    counter = iter(range(1000))

    def line(rng: random.Random, label: Label, values: list[str]) -> str:
        number = next(counter)
        text = _tab_line(rng, label, values)
        if number % 9 == 8:
            text += f"\n\n- {number // 9 + 1} -\n"
        if len(values) == 7 and number % len(report.form.data_lines) == cut and len(label[-1]) > 8:
            half = len(label[-1]) // 2
            first = _tab_line(rng, [*label[:-1], label[-1][:half]], values)
            text = f"{first}\n\n— 第 3 页 —\n\n{label[-1][half:]}\t\t\t\t\t\t\t"
        return text

    return _whole(report, line)


def rows_cut(report: Printed) -> str:
    """Two rows of table 3 broken among their figures by a page break, with the number of the page."""
    cut = set(report.rng.sample(range(len(report.form.data_lines)), 2))
    counter = iter(range(1000))

    def line(rng: random.Random, label: Label, values: list[str]) -> str:
        if len(values) == 7 and next(counter) in cut:
            at = rng.randrange(1, 7)
            return (
                f"{_space_line(rng, label, values[:at])}\n- {rng.randrange(2, 9)} -\n{' '.join(values[at:])}"
            )
        return _space_line(rng, label, values)

    return _whole(report, line)


def lost_labels(report: Printed) -> str:
    """Rows 一、二 and 四 and one more have lost their labels."""
    lost = {0, 1, len(report.form.data_lines) - 1, report.rng.randrange(3, 15)}
    counter = iter(range(1000))

    def line(rng: random.Random, label: Label, values: list[str]) -> str:
        if len(values) == 7 and next(counter) in lost:
            label = [""]
        return _tab_line(rng, label, values)

    return _whole(report, line)


def lost_cells(report: Printed) -> str:
    """Some rows of table 3 have lost a figure, others have a 0 too many."""

    def line(rng: random.Random, label: Label, values: list[str]) -> str:
        if len(values) == 7 and rng.random() < 0.25:
            values = list(values)
            if rng.random() < 0.5:
                del values[rng.randrange(1, 6)]
            else:
                values.insert(rng.randrange(1, 6), "0")
        return _tab_line(rng, label, values)

    return _whole(report, line)


def typed_otherwise(report: Printed) -> str:
    """Half-width brackets, full-width digits, separators, blanks inside labels, /, +."""

    def line(rng: random.Random, label: Label, values: list[str]) -> str:
        words = [_other_words(word, rng) for word in label]
        return _tab_line(rng, words, [_other_figure(value, rng) for value in values])

    return _whole(report, line)


def joined(report: Printed) -> str:
    """A whole table on one line."""
    return _whole(report, _space_line, between=" ", flat=True)


LAYOUTS: dict[str, Callable[[Printed], str]] = {
    layout.__name__: layout
    for layout in (
        spaces,
        tabs,
        pipes,
        one_per_line,
        labels_above,
        labels_around,
        page_breaks,
        rows_cut,
        lost_labels,
        lost_cells,
        typed_otherwise,
        joined,
    )
}
# In these nothing is lost, so nearly everything has to be read.
UNDAMAGED = ("spaces", "tabs", "pipes", "one_per_line", "labels_above", "typed_otherwise")

_Line = Callable[[random.Random, Label, list[str]], str]


def _whole(report: Printed, line: _Line, between: str = "\n", flat: bool = False) -> str:
    parts = [report.title]
    for section in report.form.sections:
        parts.append(section.heading)
        parts += {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(section.key, ())
        if section.table:
            parts.append(between.join(_TABLES[section.table](report, line)))
    return "\n\n".join(parts) + "\n"


def _table2(report: Printed, line: _Line) -> Iterator[str]:
    for block in report.form.blocks:
        yield line(report.rng, [block.label], [])
        yield line(report.rng, ["信息内容", *(column.label for column in block.columns)], [])
        for row in block.rows:
            paths = [f"table2.{block.key}.{row.key}.{column.key}" for column in block.columns]
            yield line(report.rng, [row.label], [report.text(path) for path in paths])


def _table3(report: Printed, line: _Line) -> Iterator[str]:
    form = report.form
    yield line(
        report.rng, ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"], []
    )
    yield line(report.rng, ["自然人", "法人或其他组织", "总计"], [])
    yield line(report.rng, [column.label for column in form.applicants if column.group], [])
    groups: Label = []
    for printed in form.lines:
        if printed.kind is RowKind.GROUP:
            groups.append(printed.label)
            continue
        values = [report.text(f"table3.{printed.key}.{column.key}") for column in form.applicants]
        yield line(report.rng, [*groups, printed.label], values)
        groups = []


def _table4(report: Printed, line: _Line) -> Iterator[str]:
    form = report.form
    results = [column.label for column in form.remedy_columns]
    yield line(report.rng, ["行政复议", "行政诉讼"], [])
    yield line(report.rng, [*results, "未经复议直接起诉", "复议后起诉"], [])
    yield line(report.rng, [*results, *results], [])
    paths = [f"table4.{g.key}.{c.key}" for g in form.remedy_groups for c in form.remedy_columns]
    yield line(report.rng, [], [report.text(path) for path in paths])


_TABLES = {"table2": _table2, "table3": _table3, "table4": _table4}


def _space_line(rng: random.Random, label: Label, values: list[str]) -> str:
    figures = " ".join(value for value in values if value)
    return "\n".join([*label[:-1], " ".join([*label[-1:], figures]).strip()])


def _tab_line(rng: random.Random, label: Label, values: list[str]) -> str:
    if not values:
        return "\t".join(label) + "\t\t"
    before = [""] * rng.choice((0, 0, 1, 2)) if len(values) == 7 else []
    return "\t".join([*before, *label, *[""] * rng.choice((0, 0, 1)), *values, *[""] * rng.choice((0, 2))])


def _pipe_line(rng: random.Random, label: Label, values: list[str]) -> str:
    return "| " + " | ".join([*label, *values]) + " |"


def _label_above(rng: random.Random, label: Label, values: list[str]) -> str:
    words = label[-1] if label else ""
    if len(words) > 12 and values:
        cut = rng.randrange(4, len(words) - 2)
        label = [*label[:-1], words[:cut], words[cut:], ""]
    return _space_line(rng, label, values)


def _label_around(rng: random.Random, label: Label, values: list[str]) -> str:
    words = label[-1] if label else ""
    if len(words) > 14 and len(values) == 7:
        cut = rng.randrange(8, len(words) - 2)
        return "\n".join(
            [*label[:-1], words[:cut], " ".join(value for value in values if value), words[cut:]]
        )
    return _space_line(rng, label, values)


def _other_words(text: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        text = text.translate(str.maketrans("（）、：，“”", '(),:,""'))
    if len(text) > 3 and rng.random() < 0.4:
        cut = rng.randrange(1, len(text))
        text = f"{text[:cut]} {text[cut:]}"
    return text


def _other_figure(text: str, rng: random.Random) -> str:
    if not text:
        return rng.choice(("", "/", "—", "无"))
    way = rng.random()
    if way < 0.2:
        return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if way < 0.4 and text.lstrip("-").isdigit():
        return f"{int(text):,}"
    if way < 0.5 and text.isdigit() and text != "0":
        return f"{text}件"
    if way < 0.55 and text.isdigit() and int(text) > 1:
        return f"{text}（其中修订1件）"
    return text
