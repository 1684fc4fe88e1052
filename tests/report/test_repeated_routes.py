"""The cards of repeated routes and their small lines."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from paceport.report.html_text import UNKNOWN
from paceport.report.page import render
from paceport.report.pages.route_page import RoutePage, route_page
from paceport.report.pages.snapshot import Snapshot
from paceport.report.report_page import ReportPage
from paceport.training.history.favourite_routes import favourite_routes
from paceport.training.history.history import History
from paceport.training.metrics.polyline import encode
from paceport.units import Units, duration_text


def routes_in(history: History, units: Units) -> RoutePage:
    return route_page(Snapshot(history=history, units=units, later=0))


@pytest.fixture(scope="session")
def found(forty_history: History) -> RoutePage:
    return routes_in(forty_history, Units("km", UNKNOWN))


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


def test_each_route_has_a_card_a_line_and_its_newest_runs(found: RoutePage, forty_history: History) -> None:
    routes = favourite_routes(forty_history)

    assert len(routes) == len(found.cards) == found.count >= 2
    for one, card in zip(routes, found.cards, strict=True):
        assert card.count == f"{len(one.runs)} runs"
        assert card.spark.dots.count("M") == len(one.runs)
        assert len(card.rows) + card.more == len(one.runs)
        assert card.map is not None
        assert one.best is not None
        assert card.best == duration_text(1000.0 / (one.best.speed_mps or 0.0))


def test_the_line_rises_with_the_pace_and_ends_at_the_newest_run(found: RoutePage, forty_history: History) -> None:
    one, spark = favourite_routes(forty_history)[0], found.cards[0].spark
    points = [tuple(map(float, pair)) for pair in re.findall(r"M([\d.]+) ([\d.]+)h0", spark.dots)]

    assert [x for x, _ in points] == [(run.day - one.runs[0].day).days for run in one.runs]
    assert points[-1][0] == spark.days
    # The made runs are faster each time: nearer to the top.
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
    assert all(0 <= y <= 100 for _, y in points)


def test_no_repeated_route_says_so(forty_page: ReportPage, forty_history: History) -> None:
    none = routes_in(replace(forty_history, runs=forty_history.runs[:1]), Units("km", UNKNOWN))
    text = render(replace(forty_page, routes=none))

    assert none.count == 0
    assert "No route was taken three times or more." in text
    assert 'class="route-card"' not in text


def test_too_few_weeks_are_not_known_and_no_pace_is_a_dash(forty_history: History) -> None:
    short = many(forty_history, 1)
    paceless = replace(short, runs=tuple(replace(run, speed_mps=None) for run in short.runs))

    (card,) = routes_in(short, Units("km", UNKNOWN)).cards
    (without,) = routes_in(paceless, Units("km", UNKNOWN)).cards

    assert card.change == "not known"
    assert (without.best, without.newest, without.change) == (UNKNOWN, UNKNOWN, "not known")
    assert (without.spark.summary, without.spark.line) == ("Pace not known", "")


def test_very_many_routes_are_cut_and_counted(forty_history: History) -> None:
    found = routes_in(many(forty_history, 25), Units("mi"))

    assert (len(found.cards), found.count, found.further) == (20, 25, 5)


def test_the_page_shows_the_lines_and_names_the_definition(forty_page: ReportPage) -> None:
    part = render(forty_page).split('id="routes"')[1].split("</section>")[0]

    assert part.count('class="route-spark"') == len(forty_page.routes.cards)
    assert 'href="#def-repeated-routes' in part
    assert 'href="#def-trend"' in part
    assert "Compare the best" not in part
