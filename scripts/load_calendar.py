"""Writes the shipped working-day calendar from the dev dependency ``chinesecalendar``.

Run after a new State Council notice has reached the data set: ``python scripts/load_calendar.py``;
add the notice's title to ``NOTICES``. An office that is ahead of the data set loads the year at its own desk instead.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

FOLDER = Path(__file__).parents[1] / "src" / "gongkai" / "law" / "data" / "calendar" / "CN"

# Only notices whose title and number were looked up; the other years name the data set alone.
_TITLE = "国务院办公厅关于{}年部分节假日安排的通知"
NOTICES = {
    2020: _TITLE.format(2020)
    + "（国办发明电〔2019〕16号）、国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）",
    2021: _TITLE.format(2021) + "（国办发明电〔2020〕27号）",
    2022: _TITLE.format(2022) + "（国办发明电〔2021〕11号）",
    2023: _TITLE.format(2023) + "（国办发明电〔2022〕16号）",
    2025: _TITLE.format(2025) + "（2024年11月12日）",
    2026: _TITLE.format(2026) + "（2025年11月4日）",
}


def year_data(year: int) -> dict[str, object]:
    """One year in the shape of the shipped files."""
    return {
        "year": year,
        "region": "CN",
        "off": sorted(day.isoformat() for day in holidays if day.year == year),
        "work": sorted(day.isoformat() for day in workdays if day.year == year),
        "source": NOTICES.get(year),
        "dataset": "chinesecalendar",
        "version": version("chinesecalendar"),
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for year in sorted({day.year for day in holidays}):
        text = json.dumps(year_data(year), ensure_ascii=False, indent=1)
        (FOLDER / f"{year}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
