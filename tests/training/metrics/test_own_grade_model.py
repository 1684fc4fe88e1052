from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.sandbox.athletes.physiology import grade_cost
from paceport.streams import Streams
from paceport.training.metrics.convex_fit import convex_fit
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.elevation import elevation_profile
from paceport.training.metrics.grade_adjusted_pace import strava_factor
from paceport.training.metrics.grade_windows import GradeWindow, profile_grade_windows
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.moving_time import moving_clock_s
from paceport.training.metrics.own_grade_model import OwnGradeModel, own_grade_model
from paceport.training.metrics.unknown import Unknown
from training.metrics.made import Channel, channel

REST = 55.0
GRADES = np.arange(-0.2, 0.21, 0.02)


def light_footed(grade: Channel) -> Channel:
    """An athlete who loses less uphill and gains more downhill than the general model says."""
    return 1.0 + 2.3 * grade + 11.0 * grade**2


def windows(
    truth: Callable[[Channel], Channel], *, runs: int = 45, minutes: int = 60, seed: int = 1, noise_bpm: float = 3.0
) -> list[GradeWindow]:
    """Half the minutes on the flat, half in hills; each run has its own form, each minute its noise."""
    rng = np.random.default_rng(seed)
    made = []
    for run_id in range(runs):
        worth = 0.033 * rng.normal(1.0, 0.05)
        grades = np.where(rng.random(minutes) < 0.25, rng.normal(0, 0.005, minutes), rng.uniform(-0.2, 0.2, minutes))
        rates = rng.uniform(130, 165, minutes)
        speeds = worth * (rates - REST) / truth(grades)
        made += [
            GradeWindow(run_id=run_id, grade_ratio=float(g), speed_mps=float(v), heartrate_bpm=float(rate))
            for g, v, rate in zip(grades, speeds, rates + rng.normal(0, noise_bpm, minutes), strict=True)
        ]
    return made


def known(made: list[GradeWindow]) -> OwnGradeModel:
    found = own_grade_model(made, rest_bpm=REST)
    assert isinstance(found, OwnGradeModel)
    return found


def test_the_athletes_own_factors_are_found_back_and_better() -> None:
    found = known(windows(light_footed, runs=60))

    assert found.is_better
    assert found.factor(GRADES) == pytest.approx(light_footed(GRADES), rel=0.05)
    assert found.factor(channel([0.0])) == pytest.approx([1.0])
    assert found.own_error_bpm < 4 < found.general_error_bpm


def test_what_hills_cost_in_the_simulated_world_is_found_back() -> None:
    def world(grade: Channel) -> Channel:
        return grade_cost(100.0 * grade)

    found = known(windows(world, runs=80))

    assert found.is_better
    hills = GRADES[1:-1]  # at the steepest there is least to learn from
    assert found.factor(hills) == pytest.approx(world(hills), rel=0.05)


def test_an_athlete_like_all_others_keeps_the_general_factors() -> None:
    found = known(windows(strava_factor))

    assert found.factor(GRADES) == pytest.approx(strava_factor(GRADES), rel=0.02)
    assert found.own_error_bpm == pytest.approx(found.general_error_bpm, rel=0.03)


def test_the_curve_is_convex_and_goes_on_like_the_general_one() -> None:
    found = known(windows(light_footed, noise_bpm=15))

    assert np.diff(found.factors, 2).min() > -1e-6
    steep = found.factor(channel([0.24, 0.4]))
    assert steep[1] / steep[0] == pytest.approx(strava_factor(channel([0.4]))[0] / strava_factor(channel([0.24]))[0])


def test_where_nothing_was_run_the_general_factors_stay() -> None:
    uphill = [window for window in windows(light_footed, runs=80) if window.grade_ratio > -0.04]

    found = known(uphill)

    downhill = channel([-0.2, -0.12])
    assert found.factor(downhill) == pytest.approx(strava_factor(downhill), rel=0.02)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ([], "20 hours"),
        (windows(strava_factor, runs=25), "20 hours"),
        (windows(strava_factor, runs=9, minutes=240), "10 runs"),
        ([window for window in windows(strava_factor) if abs(window.grade_ratio) > 0.02], "20 hours"),
    ],
)
def test_each_gate_says_why(made: list[GradeWindow], reason: str) -> None:
    found = own_grade_model(made, rest_bpm=REST)

    assert isinstance(found, Unknown)
    assert reason in found.reason


@settings(max_examples=3)
@given(st.integers(0, 10_000))
def test_the_factors_agree_with_a_sum_over_all_minutes(seed: int) -> None:
    made = windows(light_footed, seed=seed)
    centres = [0.02 * place for place in range(-12, 13)]
    general = {centre: float(strava_factor(channel([centre]))[0]) for centre in centres}
    minutes, surplus = [0] * 25, [0.0] * 25
    for run_id in range(45):
        own = [one for one in made if one.run_id == run_id]
        flat = [one for one in own if abs(one.grade_ratio) < 0.02]
        factors = strava_factor(channel([one.grade_ratio for one in flat]))
        worths = [one.speed_mps * f / (one.heartrate_bpm - REST) for one, f in zip(flat, factors, strict=True)]
        for one in own if len(flat) >= 5 else ():
            place = min(range(25), key=lambda index: abs(centres[index] - one.grade_ratio))
            equal_mps = float(np.median(worths)) * (one.heartrate_bpm - REST)
            minutes[place] += 1
            surplus[place] += equal_mps / one.speed_mps - float(strava_factor(channel([one.grade_ratio]))[0])
    wanted, weights = [], []
    for place, centre in enumerate(centres):
        near = [(1.0 if other == place else 0.5, other) for other in range(place - 1, place + 2) if 0 <= other < 25]
        weights.append(30 + sum(share * minutes[other] for share, other in near))
        wanted.append(general[centre] + sum(share * surplus[other] for share, other in near) / weights[-1])
    closest = convex_fit(wanted, weights)

    assert known(made).factors == pytest.approx([value / closest[12] for value in closest], rel=1e-6)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.2, 5)), min_size=1, max_size=9))
def test_the_convex_fit_is_the_closest(made: list[tuple[float, float]]) -> None:
    values, weights = ([each[side] for each in made] for side in (0, 1))

    fitted = np.array(convex_fit(values, weights))

    # A projection onto a cone: what is left stands upright on the straight lines and points away from every bend.
    left = np.array(weights) * (np.array(values) - fitted)
    places = np.arange(len(values))
    assert (left.sum(), left @ places) == pytest.approx((0, 0), abs=1e-5)
    assert all(left @ np.maximum(places - bend, 0) <= 1e-4 for bend in range(1, len(values)))
    assert all(np.diff(fitted, 2) >= -1e-6)
    assert left @ fitted == pytest.approx(0, abs=1e-4)


def stream(altitude_m: Channel, rate: Channel, speed_mps: float = 3.0) -> list[GradeWindow]:
    time_s = np.arange(float(len(altitude_m)))
    streams = Streams(time_s=time_s, distance_m=speed_mps * time_s, altitude_m=altitude_m, heartrate_bpm=rate)
    course = distance_track(streams)
    assert course is not None
    along, heart = elevation_profile(course, altitude_m, barometric=True), heart_rate_intervals(streams, course)
    return (
        [] if heart is None or along is None else profile_grade_windows(7, course, along, moving_clock_s(course), heart)
    )


def test_the_minutes_of_a_steady_slope() -> None:
    time_s = np.arange(1201.0)

    found = stream(0.15 * time_s, np.full(1201, 150.0))

    assert len(found) == 10
    assert [window.grade_ratio for window in found[:9]] == pytest.approx([0.05] * 9, abs=1e-6)
    assert [window.speed_mps for window in found] == pytest.approx([3.0] * 10)
    assert [window.heartrate_bpm for window in found] == pytest.approx([150.0] * 10)
    assert {window.run_id for window in found} == {7}


def test_minutes_that_are_not_steady_do_not_count() -> None:
    time_s = np.arange(781.0)
    flat, even = np.full(781, 100.0), np.full(781, 150.0)
    hill_within = np.interp(time_s, [0, 690, 720, 781], [100, 100, 115, 115])
    rising, lost = np.where(time_s > 690, 160.0, 150.0), np.where(time_s > 710, np.nan, 150.0)

    assert len(stream(flat, even)) == 3
    assert len(stream(hill_within, even)) == 2
    assert len(stream(flat, rising)) == 2
    assert len(stream(flat, lost)) == 1
    assert stream(flat[:600], even[:600]) == []
