import numpy as np
import pytest

from paceport.training.metrics.cadence import cadence
from training.metrics.made import channel, course_of, steady


def test_three_metres_a_second_at_180_are_metre_long_steps() -> None:
    found = cadence(steady(3.0, 100), np.full(101, 180.0))

    assert found is not None
    assert found.cadence_spm == pytest.approx(180)
    assert found.step_length_m == pytest.approx(1.0)
    assert found.coverage_ratio == 1


@pytest.mark.parametrize("lost", [0.0, float("nan"), 300.0, -1.0])
def test_a_sensor_that_sees_no_steps_counts_as_missing(lost: float) -> None:
    rates = np.full(101, 180.0)
    rates[51:] = lost

    found = cadence(steady(3.0, 100), rates)

    assert found is not None
    assert found.cadence_spm == pytest.approx(180)
    assert found.step_length_m == pytest.approx(1.0)
    assert found.coverage_ratio == 0.5


def test_steps_while_standing_do_not_count() -> None:
    run = course_of([0, 10, 20, 30, 40], [0, 30, 60, 60, 60])

    found = cadence(run, channel([170, 170, 170, 20, 20]))

    assert found is not None
    assert found.cadence_spm == pytest.approx(170)


@pytest.mark.parametrize("rates", [None, np.zeros(101), np.full(101, np.nan)])
def test_no_steps_are_not_known(rates: np.ndarray | None) -> None:
    assert cadence(steady(3.0, 100), rates) is None


def test_a_run_that_never_moves_has_no_cadence() -> None:
    assert cadence(steady(0.0, 100), np.full(101, 180.0)) is None
