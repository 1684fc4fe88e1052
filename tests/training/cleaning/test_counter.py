"""The device's own distance: it wins over positions, and only its own jumps are judged."""

from typing import Any

import numpy as np
import pytest

from paceport.streams import Streams
from paceport.training.cleaning.clean_streams import clean_streams
from paceport.units import MILE_M
from training.cleaning.made import Channel, clean, kinds, north, results, steady


def counted(counter_m: Channel, *, with_places: bool = True, total_m: float | None = None) -> Any:  # noqa: ANN401  # compared
    """The kinds of repair and the distance of a run of 10.8 km that a device counted so."""
    way_m = steady()
    streams = north(way_m, distance_m=counter_m) if with_places else Streams(time_s=way_m / 3, distance_m=counter_m)
    cleaned = clean(streams, total_m=total_m)
    return kinds(cleaned), results(cleaned).distance_m


def test_it_wins_over_positions() -> None:
    assert counted(steady() * 1.03) == ([], pytest.approx(11_124))


@pytest.mark.parametrize("start_m", [1.0, 3_000.0])
def test_it_counts_from_0(start_m: float) -> None:
    kinds_found, distance_m = counted(steady() + start_m)

    assert distance_m == pytest.approx(10_800)
    assert kinds_found == (["counter start"] if start_m > 50 else [])


@pytest.mark.parametrize("with_places", [True, False])
def test_parts_that_begin_anew_are_added_up(with_places: bool) -> None:
    counter_m = steady()
    counter_m[1200:] -= counter_m[1200]
    counter_m[2400:] -= counter_m[2400]

    kinds_found, distance_m = counted(counter_m, with_places=with_places)

    assert kinds_found == ["counter restart", "counter restart"]
    assert distance_m == pytest.approx(10_800, abs=10)


@pytest.mark.parametrize("unit_m", [1000.0, MILE_M])
def test_kilometres_and_miles_become_metres(unit_m: float) -> None:
    assert counted(steady() / unit_m) == (["counter unit"], pytest.approx(10_800, rel=0.01))
    assert counted(steady() / unit_m, with_places=False, total_m=10_800.0)[1] == pytest.approx(10_800)


def test_a_short_run_is_not_taken_for_kilometres() -> None:
    assert counted(steady() / 1000, with_places=False)[1] == pytest.approx(10.8)


def test_a_spike_that_comes_back_is_put_on_the_line() -> None:
    counter_m = steady()
    counter_m[1000:1003] += 4_000

    assert counted(counter_m) == (["counter jump"], pytest.approx(10_800))


def test_a_leap_that_stays_does_not_count() -> None:
    counter_m = steady()
    counter_m[1000:] += 4_000

    assert counted(counter_m) == (["counter jump"], pytest.approx(10_797, abs=5))


def test_a_counter_that_catches_up_after_standing_is_right() -> None:
    counter_m = steady()
    counter_m[1000:1060] = counter_m[1000]

    kinds_found, distance_m = counted(counter_m)

    assert distance_m == pytest.approx(10_800)
    assert kinds_found == []


def test_small_steps_back_are_the_devices_corrections() -> None:
    counter_m = steady()
    counter_m[1000:] -= 10

    assert counted(counter_m) == ([], pytest.approx(10_790))


@pytest.mark.parametrize("counter_m", [np.zeros(3601), np.tile([0.0, 500.0], 1801)[:3601]])
def test_one_that_says_nothing_gives_way_to_the_positions(counter_m: Channel) -> None:
    assert counted(counter_m) == (["counter unused"], pytest.approx(10_800, abs=1))


def test_a_treadmill_that_wrote_its_speed_alone_has_its_sum() -> None:
    time_s = np.arange(3601.0)
    speed = Streams(time_s=time_s, speed_mps=np.full(3601, 3.0))

    cleaned = clean(speed)

    assert (kinds(cleaned), cleaned.distance_source) == (["distance from speed"], "speed")
    assert results(cleaned).distance_m == pytest.approx(10_800)
    assert results(clean(speed, total_m=11_000.0)).distance_m == pytest.approx(11_000)
    assert results(clean(speed, total_m=90_000.0)).distance_m == pytest.approx(10_800)
    assert results(cleaned).is_distance_measured is False


def test_what_was_not_counted_stays_unknown() -> None:
    counter_m = steady()
    counter_m[500:600] = np.nan

    cleaned = clean(north(steady(), distance_m=counter_m))

    assert np.isnan(cleaned.streams.channels()["distance_m"][500:600]).all()
    assert results(cleaned).distance_m == pytest.approx(10_800)


def test_a_vehicle_that_the_device_counted_adds_no_distance() -> None:
    speeds = np.concatenate((np.full(660, 3.0), np.full(300, 50 / 3), np.full(660, 3.0)))
    time_s = np.arange(len(speeds) + 1.0)
    counter_m = np.concatenate(([0.0], np.cumsum(speeds)))

    cleaned = clean_streams(Streams(time_s=time_s, distance_m=counter_m), sport="Run")

    assert cleaned.streams.distance_m is not None
    assert cleaned.streams.distance_m[-1] == pytest.approx(3960.0, abs=40.0)
    assert [repair.kind for repair in cleaned.repairs] == ["vehicle"]
    ridden = clean_streams(Streams(time_s=time_s, distance_m=counter_m), sport="Ride")
    assert ridden.repairs == ()


@pytest.mark.parametrize(("times", "expected_m"), [(2.0, 10_800.0), (2.1, 11_340.0), (1.7, 18_360.0), (1.0, 10_800.0)])
def test_what_is_counted_twice_counts_once(times: float, expected_m: float) -> None:
    assert counted(steady() * times)[1] == pytest.approx(expected_m)


def test_a_counter_without_enough_positions_is_never_halved() -> None:
    way_m = steady()
    lost = np.where(np.arange(len(way_m)) % 2 == 0, way_m, np.nan)

    cleaned = clean(north(lost / 2.0, distance_m=way_m))

    assert "counter doubled" not in kinds(cleaned)


def _twice_after_a_minute() -> Channel:
    steps_m = np.full(3600, 3.0)
    steps_m[60:1800] *= 2.0
    return np.concatenate(([0.0], np.cumsum(steps_m)))


def _with(at: int, metres: float) -> Channel:
    counter_m = steady()
    counter_m[at:] += metres
    return counter_m


@pytest.mark.parametrize(
    ("counter_m", "expected"),
    [
        (_twice_after_a_minute(), ("counter doubled", 0.0, 1740 * 3.0, 1)),
        (steady() / 1000.0, ("counter unit", 0.0, 1000.0, 3601)),
        (_with(900, 250.0), ("counter jump", 899.0, 250.0, 1)),
        (_with(900, -2700.0), ("counter restart", 899.0, 2697.0, 1)),
        (_with(0, 700.0), ("counter start", 0.0, 700.0, 1)),
    ],
    ids=["doubled", "unit", "jump", "restart", "start"],
)
def test_a_repair_says_where_how_large_and_of_how_many(
    counter_m: Channel, expected: tuple[str, float, float, int]
) -> None:
    (repair,) = clean(north(steady(), distance_m=counter_m)).repairs

    assert (repair.kind, repair.at_s, repair.samples) == (expected[0], expected[1], expected[3])
    assert repair.size == pytest.approx(expected[2], abs=15)


@pytest.mark.parametrize(("falls", "is_used"), [(3, True), (4, False)])
def test_a_counter_that_falls_a_fourth_time_in_a_short_run_is_none(falls: int, is_used: bool) -> None:
    counter_m = steady(180)
    for at in range(30, 30 * (falls + 1), 30):
        counter_m[at:] -= counter_m[at]

    assert ("counter unused" in kinds(clean(north(steady(180), distance_m=counter_m)))) != is_used
