"""Files spread over processes: in order, and one that kills or hangs its process costs nothing but itself."""

from __future__ import annotations

import os
import signal
import time

import pytest

from gongkai.reading.processes import each


def work(name: str) -> tuple[str, int]:
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "hangs":
        signal.pause()
    return name, os.getpid()


def lost(name: str) -> tuple[str, int]:
    return f"lost {name}", 0


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_order_is_kept(jobs):
    names = [f"{number}" for number in range(50)]
    found = list(each(work, names, jobs, lost))
    assert [name for name, _ in found] == names
    processes = {process for _, process in found}
    assert len(processes) <= jobs
    assert (os.getpid() in processes) is (jobs == 1)


def test_a_file_that_kills_its_process_is_lost_alone():
    names = ["a", "dies", "b", "c", "dies", "dies", "d", "e"]
    found = [name for name, _ in each(work, names, 2, lost)]
    assert found == ["a", "lost dies", "b", "c", "lost dies", "lost dies", "d", "e"]


def test_a_file_that_takes_too_long_is_lost_alone():
    start = time.monotonic()
    found = [name for name, _ in each(work, ["a", "hangs", "b", "c"], 2, lost, seconds=0.5)]
    assert found == ["a", "lost hangs", "b", "c"]
    assert time.monotonic() - start < 60


def test_no_process_is_left_when_the_reader_stops_early():
    results = each(work, [f"{number}" for number in range(50)], 2, lost)
    _, process = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
