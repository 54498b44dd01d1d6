"""Installations of their own for tests of commands: each command is a process, as an operator would start it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PRODUCTION = {"GONGKAI_HTTPS": "0", "GONGKAI_SUBMISSIONS_PER_HOUR": "0"}


@dataclass(frozen=True)
class Installation:
    """A home and the environment its commands run in; nothing of the test process's own GONGKAI_* reaches them."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "DJANGO_"))
        }
        return {**inherited, **PRODUCTION, "GONGKAI_HOME": str(self.home), **self.settings}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "gongkai.cli", *words]

    def run(self, *words: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        return subprocess.run(
            self.command(*words),
            env=self.environment | settings,
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def do(self, *words: str) -> str:
        """One command that must succeed; what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refusal(self, *words: str, **settings: str) -> str:
        """One command that must be refused with status 2 and one sentence; the sentence."""
        done = self.run(*words, **settings)
        lines = done.stderr.strip().splitlines()
        assert (done.returncode, len(lines)) == (2, 1), done.stdout + done.stderr
        return lines[0]

    def python(self, code: str) -> str:
        """Code run inside the installation; what it printed."""
        return self.do("manage", "shell", "--no-imports", "-c", code)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production home with its root organ and operator, as `gongkai init` leaves it."""
    home = tmp_path_factory.mktemp("made") / "home"
    Installation(home).do("init", "--organ", "甲市人民政府", "--organ-code", "city")
    return home


@pytest.fixture
def installation(made_once: Path, tmp_path: Path) -> Installation:
    """A copy of it, to be used up."""
    shutil.copytree(made_once, tmp_path / "home")
    return Installation(tmp_path / "home")


@pytest.fixture
def nowhere(tmp_path: Path) -> Callable[[str], Installation]:
    """Homes that are not made yet, by name."""
    return lambda name: Installation(tmp_path / name)


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
