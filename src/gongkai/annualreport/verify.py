"""Are the frozen reports whole? One sentence per problem, for ``gongkai verify``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from gongkai.base import measures
from gongkai.forms.figures import Figures
from gongkai.forms.values import Number

from . import cells, queries
from .compile import OWN
from .models import ReportEvidence, ReportVersion
from .seals import fingerprint


def problems() -> list[str]:
    """Frozen versions whose hash, evidence or sums are not what they were."""
    frozen = ReportVersion.objects.select_related("report__organ").filter(state__in=queries.FINAL)
    return [problem for version in frozen.order_by("pk").iterator() for problem in _problems(version)]


def _problems(version: ReportVersion) -> Iterator[str]:
    name = _name(version)
    if fingerprint(version) != version.hash:
        yield f"{name}的定稿内容与签发时的哈希不符"
    if version.origin == ReportVersion.Origin.IMPORTED:
        return
    own = next((line for line in version.contributions if line["source"] == OWN), None)
    if own is None:
        yield f"{name}缺少本级自身的数据"
        return
    figures = Figures.from_cells(queries.form_of(version), own["cells"])
    counted = _counted(version)
    for cell, source in cells.sources(figures.form).items():
        number = figures[cell].number
        if number is not None and source.figure(counted.get(cell, 0)) != number:
            yield f"{name}“{figures.form.cell(cell).label}”为{number}，与所留存的记录清单不符"


def _counted(version: ReportVersion) -> dict[str, Number]:
    """What the kept lists of records and tallies add up to, by leaf cell, in the unit of the measures."""
    form = queries.form_of(version)
    signs = {
        (cell, term.measure): term.sign
        for cell, source in cells.sources(form).items()
        for term in source.terms
    }
    totals: dict[str, Number] = defaultdict(int)
    for row in ReportEvidence.objects.filter(version=version):
        if measures.get(row.measure).amount:
            value: Number = sum((Decimal(record[1]) for record in row.records), Decimal(0))
        else:
            value = len(row.records)
        value += sum((Decimal(amount) for _key, amount in row.tallies), Decimal(0))
        totals[row.cell] += signs.get((row.cell, row.measure), 1) * value
    return totals


def _name(version: ReportVersion) -> str:
    report = version.report
    scope = report.get_scope_display()
    return f"{report.organ.name}{report.year}年度报告（{scope}，第{version.number}版）"
