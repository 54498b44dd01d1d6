"""As many files being read as may be at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.annualreport.checked import confine


@contextmanager
def others_being_read() -> Iterator[None]:
    """Inside, no page has room to read a file."""
    taken = 0
    while confine._AT_ONCE.acquire(blocking=False):
        taken += 1
    try:
        yield
    finally:
        for _ in range(taken):
            confine._AT_ONCE.release()
