"""A ride on the way of a run that is no faster than a good runner: its feet stand still."""

import numpy as np
import pytest

from paceport.streams import Streams
from training.cleaning.made import Channel, clean, kinds, north, results

RAN_S, RODE_S = 1200, 400


def run_with_ride(*, mps: float = 5.5, spm: float = 0.0, ran_mps: float = 3.0, is_counted: bool = True) -> Streams:
    """Twenty minutes of running, then so fast with such a cadence, then twenty minutes more."""
    speeds = np.concatenate((np.full(RAN_S, ran_mps), np.full(RODE_S, mps), np.full(RAN_S, ran_mps)))
    cadence: Channel = np.concatenate((np.full(RAN_S + 1, 168.0), np.full(RODE_S, spm), np.full(RAN_S, 168.0)))
    way_m: Channel = np.concatenate(([0.0], np.cumsum(speeds)))
    channels = {"distance_m": way_m} if is_counted else {}
    return north(way_m, cadence_spm=cadence, **channels)


@pytest.mark.parametrize("is_counted", [True, False], ids=["counted", "positions"])
@pytest.mark.parametrize("mps", [4.2, 5.5, 6.5])
def test_what_rolls_faster_than_any_step_is_a_vehicle(mps: float, is_counted: bool) -> None:
    cleaned = clean(run_with_ride(mps=mps, is_counted=is_counted))

    assert kinds(cleaned) == ["vehicle"]
    assert results(cleaned).distance_m == pytest.approx(2 * 3.0 * RAN_S, abs=15)
    assert max(effort.span_m / effort.elapsed_time_s for effort in results(cleaned).best_efforts) < 3.1


@pytest.mark.parametrize(
    "streams",
    [
        run_with_ride(spm=180.0),  # a fast part with steps
        run_with_ride(mps=3.5),  # the sensor fell silent
        run_with_ride(spm=np.nan),
        run_with_ride(spm=70.0),  # somebody walks fast, or a sensor counts one foot
        run_with_ride(mps=3.7, ran_mps=3.2),  # faster than its steps, but by less than a third
    ],
    ids=["steps", "silent sensor", "unknown", "few steps", "a little faster"],
)
def test_a_runner_is_no_vehicle(streams: Streams) -> None:
    assert kinds(clean(streams)) == []


def test_a_bicycle_ride_in_all_is_judged_by_other_rules() -> None:
    streams = north(np.arange(3000.0) * 5.5, cadence_spm=np.zeros(3000))

    assert kinds(clean(streams)) == []
    assert kinds(clean(run_with_ride(), sport="Ride")) == []
