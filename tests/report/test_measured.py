"""The sections that serious runners look for say what the commands say, and only where something is known."""

from dataclasses import replace

from paceport.logbook.database.store import Store
from paceport.report.charts_measured import duration_curve_chart, vo2max_chart
from paceport.report.measured import measured_sections
from paceport.report.page import render
from paceport.report.report_page import ReportPage
from paceport.report.run_measures import run_measures_section
from paceport.training.history.duration_curve import duration_curve
from paceport.training.history.effective_uptake import UptakeTrend
from paceport.training.history.hills import hills
from paceport.training.history.history import History
from paceport.training.history.measured_run import measured_run
from paceport.training.metrics.definitions import find_metric
from paceport.units import Units


def test_the_curve_of_the_page_is_that_of_the_command(forty: Store, forty_history: History) -> None:
    curve = duration_curve(forty, forty_history).curve

    chart = duration_curve_chart(curve, Units())

    assert chart is not None
    assert [row.cells[1] for row in chart.table.rows] == [
        Units().pace(best.speed_mps) for best in curve.overall.values()
    ]
    assert chart.table.headings[3:] == tuple(sorted(curve.seasons, reverse=True)[:3])
    assert "NaN" not in "".join(mark.path for mark in chart.panels[0].marks)


def test_a_page_has_the_sections_whose_answers_are_known(forty_page: ReportPage) -> None:
    names = [one.name for one in forty_page.training.measured]
    text = render(forty_page)

    assert names[0] == "duration-curve"
    assert {"hills", "distribution"} <= set(names)
    for one in forty_page.training.measured:
        assert text.count(f'id="{one.name}"') == 1
        definitions = one.chart.definitions if one.chart else one.definitions
        assert definitions
        assert all(find_metric(name) for name in definitions)


def test_pace_by_gradient_without_learning_is_the_same_but_for_ones_own_factor(
    forty: Store, forty_history: History
) -> None:
    learnt = hills(forty, forty_history, forty_history.runs)

    kept = hills(forty, forty_history, forty_history.runs, learns_own=False)

    assert learnt.gradients
    assert [one.bin for one in kept.gradients] == [one.bin for one in learnt.gradients]
    assert (kept.climb_rates, kept.known_runs) == (learnt.climb_rates, learnt.known_runs)


def test_a_logbook_without_runs_has_no_such_section(forty: Store, forty_history: History) -> None:
    assert measured_sections(forty, replace(forty_history, runs=()), Units()) == ()
    assert (
        vo2max_chart(UptakeTrend(points=(), trend=None, left_out={}), forty_history.today, forty_history.today) is None
    )


def test_all_charts_of_time_have_the_same_days(forty_page: ReportPage) -> None:
    charts = [one.chart for one in forty_page.training.measured if one.chart and one.chart.kind == "time"]

    assert charts
    assert {one.origin for one in charts} == {forty_page.training.weeks.origin if forty_page.training.weeks else ""}


def test_the_page_of_a_run_has_its_best_of_each_duration(forty: Store, forty_history: History) -> None:
    run = forty_history.runs[-1]
    found = measured_run(forty, forty_history, run)

    section = run_measures_section(found, Units())

    assert section is not None
    tables = dict(section.tables)
    assert len(tables["Best by duration"].rows) == len(found.bests)
    assert all(find_metric(name) for name in section.definitions)
