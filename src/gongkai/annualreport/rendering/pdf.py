"""The report as PDF, set by typst. The words go in as data, never as markup, so nothing in them can be an instruction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from importlib import resources
from typing import Any

import typst

from . import fonts
from .printed import DRAFT, DRAFT_NOTE, Block, PrintedReport, flow, one_line

_TEMPLATE = "report.typ"
# A date for what has none of its own yet (a draft, a report made for a test): bytes must not follow the clock.
_NO_DATE = dt.date(2000, 1, 1)


def render(report: PrintedReport, *, font_folder: str = "", system_fonts: bool = True) -> bytes:
    """The PDF. Raises :class:`.fonts.NoFont` when no Chinese serif font is found in the system or `font_folder`."""
    found, typefaces = fonts.usable(font_folder, system_fonts)
    day = report.signed_on or _NO_DATE
    content = {
        "title": one_line(report.title),
        "author": one_line(report.organ),
        "date": [day.year, day.month, day.day],
        "draft": f"{DRAFT}　{DRAFT_NOTE}" if report.draft else "",
        "fonts": typefaces,
        "flow": list(_plain(flow(report))),
    }
    return typst.compile(
        _template(),
        font_paths=found,
        ignore_system_fonts=True,  # `found` holds them already
        format="pdf",
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        timestamp=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
    )


def _plain(blocks: Iterable[Block]) -> Iterable[dict[str, Any]]:
    for block in blocks:
        if block.table is None:
            yield {"kind": block.kind.value, "text": block.text}
        else:
            yield {"kind": block.kind.value, "table": asdict(block.table)}


@lru_cache(maxsize=1)
def _template() -> bytes:
    return resources.files(__package__).joinpath(_TEMPLATE).read_bytes()
