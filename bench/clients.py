"""People at work: one browser at the desk, or several applicants at once."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Reader:
    """A signed-in browser on one connection that stays open."""

    def __init__(self, port: int, cookie: str) -> None:
        self._headers = {"Cookie": cookie}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> None:
        """Open a page to its last byte. Raises RuntimeError unless it is there."""
        self._connection.request("GET", address, headers=self._headers)
        response = self._connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{address}: {response.status}")


def at_once(clients: int, work: Callable[[T], object], items: Iterable[T]) -> float:
    """Do `work` on every item with so many clients at once; seconds for all of them."""
    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        list(pool.map(work, items))
        return time.perf_counter() - began
