"""The service's grade adjustment goes through the points that were published."""

import numpy as np
import pytest

from paceport.sandbox.athletes.grade_adjustment import grade_factor


@pytest.mark.parametrize(
    ("grade_percent", "expected"),
    [(-20.0, 1.085), (-10.0, 0.8775), (0.0, 1.0), (10.0, 1.475), (20.0, 2.30), (30.0, 3.16)],
)
def test_the_factor_of_a_grade_goes_through_the_published_points(grade_percent: float, expected: float) -> None:
    assert float(grade_factor(np.array([grade_percent]))[0]) == pytest.approx(expected, abs=0.005)
