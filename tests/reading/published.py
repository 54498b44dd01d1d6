"""The published reports that are read in the tests, each with its tables transcribed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report

_DATA = Path(__file__).parents[1] / "data"

FILES: dict[str, tuple[str, str]] = {
    "LY19": ("seeds/000_bca638db5b43faf9.txt", "seed-tables/000_bca638db5b43faf9.json"),
    "MJ20": ("seeds/001_ffbe52f84ecd70b2.txt", "seed-tables/001_ffbe52f84ecd70b2.json"),
    "XG20": ("seeds/002_7b3c60a2029ed6a7.txt", "seed-tables/002_7b3c60a2029ed6a7.json"),
    "PDS19": ("seeds/003_2b7bc92f2bdde0c7.txt", "seed-tables/003_2b7bc92f2bdde0c7.json"),
    "LYO22": ("seeds/004_98f37d1067004ea6.txt", "seed-tables/004_98f37d1067004ea6.json"),
    "HZ23": ("corpus/hongze-2023.pdf", "corpus/hongze-2023.json"),
    "SY23": ("corpus/shuyang-drc-2023.html", "corpus/shuyang-drc-2023.json"),
}
SEEDS = ("LY19", "MJ20", "XG20", "PDS19", "LYO22")


def path(name: str) -> Path:
    """The file as published."""
    return _DATA / FILES[name][0]


@cache
def report(name: str) -> Report:
    """The report as Gongkai reads it."""
    return read_bytes(path(name).read_bytes(), FILES[name][0])


@cache
def truth(name: str) -> dict[str, Any]:
    """The transcription."""
    return json.loads((_DATA / FILES[name][1]).read_text(encoding="utf-8"))


def flat(data: dict[str, Any]) -> dict[str, Any]:
    """Cell path → content of the three tables."""
    return {
        path: content
        for table in ("table2", "table3", "table4")
        for path, content in _walk(table, data.get(table, {}))
    }


def _walk(path: str, content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for key, inner in content.items():
            yield from _walk(f"{path}.{key}", inner)
    else:
        yield path, content
