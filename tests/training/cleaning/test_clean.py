"""The vectors of docs/metrics.md#cleaning: positions, gaps and vehicles."""

import numpy as np
import pytest

from paceport.streams import Streams
from training.cleaning.made import LONGITUDE_DEG, best_s, clean, kinds, north, results, steady


def test_a_clean_run_comes_back_as_it_was() -> None:
    streams = north(steady(), altitude_m=np.full(3601, 200.0), heartrate_bpm=np.full(3601, 150.0))

    cleaned = clean(streams)

    assert cleaned.repairs == ()
    assert cleaned.distance_source == "positions"
    for name, channel in streams.channels().items():
        np.testing.assert_array_equal(cleaned.streams.channels()[name], channel)


def test_one_point_300_m_aside_changes_neither_distance_nor_the_best_kilometre() -> None:
    way_m = steady()
    way_m[1800] += 300

    cleaned = clean(north(way_m))

    assert kinds(cleaned) == ["position jump"]
    assert (cleaned.repairs[0].at_s, cleaned.repairs[0].samples) == (1800, 1)
    assert cleaned.repairs[0].size == pytest.approx(300, rel=0.01)
    assert results(cleaned).distance_m == pytest.approx(10_800, abs=5)
    assert best_s(results(cleaned), 1000) == pytest.approx(333.3, abs=0.2)


def test_thirty_points_40_m_aside_are_put_back_on_the_line() -> None:
    streams = north(steady())
    assert streams.longitude_deg is not None
    streams.longitude_deg[1800:1830] += 40 / 74_100

    cleaned = clean(streams)

    assert [(repair.kind, repair.samples) for repair in cleaned.repairs] == [("position jump", 30)]
    assert results(cleaned).distance_m == pytest.approx(10_800, abs=5)
    assert best_s(results(cleaned), 1000) == pytest.approx(333.3, abs=0.2)


def two_runs_and_a_bus(*, is_recorded: bool) -> Streams:
    """2 km at 3 m/s, 5 km in 300 s, 2 km at 3 m/s."""
    run = steady(667)
    bus = run[-1] + np.arange(1, 300) * 5000 / 300 if is_recorded else np.zeros(0)
    way_m = np.concatenate((run, bus, run + run[-1] + 5000))
    first_s = np.arange(len(run) + len(bus), dtype=np.float64)
    return north(way_m, np.concatenate((first_s, np.arange(len(run)) + len(run) - 1 + 300.0)))


@pytest.mark.parametrize(("is_recorded", "kind"), [(False, "gap"), (True, "vehicle")])
def test_a_bus_between_two_runs_counts_neither_as_distance_nor_as_an_effort(is_recorded: bool, kind: str) -> None:
    streams = two_runs_and_a_bus(is_recorded=is_recorded)

    cleaned = clean(streams, breaks_s=[] if is_recorded else [(667.0, 967.0)])
    found = results(cleaned)

    assert kinds(cleaned) == [kind]
    assert found.distance_m == pytest.approx(4002, abs=40)
    assert found.moving_time_s == pytest.approx(1334, abs=15)
    assert found.elapsed_time_s == pytest.approx(1634, abs=1)
    assert max(effort.span_m for effort in found.best_efforts) <= 2000


def test_a_ride_may_be_as_fast_as_that() -> None:
    way_m = steady(600, 12.0)

    assert results(clean(north(way_m), sport="Ride")).distance_m == pytest.approx(7200, abs=1)


@pytest.mark.parametrize("speed_mps", [7.5, 9.0, 12.0, 15.0, 30.0])
@pytest.mark.parametrize("is_counted", [True, False])
def test_a_ride_named_a_run_keeps_its_figures_and_is_doubted(speed_mps: float, is_counted: bool) -> None:
    way_m = steady(600, speed_mps)
    streams = north(way_m, distance_m=way_m.copy()) if is_counted else north(way_m)

    cleaned = clean(streams)

    assert kinds(cleaned) == ["ride throughout"]
    assert (cleaned.repairs[0].at_s, cleaned.repairs[0].samples) == (0.0, 601)
    assert results(cleaned).distance_m == pytest.approx(600 * speed_mps, abs=1)
    assert results(cleaned).moving_time_s == pytest.approx(600, abs=1)


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_ride_about_as_fast_as_the_limit_keeps_its_figures_too(is_counted: bool) -> None:
    """25 km/h with the unevenness of a ride: half of it is faster than a runner."""
    way_m = np.concatenate(([0.0], np.cumsum(7.0 + 0.8 * np.sin(np.arange(1800) / 20.0))))
    streams = north(way_m, distance_m=way_m.copy()) if is_counted else north(way_m)

    cleaned = clean(streams)

    assert kinds(cleaned) == ["ride throughout"]
    assert results(cleaned).distance_m == pytest.approx(way_m[-1], abs=1)


def by_turns(*stretches: tuple[int, float]) -> Streams:
    """So many seconds at each speed, one after the other."""
    speeds = np.concatenate([np.full(seconds, speed_mps) for seconds, speed_mps in stretches])
    return north(np.concatenate(([0.0], np.cumsum(speeds))))


def test_a_ride_over_hills_named_a_run_keeps_its_descents() -> None:
    cleaned = clean(by_turns(*[(600, 3.0), (150, 11.0)] * 4))

    assert kinds(cleaned) == ["ride throughout"]
    assert results(cleaned).distance_m == pytest.approx(4 * (1800 + 1650), abs=5)


def test_descents_that_are_no_vehicles_by_themselves_make_a_ride() -> None:
    assert kinds(clean(by_turns(*[(500, 3.0), (110, 8.2)] * 4))) == ["ride throughout"]
    assert kinds(clean(by_turns(*[(500, 3.0), (110, 8.2)] * 20))) == ["ride throughout"]
    assert clean(by_turns(*[(500, 3.0), (50, 8.2)] * 4)).repairs == ()


@pytest.mark.parametrize(
    "way",
    [
        [(667, 3.0), *[(90, 12.0), (40, 0.0)] * 5, (667, 3.0)],
        [(667, 3.0), *[(60, 16.0), (10, 4.0), (20, 0.0), (10, 4.0)] * 5, (667, 3.0)],
        [(667, 3.0), (300, 16.0), (667, 3.0), (300, 16.0), (667, 3.0)],
        [(900, 3.0), (200, 9.0), (900, 3.0), (200, 9.0), (900, 3.0), (20, 9.0), (900, 3.0)],
        [(900, 3.0), (70, 9.0), (900, 3.0), (70, 9.0), (900, 3.0), (70, 9.0), (900, 3.0)],
    ],
    ids=["a bus with stops", "a bus that brakes", "there and back by bus", "two lifts down", "three short rides"],
)
def test_a_vehicle_on_the_way_of_a_run_makes_no_ride_of_it(way: list[tuple[int, float]]) -> None:
    cleaned = clean(by_turns(*way))

    assert "ride throughout" not in kinds(cleaned)
    ran_m = sum(seconds * speed_mps for seconds, speed_mps in way if speed_mps == 3.0)
    assert results(cleaned).distance_m == pytest.approx(ran_m, abs=500)


def test_a_fast_run_with_one_leap_is_not_doubted() -> None:
    way_m = steady(600, 6.4)
    way_m[300:] += 5000

    assert "ride throughout" not in kinds(clean(north(way_m)))


def test_a_pause_without_a_change_of_place_is_no_gap() -> None:
    run = steady(600)
    time_s = np.concatenate((np.arange(301), np.arange(301, 601) + 900)).astype(np.float64)

    cleaned = clean(north(run, time_s), breaks_s=[(300.0, 1201.0)])
    found = results(cleaned)

    assert cleaned.repairs == ()
    assert found.distance_m == pytest.approx(1800, abs=1)
    assert found.moving_time_s == pytest.approx(600, abs=2)


def test_a_break_that_the_device_counted_is_no_gap() -> None:
    run = steady(600)
    time_s = np.arange(601.0)
    time_s[301:] += 13
    run[301:] += 60

    counted = clean(north(run, time_s, distance_m=run.copy()), breaks_s=[(300.0, 314.0)])
    silent = clean(north(run, time_s), breaks_s=[(300.0, 314.0)])

    assert results(counted).distance_m == pytest.approx(1860)
    assert kinds(silent) == ["gap"]
    assert results(silent).distance_m == pytest.approx(1797, abs=1)


def test_a_recording_with_a_point_a_minute_has_no_gaps() -> None:
    way_m = steady()[::60]

    cleaned = clean(north(way_m, 60.0 * np.arange(len(way_m), dtype=np.float64)))

    assert cleaned.repairs == ()
    assert results(cleaned).distance_m == pytest.approx(10_800, abs=1)


def test_a_minutes_point_that_leaps_is_a_gap_all_the_same() -> None:
    way_m = steady()[::60]
    way_m[30:] += 2000

    assert results(clean(north(way_m, 60.0 * np.arange(len(way_m), dtype=np.float64)))).distance_m == pytest.approx(
        10_620, abs=1
    )


@pytest.mark.parametrize("places", [slice(0, 5), slice(100, 105), slice(3596, 3601)])
def test_positions_at_0_0_are_left_out_wherever_they_stand(places: slice) -> None:
    streams = north(steady())
    for channel in (streams.latitude_deg, streams.longitude_deg):
        assert channel is not None
        channel[places] = 0

    cleaned = clean(streams)

    assert [(repair.kind, repair.samples) for repair in cleaned.repairs] == [("null position", 5)]
    assert results(cleaned).distance_m == pytest.approx(10_800, abs=16)
    assert cleaned.streams.latitude_deg is not None
    assert np.nanmin(cleaned.streams.latitude_deg) > 48


def test_a_run_on_the_equator_or_the_prime_meridian_keeps_its_places() -> None:
    streams = north(steady())
    meridian = Streams(
        time_s=streams.time_s, latitude_deg=streams.latitude_deg, longitude_deg=np.zeros(len(streams.time_s))
    )

    assert clean(meridian).repairs == ()


def test_a_run_on_the_prime_meridian_near_the_equator_keeps_its_places() -> None:
    way = Streams(time_s=np.arange(300.0), latitude_deg=0.5 + np.arange(300.0) * 3e-5, longitude_deg=np.zeros(300))

    assert kinds(clean(way)) == []


@pytest.mark.parametrize("ends", [slice(None, 3), slice(-3, None)], ids=["first", "last"])
def test_strays_at_one_end_leave_the_other_end_alone(ends: slice) -> None:
    way_m = steady(600)
    way_m[ends] += 4000.0

    cleaned = clean(north(way_m))

    assert [(repair.kind, repair.samples) for repair in cleaned.repairs] == [("stray end", 3)]
    assert results(cleaned).distance_m == pytest.approx(597 * 3.0, abs=1)


def test_two_places_that_do_not_change_while_the_counter_does_are_one() -> None:
    streams = north(np.zeros(2), time_s=np.array([0.0, 60.0]), distance_m=np.array([0.0, 150.0]))

    (repair,) = clean(streams).repairs
    assert (repair.kind, repair.at_s, repair.size, repair.samples) == ("frozen position", 60.0, 150.0, 1)


def test_a_few_places_elsewhere_that_last_are_no_strays() -> None:
    way_m = steady(603)
    way_m[:3] += 4000.0
    time_s = np.concatenate(([0.0, 60.0, 120.0], 180.0 + np.arange(601.0)))

    assert kinds(clean(north(way_m, time_s))) == ["gap"]


def test_a_stray_end_is_left_out() -> None:
    way_m = steady()
    way_m[:3] += 50_000

    cleaned = clean(north(way_m))

    assert [(repair.kind, repair.samples) for repair in cleaned.repairs] == [("stray end", 3)]
    assert results(cleaned).distance_m == pytest.approx(10_791, abs=5)


def test_a_frozen_receiver_costs_its_places_and_no_distance() -> None:
    way_m = steady()
    frozen = way_m.copy()
    frozen[1000:1040] = frozen[1000]

    cleaned = clean(north(frozen, distance_m=way_m))

    assert kinds(cleaned) == ["frozen position"]
    assert results(cleaned).distance_m == 10_800
    assert np.isnan(cleaned.streams.channels()["latitude_deg"][1001:1040]).all()


def test_standing_still_is_no_frozen_receiver() -> None:
    way_m = np.concatenate((steady(600), np.full(60, 1800.0)))

    assert clean(north(way_m, distance_m=way_m)).repairs == ()


def test_places_repeated_late_with_a_heart_rate_are_left_out() -> None:
    way_m = steady(600)
    stale = way_m.copy()
    stale[4::4] = way_m[2:-2:4]

    cleaned = clean(north(stale))

    assert kinds(cleaned) == ["stale position"]
    assert results(cleaned).distance_m == pytest.approx(1800, abs=8)


def test_nothing_is_known_of_no_samples() -> None:
    assert clean(Streams(time_s=np.zeros(0))).repairs == ()
    assert clean(Streams(time_s=np.arange(5.0))).distance_source is None


def test_a_place_that_is_left_out_leaves_no_half_of_it() -> None:
    streams = north(steady(100))
    assert streams.latitude_deg is not None
    streams.latitude_deg[50] = np.nan

    assert clean(streams).streams.channels()["longitude_deg"][0] == LONGITUDE_DEG
    assert results(clean(streams)).distance_m == pytest.approx(300, abs=1)
