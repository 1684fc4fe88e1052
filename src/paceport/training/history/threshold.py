"""The athlete's critical speed and threshold speed on every day with a run: computed together, kept, and read again.

They change with the runs, so a run of an earlier year is held against what was known then. Those of own data are kept
with it; where the API gave anything, they are kept once more, of all data, and expire.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, get_args

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.metrics.load_source import ThresholdSource

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.logbook.database.threshold_rows import ThresholdRow
    from paceport.training.metrics.athlete import AthleteFacts

_CACHE = "thresholds of all data, cache"
_HOUR_S = 3600.0
_SOURCES: dict[str, ThresholdSource] = {one: one for one in get_args(ThresholdSource)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Critical speed (with D' in metres) and threshold speed as they hold on one day; None is "not known".

    `critical_as_of` is the day up to whose evening the efforts of the critical speed were looked for.
    """

    day: date
    critical_mps: float | None = None
    reserve_m: float | None = None
    critical_as_of: date | None = None
    threshold_mps: float | None = None
    threshold_source: ThresholdSource | None = None


def update_thresholds(store: Store, given: AthleteFacts, *, is_changed: bool) -> None:
    """Compute and keep the thresholds where what they come from is another than last time.

    `is_changed`: something of own data may be. Nothing of the API goes into own.db.
    """
    if is_changed:
        store.threshold_rows.save_own(_compute(store, given, own_only=True))
    cache_state, first_expiry = store.load_rows.cache_state()
    if first_expiry is None or store.cached.state(_CACHE) == f"{given!r} {cache_state}":
        return
    store.threshold_rows.save_cached(_compute(store, given, own_only=False), expires_at=first_expiry)
    state = {_CACHE: f"{given!r} {cache_state}"}
    store.cached.set_state(state, expires_at=datetime.fromisoformat(first_expiry))


def thresholds_by_day(store: Store, history: History) -> dict[date, Thresholds]:
    """What is kept, by day, oldest first. docs/metrics.md#pace-zones and #intensity-distribution.

    A threshold of the settings holds on every day.
    """
    setting_mps = history.facts.athlete.threshold_mps
    found = (_thresholds(row) for row in store.threshold_rows.thresholds(own_only=history.is_own_only))
    known = [one for one in found if one is not None]
    if setting_mps is not None:
        # Where the logbook can only be read, the settings may say more than is stored.
        known = [replace(one, threshold_mps=setting_mps, threshold_source="your settings") for one in known]
    return {one.day: one for one in known}


def newest_thresholds(history: History, by_day: Mapping[date, Thresholds]) -> Thresholds:
    """Those of the newest run, of days up to today."""
    found = max((day for day in by_day if day <= history.today), default=None)
    if found is not None:
        return by_day[found]
    setting_mps = history.facts.athlete.threshold_mps
    source: ThresholdSource | None = "your settings" if setting_mps else None
    return Thresholds(day=history.today, threshold_mps=setting_mps, threshold_source=source)


def _compute(store: Store, given: AthleteFacts, *, own_only: bool) -> list[ThresholdRow]:
    from paceport.logbook.database.threshold_rows import ThresholdRow
    from paceport.training.metrics.critical_speed import RunEffort
    from paceport.training.metrics.critical_speed_by_day import critical_speed_by_day
    from paceport.training.metrics.personal_records import why_implausible
    from paceport.training.metrics.training_load import threshold_speed

    efforts = [
        RunEffort(run_id=one.run_id, day=date.fromisoformat(one.day), distance_m=one.distance_m, time_s=one.time_s)
        for one in store.threshold_rows.efforts(own_only=own_only)
        if why_implausible(one.distance_m, one.time_s) is None
    ]
    lines = critical_speed_by_day(efforts, map(date.fromisoformat, store.threshold_rows.days(own_only=own_only)))
    hours = _BestHours.of(store.threshold_rows.best_hours(own_only=own_only))
    rows: list[ThresholdRow] = []
    for day, dated in lines.items():
        threshold = threshold_speed(
            setting_mps=given.threshold_mps,
            critical_mps=dated.line.speed_mps if dated else None,
            best_hour_mps=hours.until(day),
        )
        rows.append(
            ThresholdRow(
                day=day.isoformat(),
                critical_mps=dated.line.speed_mps if dated else None,
                reserve_m=dated.line.reserve_m if dated else None,
                critical_as_of=dated.as_of.isoformat() if dated else None,
                threshold_mps=threshold.speed_mps if threshold else None,
                threshold_source=threshold.source if threshold else None,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class _BestHours:
    """The best hour of all runs up to each day on which there was a better one."""

    days: Sequence[str]
    speeds_mps: Sequence[float]

    @classmethod
    def of(cls, hours: Sequence[tuple[str, float]]) -> _BestHours:
        from paceport.training.metrics.personal_records import why_implausible

        days: list[str] = []
        speeds: list[float] = []
        for day, speed_mps in hours:
            is_better = not speeds or speed_mps > speeds[-1]
            if is_better and why_implausible(speed_mps * _HOUR_S, _HOUR_S) is None:
                days.append(day)
                speeds.append(speed_mps)
        return cls(days, speeds)

    def until(self, day: date) -> float | None:
        place = bisect_right(self.days, day.isoformat())
        return self.speeds_mps[place - 1] if place else None


def _thresholds(row: ThresholdRow) -> Thresholds | None:
    """A stored row; None for one that cannot be read."""
    try:
        return Thresholds(
            day=date.fromisoformat(row.day),
            critical_mps=row.critical_mps,
            reserve_m=row.reserve_m,
            critical_as_of=date.fromisoformat(row.critical_as_of) if row.critical_as_of else None,
            threshold_mps=row.threshold_mps,
            threshold_source=_SOURCES.get(row.threshold_source or ""),
        )
    except ValueError:
        return None
