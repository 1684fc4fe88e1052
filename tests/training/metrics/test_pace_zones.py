import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.pace_zones import ZONE_NAMES, pace_zone, pace_zones, time_in_pace_zones_s

FOUR_MINUTES = 1000 / 240


def test_zone_two_of_a_threshold_of_four_minutes() -> None:
    zone = pace_zones(FOUR_MINUTES)[1]

    assert zone.name == "2"
    assert (1000 / zone.fastest_mps, 1000 / zone.slowest_mps) == pytest.approx((4 * 60 + 33.6, 5 * 60 + 9.6))


@pytest.mark.parametrize(
    ("percent", "zone"),
    [
        *((140, "1"), (129.1, "1"), (129, "2"), (114, "2"), (113.9, "3"), (113, "3"), (106, "3"), (105, "4")),
        *((101, "4"), (100, "5a"), (97, "5a"), (96, "5b"), (90, "5b"), (89.9, "5c"), (50, "5c")),
    ],
)
def test_each_per_cent_has_its_zone(percent: float, zone: str) -> None:
    assert pace_zone(1000 / (2.40 * percent), FOUR_MINUTES) == zone


@pytest.mark.parametrize(("speed", "threshold"), [(0, 4), (-1, 4), (4, 0), (float("nan"), 4), (4, float("inf"))])
def test_no_speed_and_no_threshold_have_no_zone(speed: float, threshold: float) -> None:
    assert pace_zone(speed, threshold) is None
    assert time_in_pace_zones_s([(speed, 100)], threshold) == dict.fromkeys(ZONE_NAMES, 0)


def test_without_a_threshold_there_are_no_zones() -> None:
    assert pace_zones(0) == ()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(1, 9), st.integers(1, 60)), max_size=10), st.floats(2.5, 6))
def test_time_in_zones_agrees_with_the_limits_of_the_zones(made: list[tuple[float, int]], threshold: float) -> None:
    spent = time_in_pace_zones_s(made, threshold)

    for zone in pace_zones(threshold):
        surely = sum(s for v, s in made if zone.slowest_mps * 1.000001 < v < zone.fastest_mps * 0.999999)
        perhaps = sum(s for v, s in made if zone.slowest_mps * 0.999999 < v < zone.fastest_mps * 1.000001)
        assert surely <= spent[zone.name] <= perhaps
    assert sum(spent.values()) == sum(seconds for _, seconds in made)
