"""``gongkai demo --full``: documents in the place of monthly counts, and every figure as before."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.base.measures import Period
from gongkai.base.models import Tally
from gongkai.demo import full
from gongkai.demo.places import XIGONG
from gongkai.documents import verify as documents_verify
from gongkai.documents.channel_tallies import DOCUMENTS, RELEASES
from gongkai.documents.models import Document
from gongkai.figures.values import evaluate

# S028 and S029, by what they are counted under
_ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    (RELEASES, {}),
    (RELEASES, {"category": "website"}),
    (RELEASES, {"category": "wechat"}),
    (RELEASES, {"category": "other"}),
    (RELEASES, {"category": "website", "kind": "news"}),
    (RELEASES, {"category": "website", "kind": "notice"}),
    (RELEASES, {"group": "D6"}),
    (DOCUMENTS, {}),
)


def _figures(path: str) -> list[Any]:
    found = evaluate([RELEASES, DOCUMENTS], path, Period.year(2020))
    return [found.total(key, path, **dims).number for key, dims in _ASKED]


@pytest.mark.seed("S028")
def test_counted_one_by_one_the_county_has_the_same_figures(organ: Any) -> None:
    county = organ(XIGONG)
    before, documents = _figures(county.path), Document.objects.count()
    came = full.expand(say=lambda line: None, below=county.path, only=2020)
    assert came == Document.objects.count() - documents > 4_000
    assert _figures(county.path) == before
    left = Tally.objects.filter(
        path=county.path,
        measure=RELEASES,
        value__gt=0,
        superseded_by=None,
        period_from__year=2020,
    )
    assert not left.exists()
    assert documents_verify.problems() == []
    assert full.expand(say=lambda line: None, below=county.path, only=2020) == 0
