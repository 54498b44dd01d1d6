"""What can be done about interpretations: settings, plans, marks, the interpretation and its links."""

from gongkai.documents.interpretation.choices import set_choices
from gongkai.documents.interpretation.linking import (
    add_interpretation,
    describe_interpretation,
    link,
    unlink,
)
from gongkai.documents.interpretation.planning import (
    exempt,
    lift_exemption,
    mark_important,
    set_plan,
    unmark_important,
)

__all__ = [
    "add_interpretation",
    "describe_interpretation",
    "exempt",
    "lift_exemption",
    "link",
    "mark_important",
    "set_choices",
    "set_plan",
    "unlink",
    "unmark_important",
]
