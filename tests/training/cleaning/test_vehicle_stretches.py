"""What is a vehicle on the way of a run, and what is a fast runner."""

import numpy as np
import numpy.typing as npt
import pytest

from paceport.training.cleaning.vehicle_stretches import vehicle_stretches

Speeds = npt.NDArray[np.float64]
JOG = np.full(600, 3.0)


def stretches(*speeds_mps: Speeds) -> list[tuple[int, int]]:
    """The vehicles in a way with these speeds, one a second."""
    steps = np.concatenate(speeds_mps)
    return vehicle_stretches(np.arange(len(steps) + 1.0), steps)


def bus(stops: int, top_mps: float) -> Speeds:
    """A minute between stops of twenty seconds."""
    between = np.minimum(np.minimum(np.arange(60.0), np.arange(59.0, -1.0, -1.0)), top_mps)
    return np.tile(np.concatenate((between, np.zeros(20))), stops)


@pytest.mark.parametrize("top_mps", [8.5, 9.0, 10.0, 14.0])
def test_a_bus_is_one_stretch_with_its_stops(top_mps: float) -> None:
    ((first, last),) = stretches(JOG, bus(5, top_mps), JOG)

    assert first == pytest.approx(600, abs=10)
    assert last == pytest.approx(600 + 5 * 80 - 20, abs=10)


def test_a_minute_at_the_speed_of_a_car_is_one() -> None:
    ((first, last),) = stretches(JOG, np.full(62, 9.0), JOG)

    assert first == pytest.approx(600, abs=6)
    assert last == pytest.approx(662, abs=6)


def test_a_vehicle_reaches_as_far_as_its_steps_are_fast() -> None:
    # A mean over eleven samples decides where it begins and ends.
    assert stretches(JOG, np.full(130, 20.0), JOG) == [(598, 732)]
    assert stretches(np.full(130, 20.0), JOG) == [(0, 132)]
    # Over a wait of less than a minute it goes on, however short it is after that.
    ((first, last),) = stretches(JOG, np.full(130, 20.0), np.zeros(50), np.full(20, 10.0), JOG)
    assert first == 598
    assert last == pytest.approx(800, abs=3)
    ((first, last),) = stretches(JOG, np.full(20, 10.0), np.zeros(50), np.full(130, 20.0), JOG)
    assert first == pytest.approx(600, abs=3)
    assert last == 802


@pytest.mark.parametrize(
    "fast",
    [
        np.full(34, 8.8),  # 300 m of a sprinter
        np.tile(np.concatenate((np.full(25, 8.0), np.full(90, 2.0))), 10),  # ten times 200 m
        np.tile(np.concatenate((np.full(60, 6.9), np.full(120, 2.0))), 8),  # eight times 414 m
        np.full(140, 7.1),  # 1,000 m in 2:20
        np.tile(np.concatenate((np.full(33, 9.1), np.full(90, 1.5))), 3),  # three times 300 m of the best sprinters
        np.tile(np.concatenate((np.full(60, 6.9), np.full(60, 2.0))), 12),  # twelve times 414 m with short rests
        np.full(285, 7.0),  # 2,000 m near the world record
    ],
    ids=["300 m", "200 m", "400 m", "1,000 m", "300 m repeats", "400 m with short rests", "2,000 m"],
)
def test_fast_runners_are_no_vehicles(fast: Speeds) -> None:
    assert stretches(JOG, fast, JOG) == []


def test_stretches_never_overlap() -> None:
    found = stretches(JOG, np.full(62, 9.0), np.full(50, 2.0), bus(4, 10.0), np.full(70, 2.0), np.full(130, 12.0), JOG)

    edges = [edge for stretch in found for edge in stretch]
    assert edges == sorted(set(edges))
