from datetime import date, timedelta

import pytest

from paceport.report.charts_pace import pace_chart
from paceport.training.history.progress import PaceTrend
from paceport.training.metrics.trend import trend
from paceport.units import Units

KM = Units("km")
FIRST = date(2025, 1, 6)


def made(weeks: int, *, gain_mps: float = 0.0) -> PaceTrend:
    points = tuple(
        (FIRST + timedelta(weeks=week), 3.0 + gain_mps * week + 0.01 * (week % 3), None) for week in range(weeks)
    )
    return PaceTrend(points=points, speed=trend((day, speed) for day, speed, _ in points), adjusted=None)


def test_a_clear_trend_is_told_in_seconds_of_pace() -> None:
    chart = pace_chart(made(40, gain_mps=0.01), FIRST, FIRST + timedelta(weeks=40), KM)

    assert "s/km faster each year" in chart.summary


def test_getting_slower_is_told_as_slower() -> None:
    chart = pace_chart(made(40, gain_mps=-0.01), FIRST, FIRST + timedelta(weeks=40), KM)

    assert "slower each year" in chart.summary


def test_no_clear_change_is_told_as_such() -> None:
    assert "no clear change" in pace_chart(made(12), FIRST, FIRST + timedelta(weeks=12), KM).summary


def test_few_weeks_have_no_trend() -> None:
    assert "too few weeks" in pace_chart(made(3), FIRST, FIRST + timedelta(weeks=3), KM).summary


def test_faster_is_higher() -> None:
    chart = pace_chart(made(8, gain_mps=0.2), FIRST, FIRST + timedelta(weeks=8), KM)

    heights = [float(point.split()[1]) for point in chart.panels[0].marks[-1].path[1:].split("L")]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]


def test_a_break_in_training_breaks_the_line() -> None:
    weeks = [week for week in range(40) if not 10 <= week < 25]
    points = tuple((FIRST + timedelta(weeks=week), 3.0, None) for week in weeks)
    chart = pace_chart(PaceTrend(points=points, speed=None, adjusted=None), FIRST, FIRST + timedelta(weeks=40), KM)

    assert chart.panels[0].marks[-1].path.count("M") == 2


@pytest.mark.parametrize("days", [0, 3, 700, 900])
def test_every_median_is_drawn_within_the_axis(days: int) -> None:
    last = FIRST + timedelta(days=days)
    points = tuple((FIRST + timedelta(days=day), 3.0, None) for day in range(days + 1))
    chart = pace_chart(PaceTrend(points=points, speed=None, adjusted=None), FIRST, last, KM)

    assert all(chart.first < (row.at or 0.0) < chart.last for row in chart.table.rows)


def test_many_years_are_told_by_month() -> None:
    chart = pace_chart(made(160), FIRST, FIRST + timedelta(weeks=160), KM)

    assert chart.table.headings[0] == "Month"
    assert len(chart.table.rows) == 37


def test_a_run_without_grade_adjusted_pace_is_not_drawn_as_one() -> None:
    chart = pace_chart(made(8), FIRST, FIRST + timedelta(weeks=8), KM)

    assert next(mark for mark in chart.panels[0].marks if mark.look == "line second").path == ""


def test_runs_outside_of_the_scale_are_counted_beneath_the_chart() -> None:
    speeds = [3.0 + 0.01 * (day % 10) for day in range(300)]
    speeds[40], speeds[41], speeds[42] = 5.5, 0.9, 0.8
    points = tuple((FIRST + timedelta(days=day), speed, None) for day, speed in enumerate(speeds))

    chart = pace_chart(PaceTrend(points=points, speed=None, adjusted=None), FIRST, FIRST + timedelta(days=299), KM)

    dots = next(mark.path for mark in chart.panels[0].marks if mark.look == "dot")
    assert dots.count("M") == 297
    assert chart.beneath == "Not drawn: 1 above this scale and 2 below it."


def test_a_chart_that_draws_every_run_says_nothing_more() -> None:
    assert pace_chart(made(40), FIRST, FIRST + timedelta(weeks=40), KM).beneath == ""
