"""Short ways through the procedure for tests: who usually does what, on the day given."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from gongkai.organs.actors import APPLICANT, Actor, system
from gongkai.organs.models import Role
from gongkai.requests import actions
from gongkai.requests.models import Case
from tests.support.world import World

MACHINE = system("test")
NAME, NUMBER, PHONE = "钱测试", "410300199001010011", "13800000000"
_tokens = itertools.count(1)


def day(text: str) -> dt.date:
    """``"03-02"`` is a day of 2022; a full date is itself."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2022-{text}")


def form(**changes: str) -> dict[str, str]:
    """A complete application."""
    return {
        "applicant_name": NAME,
        "id_type": "id_card",
        "id_number": NUMBER,
        "phone": PHONE,
        "info_description": "2021年城区道路维修计划及实施情况",
        "delivery_form": "electronic",
        "delivery_way": "website",
        **changes,
    }


@dataclass
class Office:
    """One organ's staff at work. ``office.handler`` and the like are actors; methods are short stories."""

    world: World
    code: str = "city-office"
    _actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, role: str) -> Actor:
        if role not in Role.values:
            raise AttributeError(role)
        if role not in self._actors:
            self._actors[role] = self.world.actor(self.code, role)
        return self._actors[role]

    def submitted(
        self,
        on: str = "03-02",
        *,
        channel: str = "internet",
        kind: str = "natural_person",
        token: str = "",
        by: Actor = APPLICANT,
        **changes: str,
    ) -> Case:
        return actions.submit(
            organ=self.world.organs[self.code],
            channel=channel,
            kind=kind,
            form=form(**changes),
            token=token or f"token-{next(_tokens)}",
            by=by,
            on=day(on),
        ).case

    def registered(self, on: str = "03-02", **more: Any) -> Case:
        return actions.confirm(self.submitted(on, **more), by=self.handler, on=day(on))

    def in_process(self, on: str = "03-02", **more: Any) -> Case:
        return actions.accept(self.registered(on, **more), by=self.handler, on=day(on))

    def drafted(self, case: Case, on: str, outcome: str = "granted", **content: Any) -> Case:
        content.setdefault("text", "现将您申请的信息提供给您。")
        if outcome != "granted":
            content.setdefault("reason", "经审查，理由如下。")
            content.setdefault("article", "《政府信息公开条例》第三十六条")
        return actions.draft(case, by=self.handler, on=day(on), outcome=outcome, **content)

    def approved(self, case: Case, on: str, outcome: str = "granted", **content: Any) -> Case:
        self.drafted(case, on, outcome, **content)
        actions.submit_draft(case, by=self.handler, on=day(on))
        actions.review_draft(case, by=self.secrecy, on=day(on))
        return actions.approve_draft(case, by=self.leader, on=day(on))

    def answered(self, case: Case, on: str, outcome: str = "granted", **content: str) -> Case:
        self.approved(case, on, outcome, **content)
        return actions.answer(case, by=self.handler, on=day(on))

    def dispatched(self, case: Case, on: str, outcome: str = "granted", **content: str) -> Case:
        self.answered(case, on, outcome, **content)
        return actions.dispatch(case, by=self.handler, on=day(on))
