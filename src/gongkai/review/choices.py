"""What an organ has chosen: the nearest one up the tree decides, else the defaults."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.base.fields import prefixes
from gongkai.organs.models import Organ
from gongkai.review.models import ChainTemplate, ReviewSettings


def settings_for(organ: Organ) -> ReviewSettings:
    """The settings that hold for `organ`."""
    found = list(ReviewSettings.objects.filter(path__in=prefixes(organ.path)))
    return max(found, key=lambda row: len(row.path), default=ReviewSettings())


def sensitive_words(organ: Organ) -> list[str]:
    """The sensitive words of everybody up the tree: a word listed above holds below."""
    rows = ReviewSettings.objects.filter(path__in=prefixes(organ.path)).values_list(
        "sensitive_words", flat=True
    )
    return sorted({word.strip() for text in rows for word in text.splitlines() if word.strip()})


def current(rows: QuerySet[ChainTemplate]) -> list[ChainTemplate]:
    """The newest version of each chain, without the retired."""
    newest: dict[tuple[str, str], ChainTemplate] = {}
    for row in rows.select_related("organ").order_by("version"):
        newest[row.path, row.key] = row
    return [row for row in newest.values() if not row.retired]


def chains_for(organ: Organ, kind: str) -> list[ChainTemplate]:
    """The chains a subject of `kind` may take: the organ's own, then those inherited, nearest first; of each organ those
    made for the kind before those for all."""
    found = [
        row
        for row in current(ChainTemplate.objects.filter(path__in=prefixes(organ.path)))
        if (row.path == organ.path or row.whole_tree) and (not row.kinds or kind in row.kinds)
    ]
    return sorted(found, key=lambda row: (-len(row.path), not row.kinds, row.key))


def chain_for(organ: Organ, kind: str) -> ChainTemplate | None:
    """The chain taken unless another is named."""
    return next(iter(chains_for(organ, kind)), None)
