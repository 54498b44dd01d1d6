"""What the bench generates is what the actions would have written: whole, counted, and open to further actions."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from bench import city as cities
from bench import generate
from gongkai.annualreport.compile import compile as compile_report
from gongkai.base import clock
from gongkai.demo import invent
from gongkai.organs import scope
from gongkai.organs import verify as organs_verify
from gongkai.organs.actors import APPLICANT, actors_for
from gongkai.organs.models import Person
from gongkai.requests import actions, casefile, queries, verify
from gongkai.requests.models import Case, CaseAction, Submission

TODAY = dt.date(2022, 12, 30)
SIZE = 300


@pytest.fixture
def city(db: None) -> cities.City:
    """A small city with three hundred cases of 2022."""
    with clock.on_day(TODAY):
        city = cities.found(departments=2, counties=1, county_departments=1)
        generate.fill(city, SIZE, 2022, TODAY)
    return city


def test_generated_cases_are_whole(city: cities.City) -> None:
    assert list(verify.problems()) == []
    assert list(organs_verify.problems()) == []
    assert Submission.objects.count() == Case.objects.count() == SIZE
    assert CaseAction.objects.count() > 6 * SIZE


def test_a_fifth_stands_at_the_big_office_and_the_last_weeks_are_open(city: cities.City) -> None:
    by_organ = Counter(Case.objects.values_list("organ_id", flat=True))
    assert by_organ[city.big.organ.pk] == SIZE // generate.BIG_SHARE
    assert max(by_organ.values()) == by_organ[city.big.organ.pk]
    still_open = Case.objects.filter(closed_on__isnull=True)
    assert 0 < still_open.count() < SIZE // 2
    assert still_open.filter(due_on__lt=TODAY).exists()
    assert len(set(still_open.values_list("state", flat=True))) >= 4


def test_sealed_fields_open_and_the_work_goes_on(city: cities.City) -> None:
    person = Person.objects.get(username="bench-office-handler")
    who = scope.viewer(person, TODAY)
    with clock.on_day(TODAY):
        mine = list(queries.work_list(who, "mine", TODAY))
        case = next(one for one in mine if one.state == "in_process")
        page = casefile.case_page(who, TODAY, pk=case.pk)
        handler = next(a for a in actors_for(who, "cases", case.path) if a.role == "handler")
        actions.draft(case, by=handler, outcome="granted", text="答复", article="第三十六条")
    assert "演示" in page.form["applicant_name"]
    assert page.happenings[0].kind == "submit"
    assert Case.objects.get(pk=case.pk).state == "drafting"
    assert list(verify.problems()) == []


def test_a_new_case_gets_the_number_after_the_generated_ones(city: cities.City) -> None:
    organ = city.big.organ
    taken = Case.objects.filter(organ=organ, number__isnull=False).count()
    office = scope.viewer(Person.objects.get(username="bench-office-office"), TODAY)
    with clock.on_day(TODAY):
        receipt = actions.submit(
            organ=organ,
            channel="internet",
            kind="natural_person",
            form=invent.application("natural_person", SIZE),
            token="one-more",
            by=APPLICANT,
        )
        by = next(one for one in actors_for(office, "cases", organ.path) if one.role == "office")
        actions.confirm(receipt.case, by=by)
    assert receipt.case.number == f"bench-office-2022-{taken + 1:04d}"


def test_the_report_counts_them(city: cities.City) -> None:
    figures = compile_report(city.root, 2022).figures
    counted = Case.objects.filter(counted=True, first_received_on__isnull=False)
    assert figures.number("table3.new_received.total") == counted.count()
    closed = counted.filter(closed_on__isnull=False, outcome="partially_granted")
    assert figures.number("table3.partially_granted.total") == closed.count()
