"""How much and how regularly: totals by local week, month and year, streaks, Eddington numbers, shoes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta
from typing import Generic, TypeVar

from paceport.lazy_dataclass import dataclass

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
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

    @property
    def speed_mps(self) -> float | None:
        """Distance over moving time; None where either is not known or 0."""
        return self.distance_m / self.moving_time_s if self.distance_m and self.moving_time_s else None


def week_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def totals(outings: Iterable[RunFacts], key: Callable[[RunFacts], Key | None]) -> list[Total[Key]]:
    """Sums per key, in the order in which the keys first come; runs whose key is None are left out.

    Keys for the usual sums: `week_of(outing.day)`, `outing.day.replace(day=1)`, `outing.day.year`, `outing.gear`.
    Periods without a run are not made up. Source: docs/metrics.md#totals.
    """
    groups: dict[Key, list[RunFacts]] = {}
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


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
