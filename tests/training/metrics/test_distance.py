import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.geodesy import cumulative_distance_m, haversine_m
from paceport.streams import Streams
from paceport.training.metrics.distance import distance_track, goes_forward
from training.metrics.made import channel

NOTHING = float("nan")


def between(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    return float(haversine_m(channel(latitude), channel(longitude), channel(to_latitude), channel(to_longitude)))


def test_lyon_lies_392_km_from_paris() -> None:
    assert between(45.7597, 4.8422, 48.8567, 2.3508) == pytest.approx(392_217.26, abs=0.6)


def test_lands_end_lies_968_9_km_from_john_o_groats() -> None:
    degrees = (50 + 3 / 60 + 59 / 3600, -(5 + 42 / 60 + 53 / 3600), 58 + 38 / 60 + 38 / 3600, -(3 + 4 / 60 + 12 / 3600))

    assert between(*degrees) == pytest.approx(968_854.9, abs=1.5)


def test_a_ten_thousandth_of_a_degree_north_is_eleven_metres() -> None:
    assert between(51.5, 0.0, 51.5001, 0.0) == pytest.approx(11.1195, abs=1e-4)


def test_the_same_point_is_no_distance_away() -> None:
    assert between(45.7597, 4.8422, 45.7597, 4.8422) == 0.0


def test_the_way_over_the_antimeridian_is_short() -> None:
    assert between(0.0, 179.9999, 0.0, -179.9999) == pytest.approx(22.2, abs=0.1)


def test_antipodes_are_half_the_globe_apart() -> None:
    assert between(10.0, 20.0, -10.0, -160.0) == pytest.approx(np.pi * 6371008.8)


def test_the_way_adds_up_step_by_step() -> None:
    way_m = cumulative_distance_m(channel([51.5, 51.5001, 51.5, 51.5001]), channel([0, 0, 0, 0]))

    assert way_m == pytest.approx([0, 11.1195, 22.2390, 33.3585], abs=1e-3)


def test_no_points_make_no_way() -> None:
    assert len(cumulative_distance_m(channel([]), channel([]))) == 0


def test_a_recorded_distance_wins_over_positions() -> None:
    made = distance_track(
        Streams(
            time_s=channel([0, 1, 2]),
            distance_m=channel([0, 3, 6]),
            latitude_deg=channel([51, 52, 53]),
            longitude_deg=channel([0, 0, 0]),
        )
    )

    assert made is not None
    assert made.is_measured
    assert made.total_m == 6


def test_positions_give_the_distance_where_none_was_recorded() -> None:
    made = distance_track(
        Streams(
            time_s=channel([0, 1, 2, 3]),
            latitude_deg=channel([51.5, NOTHING, 51.5001, 51.5002]),
            longitude_deg=channel([0, 0, 0, NOTHING]),
        )
    )

    assert made is not None
    assert not made.is_measured
    assert made.distance_m == pytest.approx([0, 11.1195], abs=1e-3)
    assert made.samples.tolist() == [0, 2]


@pytest.mark.parametrize(
    "streams",
    [
        Streams(time_s=channel([])),
        Streams(time_s=channel([0]), distance_m=channel([0])),
        Streams(time_s=channel([0, 1]), distance_m=channel([NOTHING, NOTHING])),
        Streams(time_s=channel([0, 1, 2]), distance_m=channel([NOTHING, 5, NOTHING])),
        Streams(time_s=channel([3, 3, 3]), distance_m=channel([0, 5, 9])),
        Streams(time_s=channel([0, 1]), latitude_deg=channel([51, 51])),
        Streams(time_s=channel([0, 1]), latitude_deg=channel([91, 99]), longitude_deg=channel([0, 1])),
    ],
)
def test_too_little_is_no_course(streams: Streams) -> None:
    assert distance_track(streams) is None


def test_a_distance_that_goes_back_is_held_at_what_was_reached() -> None:
    made = distance_track(Streams(time_s=channel([0, 1, 2, 3]), distance_m=channel([0, 10, 7, 12])))

    assert made is not None
    assert made.distance_m.tolist() == [0, 10, 10, 12]


def test_samples_that_go_back_in_time_are_dropped() -> None:
    made = distance_track(Streams(time_s=channel([0, 5, 3, 5, 6]), distance_m=channel([0, 10, 11, 12, 13])))

    assert made is not None
    assert made.time_s.tolist() == [0, 5, 6]
    assert made.distance_m.tolist() == [0, 10, 13]


def test_a_channel_is_taken_at_the_points_of_the_course() -> None:
    made = distance_track(Streams(time_s=channel([0, 1, 2]), distance_m=channel([0, NOTHING, 6])))

    assert made is not None
    assert made.align(None) is None
    assert np.array_equal(made.align(channel([7, 8, 9])), [7, 9])  # type: ignore[arg-type]  # a channel in, one out


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_what_is_left_goes_forward(times: list[float]) -> None:
    kept = channel(times)[goes_forward(channel(times))]

    assert (np.diff(kept) >= 0.0009).all()
    assert np.isfinite(kept).all()


def test_a_distance_round_the_globe_and_more_is_a_broken_sample() -> None:
    made = distance_track(Streams(time_s=channel([0, 1, 2]), distance_m=channel([0, 1e12, 6])))

    assert made is not None
    assert made.distance_m.tolist() == [0, 6]
