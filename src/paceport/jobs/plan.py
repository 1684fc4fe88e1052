"""What the app's requests allow: for how many athletes, how many runs each, and how long a backfill takes. Pure.

listings and new runs    athletes x (1 + runs a day x 3): two requests for a run, one for an edit of it
kept fresh               the rest of six days, two requests a run, shared by all athletes
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from paceport.api.rate_limit.headers import Rates, day_end
from paceport.api.rate_limit.limit_class import LimitClass

# What the API answered is kept for a week at the most (policy 6.2). The sweep runs every minute; two hours allow for a
# worker that stands still that long.
KEPT_FOR = timedelta(days=7) - timedelta(hours=2)
# A run is fetched again in its last day.
REFRESH_AFTER = timedelta(days=6)
LIST_EVERY = timedelta(hours=24)
# One page of a listing, so that one request sees all that is kept.
MOST_KEPT_RUNS = 200
REQUESTS_A_RUN = 2
RUNS_A_WEEK = 6
# The limits of a new app, until an answer told the real ones (rate-limit page, read 2026-11-22).
DAY_READS = 1000
# Part of each window that background work leaves to persons and events.
PERSONS_SHARE = 10
_REQUESTS_A_NEW_RUN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """What so many reads a day allow for so many athletes."""

    athletes: int
    day_reads: int = DAY_READS

    @property
    def daily_reads(self) -> int:
        """Reads a day for listings, new runs and edits, before anything is kept fresh."""
        return ceil(self.athletes * (1 + RUNS_A_WEEK / 7 * _REQUESTS_A_NEW_RUN))

    @property
    def background_reads(self) -> int:
        """Reads a day that are left for backfills and for keeping runs fresh."""
        return max(0, self.day_reads - self.day_reads // PERSONS_SHARE - self.daily_reads)

    @property
    def kept_runs(self) -> int:
        """How many runs of each athlete can be kept fresh: the newest ones."""
        if not self.athletes:
            return MOST_KEPT_RUNS
        room = self.background_reads * REFRESH_AFTER.days // REQUESTS_A_RUN
        return min(MOST_KEPT_RUNS, room // self.athletes)

    @property
    def most_athletes(self) -> int:
        """How many athletes the reads are enough for, with nothing but their new runs."""
        share = self.day_reads - self.day_reads // PERSONS_SHARE
        return int(share / (1 + RUNS_A_WEEK / 7 * _REQUESTS_A_NEW_RUN))

    @property
    def holds(self) -> bool:
        """Whether every new run can be fetched on its day."""
        return self.athletes <= self.most_athletes

    def backfill_days(self, runs: int) -> float | None:
        """How many days it takes to fetch so many runs of every athlete; None if it never ends."""
        reads = self.athletes * runs * REQUESTS_A_RUN
        return reads / self.background_reads if self.background_reads else None


def service_plan(athletes: int, rates: Rates | None) -> ServicePlan:
    """The plan with the limits that the answers told: the smaller of both daily ones."""
    limits = [] if rates is None else [usage.day_limit for _, usage in rates.budgets(LimitClass.READ)]
    return ServicePlan(athletes=athletes, day_reads=min((one for one in limits if one is not None), default=DAY_READS))


def background_may_send(plan: ServicePlan, rates: Rates | None, *, now: datetime) -> bool:
    """Whether background work leaves enough of the day's reads for what else the day will bring."""
    if rates is None:
        return True
    day_left = (day_end(now) - now) / timedelta(days=1)
    kept = plan.day_reads // PERSONS_SHARE + plan.daily_reads * day_left
    used = [
        (usage.day_limit, usage.day_used)
        for _, usage in rates.budgets(LimitClass.READ)
        if usage.day_limit is not None and usage.day_used is not None
    ]
    return all(most - spent > kept for most, spent in used)


def keep_of_window(rates: Rates | None) -> int:
    """How many requests of each window background work leaves to others."""
    limits = [] if rates is None else [usage.quarter_limit for _, usage in rates.budgets(LimitClass.READ)]
    return min((one // PERSONS_SHARE for one in limits if one is not None), default=0)
