"""Operations on one channel: the same as numpy's, for all values and for none."""

import numpy as np
import pytest

from paceport.channels import is_any_known, known_places, running_sums, steps_of, taken

NAN = float("nan")
CHANNELS = [[], [1.0], [NAN], [1.0, 4.0, 2.0], [NAN, 4.0, NAN], [1.0, NAN, 2.0], [NAN, NAN]]


def test_running_sums_begin_at_nothing_and_hold_one_more_than_the_steps() -> None:
    assert running_sums(np.array([1.0, 2.0])).tolist() == [0.0, 1.0, 3.0]
    assert running_sums(np.zeros(0)).tolist() == [0.0]


@pytest.mark.parametrize("values", CHANNELS)
def test_what_is_known_and_taken_is_what_numpy_finds(values: list[float]) -> None:
    channel = np.array(values)
    known = np.flatnonzero(np.isfinite(channel))

    assert known_places(channel).tolist() == known.tolist()
    assert taken(channel, known_places(channel)).tolist() == channel[known].tolist()
    assert is_any_known(channel) == bool(len(known))
    assert np.array_equal(steps_of(channel), np.diff(channel), equal_nan=True)
