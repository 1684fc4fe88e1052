"""Days and weeks in a row with a run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.totals import week_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """Days, and weeks from Monday, in a row with a run. A current one lives until its next day or week is over."""

    current_days: int
    longest_days: int
    longest_days_end: date | None
    current_weeks: int
    longest_weeks: int


def streaks(days: Iterable[date], *, today: date) -> Streaks:
    """Runs of days and of weeks with at least one run, up to `today` in local time; later days are left out."""
    ran = {day for day in days if day <= today}
    longest, end = _longest(ran, 1)
    weeks = {week_of(day) for day in ran}
    return Streaks(
        current_days=_current(ran, today, 1),
        longest_days=longest,
        longest_days_end=end,
        current_weeks=_current(weeks, week_of(today), 7),
        longest_weeks=_longest(weeks, 7)[0],
    )


def _longest(days: set[date], step: int) -> tuple[int, date | None]:
    best, best_end, length = 0, None, 0
    for day in sorted(days):
        length = length + 1 if day - timedelta(days=step) in days else 1
        if length > best:
            best, best_end = length, day
    return best, best_end


def _current(days: set[date], now: date, step: int) -> int:
    day = now if now in days else now - timedelta(days=step)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=step)
    return length
