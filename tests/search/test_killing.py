"""kill -9 of the indexer at random points loses no document. ``GONGKAI_KILLS=100`` for the long run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operating.conftest import Installation, installation, made_once  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("GONGKAI_KILLS", "12"))
pytestmark = pytest.mark.server


def test_no_kill_loses_a_document(installation: Installation) -> None:  # noqa: F811
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.killing", str(KILLS), "20221"],
        env=installation.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} kills" in done.stdout
    assert " 0 differences, 1 folder" in done.stdout
