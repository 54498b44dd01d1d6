"""Everything that can be done with a request: one function per action of ``law.procedure``, and nothing else.

Each takes the case, ``by`` (the capacity somebody acts in) and ``on`` (the day it counts for; default today, earlier for
late recording, never in the future), runs in one transaction with the case locked, and returns the case as it then
stands. Raises Refused with the sentence for the page when the procedure does not permit it now, ValidationError for bad
input, by field. ``Upload(name, content, purpose="")`` is a file.
"""

from gongkai.requests.actions.course import (
    accept,
    approve_delay,
    approve_extension,
    ask_correction,
    ask_explanation,
    assign,
    close_consultation,
    consult,
    decline_delay,
    decline_extension,
    extend_correction,
    lapse_correction,
    lapse_explanation,
    propose_delay,
    propose_extension,
    receive_correction,
    receive_explanation,
    split,
)
from gongkai.requests.actions.decision import (
    answer,
    approve_draft,
    archive,
    dispatch,
    draft,
    lapse,
    redo,
    return_draft,
    review_draft,
    serve,
    submit_draft,
    withdraw,
)
from gongkai.requests.actions.intake import Receipt, confirm, contact, forward, submit
from gongkai.requests.actions.steps import Upload, frozen_by, project

__all__ = [
    "Receipt",
    "Upload",
    "accept",
    "answer",
    "approve_delay",
    "approve_draft",
    "approve_extension",
    "archive",
    "ask_correction",
    "ask_explanation",
    "assign",
    "close_consultation",
    "confirm",
    "consult",
    "contact",
    "decline_delay",
    "decline_extension",
    "dispatch",
    "draft",
    "extend_correction",
    "forward",
    "frozen_by",
    "lapse",
    "lapse_correction",
    "lapse_explanation",
    "project",
    "propose_delay",
    "propose_extension",
    "receive_correction",
    "receive_explanation",
    "redo",
    "return_draft",
    "review_draft",
    "serve",
    "split",
    "submit",
    "submit_draft",
    "withdraw",
]
