"""Zones, relative effort and calories."""

import pytest

from paceport.sandbox.athletes.effort import calories, heartrate_zone_times_s, suffer_score, zone_times_s
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.recording_summary import summarize_recording

BOUNDS = (111, 139, 152, 166)


def test_time_in_zones_adds_up_to_the_moving_time() -> None:
    beats = [100] * 101 + [111] * 100 + [145] * 100 + [152] * 50 + [170] * 30
    recording = recording_from_samples(
        time_s=list(range(381)), distance_m=[3.0 * s for s in range(381)], heartrate_bpm=beats
    )

    found = heartrate_zone_times_s(recording, BOUNDS)

    assert found == (100, 100, 100, 50, 30)


def test_standing_still_is_in_no_zone() -> None:
    recording = recording_from_samples(
        time_s=[*range(101), 400], distance_m=[*(3.0 * s for s in range(101)), 300.0], heartrate_bpm=[150] * 102
    )

    assert heartrate_zone_times_s(recording, BOUNDS) == (0, 0, 100, 0, 0)


def test_zones_of_speed_work_alike() -> None:
    recording = recording_from_samples(time_s=list(range(101)), distance_m=[3.0 * s for s in range(101)])

    assert zone_times_s(recording, recording.velocity_mps, (2.5, 3.5)) == (0, 100, 0)


def test_without_heart_rate_nothing_is_known() -> None:
    assert heartrate_zone_times_s(recording_from_samples(time_s=[0, 1], distance_m=[0, 3]), BOUNDS) is None
    assert heartrate_zone_times_s(None, BOUNDS) is None


def test_harder_hours_score_more() -> None:
    hours = [tuple(3600 if zone == hard else 0 for zone in range(5)) for hard in range(5)]

    scores = [suffer_score(hour) for hour in hours]

    assert scores == [12.0, 24.0, 45.0, 100.0, 120.0]


def test_ten_kilometres_cost_a_kilocalorie_per_kilogram_each() -> None:
    figures = summarize_recording(recording_from_samples(time_s=[0, 3000], distance_m=[0.0, 10000.0]))

    assert calories(figures, "Run", 60.0) == pytest.approx(600.0)
    assert calories(figures, "TrailRun", 60.0) > 600.0


def test_without_distance_time_costs() -> None:
    figures = summarize_recording(recording_from_samples(time_s=[0, 3600]))

    assert calories(figures, "WeightTraining", 60.0) == pytest.approx(270.0)
