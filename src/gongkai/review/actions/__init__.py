"""What can be done in the review room; one function each."""

from gongkai.review.actions.consulting import consult, note_silence, reply
from gongkai.review.actions.delegating import delegate, revoke_delegation
from gongkai.review.actions.duties import set_duty
from gongkai.review.actions.files import clean_file, inspect_file
from gongkai.review.actions.leaks import follow_up_leak, report_leak
from gongkai.review.actions.reexamining import reexamine, withhold
from gongkai.review.actions.running import amend, opine, resubmit, return_, start, withdraw
from gongkai.review.actions.secrecy import conclude_secrecy
from gongkai.review.actions.templates import adopt_chain, retire_chain, save_chain, set_choices

__all__ = [
    "adopt_chain",
    "amend",
    "clean_file",
    "conclude_secrecy",
    "consult",
    "delegate",
    "follow_up_leak",
    "inspect_file",
    "note_silence",
    "opine",
    "reexamine",
    "reply",
    "report_leak",
    "resubmit",
    "retire_chain",
    "return_",
    "revoke_delegation",
    "save_chain",
    "set_choices",
    "set_duty",
    "start",
    "withdraw",
    "withhold",
]
