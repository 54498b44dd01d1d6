"""Search over the loaded demo: results by category, and over a city with its counties."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.base.fields import within
from gongkai.demo.places import LUOYANG, PINGDINGSHAN
from gongkai.documents import queries
from gongkai.organs.models import Organ

CATEGORIES = {"政策文件", "政策解读", "通知公告和其他信息", "政务动态", "年度报告", "机关"}


def counts(**asked: Any) -> dict[str, int]:
    """What the tabs above the results say, by category."""
    response = Client().get("/search/", asked)
    assert response.status_code == 200
    found = re.findall(r">(\w+)<span class=\"tabs__count\">([\d,]+)</span>", response.content.decode())
    return {label: int(number.replace(",", "")) for label, number in found}


@pytest.mark.seed("S169", "S297")
def test_results_stand_by_category_over_the_city_and_its_counties(
    index: Callable[[], None], organ: Any
) -> None:
    index()
    found = counts(q="市")
    assert {label for label, number in found.items() if number} >= CATEGORIES
    assert found["全部"] == sum(number for label, number in found.items() if label != "全部")
    documents = CATEGORIES - {"年度报告", "机关"}
    for code in (LUOYANG, PINGDINGSHAN):
        city = organ(code)
        shown = counts(organ=code)
        public = queries.public_documents(clock.today()).filter(within("path", city.path))
        assert sum(shown.get(label, 0) for label in documents) == public.count()
        counties = Organ.objects.filter(parent=city, tier="county", kind="government", valid_to=None)
        by_county = [counts(organ=one.code).get("全部", 0) for one in counties]
        assert len([number for number in by_county if number]) >= 10
        assert shown["全部"] > sum(by_county)
