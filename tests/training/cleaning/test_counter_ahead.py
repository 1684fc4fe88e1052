"""A counter that says more than lies between the positions: it stays, and no record rests on it."""

import numpy as np
import pytest

from paceport.streams import Streams
from training.cleaning.made import Channel, clean, kinds, north, results, steady


def counted(way_m: Channel, times: float, first: int, last: int) -> Streams:
    """A run along the way whose counter says so many times it between two samples."""
    steps_m = np.diff(way_m)
    steps_m[first:last] *= times
    return north(way_m, distance_m=np.concatenate(([0.0], np.cumsum(steps_m))))


@pytest.mark.parametrize("times", [1.3, 1.5, 2.3])
def test_the_distance_stays_and_its_records_are_doubtful(times: float) -> None:
    cleaned = clean(counted(steady(), times, 1000, 1600))

    assert kinds(cleaned) == ["counter ahead"]
    ((start_s, end_s),) = cleaned.repaired_s
    assert [start_s, end_s] == pytest.approx([1000, 1600], abs=2)
    found = results(cleaned)
    assert found.distance_m == pytest.approx(10_800 + 1800 * (times - 1))
    assert max(effort.span_m / effort.elapsed_time_s for effort in found.best_efforts if effort.span_m < 2000) < 3.1
    assert {"100% of it rests on repaired or doubtful samples"} <= {one.doubt for one in found.doubtful_efforts}


@pytest.mark.parametrize(
    "streams",
    [
        counted(steady(), 1.1, 0, 3600),  # hairpins that a receiver cut
        counted(steady(), 1.5, 1000, 1030),  # no more than a few metres
        north(np.zeros(3601), distance_m=steady()),  # a treadmill under a receiver
        north(steady()[::60], time_s=np.arange(0.0, 3601.0, 60.0), distance_m=1.3 * steady()[::60]),  # bends between
    ],
    ids=["a tenth", "a moment", "standing still", "far between"],
)
def test_a_counter_is_believed_where_the_positions_say_little(streams: Streams) -> None:
    cleaned = clean(streams)

    assert "counter ahead" not in kinds(cleaned)
    assert cleaned.repaired_s == ()
