"""Read reports and published ones side by side: ranks, growth, inhabitants, outliers, in as many queries however many."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annualreport import actions as reports
from gongkai.annualreport.library import actions, compare, indicators, lines
from gongkai.annualreport.library.compare import HIGH, LOW, ranks
from gongkai.annualreport.library.lines import PUBLISHED, READ, Asked, Line
from gongkai.annualreport.library.models import ExternalOrgan, Population
from gongkai.forms.layout import form_for
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import sign_off
from tests.annualreport.library import shelf
from tests.annualreport.records import case, keep_all
from tests.support.world import TEST, World

D = dt.date
SYSTEM = scope.SYSTEM
numbers = st.lists(st.one_of(st.none(), st.integers(-50, 50).map(Fraction)), max_size=30)


@given(numbers, st.sampled_from([HIGH, LOW]))
def test_ranks_count_the_better_ones_and_leave_the_unknown_out(
    found: list[Fraction | None], order: str
) -> None:
    places = ranks(found, order)
    for number, place in zip(found, places, strict=True):
        if number is None:
            assert place.rank is None
            continue
        better = [o for o in found if o is not None and (o > number if order == HIGH else o < number)]
        assert place.rank == len(better) + 1
        assert place.shared is (found.count(number) > 1)


def line(key: str, year: int, **cells: object) -> Line:
    form = form_for(year)
    full = dict.fromkeys(form.paths, 0) | {name.replace("__", "."): value for name, value in cells.items()}
    return Line(key, key, year, READ, 1, 1, 1, "", form, full, {})


class TestIndicators:
    def test_a_share_of_nothing_is_none_and_of_the_unknown_unknown(self) -> None:
        granted = indicators.by_key("granted")
        assert granted.of(line("organ-1", 2022)) is None
        half = granted.of(line("organ-1", 2022, table3__granted__total=1, table3__outcome_total__total=3))
        assert half is not None
        assert half.number == Fraction(100, 3)
        blank = granted.of(
            line("organ-1", 2022, table3__granted__total={"state": "blank"}, table3__outcome_total__total=3)
        )
        assert blank is not None
        assert blank.number is None

    def test_what_a_form_has_not_is_not_compared(self) -> None:
        assert indicators.by_key("normative").of(line("organ-1", 2020)) is None
        assert indicators.by_key("fees").of(line("organ-1", 2020)) is None
        with pytest.raises(LookupError):
            indicators.by_key("cell:table3.nonsense.total")

    @pytest.mark.parametrize("year", [2020, 2022])
    def test_every_cell_can_be_compared(self, year: int) -> None:
        report = line("organ-1", year)
        known = [
            one
            for cell in indicators.all_cells()
            if (one := indicators.by_key(f"cell:{cell.path}").of(report))
        ]
        assert len(known) == len(form_for(year).paths)


class TestOutliers:
    PAIR = "table3__new_received__total"

    def jumps(self, old: object, new: object, times: int = 5, floor: int = 10) -> list[compare.Outlier]:
        return compare.outliers(
            [line("organ-1", 2021, **{self.PAIR: old}), line("organ-1", 2022, **{self.PAIR: new})],
            times=times,
            floor=floor,
        )

    @pytest.mark.parametrize(
        ("old", "new", "times"), [(10, 50, 5), (50, 10, 5), (0, 10, None), (10, 0, None), (3, 300, 100)]
    )
    def test_five_times_and_a_fifth_are_told(self, old: int, new: int, times: int | None) -> None:
        (jump,) = self.jumps(old, new)
        assert (jump.old, jump.new, jump.times) == (old, new, times)
        assert jump.rises is (new > old)

    @pytest.mark.parametrize(
        ("old", "new"),
        [(10, 49), (1, 9), (0, 9), (0, 0), ({"state": "unread"}, 100), (100, {"state": "blank"}), (7, 7)],
    )
    def test_less_than_that_small_counts_and_the_unknown_are_not(self, old: object, new: object) -> None:
        assert self.jumps(old, new) == []

    def test_only_years_that_follow_one_another(self) -> None:
        found = [line("organ-1", 2021, **{self.PAIR: 10}), line("organ-1", 2023, **{self.PAIR: 100})]
        assert compare.outliers(found, times=5, floor=10) == []

    def test_money_jumps_too(self) -> None:
        cell = "table2__art20_8__admin_fees__fee_amount_wan"
        found = [line("organ-1", 2021, **{cell: "12.5000"}), line("organ-1", 2022, **{cell: "125000.0000"})]
        (jump,) = compare.outliers(found, times=5, floor=10)
        assert jump.times == 10000

    def test_the_greatest_jump_of_a_report_comes_first(self) -> None:
        other = "table3__granted__total"
        found = [
            line("organ-1", 2021, **{self.PAIR: 10, other: 10}),
            line("organ-1", 2022, **{self.PAIR: 60, other: 0}),
        ]
        assert [jump.times for jump in compare.outliers(found, times=5, floor=10)] == [None, 6]


@pytest.mark.django_db
class TestLines:
    def test_two_seeds_and_the_corpus_stand_beside_one_another(self, world: World) -> None:
        for path in (shelf.LY19, shelf.PDS19, shelf.HONGZE, shelf.SHUYANG):
            shelf.keep(world.organs["city"], path)
        of_2019 = lines.lines(SYSTEM, Asked(years=(2019,)))
        received = compare.standings(of_2019, indicators.by_key("received"))
        assert {(one.line.name, one.amount.number, one.place.rank) for one in received if one.amount} == {
            ("洛阳市人民政府", 915, 1),
            ("平顶山市人民政府", Fraction(lines_number(of_2019, "平顶山市人民政府")), 2),
        }
        of_2023 = lines.lines(SYSTEM, Asked(years=(2023,)))
        assert {one.form.key for one in of_2023} == {"fmt2021"}
        denied = {
            one.line.name: one.amount for one in compare.standings(of_2023, indicators.by_key("denied"))
        }
        assert denied["淮安市洪泽区人民政府"] is not None

    def test_what_is_published_here_stands_beside_what_was_read_without_copying_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GONGKAI_TODAY", "2023-01-20")
        edu = world.organs["city-edu"]
        keep_all(edu)
        case(edu, received=D(2022, 3, 1), closed=D(2022, 3, 20), number="edu-1")
        version = sign_off(world, "city-edu", 2022)
        shelf.keep(world.organs["city"], shelf.text(edu.name, 2022, 99))
        shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022, 5))
        found = {one.name: one for one in lines.lines(SYSTEM, Asked(years=(2022,)))}
        assert found[edu.name].origin == READ  # signed is not published
        reports.publish(by=world.actor("city-edu", "office", "reports"), version=version)
        found = {one.name: one for one in lines.lines(SYSTEM, Asked(years=(2022,)), texts=True)}
        ours = found[edu.name]
        assert (ours.origin, ours.pk, ours.code) == (PUBLISHED, version.pk, "city-edu")
        assert ours.figures.number("table3.new_received.total") == 1
        assert set(ours.sections) <= {"s1", "s5", "s6"}
        assert found["某县人民政府"].origin == READ
        only_read = lines.lines(SYSTEM, Asked(years=(2022,), origins=(READ,)))
        assert {one.origin for one in only_read} == {READ}

    def test_the_latest_version_counts(self, world: World) -> None:
        for received in (10, 11):
            shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022, received))
        (only,) = lines.lines(SYSTEM, Asked())
        assert only.figures.number("table3.new_received.total") == 11

    def test_a_library_is_seen_by_its_own_organ(self, world: World) -> None:
        shelf.keep(world.organs["county-a"], shelf.text("某县人民政府", 2022))
        seen = lines.lines(world.viewer("county-a", "office"), Asked())
        assert [one.name for one in seen] == ["某县人民政府"]
        assert lines.lines(world.viewer("county-b", "office"), Asked()) == []
        assert len(lines.lines(world.viewer("city", "supervisor"), Asked())) == 1

    def test_one_that_several_libraries_keep_counts_once_for_who_sees_them_all(self, world: World) -> None:
        for code, year in (("city", 2021), ("city", 2022), ("county-a", 2022)):
            shelf.keep(world.organs[code], shelf.text("某县人民政府", year))
        ids = sorted(ExternalOrgan.objects.values_list("pk", flat=True))
        for asked in (Asked(), Asked(keys=(f"external-{ids[1]}",))):
            found = lines.lines(SYSTEM, asked)
            assert [line.year for line in found] == [2021, 2022]
            assert len({line.key for line in found}) == 1
        assert found[0].key == f"external-{ids[1]}"
        assert lines.count(SYSTEM, Asked(years=(2022,))) == 1

    def test_a_hundred_reports_take_as_many_queries_as_three(
        self, world: World, django_assert_num_queries: object
    ) -> None:
        who = world.viewer("city", "office")
        for count in range(3):
            shelf.keep(world.organs["city"], shelf.text(shelf.county(count), 2022, count))
        with django_assert_num_queries(3):
            lines.lines(who, Asked(years=(2022,)), texts=True)
        for count in range(3, 12):
            shelf.keep(world.organs["city"], shelf.text(shelf.county(count), 2022, count))
        with django_assert_num_queries(3):
            assert len(lines.lines(who, Asked(years=(2022,)), texts=True)) == 12


def lines_number(found: list[Line], name: str) -> int:
    return int(
        next(one for one in found if one.name == name).figures.number("table3.new_received.total") or 0
    )


@pytest.mark.django_db
class TestInhabitants:
    def test_the_last_number_up_to_the_end_of_the_year_divides(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        shelf.keep(city, shelf.text(county.name, 2022, 30))
        shelf.keep(city, shelf.text("某县人民政府", 2022, 40))
        for day, persons in ((D(2020, 11, 1), 100_000), (D(2022, 12, 31), 150_000), (D(2023, 6, 1), 999_999)):
            actions.record_population(
                by=TEST, organ=city, subject=county, as_of=day, persons=persons, source="公报"
            )
        heads = compare.populations(SYSTEM, 2022)
        found = lines.lines(SYSTEM, Asked(years=(2022,)))
        told = {one.line.name: one for one in compare.standings(found, indicators.by_key("received"), heads)}
        assert told[county.name].amount is not None
        assert told[county.name].amount.number == 2
        assert told["某县人民政府"].amount is None
        assert told["某县人民政府"].place.rank is None

    def test_a_share_is_not_divided(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        shelf.keep(city, shelf.text(county.name, 2022, 30))
        found = lines.lines(SYSTEM, Asked(years=(2022,)))
        (one,) = compare.standings(found, indicators.by_key("granted"), {})
        assert one.amount is not None
        assert one.amount.number == 100

    def test_a_second_number_for_the_day_takes_the_place_of_the_first_and_can_be_withdrawn(
        self, world: World
    ) -> None:
        city = world.organs["city"]
        first, second = (
            actions.record_population(
                by=TEST, organ=city, subject=city, as_of=D(2020, 11, 1), persons=persons, source="公报"
            )
            for persons in (1, 2)
        )
        assert second.supersedes == first
        assert compare.populations(SYSTEM, 2020)[f"organ-{city.pk}"].persons == 2
        with pytest.raises(Refused):
            actions.withdraw_population(by=TEST, population=first, reason="错了")
        actions.withdraw_population(by=TEST, population=second, reason="错了")
        assert compare.populations(SYSTEM, 2020) == {}
        assert Population.objects.count() == 3

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"subject": None}, "subject"),
            ({"persons": 0}, "persons"),
            ({"persons": 10**12}, "persons"),
            ({"as_of": D(2999, 1, 1)}, "as_of"),
            ({"source": "  "}, "source"),
        ],
    )
    def test_what_cannot_be_is_refused(self, world: World, change: dict[str, object], wrong: str) -> None:
        city = world.organs["city"]
        given: dict[str, object] = {
            "organ": city,
            "subject": city,
            "as_of": D(2020, 1, 1),
            "persons": 5,
            "source": "公报",
        }
        with pytest.raises(ValidationError) as refused:
            actions.record_population(by=TEST, **(given | change))
        assert wrong in refused.value.message_dict

    def test_an_external_organ_of_another_library_is_not_ours_to_speak_of(self, world: World) -> None:
        shelf.keep(world.organs["county-a"], shelf.text("某县人民政府", 2022))
        with pytest.raises(ValidationError):
            actions.record_population(
                by=TEST,
                organ=world.organs["city"],
                external=ExternalOrgan.objects.get(),
                as_of=D(2020, 1, 1),
                persons=5,
                source="公报",
            )


def test_growth_of_nothing_and_of_the_unknown_cannot_be_said() -> None:
    assert compare.percent_growth(5, 0) is None
    assert compare.percent_growth(None, 5) is None
    assert str(compare.percent_growth(3, 2)) == "50.0"
    assert str(compare.percent_growth(1, 3)) == "-66.7"


def test_years_without_a_report_and_cells_without_a_place_stay_empty() -> None:
    by_year = {2020: line("organ-1", 2020), 2022: line("organ-1", 2022, table3__new_received__total=4)}
    rows = {row.cell.path: row for row in compare.year_rows(by_year, [2020, 2021, 2022])}
    received = rows["table3.new_received.total"]
    assert [value and value.number for value in received.values] == [0, None, 4]
    assert received.growth is None
    in_force = rows["table2.art20_1.rules.in_force"]
    assert in_force.values[0] is None
