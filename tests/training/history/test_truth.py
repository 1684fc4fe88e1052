"""The sandbox knows what its runs were made from; the analysis must find that back from the samples alone."""

from statistics import median

import pytest

from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.training.history.favourite_routes import routes_of
from paceport.training.history.history import History
from paceport.training.history.run import Run


@pytest.fixture
def steady(history: History, activities: tuple[Activity, ...]) -> list[tuple[Run, Truth]]:
    """Outdoor runs that held one effort, each with what it was made from."""
    truths = {one.id: one.truth for one in activities}
    pairs = [(run, truth) for run in history.runs if (truth := truths[run.id]) is not None]
    found = [(run, truth) for run, truth in pairs if truth.steady and run.has_track and not run.is_indoor]
    assert len(found) >= 25
    return found


def test_the_flat_speed_is_found_back_on_hills(steady: list[tuple[Run, Truth]]) -> None:
    errors = [(run.adjusted_speed_mps or 0.0) / truth.flat_speed_mps - 1 for run, truth in steady]

    assert max(map(abs, errors)) < 0.01
    assert median(map(abs, errors)) < 0.001


def test_the_pace_as_run_would_not_have_found_it(steady: list[tuple[Run, Truth]]) -> None:
    hilly = [(run, truth) for run, truth in steady if (run.elevation_gain_m or 0) > 0.012 * (run.distance_m or 1)]
    errors = [(run.speed_mps or 0.0) / truth.flat_speed_mps - 1 for run, truth in hilly]

    assert len(errors) >= 5
    assert median(errors) < -0.03


def expected_decoupling(run: Run, truth: Truth) -> float:
    """What drift and fading come to between the middles of the two halves after ten minutes."""
    length_s = (run.moving_time_s or 0.0) - 600.0
    hours = [(600.0 + length_s * share) / 3600.0 for share in (0.25, 0.75)]
    first, second = (
        (1 - truth.fade_ratio_per_h * hour) / (truth.heartrate_bpm + truth.heartrate_drift_bpm_per_h * hour)
        for hour in hours
    )
    return 100.0 * (1 - second / first)


def test_the_drift_of_the_heart_is_found_back(steady: list[tuple[Run, Truth]]) -> None:
    known = [pair for pair in steady if pair[0].decoupling_percent is not None]
    errors = [(run.decoupling_percent or 0.0) - expected_decoupling(run, truth) for run, truth in known]

    assert len(errors) >= 15
    assert max(map(abs, errors)) < 2.0
    assert median(map(abs, errors)) < 0.75
    assert abs(median(errors)) < 0.4


def test_every_route_that_was_run_twice_is_found(history: History, activities: tuple[Activity, ...]) -> None:
    truths = {one.id: one.truth for one in activities}
    names: dict[tuple[str, float], list[int]] = {}
    for run in history.runs:
        truth = truths[run.id]
        if truth is not None and run.polyline is not None and not run.is_indoor:
            names.setdefault((truth.route, round(truth.distance_m, -2)), []).append(run.id)
    repeated = [ids for ids in names.values() if len(ids) > 1]

    groups = [{passage.run_id for passage in route.runs} for route in routes_of(history)]

    assert len(repeated) >= 3
    assert all(any(set(ids) <= group for group in groups) for ids in repeated)
