"""Is the library whole? One sentence per problem, for ``gongkai verify``. The originals themselves are checked with all files."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Max

from gongkai.forms.figures import Figures
from gongkai.forms.values import State

from .models import CollectedReport, ReadVersion
from .parsing import form_of

_COUNTS = {
    State.KNOWN: "read_cells",
    State.BLANK: "blank_cells",
    State.INFERRED: "inferred_cells",
    State.UNREAD: "unread_cells",
}


def problems() -> Iterator[str]:
    """Counts that do not agree with the cells, hashes that are not the file's, and reports whose latest version is not
    the last."""
    versions = ReadVersion.objects.select_related("report", "file").defer("sections", "findings", "places")
    for version in versions.order_by("pk").iterator(chunk_size=200):
        yield from _of_version(version)
    yield from _latest()


def _of_version(version: ReadVersion) -> Iterator[str]:
    name = f"年报库第{version.pk}份（{version.source}）"
    if version.sha256 != version.file.sha256:
        yield f"{name}登记的校验值与原件的不符"
    try:
        figures = Figures.from_cells(form_of(version.form, version.cells), version.cells)
    except (ValueError, LookupError, TypeError):
        yield f"{name}的单元格数据无法解读"
        return
    states = [value.state for value in figures.values()]
    if any(states.count(state) != getattr(version, field) for state, field in _COUNTS.items()):
        yield f"{name}的各状态格数与单元格数据不符"


def _latest() -> Iterator[str]:
    wrong = (
        CollectedReport.objects.annotate(last=Max("versions__number"))
        .exclude(latest__number=F("last"), latest__report=F("pk"))
        .order_by("pk")
    )
    for report in wrong:
        yield f"{report.name}{report.year}年度报告（年报库）的最新一版登记有误"
