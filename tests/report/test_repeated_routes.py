"""The table of repeated routes, its small lines, and the runs behind them."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from paceport.report.html_text import UNKNOWN
from paceport.report.page import render
from paceport.report.page_values import RepeatedSection, ReportPage
from paceport.report.repeated_routes import repeated_section
from paceport.training.history.favourite_routes import favourite_routes
from paceport.training.history.history import History
from paceport.training.metrics.polyline import encode
from paceport.units import Units, duration_text


@pytest.fixture(scope="session")
def found(forty_history: History) -> RepeatedSection:
    return repeated_section(forty_history, Units("km", UNKNOWN))


def many(history: History, count: int, each: int = 3) -> History:
    """So many routes, each run as often, every line somewhere else."""
    run, runs = history.runs[0], []
    for route in range(count):
        latitude = 40.0 + 0.1 * route + np.linspace(0.0, 0.03, 20)
        way = encode(latitude, np.full(20, 7.0))
        for turn in range(each):
            later = timedelta(days=count * turn + route)
            start, local = run.start + later, run.local_start + later
            runs.append(replace(run, id=100 * route + turn + 1, start=start, local_start=local, polyline=way))
    return replace(history, runs=tuple(runs))


def test_each_route_has_a_row_a_line_and_its_runs(found: RepeatedSection, forty_history: History) -> None:
    routes = favourite_routes(forty_history)

    assert found.table is not None
    assert found.runs is not None
    assert len(routes) == len(found.table.rows) == len(found.sparks) >= 2
    counted = Counter(row.cells[0] for row in found.runs.rows)
    for number, (one, row, spark) in enumerate(zip(routes, found.table.rows, found.sparks, strict=True), 1):
        assert counted[str(number)] == len(one.runs) == int(row.cells[5])
        assert spark.dots.count("M") == len(one.runs)
        assert len(row.cells) == len(found.table.headings)
        assert one.best is not None
        assert row.cells[6] == duration_text(1000.0 / (one.best.speed_mps or 0.0))


def test_the_line_rises_with_the_pace_and_ends_at_the_newest_run(
    found: RepeatedSection, forty_history: History
) -> None:
    one, spark = favourite_routes(forty_history)[0], found.sparks[0]
    points = [tuple(map(float, pair)) for pair in re.findall(r"M([\d.]+) ([\d.]+)h0", spark.dots)]

    assert [x for x, _ in points] == [(run.day - one.runs[0].day).days for run in one.runs]
    assert points[-1][0] == spark.days
    # The made runs are faster each time: nearer to the top.
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
    assert all(0 <= y <= 100 for _, y in points)


def test_no_repeated_route_says_so(forty_history: History) -> None:
    none = repeated_section(replace(forty_history, runs=forty_history.runs[:1]), Units("km", UNKNOWN))

    assert none.table is None
    assert none.summary == "No route was taken 3 times or more."


def test_the_page_says_so_too(forty_page: ReportPage) -> None:
    text = render(replace(forty_page, repeated=RepeatedSection(summary="No route was taken 3 times or more.")))

    assert "No route was taken 3 times or more." in text
    assert 'class="spark"' not in text


def test_too_few_weeks_are_not_known_and_no_pace_is_a_dash(forty_history: History) -> None:
    short = many(forty_history, 1)
    paceless = replace(short, runs=tuple(replace(run, speed_mps=None) for run in short.runs))

    (row,) = (repeated_section(short, Units("km", UNKNOWN)).table or pytest.fail("no table")).rows
    without = repeated_section(paceless, Units("km", UNKNOWN))

    assert row.cells[8] == "not known"
    assert without.table is not None
    assert without.table.rows[0].cells[6:9] == (UNKNOWN, UNKNOWN, "not known")
    assert (without.sparks[0].summary, without.sparks[0].line) == ("Pace not known", "")


def test_very_many_routes_are_cut_and_counted(forty_history: History) -> None:
    found = repeated_section(many(forty_history, 25), Units("mi"))

    assert len(found.sparks) == 20
    assert found.summary.startswith("The 20 most frequent of 25 routes")


def test_the_page_shows_the_lines_and_names_the_definition(forty_page: ReportPage) -> None:
    part = render(forty_page).split('id="repeated"')[1].split("</section>")[0]

    assert part.count('<td class="spark">') == len(forty_page.repeated.sparks)
    assert part.count('class="twin"') == 1
    assert 'href="#def-repeated-routes"' in part
    assert 'href="#def-trend"' in part
