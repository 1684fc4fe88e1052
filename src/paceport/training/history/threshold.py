"""The athlete's critical speed and threshold speed as of today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from paceport.training.history.history import History
from paceport.training.metrics.critical_speed import WINDOW_DAYS, CriticalSpeed, RunEffort, recent_critical_speed
from paceport.training.metrics.personal_records import why_implausible
from paceport.training.metrics.training_load import ThresholdSpeed, threshold_speed

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_HOUR_S = 3600.0


def critical_speed_today(store: Store, history: History) -> CriticalSpeed | None:
    """Critical speed from the best efforts of the last 90 days. docs/metrics.md#critical-speed."""
    today = history.today
    day_of = {run.id: run.day for run in history.runs}
    since = today - timedelta(days=WINDOW_DAYS - 1)
    efforts = [
        RunEffort(run_id=run_id, day=day_of[run_id], distance_m=span_m, time_s=elapsed_s)
        for run_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=history.is_own_only, since=since)
        if doubt is None and run_id in day_of and why_implausible(span_m, elapsed_s) is None
    ]
    return recent_critical_speed(efforts, before=today + timedelta(days=1))


def threshold_today(store: Store, history: History) -> tuple[ThresholdSpeed | None, CriticalSpeed | None]:
    """The threshold speed (of the settings, else critical speed, else the best hour of 90 days), and critical speed.

    docs/metrics.md#pace-zones.
    """
    critical = critical_speed_today(store, history)
    found = threshold_speed(
        setting_mps=history.facts.athlete.threshold_mps,
        critical_mps=critical.speed_mps if critical else None,
        best_hour_mps=None if critical else _best_hour_mps(store, history),
    )
    return found, critical


def _best_hour_mps(store: Store, history: History) -> float | None:
    since = history.today - timedelta(days=WINDOW_DAYS - 1)
    recent = {run.id for run in history.runs if run.day >= since and not run.is_indoor and run.sport != "VirtualRun"}
    bests = store.measure_rows.duration_bests(own_only=history.is_own_only, duration_s=_HOUR_S)
    speeds = (one.speed_mps for one in bests if one.run_id in recent and one.speed_mps is not None)
    return max((speed for speed in speeds if why_implausible(speed * _HOUR_S, _HOUR_S) is None), default=None)
