"""From a button to the room's action: in which post a person acts, and what comes back when it is refused."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.desk.register.declare import Action, Register
from gongkai.desk.register.forms import ActionForm
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import COMMON, Viewer

NOT_YOURS = "您现在的岗位可以查看，不能办理。"


def places(register: Register, record: Any) -> list[str]:
    """The paths a record belongs to: one, or a person's as many as they have posts; COMMON for what belongs to all."""
    if register.is_common:
        return [COMMON]
    found = [record]
    for step in str(register.model.scope_path).split("__"):  # type: ignore[attr-defined]
        found = [below for above in found for below in _follow(above, step)]
    return [str(path) for path in found]


def _follow(above: Any, step: str) -> list[Any]:
    below = getattr(above, step)
    return list(below.all()) if hasattr(below, "all") else [below]


def may(who: Viewer, register: Register, action: Action, record: Any = None) -> bool:
    """Whether some post of `who` may do this, to `record` or (new) anywhere at all."""
    name = action.register or register.scope_register
    if action.common or register.is_common:
        return scope.allows(who, action.verb, name, COMMON)
    if record is not None:
        return any(scope.allows(who, action.verb, name, path) for path in places(register, record))
    return scope.condition_for(who, name, "path", action.verb) is not None


def reason_against(who: Viewer, register: Register, action: Action, record: Any) -> str:
    """Why the button is greyed, "" when it is not."""
    return str(action.refusal(record)) if may(who, register, action, record) else _(NOT_YOURS)


def actor(who: Viewer, focus: Viewer, register: Register, action: Action, data: Any, record: Any) -> Actor:
    """The post to act in, one at the organ worked for if it may. Raises Refused."""
    name = action.register or register.scope_register
    for viewer in (focus, who):
        for path in _paths(register, action, data, record):
            if found := actors_for(viewer, name, path, action.verb):
                return found[0]
    raise Refused(_(NOT_YOURS))


def _paths(register: Register, action: Action, data: Any, record: Any) -> list[str]:
    if action.common or register.is_common:
        return [COMMON]
    if record is not None:
        return places(register, record)
    organ = data.get("organ") or data.get("parent")
    return [organ.path] if isinstance(organ, Organ) else []


def attempt(form: ActionForm, do: Any) -> tuple[bool, Any]:
    """Do it, or put the reason why not on the form: (done, what the action returned)."""
    try:
        return True, do()
    except ValidationError as error:
        form.take(error)
    except Refused as refused:
        form.add_error(None, str(refused))
    return False, None
