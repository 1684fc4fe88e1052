import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.race_prediction import riegel_s, vdot, vdot_time_s

HALF, MARATHON = 21097.5, 42195.0


def clock(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


@pytest.mark.parametrize(
    ("known_m", "known_s", "distance_m", "time_s"),
    [
        (10_000, 2400, HALF, 5295.37),
        (5000, 1200, 10_000, 2501.92),
        (HALF, 5400, MARATHON, 11258.63),
        (10_000, 2730, MARATHON, 12558.54),
    ],
)
def test_riegels_law(known_m: float, known_s: float, distance_m: float, time_s: float) -> None:
    assert riegel_s(known_m, known_s, distance_m) == pytest.approx(time_s, abs=0.006)


@pytest.mark.parametrize(
    ("distance_m", "time_s", "value"),
    [(5000, 1200, 49.806), (10_000, 2400, 51.944), (HALF, 5400, 50.977), (MARATHON, 10800, 53.528)],
)
def test_the_vdot_of_a_race(distance_m: float, time_s: float, value: float) -> None:
    assert vdot(distance_m, time_s) == pytest.approx(value, abs=6e-4)


@pytest.mark.parametrize(
    ("value", "times"),
    [(50, ("19:56", "41:20", "1:31:32", "3:10:41")), (40, ("24:06", "50:01", "1:50:54", "3:49:38"))],
)
def test_times_of_a_vdot_agree_with_a_published_table(value: float, times: tuple[str, ...]) -> None:
    for distance_m, time in zip((5000, 10_000, HALF, MARATHON), times, strict=True):
        assert vdot_time_s(value, distance_m) == pytest.approx(clock(time), abs=2)


def test_times_of_a_vdot_of_30_agree_with_the_book() -> None:
    for distance_m, time in zip(
        (5000, 10_000, HALF, MARATHON), ("30:40", "1:03:46", "2:21:04", "4:49:17"), strict=True
    ):
        assert vdot_time_s(30, distance_m) == pytest.approx(clock(time), rel=0.002)


@given(st.sampled_from([1000, 5000, HALF, MARATHON, 100_000]), st.floats(2.0, 6.5))
def test_the_time_of_a_races_vdot_is_the_races(distance_m: float, speed_mps: float) -> None:
    value = vdot(distance_m, distance_m / speed_mps)

    assert value is not None
    assert vdot_time_s(value, distance_m) == pytest.approx(distance_m / speed_mps, abs=1e-3)


@given(st.floats(500, 50_000), st.floats(1.2, 7), st.floats(1.001, 1.5))
def test_the_faster_race_has_the_higher_vdot(distance_m: float, speed_mps: float, more: float) -> None:
    slower, faster = vdot(distance_m, distance_m / speed_mps), vdot(distance_m, distance_m / speed_mps / more)

    assert slower is not None
    assert faster is not None
    assert faster > slower


@pytest.mark.parametrize(("distance_m", "time_s"), [(0, 100), (100, 0), (-5, 9), (1000, 100_000)])
def test_what_is_no_race_has_no_vdot(distance_m: float, time_s: float) -> None:
    assert vdot(distance_m, time_s) is None


@pytest.mark.parametrize(
    ("value", "distance_m"), [(0, 5000), (1e6, 5000), (50, 0), (50, 1e9), (math.nan, 5000), (-3, 5000)]
)
def test_a_vdot_nobody_has_gives_no_time(value: float, distance_m: float) -> None:
    assert vdot_time_s(value, distance_m) is None
