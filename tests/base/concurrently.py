"""Run one function in several threads at once, each with database connections of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def concurrently(threads: int, work: Callable[[], T]) -> list[T]:
    """The results of `work`, begun by all threads at the same moment."""
    start = threading.Barrier(threads)

    def one() -> T:
        try:
            start.wait(timeout=30)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [future.result(timeout=120) for future in [pool.submit(one) for _ in range(threads)]]
