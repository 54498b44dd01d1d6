"""What the portal's tests share: a browser, and an applicant who fills in the form page by page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

WHO = {
    "kind": "natural_person",
    "applicant_name": "欧阳测试",
    "id_type": "id_card",
    "id_number": "41030519900101777X",
}
REACH = {"phone": "13900001234", "email": "ouyang@example.com", "address": "甲市乙区无名路9号"}
WHAT = {"info_description": "2021年无名路旧城改造项目房屋征收补偿方案"}
HOW = {"delivery_form": "electronic", "delivery_way": "website"}
STEPS = (("who", WHO), ("reach", REACH), ("what", WHAT), ("how", HOW))
PERSONAL = ("欧阳测试", "41030519900101777X", "13900001234", "ouyang@example.com", "无名路")


class Applicant:
    """Somebody at the form of one organ; `page` is the last answer's text."""

    def __init__(self, client: Client, code: str = "city-office") -> None:
        self.client = client
        self.address = f"/o/{code}/apply/"
        self.response: Any = client.get(self.address)

    @property
    def page(self) -> str:
        return str(self.response.content.decode())

    @property
    def state(self) -> str:
        found = re.search(r'name="state" value="([^"]+)"', self.page)
        assert found, self.page
        return unescape(found[1])

    def post(self, step: str, answers: dict[str, Any] | None = None, go: str = "next", **more: Any) -> Any:
        sent = {"state": self.state, "step": step, "go": go, **(answers or {}), **more}
        self.response = self.client.post(self.address, sent)
        return self.response

    def fill(self, **changed: dict[str, Any]) -> Applicant:
        for step, answers in STEPS:
            self.post(step, {**answers, **changed.get(step, {})})
        return self

    def send(self, **more: Any) -> Any:
        return self.post("check", go="send", **more)


@pytest.fixture
def applicant(client: Client, world: Any) -> Applicant:
    return Applicant(client)


def receipt_of(response: Any) -> tuple[str, str]:
    """Query number and secret as the receipt shows them."""
    reference, secret = re.findall(r'class="receipt__number">([^<]+)<', response.content.decode())
    return reference, secret
