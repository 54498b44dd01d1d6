"""What the worker does for the library."""

from __future__ import annotations

from typing import Any

from gongkai.base import outbox

from . import actions, intake


def register() -> None:
    """Called once when the house starts."""

    @outbox.handles(intake.TOPIC, slow=True)
    def carry_on(payload: dict[str, Any]) -> None:
        intake.work_on(int(payload["intake"]))

    @outbox.handles(actions.CHECK_AGAIN, slow=True)
    def check_again(payload: dict[str, Any]) -> None:
        actions.check_later(int(payload["version"]))
