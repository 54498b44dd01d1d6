"""A real server as a process of its own, to be stopped, killed and started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.operating.conftest import Installation

HERE = "127.0.0.1"


class Server:
    """`gongkai serve` on a port of the address `host`; it and its children form one process group."""

    def __init__(self, installation: Installation, port: int, *options: str, host: str = HERE) -> None:
        self.host, self.port = host, port
        self.process = subprocess.Popen(
            installation.command("serve", "--host", host, "--port", str(port), "--workers", "2", *options),
            env=installation.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._await_answer()

    def _await_answer(self) -> None:
        pause = threading.Event()
        for _ in range(600):
            assert self.process.poll() is None, self.process.communicate()
            with contextlib.suppress(OSError):
                self.get("/robots.txt")
                return
            pause.wait(0.1)
        raise AssertionError("the server does not answer")

    def get(self, path: str) -> int:
        """The status of a page."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def children(self) -> set[int]:
        """The living processes of the group besides the first (Linux: read from /proc, zombies left out)."""
        found = set()
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                state, _, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(group) == self.process.pid and state != "Z":
                    found.add(int(entry.name))
        return found - {self.process.pid}

    def is_alone(self, seconds: float = 10) -> bool:
        """Whether every child is gone within that time."""
        pause = threading.Event()
        for _ in range(int(seconds * 10)):
            if not self.children():
                return True
            pause.wait(0.1)
        return False

    def kill(self) -> None:
        """SIGKILL for all of them at once, as the kernel or a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)

    def stop(self) -> int:
        """SIGTERM, as a service manager does; the exit status."""
        self.process.terminate()
        self.process.communicate(timeout=60)
        return self.process.returncode


@contextmanager
def serving(installation: Installation, port: int, *options: str, host: str = HERE) -> Iterator[Server]:
    """A server that is gone when the block ends, however it ends."""
    server = Server(installation, port, *options, host=host)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        if server.process.poll() is None:
            server.process.wait(timeout=30)
