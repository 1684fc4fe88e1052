"""What temperature did to the athlete's own pace at equal heart rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.heat import HeatEffect, HeatRun, heat_effect
from paceport.training.metrics.unknown import Unknown

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_LEAST_S, _MOST_STOPPED = 1200.0, 0.15


def heat_of_runs(store: Store, history: History, runs: Sequence[Run]) -> HeatEffect | Unknown:
    """The change of speed with the temperature over these runs, or why it is not known. docs/metrics.md#heat.

    Runs indoors, under 20 minutes, or with stops of 15 % and more do not count.
    """
    temperatures = temperatures_c(store, history)
    used = [
        HeatRun(
            day=run.day,
            temperature_c=temperatures[run.id],
            adjusted_speed_mps=run.adjusted_speed_mps or run.speed_mps or 0.0,
            heartrate_bpm=run.heartrate_bpm or 0.0,
        )
        for run in runs
        if run.id in temperatures and _is_steady(run)
    ]
    return heat_effect(used)


def temperatures_c(store: Store, history: History) -> dict[int, float]:
    """The temperature of each run that knows one: of the export or the API, else the device's mean."""
    device = store.measure_rows.measures(("device_temperature_c",), own_only=history.is_own_only)
    found = {run_id: row["device_temperature_c"] for run_id, row in device.items()}
    found |= store.run_rows.temperatures_c(own_only=history.is_own_only)
    return {run_id: value for run_id, value in found.items() if isinstance(value, float | int)}


def _is_steady(run: Run) -> bool:
    moving_s, elapsed_s = run.moving_time_s or 0.0, run.elapsed_time_s or run.moving_time_s or 0.0
    return not run.is_indoor and moving_s >= _LEAST_S and elapsed_s - moving_s < _MOST_STOPPED * elapsed_s
