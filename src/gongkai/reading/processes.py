"""Work spread over processes of our own: a file that kills or hangs its process costs that file alone."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

Work = Callable[[Any], Any]

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
    yield from spread(work, names, min(jobs, len(names)), lost, seconds)


def spread(
    work: Work, tasks: Iterable[Any], jobs: int, lost: Work, seconds: float = SECONDS, *, spawn: bool = False
) -> Iterator[Any]:
    """The same for anything that can be sent to a process, always in processes. With ``spawn`` they share nothing with
    this one, such as a connection to a database; ``work`` and tasks must then be known by name."""
    workers = [_Worker(work, spawn) for _ in range(jobs)]
    try:
        yield from _in_order(workers, tasks, lost, seconds)
    finally:
        for worker in workers:
            worker.stop()


def _in_order(workers: list[_Worker], tasks: Iterable[Any], lost: Work, seconds: float) -> Iterator[Any]:
    coming = enumerate(tasks)
    ready: dict[int, Any] = {}
    given = told = 0
    more = True
    while more or told < given:
        for worker in workers:
            if more and worker.task is None and given < told + len(workers) * _WAITING_PER_PROCESS:
                found = next(coming, None)
                if found is None:
                    more = False
                else:
                    worker.give(*found)
                    given += 1
        for worker, task in _answering(workers, seconds):
            ready[task.number] = worker.take(lost, task.content)
        while told in ready:
            yield ready.pop(told)
            told += 1


def _answering(workers: list[_Worker], seconds: float) -> list[tuple[_Worker, _Task]]:
    """Those that have an answer, or are dead, with what they worked on; one that takes too long is ended first."""
    busy = {worker.connection: (worker, worker.task) for worker in workers if worker.task is not None}
    if not busy:
        return []
    oldest = min(task.since for _worker, task in busy.values())
    found = wait(list(busy), max(0.0, oldest + seconds - time.monotonic()))
    if not found:
        for worker, task in busy.values():
            if task.since + seconds <= time.monotonic():
                worker.process.kill()
    return [both for connection, both in busy.items() if connection in found]


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    content: Any
    since: float


class _Worker:
    """One process, renewed when it is worn out or dead."""

    process: BaseProcess
    connection: Connection

    def __init__(self, work: Work, spawn: bool) -> None:
        self.work, self.spawn = work, spawn
        self.task: _Task | None = None
        self._start()

    def _start(self) -> None:
        if sys.platform == "linux" and not self.spawn:
            context: ForkContext | SpawnContext = get_context("fork")
        else:
            context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.work, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.done = 0

    def give(self, number: int, content: Any) -> None:
        """Let the process work on something."""
        self.task = _Task(number, content, time.monotonic())
        try:
            self.connection.send(content)
        except OSError:  # it died between two files; so it will be found
            return

    def take(self, lost: Work, content: Any) -> Any:
        """The answer, or what stands for one from a process that is no more."""
        self.task = None
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            answer, self.done = lost(content), _FILES_PER_PROCESS
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
