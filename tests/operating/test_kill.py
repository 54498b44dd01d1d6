"""What a page acknowledged is there after the server was killed, and there once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.operating.conftest import Installation
from tests.operating.portal_client import Applicant
from tests.operating.server import serving

pytestmark = pytest.mark.server
APPLICANTS = 200
KILL_AFTER = 40  # acknowledgements: early enough that most of the others are under way


def submissions(installation: Installation) -> Counter[str]:
    """Query number → how many submissions carry it, with one case each."""
    printed = installation.python(
        "import json; from gongkai.requests.models import Submission;"
        "print(json.dumps(list(Submission.objects.values_list('reference', 'cases__pk'))))"
    )
    return Counter(reference for reference, case in json.loads(printed) if case is not None)


def test_every_acknowledged_submission_survives_sigkill_once(
    installation: Installation, free_port: int
) -> None:
    applicants = [Applicant(free_port, "city", f"申请人{number}") for number in range(APPLICANTS)]
    acknowledged: dict[str, str] = {}
    enough = threading.Event()
    start = threading.Barrier(APPLICANTS + 1)

    def send(applicant: Applicant) -> None:
        start.wait(timeout=60)
        try:
            acknowledged[applicant.name] = applicant.send()
        except (OSError, HTTPException):
            return
        if len(acknowledged) >= KILL_AFTER:
            enough.set()

    with serving(installation, free_port) as server:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(Applicant.fill_in, applicants))
        with ThreadPoolExecutor(APPLICANTS) as pool:
            sent = [pool.submit(send, applicant) for applicant in applicants]
            start.wait(timeout=60)
            assert enough.wait(timeout=120)
            server.kill()
            for one in sent:
                one.result(timeout=120)

    assert KILL_AFTER <= len(acknowledged) < APPLICANTS, "the kill came when all was done: nothing was proven"
    kept = submissions(installation)
    assert set(acknowledged.values()) <= set(kept)
    assert set(kept.values()) == {1}

    with serving(installation, free_port) as server:
        with ThreadPoolExecutor(8) as pool:
            again = dict(zip([a.name for a in applicants], pool.map(Applicant.send, applicants), strict=True))
        assert server.stop() == 0
    assert {name: again[name] for name in acknowledged} == acknowledged, (
        "a second click shows the same receipt"
    )
    kept = submissions(installation)
    assert set(kept) == set(again.values())
    assert (len(kept), set(kept.values())) == (APPLICANTS, {1})
    assert "全部完整" in installation.do("verify")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the list of processes from /proc")
def test_when_only_the_main_process_is_killed_its_children_go_too(
    installation: Installation, free_port: int
) -> None:
    with serving(installation, free_port) as server:
        assert len(server.children()) >= 3, "two web workers and the background worker"
        server.process.kill()
        server.process.wait(timeout=30)
        assert server.is_alone()
    with serving(installation, free_port) as server:
        assert server.get("/") == 200
        assert server.stop() == 0
        assert server.is_alone()
