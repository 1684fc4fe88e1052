"""The sandbox knows what its runs were made from; the analysis must find that back from the samples alone."""

from statistics import median

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.sandbox.athletes.population import Population
from paceport.training.history.favourite_routes import routes_of
from paceport.training.history.history import History, read_history
from paceport.training.history.measured_run import measured_run
from paceport.training.history.run import Run
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.race_prediction import vdot


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

    # The sandbox's bodies pay for hills by a curve of their own: what is left is the difference of the two.
    assert max(map(abs, errors)) < 0.03
    assert median(map(abs, errors)) < 0.004


def test_the_pace_as_run_would_not_have_found_it(steady: list[tuple[Run, Truth]]) -> None:
    hilly = [(run, truth) for run, truth in steady if (run.elevation_gain_m or 0) > 0.012 * (run.distance_m or 1)]
    errors = [(run.speed_mps or 0.0) / truth.flat_speed_mps - 1 for run, truth in hilly]

    assert len(errors) >= 5
    assert median(errors) < -0.015
    adjusted = [(run.adjusted_speed_mps or 0.0) / truth.flat_speed_mps - 1 for run, truth in hilly]
    assert all(abs(near) < abs(far) for near, far in zip(adjusted, errors, strict=True))


def efficiency_at(truth: Truth, moving_s: float) -> float:
    """Flat metres a heartbeat, up to a factor, after so long."""
    beats = truth.heartrate_bpm_at(moving_s)
    # A slower heart answers to a slower pace: what fades is the speed, and the beats that it asks for with it.
    speed_mps = truth.flat_speed_mps_at(moving_s)
    beats -= (truth.heartrate_bpm - truth.resting_heartrate_bpm) * (1.0 - speed_mps / truth.flat_speed_mps)
    return speed_mps / beats


def expected_decoupling(run: Run, truth: Truth) -> float:
    """What drift and fading come to between the two halves after ten minutes."""
    length_s = (run.moving_time_s or 0.0) - 600.0
    first, second = (
        sum(efficiency_at(truth, 600.0 + length_s * (half + step / 20.0)) for step in range(10))
        for half in (0.025, 0.525)
    )
    return 100.0 * (1 - second / first)


def test_the_drift_of_the_heart_is_found_back(steady: list[tuple[Run, Truth]]) -> None:
    known = [pair for pair in steady if pair[0].decoupling_percent is not None]
    errors = [(run.decoupling_percent or 0.0) - expected_decoupling(run, truth) for run, truth in known]

    assert len(errors) >= 15
    assert max(map(abs, errors)) < 3.5
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


def test_the_oxygen_uptake_is_found_back_with_the_true_maximum_and_too_low_without(
    logbook: Store, clock: ManualClock, activities: tuple[Activity, ...], population: Population
) -> None:
    truths = {one.id: one.truth for one in activities}

    def errors(given: AthleteFacts | None) -> list[float]:
        history = read_history(logbook, now=clock.now(), given=given, with_efforts=False)
        found = [(measured_run(logbook, history, run).effective_vo2max, truths[run.id]) for run in history.runs]
        # What can be held for an hour has a VDOT; the heart of the sandbox follows a line that is not Swain's.
        hours = [(value, vdot(3600 * truth.threshold_speed_mps, 3600.0)) for value, truth in found if value and truth]
        return [value / true - 1 for value, true in hours if true]

    right = errors(AthleteFacts(max_bpm=population.people[1].max_heartrate_bpm))

    assert len(right) >= 30
    assert abs(median(right)) < 0.08
    assert max(map(abs, right)) < 0.12
    # Nobody ran hard in these weeks, so that the maximum of the runs is below the true one.
    assert median(errors(None)) < -0.1


def test_the_best_twenty_minutes_of_a_steady_run_are_its_own_speed(
    logbook: Store, history: History, steady: list[tuple[Run, Truth]]
) -> None:
    bests = {one.run_id: one for one in logbook.measure_rows.duration_bests(own_only=False, duration_s=1200.0)}
    errors = [
        (bests[run.id].adjusted_speed_mps or 0.0) / truth.flat_speed_mps - 1 for run, truth in steady if run.id in bests
    ]

    assert len(errors) >= 25
    assert abs(median(errors)) < 0.01
    assert max(map(abs, errors)) < 0.07  # the hilliest: the sandbox pays for hills by a curve of its own
