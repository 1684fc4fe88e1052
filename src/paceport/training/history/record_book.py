"""Records of a whole logbook or of one year, from stored rows alone: no figure of any run is worked out for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from paceport.time_zones import find_zone
from paceport.training.history.coverage import Coverage, effort_coverage
from paceport.training.history.history import CacheShare
from paceport.training.metrics.personal_records import (
    Attempt,
    PersonalRecords,
    RankedAttempt,
    best_attempts,
    personal_records,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """What is shown of a run beside its efforts; `expires_at` is None for your own data."""

    id: int
    strava_id: int | None
    name: str
    start: datetime
    local_start: datetime
    expires_at: datetime | None
    has_track: bool

    @property
    def day(self) -> date:
        """The local day it began."""
        return self.local_start.date()


@dataclass(frozen=True, kw_only=True)
class RecordBook:
    """All efforts of the runs up to today, with those runs; `later` are runs that are dated in the future.

    With a `year`, records and bests are of that year alone; places are kept for all years, too.
    """

    runs: dict[int, RecordRun]
    attempts: tuple[Attempt, ...]
    later: tuple[RecordRun, ...]
    year: int | None = None

    @cached_property
    def records(self) -> PersonalRecords:
        """How the records developed, and what was left out."""
        return personal_records(self._chosen)

    @cached_property
    def best(self) -> dict[float, tuple[RankedAttempt, ...]]:
        """The best attempts that count, one of each run, over each distance, the fastest first."""
        every = best_attempts(self.attempts, year_of={run.id: run.day.year for run in self.runs.values()})
        if self.year is None:
            return every
        chosen = {
            span_m: tuple(one for one in ranked if self.runs[one.attempt.run_id].day.year == self.year)
            for span_m, ranked in every.items()
        }
        return {span_m: ranked for span_m, ranked in chosen.items() if ranked}

    def of_run(self, run_id: int) -> list[RankedAttempt]:
        """The attempts of a run that count, with their places, the shortest distance first."""
        return [one for ranked in self.best.values() for one in ranked if one.attempt.run_id == run_id]

    def coverage(self) -> Coverage:
        """On how many runs this rests."""
        return effort_coverage(self.runs.values(), self.attempts)

    def cache_share(self) -> CacheShare:
        """What of this comes from the API, and until when it may be kept."""
        expiries = [run.expires_at for run in self.runs.values() if run.expires_at is not None]
        return CacheShare(
            runs=len(expiries), first_expiry=min(expiries, default=None), last_expiry=max(expiries, default=None)
        )

    @property
    def _chosen(self) -> Sequence[Attempt]:
        if self.year is None:
            return self.attempts
        return [one for one in self.attempts if self.runs[one.run_id].day.year == self.year]


def read_record_book(
    store: Store,
    *,
    now: datetime,
    timezone: str | None = None,
    own_only: bool = False,
    not_records: Collection[int] = (),
    year: int | None = None,
) -> RecordBook:
    """The records as computed so far; call `compute_results` first. The arguments are those of `read_history`."""
    rows = store.run_rows.run_names(own_only=own_only)
    zone = find_zone(timezone or next((row["timezone"] for row in reversed(rows) if row["timezone"]), None))
    last = (now.astimezone(zone) if zone else now).date() + timedelta(days=1)  # where a run was, it may be tomorrow
    runs = {row["id"]: _run(row) for row in rows}
    later = tuple(run for run in runs.values() if run.day > last)
    for run in later:
        del runs[run.id]
    excluded = {run.id for run in runs.values() if run.id in not_records or run.strava_id in not_records}
    starts = {run.id: run.start for run in runs.values()}
    attempts = tuple(
        # Where the logbook can only be read, the settings may say more than is stored.
        Attempt(run_id, start, span_m, elapsed_s, doubt or ("you excluded this run" if run_id in excluded else None))
        for run_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=own_only)
        if (start := starts.get(run_id)) is not None
    )
    return RecordBook(runs=runs, attempts=attempts, later=later, year=year)


def _run(row: dict[str, object]) -> RecordRun:
    expires_at = row["expires_at"]
    return RecordRun(
        id=int(str(row["id"])),
        strava_id=int(str(row["strava_id"])) if row["strava_id"] is not None else None,
        name=str(row["name"]),
        start=datetime.fromisoformat(str(row["start_utc"])),
        local_start=datetime.fromisoformat(str(row["local_start"])),
        expires_at=datetime.fromisoformat(str(expires_at)) if expires_at else None,
        has_track=bool(row["has_track"]),
    )
