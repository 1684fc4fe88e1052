"""Places on an even grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.grid_places import GridPlaces
from training.metrics.made import channel


@settings(max_examples=50)
@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=30),
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
    st.sampled_from([0.0, 1234.5, 1e6]),
)
def test_the_values_are_those_between_the_points_of_the_grid(
    values: list[float], shares: list[float], first_m: float
) -> None:
    grid = first_m + np.linspace(0.0, 5.0 * len(values), len(values))
    places = np.minimum(first_m + channel([*shares, 0.0, 1.0]) * (grid[-1] - first_m), grid[-1])

    found = GridPlaces(places, grid).of(channel(values))

    assert found == pytest.approx(np.interp(places, grid, channel(values)), abs=1e-6)
