"""The whole of it over IPv6: the server listens there, says where, and takes an application from there."""

from __future__ import annotations

import os
import socket

import pytest

from tests.operating.conftest import Installation
from tests.operating.portal_client import Applicant
from tests.operating.server import serving

pytestmark = pytest.mark.server
LOOPBACK = "::1"


@pytest.fixture
def port() -> int:
    """A port nobody listens on at ::1 just now; skipped by name, or failed where everything is required, without one."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((LOOPBACK, 0))
            return int(probe.getsockname()[1])
    except OSError as error:
        if os.environ.get("GONGKAI_TEST_REQUIRE_ALL") == "1":
            pytest.fail(f"IPv6 test on a machine without ::1: {error}")
        pytest.skip(f"no ::1 on this machine, so nothing is proven about IPv6: {error}")


@pytest.mark.seed("S170")
def test_an_application_is_sent_over_ipv6(installation: Installation, port: int) -> None:
    with serving(installation, port, host=LOOPBACK) as server:
        assert server.get("/") == 200
        applicant = Applicant(port, "city", "申请人", LOOPBACK)
        applicant.fill_in()
        assert applicant.send()
        assert server.process.stdout is not None
        server.process.terminate()
        printed, _errors = server.process.communicate(timeout=60)
        assert f"http://[::1]:{port}/" in printed
