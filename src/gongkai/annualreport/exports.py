"""A report as data: the public JSON and CSV of a published version, and what ``gongkai report compile --json`` prints."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from gongkai.base import clock
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding
from gongkai.forms.layout import Unit
from gongkai.forms.values import number_text

from . import queries, sections
from .compile import Compiled
from .models import ReportVersion

_UNITS = {Unit.COUNT: "件（项）", Unit.CHANGE: "项", Unit.MONEY_WAN: "万元"}
_STATES = {"blank": "空白", "unread": "未能识别", "unknown": "未知", "inferred": "推定"}


def to_cli_json(compiled: Compiled, findings: Iterable[Finding]) -> dict[str, Any]:
    """The compiled report in the shape of the seed tables, with the findings."""
    return {
        "organ": compiled.own.label,
        "report_year": compiled.year,
        "format": compiled.form.key,
        "scope": str(compiled.scope),
        **compiled.figures.to_seed_tables(),
        "findings": [finding.as_json() for finding in findings],
    }


def public_json(version: ReportVersion) -> dict[str, Any]:
    """A published version: its metadata, tables and words, and where the figures of a consolidated report come from."""
    report, figures = version.report, queries.figures_of(version)
    printed = sections.printed(version)
    return {
        "organ": queries.organ_name(version),
        "organ_code": report.organ.code,
        "report_year": report.year,
        "format": figures.form.key,
        "scope": report.scope,
        "version": version.number,
        "published_at": _moment(version),
        "hash": version.hash,
        "origin": version.origin,
        "source": version.source,
        "correction_note": version.correction_note,
        "title": printed.title,
        **figures.to_seed_tables(),
        "not_known": _not_known(figures),
        "sections": {
            part.key: [{"heading": p.label, "text": p.text} for p in part.paragraphs]
            for part in printed.parts
            if not part.table
        },
        "contributions": [
            {"organ": line["label"], "source": line["source"], "scope": line["scope"]}
            for line in version.contributions
        ],
        "eliminations": [
            {"cell": line["cell"], "amount": line["amount"], "reason": line["reason"]}
            for line in version.eliminations
        ],
    }


def public_csv(version: ReportVersion) -> str:
    """A published version's cells, one a line: path, table, row, column, value, unit. What is not known stays empty and
    says so; it is not 0."""
    figures = queries.figures_of(version)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["机关", "年度", "格式", "范围", "版本", "单元格", "行", "列", "数值", "单位", "状态"])
    report = version.report
    head = [queries.organ_name(version), report.year, figures.form.key, report.scope, version.number]
    for cell in figures.form.cells():
        value = figures[cell.path]
        number = "" if value.number is None else number_text(value.number)
        state = _STATES.get(value.state.value, "")
        writer.writerow(
            [*head, cell.path, cell.row_label, cell.column_label, number, _UNITS[cell.unit], state]
        )
    return out.getvalue()


def _moment(version: ReportVersion) -> str | None:
    at = version.published_at
    return None if at is None else at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


def _not_known(figures: Figures) -> dict[str, str]:
    """Why a null is null: blank, unread, unknown are three different things."""
    return {path: value.state.value for path, value in figures.items() if value.number is None}
