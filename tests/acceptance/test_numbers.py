"""发文字号 of the seeds on the loaded demo: every organ its own series, numbers given once, what is missing with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN
from gongkai.documents import series
from gongkai.documents.models import Document, NumberSeries

SERIES = {"洛政": LUOYANG, "洛政办": LY_OFFICE, "孟政办": MENGJIN, "平政": PINGDINGSHAN}


@pytest.mark.seed("S068")
@pytest.mark.parametrize(
    ("number", "missing"),
    [
        ("孟政办〔2020〕5号", {}),
        ("洛政办〔2020〕14号", {4: "不予公开", 9: "作废"}),
        ("平政〔2019〕17号", dict.fromkeys((3, 7, 8, 12, 15), "不予公开")),
    ],
)
def test_the_numbers_of_the_seeds_stand_in_their_series(
    organ: Any, number: str, missing: dict[int, str]
) -> None:
    mark, year = number[: number.index("〔")], int(number[number.index("〔") + 1 :][:4])
    document = Document.objects.get(number=number)
    assert document.organ == organ(SERIES[mark])
    kept = NumberSeries.objects.get(mark=mark)
    assert kept.organ == document.organ
    report = series.gaps(kept, year)
    last = int(number[number.index("〕") + 1 : -1])
    assert report.highest >= last
    assert {gap.serial: gap.reason for gap in report.gaps if gap.serial < last} == missing
    assert report.unexplained == 0
    given = Document.objects.filter(number__startswith=f"{mark}〔{year}〕", struck_at=None)
    numbers = list(given.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == report.registered


@pytest.mark.seed("S068")
def test_every_issuing_organ_has_a_series_of_its_own(organ: Any) -> None:
    marks = dict(NumberSeries.objects.values_list("mark", "organ__code"))
    assert len(marks) == NumberSeries.objects.count()
    assert {mark: marks[mark] for mark in SERIES} == SERIES
