"""Critical speed as it was known on each day: what the runs of that day are held against. No arrays here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from paceport.training.metrics.critical_speed import (
    WINDOW_DAYS,
    CriticalSpeed,
    RunEffort,
    best_efforts_by_band,
    fastest_of,
    recent_critical_speed,
)

# On a day without a critical speed the last one holds, for so long.
HOLDS_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedCriticalSpeed:
    """A critical speed, and the day up to whose evening its efforts were looked for."""

    line: CriticalSpeed
    as_of: date


def critical_speed_by_day(efforts: Iterable[RunEffort], days: Iterable[date]) -> dict[date, DatedCriticalSpeed | None]:
    """For each of these days the critical speed from the 90 days that end with it; oldest day first.

    Where these give none, the last one of the days asked for holds, for a year at most; else None. An effort of a later
    day never counts. docs/metrics.md#critical-speed.
    """
    windows = _Windows(efforts)
    found: dict[date, DatedCriticalSpeed | None] = {}
    last: DatedCriticalSpeed | None = None
    for day in sorted(set(days)):
        line = windows.line_of(day)
        if line is not None:
            last = DatedCriticalSpeed(line=line, as_of=day)
        found[day] = last if last is not None and day - last.as_of <= timedelta(days=HOLDS_DAYS) else None
    return found


def last_critical_speed(efforts: Iterable[RunEffort], days: Iterable[date]) -> DatedCriticalSpeed | None:
    """What `critical_speed_by_day` says of the last of these days, without looking at all the others."""
    windows = _Windows(efforts)
    falling = sorted(set(days), reverse=True)
    for day in falling:
        if falling[0] - day > timedelta(days=HOLDS_DAYS):
            return None
        line = windows.line_of(day)
        if line is not None:
            return DatedCriticalSpeed(line=line, as_of=day)
    return None


class _Windows:
    """The efforts of all runs, ready to be asked for many windows of 90 days."""

    def __init__(self, efforts: Iterable[RunEffort]) -> None:
        self._compared = best_efforts_by_band(efforts)
        self._when = [[effort.day for _, effort in band] for band in self._compared]
        self._known: dict[tuple[RunEffort, ...], CriticalSpeed | None] = {}

    def line_of(self, day: date) -> CriticalSpeed | None:
        """The critical speed from the 90 days that end with a day; None where they give none."""
        window = self._fastest(day)
        if window not in self._known:
            self._known[window] = recent_critical_speed(window, before=day + timedelta(days=1))
        return self._known[window]

    def _fastest(self, day: date) -> tuple[RunEffort, ...]:
        """The few efforts of each band among which the maximal ones are."""
        first = day - timedelta(days=WINDOW_DAYS - 1)
        return tuple(
            effort
            for compared, days in zip(self._compared, self._when, strict=True)
            for _, effort in fastest_of(compared[bisect_left(days, first) : bisect_right(days, day)])
        )
