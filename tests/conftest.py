"""Fixtures every room may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongkai.monitoring import hosting
from gongkai.organs import calendars
from gongkai.search import indexer
from tests.support import snapshot

# One browser a process: declared here, and here alone, because a fixture imported twice would start two.
from tests.support.browser import chromium, open_page  # noqa: F401
from tests.support.world import World


@pytest.fixture
def world(db: None) -> World:
    """A small city with every role staffed at every organ."""
    return snapshot.city()


@pytest.fixture
def index(settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Brings the search index up to what the database holds; the first call builds it, in a folder of the test's own."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    return indexer.once


@pytest.fixture(autouse=True)
def _calendars_as_in_the_database() -> Iterator[None]:
    """A process keeps calendars for some seconds; a test's rollback must not be outlived by what it loaded."""
    calendars.reset()
    yield
    calendars.reset()


@pytest.fixture(autouse=True)
def _sites_as_in_the_database() -> Iterator[None]:
    """A process keeps the register of sites; tests that register none begin with an empty one, and read nothing."""
    hosting.assume(hosting.Picture())
    yield
    hosting.reset()


# The demo's own tests run by themselves (`make test` starts that run): they need its records in the database.
collect_ignore = [] if os.environ.get("GONGKAI_TEST_DEMO") == "1" else ["acceptance"]
