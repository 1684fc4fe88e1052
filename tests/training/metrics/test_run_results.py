import json
import warnings
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.streams import Streams
from paceport.training.history.heart_rate_seconds import HeartRateSeconds, parse_heart_rate_seconds
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.polyline import decode
from paceport.training.metrics.results_version import RESULTS_VERSION
from paceport.training.metrics.run_results import RunResults, run_results
from training.metrics.made import channel

NOTHING = float("nan")
ATHLETE = AthleteFacts(zone_edges_bpm=(111, 139, 152, 166), rest_bpm=50, max_bpm=190, threshold_bpm=168, sex="female")
WILD = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 255.0, -1.0, 1e9, NOTHING]),
    st.floats(0, 5000),
)
CHANNELS = [field.name for field in fields(Streams) if field.name != "time_s"]


def heart_of(found: RunResults) -> HeartRateSeconds:
    """The tally as it is read back from the stored text."""
    heart = parse_heart_rate_seconds(json.dumps(found.to_json()["heart"]))
    assert heart is not None
    return heart


def hour_share(heartrate_bpm: float) -> float:
    """What a minute at that rate is worth to ATHLETE, up to a constant."""
    share = (heartrate_bpm - 50) / 140
    return float(share * np.exp(1.67 * share))


@pytest.fixture
def full() -> Streams:
    """An hour at 3 m/s and 150 bpm, up and down a hill, with everything a watch records."""
    time_s = np.arange(3601.0)
    return Streams(
        time_s=time_s,
        distance_m=3 * time_s,
        latitude_deg=51 + 0.00002 * time_s,
        longitude_deg=7 + 0.00001 * time_s,
        altitude_m=100 + 0.05 * np.minimum(3 * time_s, 10800 - 3 * time_s),
        heartrate_bpm=np.full(3601, 150.0),
        cadence_spm=np.full(3601, 180.0),
    )


def test_a_full_run_has_every_number(full: Streams) -> None:
    found = run_results(full, barometric=True)

    assert None not in [getattr(found, field.name) for field in fields(RunResults)]
    assert (found.version, found.samples) == (RESULTS_VERSION, 3601)
    assert (found.elapsed_time_s, found.moving_time_s, found.distance_m, found.speed_mps) == (3600, 3600, 10800, 3)
    assert found.elevation_gain_m == pytest.approx(270, abs=2)
    assert found.elevation_loss_m == pytest.approx(270, abs=2)
    assert found.heartrate_coverage_ratio == 1
    heart = heart_of(found)
    assert list(heart.time_in_zones_s(ATHLETE)) == [0, 0, 3600, 0, 0]
    assert heart.edwards_load(ATHLETE) == 180
    assert heart.load(ATHLETE) == pytest.approx(60 * 5 / 7 * 0.86 * np.exp(1.67 * 5 / 7))
    assert heart.stress(ATHLETE) == pytest.approx(100 * hour_share(150) / hour_share(168))
    assert found.step_length_m == pytest.approx(1)
    assert len(found.splits_km) == 11
    assert len(found.splits_mile) == 7
    assert [effort.span_m for effort in found.best_efforts][-1] == 10_000


def test_up_and_down_five_percent_is_worth_more_than_flat(full: Streams) -> None:
    found = run_results(full, barometric=True)

    # Halves at +5 % and -5 %: the mean of their factors.
    assert found.adjusted_speed_mps == pytest.approx(3 * (1.19148 + 0.89850) / 2, rel=0.005)
    assert found.adjusted_speed_minetti_mps == pytest.approx(3 * (1.3011 + 0.7628) / 2, rel=0.005)


def test_the_polyline_is_the_track(full: Streams) -> None:
    line = run_results(full).polyline

    assert line is not None
    assert [tuple(point) for point in np.stack(decode(line), axis=1).tolist()] == [(51, 7), (51.072, 7.036)]


def test_the_results_are_plain_enough_for_json(full: Streams) -> None:
    found = run_results(full)

    back = json.loads(json.dumps(found.to_json(), allow_nan=False))

    assert back == found.to_json()
    assert back["splits_km"][0]["distance_m"] == 1000
    assert set(back) == {field.name for field in fields(RunResults)}


@pytest.mark.parametrize(
    ("channels", "unknown"),
    [
        ({"altitude_m"}, {"elevation_gain_m", "adjusted_speed_mps", "adjusted_speed_minetti_mps", "is_barometric"}),
        ({"heartrate_bpm"}, {"heartrate_bpm", "heart", "efficiency_factor"}),
        ({"cadence_spm"}, {"cadence_spm", "step_length_m"}),
        ({"latitude_deg"}, {"polyline"}),
        ({"distance_m", "latitude_deg"}, {"distance_m", "moving_time_s", "speed_mps", "adjusted_speed_mps"}),
    ],
)
def test_a_missing_channel_leaves_its_numbers_unknown(full: Streams, channels: set[str], unknown: set[str]) -> None:
    kept = {name: values for name, values in full.channels().items() if name not in channels}

    found = run_results(Streams(**kept))

    assert {getattr(found, name) for name in unknown} == {None}
    assert found.elapsed_time_s == 3600


def test_without_a_distance_the_positions_tell_it(full: Streams) -> None:
    kept = {name: values for name, values in full.channels().items() if name != "distance_m"}

    found = run_results(Streams(**kept))

    assert found.is_distance_measured is False
    assert found.distance_m == pytest.approx(3600 * np.hypot(2.2239, 0.6998), rel=1e-3)


def test_without_a_distance_the_heart_still_counts() -> None:
    time_s = np.arange(601.0)

    found = run_results(Streams(time_s=time_s, heartrate_bpm=np.full(601, 150.0)))

    assert heart_of(found).edwards_load(ATHLETE) == 30
    assert list(heart_of(found).time_in_zones_s(ATHLETE)) == [0, 0, 600, 0, 0]
    assert found.splits_km == ()
    assert found.best_efforts == ()


def test_an_unknown_athlete_has_no_load(full: Streams) -> None:
    found = run_results(full)

    heart = heart_of(found)
    nobody = AthleteFacts()
    assert (heart.load(nobody), heart.edwards_load(nobody), heart.stress(nobody)) == (None, None, None)
    assert heart.time_in_zones_s(nobody) == ()
    assert found.heartrate_bpm == 150


@pytest.mark.parametrize("count", [0, 1])
def test_a_run_of_no_samples_or_one_knows_nothing(full: Streams, count: int) -> None:
    few = Streams(**{name: values[:count] for name, values in full.channels().items()})

    found = run_results(few)

    assert (found.elapsed_time_s, found.distance_m, found.heartrate_bpm, found.polyline) == (None, None, None, None)


def test_300_kilometres_are_a_run() -> None:
    time_s = np.arange(0.0, 100_001.0, 10.0)

    found = run_results(Streams(time_s=time_s, distance_m=3 * time_s, altitude_m=50 * np.sin(time_s / 3000)))

    assert len(found.splits_km) == 300
    assert len(found.best_efforts) == 14


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(0, 25))
def test_no_streams_whatever_raise_or_make_a_number_that_is_none(data: st.DataObject, count: int) -> None:
    columns = st.lists(WILD, min_size=count, max_size=count).map(channel)
    times = data.draw(st.one_of(columns, st.just(np.arange(count) * 60.0)))
    names = data.draw(st.sets(st.sampled_from(CHANNELS)))
    streams = Streams(time_s=times, **{name: data.draw(columns) for name in sorted(names)})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = run_results(streams)

    json.dumps(found.to_json(), allow_nan=False)
    assert found.moving_time_s is None or found.moving_time_s >= 0
    assert 0 <= found.heartrate_coverage_ratio <= 1


def test_standing_is_in_the_load_but_in_no_zone() -> None:
    time_s = np.arange(1201.0)
    distance_m = 3 * np.minimum(time_s, 600)

    found = run_results(Streams(time_s=time_s, distance_m=distance_m, heartrate_bpm=np.full(1201, 150.0)))

    assert sum(heart_of(found).time_in_zones_s(ATHLETE)) == found.moving_time_s == 600
    assert heart_of(found).edwards_load(ATHLETE) == 20 * 3


@pytest.mark.parametrize(
    ("time_s", "distance_m", "cadence_spm"),
    [
        ([0, 1, 2], [0, 4e-163, 4e-163], 180.0),
        ([0, 1e-300, 60], [0, 5000, 6000], 180.0),
        ([-1e308, 0, 1e308], [0, 5, 10], 180.0),
        ([0, 10, 20], [0, 30, 60], 5e-324),
    ],
)
def test_numbers_too_small_or_too_great_to_divide_by_do_no_harm(
    time_s: list[float], distance_m: list[float], cadence_spm: float
) -> None:
    streams = Streams(
        time_s=channel(time_s),
        distance_m=channel(distance_m),
        altitude_m=channel([1, 2, 3]),
        heartrate_bpm=channel([100, 120, 130]),
        cadence_spm=np.full(3, cadence_spm),
    )

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = run_results(streams)

    json.dumps(found.to_json(), allow_nan=False)
