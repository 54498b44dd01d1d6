"""A Chromium for the tests marked `browser`: the system's own, or the one Playwright installed; skipped by name without one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 720}
NARROW = {"width": 320, "height": 640}


def system_chromium() -> str | None:
    """Where the system keeps a Chromium, if it does."""
    known = Path("/usr/bin/chromium")
    return str(known) if known.exists() else shutil.which("chromium") or shutil.which("chromium-browser")


def missing(reason: str) -> None:
    """Skip, loudly: or fail where everything is required."""
    if os.environ.get("GONGKAI_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"browser test without a browser: {reason}")
    pytest.skip(f"no browser: {reason}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The launched browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright's loop runs in this thread; the database is used from it all the same, never concurrently.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        except playwright.Error as error:
            missing(str(error).splitlines()[0])
            return
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """``open_page(width…)`` gives a page of a context of its own; errors on the console fail the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(**options: Any) -> Any:
        context = chromium.new_context(**{"viewport": DESKTOP, "locale": "zh-CN", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    # A page answered with 4xx on purpose is logged by the browser as a failed load.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def violations(page: Any) -> list[str]:
    """What axe finds on the page, one line per violation: rule, impact and the first element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]}" for v in found]


def scrolls_sideways(page: Any) -> bool:
    """Whether the page itself is wider than the window (tables scroll inside a box of their own)."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
