"""How much: totals by year, month and week, this year beside last, shoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.sports import sport_group
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.totals import Total, totals, week_of


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBesideLast:
    """Metres run up to each day of this year and of the last, by day of the year from 1 January.

    `this` ends today; `last` is a whole year.
    """

    year: int
    this: tuple[float, ...]
    last: tuple[float, ...]

    @property
    def ahead_m(self) -> float:
        """How much further than on the same day last year; below 0: less far."""
        return self.this[-1] - self.last_so_far_m

    @property
    def last_so_far_m(self) -> float:
        """How far it was on the same day of the calendar last year; on 29 February, the day before."""
        today = date(self.year, 1, 1) + timedelta(days=len(self.this) - 1)
        day = today.replace(year=self.year - 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
        return self.last[(day - date(self.year - 1, 1, 1)).days]


def overall(runs: Sequence[Run]) -> Total[str]:
    """The sums of all these runs; zero runs have sums that are not known."""
    sums = totals([run.run_facts() for run in runs], lambda _: "all")
    empty = Total(key="all", runs=0, distance_m=None, moving_time_s=None, elevation_gain_m=None, load=None)
    return sums[0] if sums else empty


def by_sport(runs: Sequence[Run]) -> list[Total[str]]:
    """One total per kind of sport, that with the most moving time first."""
    kinds: dict[str, list[Run]] = {}
    for run in runs:
        kinds.setdefault(sport_group(run.sport), []).append(run)
    sums = [replace(overall(each), key=kind) for kind, each in kinds.items()]
    return sorted(sums, key=lambda total: (-(total.moving_time_s or 0.0), total.key))


def by_year(runs: Sequence[Run]) -> list[Total[int]]:
    """One total per local year with a run, oldest first."""
    return sorted(totals([run.run_facts() for run in runs], lambda one: one.day.year), key=lambda total: total.key)


def by_month(runs: Sequence[Run]) -> list[Total[date]]:
    """One total per local month with a run, named by its first day, oldest first."""
    return sorted(
        totals([run.run_facts() for run in runs], lambda one: one.day.replace(day=1)), key=lambda total: total.key
    )


def by_day(runs: Sequence[Run]) -> list[Total[date]]:
    """One total per local day with a run, oldest first: what a calendar shows."""
    return sorted(totals([run.run_facts() for run in runs], lambda one: one.day), key=lambda total: total.key)


def by_week(runs: Sequence[Run], *, first: date, last: date) -> list[Total[date]]:
    """One total for every week from that of `first` to that of `last`, named by its Monday; without a run: 0 runs.

    The distance of a week without a run is 0, because it is known; that of a week whose runs have none is None.
    """
    sums = {total.key: total for total in totals([run.run_facts() for run in runs], lambda one: week_of(one.day))}
    weeks = range((week_of(last) - week_of(first)).days // 7 + 1)
    mondays = [week_of(first) + timedelta(weeks=number) for number in weeks]
    return [
        sums.get(monday) or Total(key=monday, runs=0, distance_m=0.0, moving_time_s=0.0, elevation_gain_m=0.0, load=0.0)
        for monday in mondays
    ]


def year_beside_last(history: History) -> YearBesideLast:
    """This year's distance beside last year's, day by day."""
    year = history.today.year
    this = _running_m(history.runs, year, history.today)
    return YearBesideLast(year=year, this=this, last=_running_m(history.runs, year - 1, date(year - 1, 12, 31)))


def by_gear(runs: Sequence[Run]) -> list[Total[str]]:
    """One total per shoe, farthest first; runs without one are left out. docs/metrics.md#gear-mileage."""
    return sorted(
        totals([run.run_facts() for run in runs], lambda one: one.gear), key=lambda total: -(total.distance_m or 0.0)
    )


def _running_m(runs: Sequence[Run], year: int, last: date) -> tuple[float, ...]:
    first = date(year, 1, 1)
    days = [0.0] * ((last - first).days + 1)
    for run in runs:
        if first <= run.day <= last and not run.doubt:
            days[(run.day - first).days] += run.distance_m or 0.0
    reached, sums = 0.0, []
    for day in days:
        reached += day
        sums.append(reached)
    return tuple(sums)
