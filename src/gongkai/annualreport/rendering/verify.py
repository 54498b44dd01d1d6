"""Are the archived files what was archived? One sentence per problem, for ``gongkai verify``."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.annualreport import queries

from . import prints
from .models import Print


def problems() -> Iterator[str]:
    """Prints whose bytes, hash or size are not those of the day they were made, or whose version is not frozen."""
    kept = Print.objects.select_related("version__report__organ", "file").defer("file__name")
    for made in kept.order_by("pk").iterator(chunk_size=100):
        report = made.version.report
        name = f"{report.organ.name}{report.year}年度报告第{made.version.number}版的 {made.get_format_display()} 文件"
        if made.version.state not in queries.FINAL:
            yield f"{name}属于没有签发的版本"
        if (made.file.sha256, made.file.size) != (made.sha256, made.size):
            yield f"{name}登记的校验值或大小前后不一"
        try:
            content = prints.content(made)
        except prints.Damaged:
            yield f"{name}缺失，或内容与存档时的校验值不符"
            continue
        if len(content) != made.size:
            yield f"{name}的大小与存档时不符"
