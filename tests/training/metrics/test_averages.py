"""Means, medians and deviations, beside those of the standard library."""

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.averages import deviation, mean, median

numbers = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=30)


@given(values=numbers)
@settings(max_examples=50)
def test_they_are_those_of_the_standard_library(values: list[float]) -> None:
    assert median(values) == statistics.median(values)
    assert mean(values) == statistics.fmean(values)
    assert deviation(values, population=True) == pytest.approx(statistics.pstdev(values), rel=1e-9, abs=1e-6)
    assert deviation(values, population=False) == pytest.approx(statistics.stdev(values), rel=1e-9, abs=1e-6)


def test_nothing_has_none_of_them() -> None:
    for ask in (median, mean):
        with pytest.raises(ValueError, match="nothing"):
            ask([])
    for population, values in ((True, []), (False, [1.0])):
        with pytest.raises(ValueError, match="too few"):
            deviation(values, population=population)
