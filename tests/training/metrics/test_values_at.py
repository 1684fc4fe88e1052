"""Values between samples, and what is reached after each step."""

import numpy as np

from paceport.training.metrics.values_at import values_at


def test_the_values_are_those_on_the_straight_lines_between_the_samples() -> None:
    known_at, values = np.array([0.0, 1.0, 3.0]), np.array([0.0, 10.0, 20.0])
    for at in (known_at, known_at.copy(), np.array([0.5, 2.0, 9.0])):
        assert np.array_equal(values_at(at, known_at, values), np.interp(at, known_at, values))
