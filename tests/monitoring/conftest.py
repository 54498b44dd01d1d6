"""A site of the city's government, registered in 2015, with its main domain."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.monitoring import actions
from gongkai.monitoring.models import Site
from gongkai.organs.models import Organ
from tests.support.world import TEST, World

OPENED = dt.date(2015, 6, 1)


def new_site(organ: Organ, **more: object) -> Site:
    """An open site with a regular registration."""
    profile: dict[str, object] = {
        "name": organ.name,
        "kind": "portal",
        "opened_on": OPENED,
        "id_code": f"410000{organ.pk % 10_000:04d}",
        "icp": "豫ICP备05000001号-1",
        "police": "豫公网安备41030000000001号",
        "emblem": "https://bszs.conac.cn/",
        "errors_url": "https://zfwzgl.www.gov.cn/",
        "phone": "0379-00000001",
        "ipv6": "yes",
    }
    return actions.register_site(by=TEST, organ=organ, **(profile | more))  # type: ignore[arg-type]


@pytest.fixture
def site(world: World) -> Site:
    made = new_site(world.organs["city"])
    actions.add_domain(made, by=TEST, name="www.jia.gov.cn", use="main", valid_from=OPENED)
    return made
