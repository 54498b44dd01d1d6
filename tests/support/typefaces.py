"""A Chinese typeface for the tests that set PDF: the system's own; skipped by name without one."""

from __future__ import annotations

import os

import pytest


def need_chinese() -> None:
    """Skip, loudly: or fail where everything is required."""
    from gongkai.annualreport.rendering import fonts

    reason = fonts.problem()
    if not reason:
        return
    if os.environ.get("GONGKAI_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"PDF test without a Chinese typeface: {reason}")
    pytest.skip(f"no Chinese typeface (install fonts-noto-cjk): {reason}")
