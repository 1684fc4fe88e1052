"""Critical speed as it was known on each day: what the runs of that day are held against. No arrays here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
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
    bands = best_efforts_by_band(efforts)
    when = [[effort.day for effort in band] for band in bands]
    known: dict[tuple[RunEffort, ...], CriticalSpeed | None] = {}
    found: dict[date, DatedCriticalSpeed | None] = {}
    last: DatedCriticalSpeed | None = None
    for day in sorted(set(days)):
        window = _fastest(bands, when, day)
        if window not in known:
            known[window] = recent_critical_speed(window, before=day + timedelta(days=1))
        line = known[window]
        if line is not None:
            last = DatedCriticalSpeed(line=line, as_of=day)
        found[day] = last if last is not None and day - last.as_of <= timedelta(days=HOLDS_DAYS) else None
    return found


def _fastest(bands: Sequence[Sequence[RunEffort]], when: Sequence[Sequence[date]], day: date) -> tuple[RunEffort, ...]:
    """The few efforts of each band, of the 90 days that end with a day, among which the maximal ones are."""
    first = day - timedelta(days=WINDOW_DAYS - 1)
    return tuple(
        effort
        for band, days in zip(bands, when, strict=True)
        for effort in fastest_of(band[bisect_left(days, first) : bisect_right(days, day)])
    )
