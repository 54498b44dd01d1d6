import pytest

from tests.annualreport import stand_ins


@pytest.fixture(autouse=True)
def _measures() -> None:
    stand_ins.ensure()
