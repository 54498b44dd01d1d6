"""All of the review room's tests stand on one working day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongkai.base import clock
from tests.review.support import DAY


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> Iterator[None]:
    with clock.on_day(DAY):
        yield
