"""Reports to print, and what is read back of a print."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace

from gongkai.annualreport.rendering.printed import PrintedReport, of_figures
from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report
from tests.reading.render.model import random_report

BOTH = tuple(FORMS)


def random_print(form: str, seed: int) -> PrintedReport:
    """A signed report of random valid figures, with text full of numbers."""
    made = random_report(random.Random(f"print/{form}/{seed}"), FORMS[form])  # noqa: S311
    words = {
        "s1": "\n".join(made.overview),
        "s5": "\n".join(made.problems),
        "s6": "收费通知10份，收取信息处理费1300元。",
    }
    year = FORMS[form].first_year
    report = of_figures(made.organ, year, made.figures, words)
    return replace(report, signed_on=dt.date(year + 1, 1, 19), hash="0123456789abcdef" * 4)


def read(content: bytes) -> Report:
    return read_bytes(content, "print")


def wrong(found: Report, printed: PrintedReport) -> list[str]:
    """The cells that do not read exactly as frozen."""
    expected = printed.figures
    return [
        f"{path}: {found.cells[path].state} {found.cells[path].number} for {expected.number(path)}"
        for path in expected
        if found.cells[path].state is not State.KNOWN or found.cells[path].number != expected.number(path)
    ]


def bare(text: str) -> str:
    """Without any white space: where lines break is the paper's affair."""
    return "".join(text.split())


def numbers(text: str) -> list[str]:
    """Every number of a text in its order."""
    return re.findall(r"[0-9.]*[0-9]", bare(text))
