"""The published tables the demo's records add up to, with the values their damage lost filled in from the proofs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LY19, MJ20, XG20, PDS19, LYO22 = (
    "000_bca638db5b43faf9",
    "001_ffbe52f84ecd70b2",
    "002_7b3c60a2029ed6a7",
    "003_2b7bc92f2bdde0c7",
    "004_98f37d1067004ea6",
)
ALL = (LY19, MJ20, XG20, PDS19, LYO22)
KINDS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
)
_NOT_OUTCOMES = {"new_received", "carried_in", "outcome_total", "carried_out"}


@dataclass(frozen=True)
class Seed:
    """One published report's tables; every cell known."""

    organ: str
    year: int
    form: str
    table2: dict[str, Any]
    table3: dict[str, dict[str, int]]
    table4: dict[str, dict[str, int]]

    def row(self, row: str) -> dict[str, int]:
        """The six applicant columns of one row of table 3."""
        return {kind: self.table3[row][kind] for kind in KINDS}

    def outcomes(self, kind: str) -> list[str]:
        """The outcomes of one applicant column, each as often as it was published."""
        return [row for row in self.table3 if row not in _NOT_OUTCOMES for _ in range(self.table3[row][kind])]


@cache
def seed(key: str) -> Seed:
    """The seed named by its file. Raises FileNotFoundError."""
    text = files("gongkai.demo").joinpath("data", "seed-tables", f"{key}.json").read_text("utf-8")
    raw = json.loads(text)
    for proof in raw["inferred"]:
        table, row, column = proof["path"].split(".")
        raw[table][row][column] = proof["value"]
    return Seed(raw["organ"], raw["report_year"], raw["format"], raw["table2"], raw["table3"], raw["table4"])
