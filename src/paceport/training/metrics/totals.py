"""How much and how regularly: totals by local week, month and year, streaks, Eddington numbers, shoes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One run of one local day, with what the totals need; None is "not known"."""

    day: date
    distance_m: float | None
    moving_time_s: float | None
    elevation_gain_m: float | None = None
    load: float | None = None
    gear: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Generic[Key]):
    """The sums of a group of runs. A sum is None where no run of the group knows it; `runs` counts them all.

    Where some know it and some do not, the sum is of those that do.
    """

    key: Key
    runs: int
    distance_m: float | None
    moving_time_s: float | None
    elevation_gain_m: float | None
    load: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """Days, and weeks from Monday, in a row with a run. A current one lives until its next day or week is over."""

    current_days: int
    longest_days: int
    longest_days_end: date | None
    current_weeks: int
    longest_weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Eddington:
    """The largest E with E days of at least E units, and how many more days of at least E + 1 make the next."""

    number: int
    days_to_next: int


def week_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def totals(outings: Iterable[Outing], key: Callable[[Outing], Key | None]) -> list[Total[Key]]:
    """Sums per key, in the order in which the keys first come; runs whose key is None are left out.

    Keys for the usual sums: `week_of(outing.day)`, `outing.day.replace(day=1)`, `outing.day.year`, `outing.gear`.
    Periods without a run are not made up. Source: docs/metrics.md#totals.
    """
    groups: dict[Key, list[Outing]] = {}
    for outing in outings:
        name = key(outing)
        if name is not None:
            groups.setdefault(name, []).append(outing)
    return [
        Total(
            key=name,
            runs=len(group),
            distance_m=_sum(outing.distance_m for outing in group),
            moving_time_s=_sum(outing.moving_time_s for outing in group),
            elevation_gain_m=_sum(outing.elevation_gain_m for outing in group),
            load=_sum(outing.load for outing in group),
        )
        for name, group in groups.items()
    ]


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


def eddington(outings: Iterable[Outing], unit_m: float) -> Eddington:
    """The Eddington number in units of `unit_m` (1000 for km, 1609.344 for miles).

    Runs of one local day are added up first: it counts days, not runs. Source: docs/metrics.md#eddington.
    """
    by_day: dict[date, float] = {}
    for outing in outings:
        by_day[outing.day] = by_day.get(outing.day, 0.0) + (outing.distance_m or 0.0)
    return eddington_number(distance / unit_m for distance in by_day.values())


def eddington_number(amounts: Iterable[float]) -> Eddington:
    """The Eddington number of one amount per day, in whole units reached."""
    whole = sorted((int(amount + 1e-9) for amount in amounts if amount >= 1 - 1e-9), reverse=True)
    number = sum(1 for rank, amount in enumerate(whole, start=1) if amount >= rank)
    return Eddington(number=number, days_to_next=number + 1 - sum(1 for amount in whole if amount >= number + 1))


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


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
