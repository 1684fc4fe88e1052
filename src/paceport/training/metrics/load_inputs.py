"""What the loads of an activity are computed from beside its heart rate: sums that no threshold is needed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.streams import Streams
from paceport.training.metrics.pace_load import stress_of_speeds
from paceport.training.metrics.power import power_intervals, power_stress

if TYPE_CHECKING:
    from paceport.training.metrics.prepared_run import PreparedRun

_LEAST_COVERAGE = 0.9  # of the recorded time: a meter that was lost half-way measured half of the work


def power_inputs(streams: Streams) -> dict[str, float]:
    """`work_kj`, and `power_stress_at_1_w`, the training stress with a threshold of 1 W; empty without enough power.

    The stress with another threshold is this one over its square. Source: docs/metrics.md#power-stress.
    """
    power = power_intervals(streams)
    if power is None or power.coverage_ratio < _LEAST_COVERAGE:
        return {}
    found = {"work_kj": power.work_kj()}
    stress = power_stress(power, threshold_w=1.0)
    if stress is not None:
        found["power_stress_at_1_w"] = stress
    return found


def pace_inputs(run: PreparedRun) -> dict[str, float]:
    """`pace_stress_at_1_mps`, the training stress with a threshold of 1 m/s; empty for who never moved. For runs alone.

    The stress with another threshold is this one over its square. Source: docs/metrics.md#pace-stress.
    """
    stress = None if run.smoothed is None else stress_of_speeds(*run.smoothed, threshold_mps=1.0)
    return {} if stress is None else {"pace_stress_at_1_mps": stress}
