"""The check at the head of every action: may this actor, in the very post they act in, do this at that path?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import MANAGE, VIEW, WORK

__all__ = ["MANAGE", "VIEW", "WORK", "holds", "place", "require"]


def holds(by: Actor, verb: str, register: str, path: str) -> bool:
    """Whether `by` may `verb` records of `register` at `path` (``""``: what is common to the whole installation).

    Jobs of the machine may; a person only in the post the actor was made for, not in any other they hold.
    """
    if by.is_machine:
        return True
    if by.viewer is None:
        return False
    return any(grant.post_id == by.post_id for grant in scope.roles(by.viewer, verb, register, path))


def require(by: Actor, verb: str, register: str, path: str, otherwise: str = "") -> None:
    """Raise Refused, with `otherwise` or a general sentence, unless `by` holds the right."""
    if not holds(by, verb, register, path):
        raise Refused(otherwise or _("您现在的岗位不能办理此事，请联系负责本机关的运维岗。"))


def place(by: Actor) -> str:
    """The path of the organ `by` acts for: where the audit log files what belongs to no organ."""
    if by.viewer is None:
        return ""
    return next((grant.path for grant in by.viewer.grants if grant.post_id == by.post_id), "")
