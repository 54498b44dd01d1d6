"""For every rule an example that breaks it and one that leaves it without a needed fact.

Both start from a complete report under which every rule holds: the figures of a published report with all context
given. A rule without an entry here fails the test of the list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

from gongkai.forms.context import Context, Contribution, Elimination
from gongkai.forms.figures import Figures
from gongkai.forms.layout import FORMS, Form
from gongkai.forms.shape import Unit
from gongkai.forms.values import BLANK, NOT_KNOWN

from .seeds import seed_figures

Case = tuple[Figures, Context]
Change = Callable[[Figures, Context], Case]

ART1 = "table2.art20_1"
LICENCE = "table2.art20_5.admin_license"
PENALTY = "table2.art20_6.admin_penalty"
PROCUREMENT = "table2.art20_9.gov_procurement"
FEE = "table2.art20_8.admin_fees.fee_amount_wan"


@cache
def complete(form_key: str) -> Case:
    """A report of the form under which every rule holds, with nothing unknown."""
    figures = _report_2019_form() if form_key == "fmt2019" else _report_2021_form()
    return figures, Context(
        year=2020 if form_key == "fmt2019" else 2024,
        scope="consolidated",
        rulemaking_power=False,
        previous=_year_before(figures),
        own=figures,
        contributions=(Contribution("甲县人民政府", nothing(figures.form), True),),
        duplicates={},
        from_records=figures,
        fees_collected_yuan=1300,
        open_before_year=0,
        review_first_direct_suits=0,
    )


def nothing(form: Form) -> Figures:
    """A report in which nothing happened: 0 everywhere."""
    return Figures(
        form, {cell.path: Decimal("0.0000") if cell.unit is Unit.MONEY_WAN else 0 for cell in form.cells()}
    )


def _report_2019_form() -> Figures:
    """平顶山市 2019, every made document disclosed, without the rules only a city can make."""
    figures = seed_figures("PDS19")
    without_rules = {path: 0 for path in figures if path.startswith(f"{ART1}.rules.")}
    return figures.replace({**without_rules, f"{ART1}.normative_docs.newly_disclosed_this_year": 86})


def _report_2021_form() -> Figures:
    return seed_figures("LYO22").replace({FEE: Decimal("0.1300")})


def _year_before(figures: Figures) -> Figures:
    """Last year's report that the report of this year continues without a break."""
    n = figures.numbers
    before = {f"table3.carried_out.{c.key}": n[f"table3.carried_in.{c.key}"] for c in figures.form.applicants}
    for path in figures:
        row, _, column = path.rpartition(".")
        if column == "prev_year_items":
            before[path] = n[path] - n[f"{row}.change_this_year"]
        elif column == "total_disclosed":
            before[path] = n[path] - n[f"{row}.newly_disclosed_this_year"]
        elif column == "in_force":
            before[path] = n[path] + n[f"{row}.repealed_this_year"] - n[f"{row}.made_this_year"]
    return figures.replace(before)


def cells(content: dict[str, object]) -> Change:
    return lambda figures, context: (figures.replace(content), context)


def unknown(*paths: str) -> Change:
    return cells(dict.fromkeys(paths, NOT_KNOWN))


def given(**facts: object) -> Change:
    return lambda figures, context: (figures, replace(context, **facts))


def before(content: dict[str, object]) -> Change:
    """Change last year's report."""
    return lambda figures, context: (figures, replace(context, previous=context.previous.replace(content)))


def both(*changes: Change) -> Change:
    def change(figures: Figures, context: Context) -> Case:
        for one in changes:
            figures, context = one(figures, context)
        return figures, context

    return change


def child(final: bool, figures: Callable[[Form], Figures | None] = nothing) -> Change:
    return lambda own, context: (
        own,
        replace(context, contributions=(Contribution("乙县人民政府", figures(own.form), final),)),
    )


def _other_form(form: Form) -> Figures:
    return nothing(next(other for other in FORMS.values() if other is not form))


def _no_figures(form: Form) -> None:
    return None


NO_PREVIOUS = given(previous=None)
GRANTED = "table3.granted.natural_person"
REVIEW = "table4.review.total"

# rule → (breaks it, leaves it unjudged)
EXAMPLES: dict[str, tuple[Change, Change]] = {
    "T2-INT": (cells({f"{ART1}.normative_docs.made_this_year": -1}), unknown(f"{PENALTY}.decisions")),
    "T2-FULL": (cells({f"{LICENCE}.decisions": BLANK}), unknown(f"{LICENCE}.decisions")),
    "T2A-1": (
        cells({f"{ART1}.normative_docs.total_disclosed": 85}),
        unknown(f"{ART1}.normative_docs.total_disclosed"),
    ),
    "T2A-2": (
        cells({f"{ART1}.normative_docs.newly_disclosed_this_year": 90}),
        unknown(f"{ART1}.rules.made_this_year"),
    ),
    "T2A-3": (cells({f"{LICENCE}.change_this_year": -11442}), unknown(f"{LICENCE}.change_this_year")),
    "T2A-4": (
        cells({f"{PENALTY}.prev_year_items": 3, f"{PENALTY}.change_this_year": -3}),
        unknown(f"{PENALTY}.prev_year_items"),
    ),
    "T2A-5": (cells({f"{PENALTY}.decisions": 0}), unknown(f"{PENALTY}.decisions")),
    "T2A-6": (cells({f"{PROCUREMENT}.procurement_items": 0}), unknown(f"{PROCUREMENT}.procurement_items")),
    "T2A-6F": (
        cells({f"{PROCUREMENT}.procurement_amount_wan": Decimal("1993404")}),
        unknown(f"{PROCUREMENT}.procurement_amount_wan"),
    ),
    "T2A-7": (
        cells({f"{ART1}.rules.total_disclosed": 1}),
        both(cells({f"{ART1}.rules.total_disclosed": 1}), given(rulemaking_power=None)),
    ),
    "T2B-1": (cells({FEE: Decimal("0.13")}), unknown(FEE)),
    "T2B-2": (
        cells({f"{ART1}.normative_docs.made_this_year": 239}),
        unknown(f"{ART1}.normative_docs.in_force"),
    ),
    "T2B-3": (cells({f"{ART1}.rules.in_force": 48}), unknown(f"{ART1}.rules.in_force")),
    "T2B-4": (given(fees_collected_yuan=1301), given(fees_collected_yuan=None)),
    "T3-COL": (cells({"table3.carried_out.total": 12}), unknown("table3.carried_out.total")),
    "T3-ROW": (cells({GRANTED: 13}), unknown(GRANTED)),
    "T3-OUT": (cells({GRANTED: 13}), unknown(GRANTED)),
    "T3-INT": (cells({GRANTED: Decimal("12.5")}), unknown(GRANTED)),
    "T3-FULL": (cells({GRANTED: BLANK}), unknown(GRANTED)),
    "T3-BND": (cells({"table3.carried_out.other_org": 500}), unknown("table3.carried_out.other_org")),
    "T3-OLD": (given(open_before_year=1), given(open_before_year=None)),
    "T3-SYS": (cells({GRANTED: 13}), given(from_records=None)),
    "T4-SUM": (cells({REVIEW: 4}), unknown(REVIEW)),
    "T4-INT": (cells({REVIEW: -1}), unknown(REVIEW)),
    "T4-FULL": (cells({REVIEW: BLANK}), unknown(REVIEW)),
    "T4-RF": (given(review_first_direct_suits=3), given(review_first_direct_suits=None)),
    "Y-CARRY": (before({"table3.carried_out.natural_person": 6}), NO_PREVIOUS),
    "Y-INFORCE": (before({f"{ART1}.normative_docs.in_force": 209}), NO_PREVIOUS),
    "Y-REPEAL": (before({f"{ART1}.normative_docs.in_force": 89}), NO_PREVIOUS),
    "Y-ITEMS": (before({f"{LICENCE}.prev_year_items": 1}), NO_PREVIOUS),
    "Y-DISCL": (before({f"{ART1}.normative_docs.total_disclosed": 82}), NO_PREVIOUS),
    "Y-PEND": (before({"table4.review.pending": 59}), NO_PREVIOUS),
    "Y-JUMP": (before({"table3.new_received.total": 20}), NO_PREVIOUS),
    "R-SUM": (given(eliminations=(Elimination(GRANTED, 1, "同一案件"),)), child(final=False)),
    "R-MISS": (both(child(final=False), given(mode="sign")), child(final=False)),
    "R-DUP": (given(duplicates={REVIEW: 1}), given(duplicates=None)),
    "R-FMT": (child(True, _other_form), child(True, _no_figures)),
}
