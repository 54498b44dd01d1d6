"""Proceedings and the applications they are about: links, redo orders, review-first warnings."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.measures import Period, get
from gongkai.organs.refusals import Refused
from gongkai.remedies import actions, queries, verify
from gongkai.remedies.models import Proceeding
from gongkai.requests.models import Case
from tests.remedies.support import filed, result
from tests.requests.stories import Office
from tests.support.world import World

DIRECT = "litigation_direct"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.on_day(dt.date(2024, 12, 30)):
        yield


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def refused(office: Office, year: int, outcome: str = "denied_law_prohibited") -> Case:
    return office.dispatched(office.in_process(f"{year}-03-04"), f"{year}-03-11", outcome)


def sued(office: Office, case: Case, group: str = "review", column: str = "corrected") -> Proceeding:
    by = office.world.actor("city-office", "office", "remedies")
    on = case.closed_on + dt.timedelta(days=30)
    proceeding = filed(office.world, group, on, "city-office", by=by, case=case)
    until = on + dt.timedelta(days=50)
    return actions.close(proceeding, by=by, on=until, result=result(group, column), document="复决1号")


def test_a_redo_order_opens_a_case_and_leaves_the_first_outcome_in_its_year(office: Office) -> None:
    case = refused(office, 2022)
    proceeding = sued(office, case)
    served = proceeding.closed_on + dt.timedelta(days=3)
    redo = actions.order_redo(proceeding, by=office.office, on=served, days=15)
    proceeding.refresh_from_db()
    assert (proceeding.redo, redo.redo_of, list(redo.ordered_by.all())) == (redo, case, [proceeding])
    assert redo.first_received_on == served
    assert get("requests.closed").count(Period.year(2022), outcome="denied_law_prohibited") == 1
    assert get("requests.received").count(Period.year(2022)) == 1
    with pytest.raises(Refused, match="交办过"):
        actions.order_redo(proceeding, by=office.office, on=served)
    assert verify.problems() == []


def test_only_a_corrected_result_on_a_known_application_is_redone(office: Office) -> None:
    case = refused(office, 2022)
    upheld = sued(office, case, column="upheld")
    with pytest.raises(Refused, match="结果为纠正"):
        actions.order_redo(upheld, by=office.office, on=upheld.closed_on)
    unlinked = sued(office, case)
    Proceeding.objects.filter(pk=unlinked.pk).update(case=None)
    with pytest.raises(Refused, match="没有关联"):
        actions.order_redo(unlinked, by=office.office, on=unlinked.closed_on)


def test_a_wrong_redo_order_leaves_nothing_behind(office: Office) -> None:
    proceeding = sued(office, refused(office, 2022))
    with pytest.raises(Refused):
        actions.order_redo(proceeding, by=office.office, on=proceeding.closed_on - dt.timedelta(days=1))
    assert Case.objects.count() == 1
    assert proceeding.steps.count() == 2


def test_an_application_out_of_sight_cannot_be_linked(office: Office) -> None:
    case = refused(office, 2022)
    stranger = office.world.actor("county-a", "handler", "remedies")
    with pytest.raises(ValidationError, match="没有找到"):
        filed(office.world, by=stranger, case=case)


@pytest.mark.parametrize(
    ("year", "outcome", "group", "warned"),
    [
        (2024, "denied_law_prohibited", DIRECT, True),
        (2024, "denied_law_prohibited", "review", False),
        (2024, "rejected_petition", DIRECT, False),
        (2023, "denied_law_prohibited", DIRECT, False),
    ],
)
def test_a_direct_suit_where_review_comes_first_is_warned_of(
    office: Office, year: int, outcome: str, group: str, warned: bool
) -> None:
    proceeding = sued(office, refused(office, year, outcome), group)
    sentences = queries.warnings(proceeding)
    assert bool(sentences) is warned
    assert all("行政复议法第二十三条" in sentence for sentence in sentences)
