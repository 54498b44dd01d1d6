"""What `gongkai verify` checks here: every column says what its newest version says."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.catalogue.models import Column


def problems() -> Iterator[str]:
    """One sentence per column that differs from its versions."""
    for column in Column.objects.prefetch_related("versions").iterator(chunk_size=500):
        versions = sorted(column.versions.all(), key=lambda one: one.seq)
        if not versions:
            yield f"栏目第{column.pk}号没有任何版本记录"
            continue
        wrong = [name for name, value in versions[-1].face.items() if getattr(column, name) != value]
        closed = versions[-1].on if column.state != Column.State.OPEN else None
        if wrong or column.closed_on != closed or column.opened_on != versions[0].on:
            yield f"栏目第{column.pk}号与其版本记录不符"
