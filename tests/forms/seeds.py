"""The transcribed tables of five published reports, by short name."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from gongkai.forms.figures import Figures
from tests.support.published import SEED_TABLES

SEEDS = {
    "LY19": "000_bca638db5b43faf9",  # 洛阳市 2019, consolidated
    "MJ20": "001_ffbe52f84ecd70b2",  # 孟津县 2020
    "XG20": "002_7b3c60a2029ed6a7",  # 西工区 2020
    "PDS19": "003_2b7bc92f2bdde0c7",  # 平顶山市 2019, consolidated
    "LYO22": "004_98f37d1067004ea6",  # 洛阳市人民政府办公室 2022, own figures
}


@cache
def seed(name: str) -> dict[str, Any]:
    return json.loads((SEED_TABLES / f"{SEEDS[name]}.json").read_text(encoding="utf-8"))


def seed_figures(name: str) -> Figures:
    return Figures.from_seed_tables(seed(name))
