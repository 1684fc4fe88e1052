"""What lies aside of a way by a few metres, and what a way itself does."""

import numpy as np
import pytest

from paceport.training.cleaning.small_spikes import counter_spikes, position_spikes
from training.cleaning.made import DEGREE_M, LATITUDE_DEG, LONGITUDE_DEG, Channel, steady

EAST_DEGREE_M = DEGREE_M * float(np.cos(np.radians(LATITUDE_DEG)))


def spikes(
    east_m: Channel, north_m: Channel, time_s: Channel | None = None, longitude_deg: float = LONGITUDE_DEG
) -> list[int]:
    times = np.arange(len(east_m), dtype=np.float64) if time_s is None else time_s
    longitude = (longitude_deg + east_m / EAST_DEGREE_M + 180.0) % 360.0 - 180.0
    return np.flatnonzero(position_spikes(times, LATITUDE_DEG + north_m / DEGREE_M, longitude)).tolist()


def sums(steps: Channel) -> Channel:
    return np.concatenate(([0.0], np.cumsum(steps)))


@pytest.mark.parametrize("longitude_deg", [LONGITUDE_DEG, 180.0])
@pytest.mark.parametrize("lasts", [1, 2, 5])
@pytest.mark.parametrize(("east_m", "north_m"), [(10.0, 0.0), (0.0, 12.0), (0.0, -12.0), (-6.0, 9.0)])
def test_a_few_samples_aside_are_found(east_m: float, north_m: float, lasts: int, longitude_deg: float) -> None:
    aside_m, way_m = np.zeros(300), steady(299, 4.5)
    aside_m[150 : 150 + lasts] += east_m
    way_m[150 : 150 + lasts] += north_m

    assert spikes(aside_m, way_m, longitude_deg=longitude_deg) == list(range(150, 150 + lasts))


def test_spikes_are_found_between_samples_that_are_two_seconds_apart() -> None:
    aside_m = np.zeros(150)
    aside_m[[40, 80]] = [12.0, 20.0]

    assert spikes(aside_m, steady(149, 9.0), np.arange(0.0, 300.0, 2.0)) == [40, 80]
    # A turn of speed is none, though its steps are long beside the others'.
    burst_m = sums(np.concatenate((np.full(70, 5.0), np.full(9, 13.0), np.full(70, 5.0))))
    assert spikes(np.zeros(150), burst_m, np.arange(0.0, 300.0, 2.0)) == []


def test_a_spike_beside_another_one_is_found_alone() -> None:
    aside_m = np.zeros(300)
    aside_m[[100, 102, 104, 110]] = [12.0, -12.0, 12.0, 30.0]

    assert spikes(aside_m, steady(299, 4.5)) == [100, 102, 104, 110]


ANGLES = np.radians(np.arange(0.0, 3600.0, 12.0))
WAYS = {
    "a turn about": (np.zeros(401), sums(np.concatenate((np.full(200, 4.5), np.full(200, -4.5))))),
    "a circle of 15 m": (15.0 * np.cos(ANGLES), 15.0 * np.sin(ANGLES)),
    "corners": (sums(np.tile([3.0] * 20 + [0.0] * 20, 10)), sums(np.tile([0.0] * 20 + [3.0] * 20, 10))),
    "a burst": (np.zeros(401), sums(np.concatenate((np.full(200, 2.0), np.full(15, 8.0), np.full(185, 2.0))))),
    "repeats": (np.zeros(601), sums(np.tile([2.0] * 40 + [6.0] * 20, 10))),
    "a wait": (np.zeros(401), sums(np.concatenate((np.full(200, 3.0), np.zeros(60), np.full(140, 3.0))))),
    "a standing receiver": (np.tile([0.0, 0.4, 0.1, 0.5], 100), np.tile([0.0, 0.3, 0.6], 134)[:400]),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_way_is_left_as_it_is(name: str) -> None:
    assert spikes(*WAYS[name]) == []


def test_the_noise_of_a_receiver_is_hardly_ever_taken_for_spikes() -> None:
    """The more the steps vary, the longer one may be: here up to half a metre, then 0.8 m, on top of 3 m."""
    rng = np.random.default_rng(3)
    found = [
        len(spikes(rng.normal(0, noise, 601), steady(600) + rng.normal(0, noise, 601))) for noise in (0.3, 0.5, 0.8)
    ]

    assert found[0] == 0
    assert found[1] <= 1
    assert found[2] <= 15


def test_corners_between_distant_samples_are_no_spikes() -> None:
    """A watch that stores a point each four to eight seconds, to the second, on a way of right angles."""
    rng = np.random.default_rng(5)
    at = np.unique(np.cumsum(rng.integers(4, 9, 90)).clip(0, 400))
    east_m, north_m = WAYS["corners"]

    assert spikes(east_m[at], north_m[at], at + rng.uniform(-0.5, 0.5, len(at))) == []


def test_counts_above_and_below_are_spikes_and_a_correction_is_none() -> None:
    counted_m = steady(300, 4.0)
    counted_m[100:103] += 12.0
    counted_m[150] -= 9.0
    counted_m[200:] -= 10.0

    assert np.flatnonzero(counter_spikes(np.arange(301.0), counted_m)).tolist() == [100, 101, 102, 150]
    assert not counter_spikes(np.arange(301.0), steady(300, 4.0)).any()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_few_samples_have_no_spikes(count: int) -> None:
    assert spikes(np.zeros(count), np.array([0.0, 400.0, 0.0])[:count]) in ([], [1])
