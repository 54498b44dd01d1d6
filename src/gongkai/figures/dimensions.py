"""What a dimension of a measure may be: the values the law, the forms or the registers know, with their words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongkai.base import tallies
from gongkai.base.measures import Measure
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.remedies.models import Column as Result


def values(measure: Measure, name: str) -> list[tuple[str, str]]:
    """The values of a dimension with their words, in the order of the forms; none where anything may stand."""
    if name == "kind" and measure.register == "requests":
        return [(kind.key, kind.label) for kind in APPLICANT_KINDS.values()]
    if name == "outcome":
        return [(key, outcome.label) for key, outcome in OUTCOMES.items()]
    if name == "column":
        return [*((value, str(label)) for value, label in Result.choices), ("pending", _("尚未审结"))]
    return tallies.choices(measure, name)
