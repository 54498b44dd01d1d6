"""The published reports that are read in the tests, each with its tables transcribed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report
from tests.support.published import EXPECTED, REPORTS, SEED_TABLES

FILES = {
    "LY19": "000_bca638db5b43faf9.txt",
    "MJ20": "001_ffbe52f84ecd70b2.txt",
    "XG20": "002_7b3c60a2029ed6a7.txt",
    "PDS19": "003_2b7bc92f2bdde0c7.txt",
    "LYO22": "004_98f37d1067004ea6.txt",
    "HZ23": "hongze-2023.pdf",
    "SY23": "shuyang-drc-2023.html",
}
SEEDS = ("LY19", "MJ20", "XG20", "PDS19", "LYO22")


def path(name: str) -> Path:
    """The file as published."""
    return REPORTS / FILES[name]


@cache
def report(name: str) -> Report:
    """The report as Gongkai reads it."""
    return read_bytes(path(name).read_bytes(), FILES[name])


@cache
def truth(name: str) -> dict[str, Any]:
    """The transcription."""
    folder = SEED_TABLES if name in SEEDS else EXPECTED
    return json.loads((folder / FILES[name]).with_suffix(".json").read_text(encoding="utf-8"))


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
