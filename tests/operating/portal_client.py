"""An applicant's browser, reduced to what HTTP needs: cookies, hidden fields, the four pages of the application."""

from __future__ import annotations

import http.client
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

ANSWERS = (
    ("who", {"kind": "natural_person", "id_type": "id_card"}),
    ("reach", {"phone": "13800000000"}),
    ("what", {"info_description": "2025年某路改造工程的批准文件"}),
    ("how", {"delivery_form": "electronic", "delivery_way": "website"}),
)


class Applicant:
    """One person filling in the form of one organ; `send` is the last click and may be clicked again."""

    def __init__(self, port: int, organ: str, name: str, host: str = "127.0.0.1") -> None:
        self.host, self.port, self.path, self.name = host, port, f"/o/{organ}/apply/", name
        self.cookie, self.hidden = "", {"state": "", "csrfmiddlewaretoken": ""}

    def fill_in(self) -> None:
        """Everything up to the page with the last button."""
        self._take(self._request("GET"))
        for step, answers in ANSWERS:
            identity = {"applicant_name": self.name, "id_number": f"ID-{self.name}"} if step == "who" else {}
            self._take(
                self._request("POST", {**self.hidden, "step": step, "go": "next", **answers, **identity})
            )

    def send(self) -> str:
        """Submit; the query number on the receipt. Raises OSError or HTTPException when the server goes away."""
        page = self._request("POST", {**self.hidden, "step": "check", "go": "send"})
        found = re.search(r'receipt__number">([0-9A-Z]{12})<', page)
        assert found, page
        return found[1]

    def _request(self, method: str, fields: dict[str, str] | None = None) -> str:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            body = urlencode(fields) if fields else None
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
            connection.request(method, self.path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        assert response.status == 200, (response.status, page[:2000])
        if cookie := re.search(r"csrftoken=\w+", response.getheader("Set-Cookie") or ""):
            self.cookie = cookie[0]
        return page

    def _take(self, page: str) -> None:
        found = _Hidden()
        found.feed(page)
        self.hidden = {name: found.values[name] for name in self.hidden}


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.values[str(given["name"])] = given.get("value") or ""
