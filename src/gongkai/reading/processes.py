"""Work spread over processes of our own: a file that kills or hangs its process costs that file alone."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

Work = Callable[[str], Any]

# A process is renewed after so many files, so that memory stays flat over tens of thousands.
_FILES_PER_PROCESS = 400
_WAITING_PER_PROCESS = 4
# The slowest scans take minutes.
SECONDS = 900.0


def each(work: Work, names: Sequence[str], jobs: int, lost: Work, seconds: float = SECONDS) -> Iterator[Any]:
    """``work`` done for every name, in order, by ``jobs`` processes; only a few results wait at a time.

    ``lost`` gives the result for a name whose process died, or took longer than ``seconds``.
    """
    if jobs <= 1 or len(names) <= 1:
        yield from map(work, names)
        return
    workers = [_Worker(work) for _ in range(min(jobs, len(names)))]
    try:
        yield from _in_order(workers, names, lost, seconds)
    finally:
        for worker in workers:
            worker.stop()


def _in_order(workers: list[_Worker], names: Sequence[str], lost: Work, seconds: float) -> Iterator[Any]:
    ready: dict[int, Any] = {}
    given = told = 0
    while told < len(names):
        for worker in workers:
            if worker.task is None and given < min(len(names), told + len(workers) * _WAITING_PER_PROCESS):
                worker.give(given, names[given])
                given += 1
        for worker in _answering(workers, seconds):
            assert worker.task is not None  # noqa: S101 - only those with a task are waited for
            number = worker.task.number
            ready[number] = worker.take(lost, names[number])
        while told in ready:
            yield ready.pop(told)
            told += 1


def _answering(workers: list[_Worker], seconds: float) -> list[_Worker]:
    """Those that have an answer, or are dead; one that takes too long is ended first."""
    busy = {worker.connection: worker for worker in workers if worker.task is not None}
    oldest = min(worker.task.since for worker in busy.values() if worker.task is not None)
    found = wait(list(busy), max(0.0, oldest + seconds - time.monotonic()))
    if not found:
        for worker in busy.values():
            if worker.task is not None and worker.task.since + seconds <= time.monotonic():
                worker.process.kill()
    return [worker for connection, worker in busy.items() if connection in found]


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    since: float


class _Worker:
    """One process, renewed when it is worn out or dead."""

    process: BaseProcess
    connection: Connection

    def __init__(self, work: Work) -> None:
        self.work = work
        self.task: _Task | None = None
        self._start()

    def _start(self) -> None:
        if sys.platform == "linux":
            context: ForkContext | SpawnContext = get_context("fork")
        else:
            context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.work, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.done = 0

    def give(self, number: int, name: str) -> None:
        """Let the process work on a name."""
        self.task = _Task(number, time.monotonic())
        try:
            self.connection.send(name)
        except OSError:  # it died between two files; so it will be found
            return

    def take(self, lost: Work, name: str) -> Any:
        """The answer, or what stands for one from a process that is no more."""
        self.task = None
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            answer, self.done = lost(name), _FILES_PER_PROCESS
        self.done += 1
        if self.done >= _FILES_PER_PROCESS:
            self.stop()
            self._start()
        return answer

    def stop(self) -> None:
        """End the process."""
        self.connection.close()
        self.process.kill()  # it keeps nothing that would have to be put in order
        self.process.join()


def _serve(work: Work, connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process above ends us
    while True:
        try:
            connection.send(work(connection.recv()))
        except (EOFError, OSError):
            return
