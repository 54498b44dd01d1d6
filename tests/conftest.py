"""Fixtures every room may use."""

from __future__ import annotations

import pytest

from tests.support.world import World, small_city


@pytest.fixture
def world(db: None) -> World:
    """A small city with every role staffed at every organ."""
    return small_city()
