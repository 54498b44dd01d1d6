"""What stood in each box a year ago: in our own frozen report, else in the report of last year that was read and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.forms.layout import Section, form_for

from . import queries, sections
from .library.models import ReadVersion
from .models import Report, ReportVersion
from .narrative import plain


def texts(version: ReportVersion) -> dict[str, str]:
    """Last year's text by box name; boxes without one are not in it. The organ's own library only. Two queries at most."""
    report = version.report
    before = queries.final_version(report.organ, report.year - 1, report.scope)
    if before is not None:
        found = {name: plain(pieces).strip() for name, pieces in sections.box_pieces(before).items()}
        if any(found.values()):
            return {name: text for name, text in found.items() if text}
    return _collected(report)


def _collected(report: Report) -> dict[str, str]:
    """From the library: a part is cut at its sub-headings; where it has none of them it stands in its first box."""
    read = (
        ReadVersion.objects.filter(
            organ=report.organ_id, report__subject=report.organ_id, report__year=report.year - 1
        )
        .order_by("-number")
        .values_list("sections", flat=True)
        .first()
    )
    if not read:
        return {}
    form = form_for(report.year)
    found: dict[str, str] = {}
    for section in form.sections:
        first = section.subheadings[0].key if section.subheadings else ""
        for name, text in boxes(section, read).items():
            place = name if "." in name else f"{name}.{first}".rstrip(".")
            found[place] = f"{found[place]}\n{text}" if place in found else text
    return found


def boxes(section: Section, read: Mapping[str, str]) -> dict[str, str]:
    """The text of a part of a report that was read, by box name; under the part's own name what stands before the first
    sub-heading, or all where there is none."""
    text = str(read.get(section.key, "")).strip()
    if section.table or not text:
        return {}
    return dict(_cut(section, text)) or {section.key: text}


def _cut(section: Section, text: str) -> list[tuple[str, str]]:
    """The part's text by sub-heading, where they stand on their own or open a line, in any order."""
    found: list[tuple[int, int, str]] = []
    for sub in section.subheadings:
        heading = re.compile(
            rf"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]?)?\s*{re.escape(sub.label)}(?:情况)?\s*[:：。]?",
            re.MULTILINE,
        )
        if match := heading.search(text):
            found.append((match.start(), match.end(), sub.key))
    if not found:
        return []
    found.sort()
    ends = [start for start, _end, _key in found[1:]] + [len(text)]
    lead = text[: found[0][0]].strip()
    return [(section.key, lead)] * bool(lead) + [
        (f"{section.key}.{key}", text[start:end].strip())
        for (_start, start, key), end in zip(found, ends, strict=True)
    ]
