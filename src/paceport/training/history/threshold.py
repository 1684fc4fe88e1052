"""The athlete's critical speed and threshold speed as of the newest run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.training.history.history import History
from paceport.training.metrics.critical_speed import WINDOW_DAYS, CriticalSpeed, RunEffort, recent_critical_speed
from paceport.training.metrics.personal_records import why_implausible
from paceport.training.metrics.training_load import ThresholdSpeed, threshold_speed

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_HOUR_S = 3600.0


def newest_critical_speed(store: Store, history: History) -> CriticalSpeed | None:
    """Critical speed from the best efforts of the 90 days up to the newest run. docs/metrics.md#critical-speed."""
    today = _newest_day(history)
    day_of = {run.id: run.day for run in history.runs}
    since = today - timedelta(days=WINDOW_DAYS - 1)
    efforts = [
        RunEffort(run_id=run_id, day=day_of[run_id], distance_m=span_m, time_s=elapsed_s)
        for run_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=history.is_own_only, since=since)
        if doubt is None and run_id in day_of and why_implausible(span_m, elapsed_s) is None
    ]
    return recent_critical_speed(efforts, before=today + timedelta(days=1))


def newest_threshold(store: Store, history: History) -> tuple[ThresholdSpeed | None, CriticalSpeed | None]:
    """The threshold speed (of the settings, else critical speed, else the best hour), and critical speed.

    The best hour is the one that loads by pace rest on, else that of the same 90 days. docs/metrics.md#pace-zones.
    """
    critical = newest_critical_speed(store, history)
    scale = history.scale
    best_hour_mps = scale.threshold_mps if scale.threshold_source == "best hour" else None
    found = threshold_speed(
        setting_mps=history.facts.athlete.threshold_mps,
        critical_mps=critical.speed_mps if critical else None,
        best_hour_mps=best_hour_mps if critical or best_hour_mps else _best_hour_mps(store, history),
    )
    return found, critical


def _newest_day(history: History) -> date:
    return min(max((run.day for run in history.runs), default=history.today), history.today)


def _best_hour_mps(store: Store, history: History) -> float | None:
    since = _newest_day(history) - timedelta(days=WINDOW_DAYS - 1)
    recent = {run.id for run in history.runs if run.day >= since and not run.is_indoor and run.sport != "VirtualRun"}
    bests = store.measure_rows.duration_bests(own_only=history.is_own_only, duration_s=_HOUR_S)
    speeds = (one.speed_mps for one in bests if one.run_id in recent and one.speed_mps is not None)
    return max((speed for speed in speeds if why_implausible(speed * _HOUR_S, _HOUR_S) is None), default=None)
