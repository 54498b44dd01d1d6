"""Every reconciliation rule of the two forms, except those on the narrative, as one list.

Rules are grouped by what they look at; each group stands in a module of its own and is declared, not programmed.
"""

from __future__ import annotations

from .rulebook import Rule
from .rules_across_years import ACROSS_YEARS
from .rules_disclosure import DISCLOSURE
from .rules_remedies import REMEDIES
from .rules_requests import REQUESTS
from .rules_rollup import ROLL_UP

RULES: tuple[Rule, ...] = (*DISCLOSURE, *REQUESTS, *REMEDIES, *ACROSS_YEARS, *ROLL_UP)


def rule_by_id(rule_id: str) -> Rule:
    """The rule with this id. Raises ``KeyError`` if there is none."""
    for rule in RULES:
        if rule.id == rule_id:
            return rule
    raise KeyError(rule_id)
