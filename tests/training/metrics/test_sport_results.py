"""What is measured of activities that are no runs."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.sports import SPORT_TYPES
from paceport.streams import Streams
from paceport.training.metrics.sport_results import sport_results
from training.metrics.made import Channel, channel, walks


def even(speed_mps: float, seconds: int, **channels: Channel) -> Streams:
    time_s = np.arange(seconds + 1.0)
    return Streams(time_s=time_s, distance_m=time_s * speed_mps, **channels)


@pytest.mark.parametrize(
    ("sport", "speed_mps", "moving_s"),
    [("Ride", 0.8, 0.0), ("Swim", 0.8, 600.0), ("Hike", 0.25, 600.0), ("Walk", 0.25, 0.0), ("Canoeing", 0.4, 600.0)],
)
def test_each_sport_moves_from_a_speed_of_its_own(sport: str, speed_mps: float, moving_s: float) -> None:
    assert sport_results(even(speed_mps, 600), sport=sport)["moving_time_s"] == moving_s


def test_water_is_level() -> None:
    waves = 5.0 * np.sin(np.arange(601.0) / 30)

    swim = sport_results(even(1.0, 600, altitude_m=waves), sport="Swim")
    hike = sport_results(even(1.0, 600, altitude_m=waves), sport="Hike", barometric=True)

    assert "elevation_gain_m" not in swim
    assert hike["elevation_gain_m"] > 20


def test_a_climb_has_its_rate() -> None:
    found = sport_results(even(1.0, 3600, altitude_m=np.arange(3601.0) / 6), sport="Hike", barometric=True)

    assert found["elevation_gain_m"] == pytest.approx(600, rel=0.01)
    assert found["climb_rate_m_per_h"] == pytest.approx(600, rel=0.02)


def test_strength_without_a_distance_has_heart_rate_and_time() -> None:
    found = sport_results(Streams(time_s=np.arange(601.0), heartrate_bpm=np.full(601, 120.0)), sport="WeightTraining")

    assert (found["elapsed_time_s"], found["heartrate_bpm"]) == (600, 120)
    assert sum(found["heart"]["known_s"]) == 600
    assert "distance_m" not in found


def test_power_that_was_lost_half_way_gives_no_load() -> None:
    whole, half = np.full(601, 200.0), np.where(np.arange(601) < 300, 200.0, np.nan)

    assert sport_results(even(8.0, 600, power_w=whole), sport="Ride")["load_inputs"]["work_kj"] == pytest.approx(120)
    assert sport_results(even(8.0, 600, power_w=half), sport="Ride")["load_inputs"] == {}


@settings(max_examples=50, deadline=None)
@given(walks(), st.sampled_from(SPORT_TYPES), st.floats(-1000, 10000), st.floats(0, 300))
def test_whatever_the_samples_hold_the_results_are_plain_and_plausible(
    walk: tuple[Channel, Channel], sport: str, altitude_m: float, bpm: float
) -> None:
    count = len(walk[0])
    streams = Streams(
        time_s=walk[0],
        distance_m=walk[1],
        altitude_m=channel([altitude_m] * (count - 1) + [float("nan")]),
        heartrate_bpm=np.full(count, bpm),
    )

    found = sport_results(streams, sport=sport)

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert 0 <= found["moving_time_s"] <= found["elapsed_time_s"]
    assert found["distance_m"] == walk[1][-1] - walk[1][0]
