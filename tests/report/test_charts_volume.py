from datetime import date

import pytest

from paceport.report.charts_volume import Week, calendar_charts, weeks_chart, years_chart
from paceport.report.html_text import UNKNOWN
from paceport.training.history.history import History
from paceport.training.history.volume import YearBesideLast, by_day
from paceport.training.metrics.fitness_and_form import Form
from paceport.training.metrics.totals import Total
from paceport.units import Units

KM = Units("km", unknown=UNKNOWN)


def week(monday: date, distance_m: float | None, *, runs: int = 1, form: Form | None = None) -> Week:
    total = Total(key=monday, runs=runs, distance_m=distance_m, moving_time_s=3600.0, elevation_gain_m=None, load=30.0)
    return Week(total=total, form=form)


def test_the_tallest_bar_belongs_to_the_longest_week() -> None:
    chart = weeks_chart([week(date(2026, 1, 5), 10e3), week(date(2026, 1, 12), 40e3)], KM)

    path = chart.panels[0].marks[0].path
    tops = [float(piece.split("V")[1].split("h")[0]) for piece in path.split("M")[1:]]

    assert tops[1] < tops[0] < 100
    assert chart.table.rows[1].sums == (40.0, 1, 3600.0)


def test_a_week_whose_distance_is_not_known_says_so() -> None:
    chart = weeks_chart([week(date(2026, 1, 5), None)], KM)

    assert chart.table.rows[0].cells[1] == UNKNOWN


def test_form_is_drawn_only_where_it_is_known() -> None:
    known = Form(fitness=10.0, fatigue=12.0, form=-2.0)

    without = weeks_chart([week(date(2026, 1, 5), 1e4)], KM)
    with_form = weeks_chart([week(date(2026, 1, 5), 1e4), week(date(2026, 1, 12), 1e4, form=known)], KM)

    assert len(without.panels) == 1
    assert len(with_form.panels) == 2
    assert with_form.table.rows[0].cells[-3:] == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert with_form.table.rows[1].cells[-3:] == ("10", "12", "-2")


def test_this_year_ends_today_and_last_year_goes_on() -> None:
    years = YearBesideLast(year=2026, this=tuple(float(day) for day in range(40)), last=tuple([5.0] * 365))

    chart = years_chart(years, date(2026, 2, 9), KM)

    texts = {row.cells[0]: row.cells[1:] for row in chart.table.rows}
    assert texts["9 Feb"] == ("0.0", "0.0")
    assert texts["31 Dec"][0] == ""


@pytest.mark.parametrize(("before_m", "named"), [(5.0, ["2026", "2025"]), (0.0, ["2026"])])
def test_a_year_without_a_run_has_neither_a_line_nor_a_name(before_m: float, named: list[str]) -> None:
    years = YearBesideLast(year=2026, this=tuple([9e3] * 40), last=tuple([before_m] * 365))

    chart = years_chart(years, date(2026, 2, 9), KM)

    assert [text for _, text in chart.legend] == named
    assert len(chart.panels[0].marks) == len(named)


def test_a_day_that_is_alone_is_counted_as_one() -> None:
    day = Total(key=date(2026, 1, 5), runs=1, distance_m=5e3, moving_time_s=None, elevation_gain_m=None, load=None)

    (chart,) = calendar_charts([day], KM)

    assert chart.summary.startswith("1 run on 1 day, 5 km")


def test_a_leap_year_beside_another_is_no_error() -> None:
    leap = YearBesideLast(year=2024, this=tuple([1e3] * 366), last=tuple([2e3] * 365))
    after = YearBesideLast(year=2025, this=tuple([1e3] * 365), last=tuple([2e3] * 366))

    assert years_chart(leap, date(2024, 12, 31), KM).table.rows
    assert years_chart(after, date(2025, 12, 31), KM).table.rows


@pytest.mark.parametrize(
    ("today", "before"),
    [
        (date(2028, 3, 1), "59.0"),
        (date(2028, 2, 29), "58.0"),
        (date(2029, 3, 1), "60.0"),
        (date(2029, 2, 28), "58.0"),
        (date(2028, 12, 31), "364.0"),
        (date(2027, 6, 1), "151.0"),
    ],
)
def test_years_are_compared_by_the_day_of_the_calendar(today: date, before: str) -> None:
    this = tuple(0.0 for _ in range(today.timetuple().tm_yday))
    last = tuple(1e3 * number for number in range(date(today.year - 1, 12, 31).timetuple().tm_yday))
    years = YearBesideLast(year=today.year, this=this, last=last)

    chart = years_chart(years, today, KM)

    assert f"On the same day a year before: {before} km." in chart.summary
    assert next(row for row in chart.table.rows if row.cells[0] == f"{today.day} {today:%b}").cells[2] == before


def test_the_calendar_has_a_square_for_each_day_of_the_year(forty_history: History) -> None:
    (chart,) = calendar_charts(by_day(forty_history.runs), KM)

    squares = sum(mark.path.count("M") for mark in chart.panels[0].marks)
    with_run = sum(mark.path.count("M") for mark in chart.panels[0].marks if mark.look != "level0")

    assert squares == 365
    assert with_run == len(chart.table.rows) == 40


def test_a_day_lies_in_the_column_of_its_week() -> None:
    day = Total(key=date(2026, 1, 5), runs=1, distance_m=5e3, moving_time_s=None, elevation_gain_m=None, load=None)

    (chart,) = calendar_charts([day], KM)

    drawn = next(mark for mark in chart.panels[0].marks if mark.look != "level0")
    assert drawn.path == "M11 1h8v8h-8z"  # the second week's Monday: 1 January 2026 is a Thursday
    assert chart.table.rows[0].at == 7
