"""Records of a whole logbook or of one year, from stored rows alone: no figure of any run is worked out for them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from paceport.lazy_dataclass import dataclass
from paceport.time_zones import find_zone
from paceport.training.history.cache_share import CacheShare
from paceport.training.history.coverage import Coverage, effort_coverage
from paceport.training.metrics.personal_records import (
    Attempt,
    PersonalRecords,
    RankedAttempt,
    personal_records,
    why_implausible,
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


class CountedEffort(NamedTuple):
    """An effort of a run, whose place by its start is `order`; `doubt` is why it does not count."""

    order: int
    run_id: int
    span_m: float
    elapsed_time_s: float
    doubt: str | None


@dataclass(frozen=True, kw_only=True)
class RecordBook:
    """All efforts of the runs up to today, with those runs; `later` are runs that are dated in the future.

    `efforts` are in the order of their runs. With a `year`, records and bests are of that year alone; places are kept
    for all years, too.
    """

    runs: dict[int, RecordRun]
    efforts: tuple[CountedEffort, ...]
    later: tuple[RecordRun, ...]
    year: int | None = None

    @cached_property
    def records(self) -> PersonalRecords:
        """How the records developed, and what was left out."""
        standing: dict[float, float] = {}
        attempts = []
        for one in self.efforts:
            # Most efforts beat nothing: only what may be a record, or would be one, is looked at closely.
            if one.elapsed_time_s < standing.get(one.span_m, math.inf) and self._is_chosen(one.run_id):
                attempts.append(self._attempt(one))
                if one.doubt is None and why_implausible(one.span_m, one.elapsed_time_s) is None:
                    standing[one.span_m] = one.elapsed_time_s
        return personal_records(attempts)

    def best(self, span_m: float, most: int) -> tuple[RankedAttempt, ...]:
        """The `most` best efforts that count over a distance, one of each run, the fastest first."""
        counted = (one for one in self.efforts if one.span_m == span_m and one.doubt is None)
        found: list[RankedAttempt] = []
        seen: set[int] = set()
        in_year: dict[int, int] = {}
        for one in sorted(counted, key=lambda one: (one.elapsed_time_s, one.order)):
            if one.run_id in seen or why_implausible(span_m, one.elapsed_time_s):
                continue
            seen.add(one.run_id)
            year = self.runs[one.run_id].day.year
            in_year[year] = in_year.get(year, 0) + 1
            if self.year in (None, year):
                found.append(RankedAttempt(self._attempt(one), len(seen), in_year[year]))
                if len(found) == most:
                    break
        return tuple(found)

    def coverage(self) -> Coverage:
        """On how many runs this rests."""
        return effort_coverage(self.runs.values(), ((one.run_id, one.doubt) for one in self.efforts))

    def cache_share(self) -> CacheShare:
        """What of this comes from the API, and until when it may be kept."""
        expiries = [run.expires_at for run in self.runs.values() if run.expires_at is not None]
        return CacheShare(
            runs=len(expiries), first_expiry=min(expiries, default=None), last_expiry=max(expiries, default=None)
        )

    def _is_chosen(self, run_id: int) -> bool:
        return self.year is None or self.runs[run_id].day.year == self.year

    def _attempt(self, one: CountedEffort) -> Attempt:
        return Attempt(one.run_id, self.runs[one.run_id].start, one.span_m, one.elapsed_time_s, one.doubt)


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
    order = {run_id: place for place, run_id in enumerate(runs)}  # the rows are by start and id
    efforts = [
        # Where the logbook can only be read, the settings may say more than is stored.
        (order[run_id], run_id, span_m, time_s, doubt or ("you excluded this run" if run_id in excluded else None))
        for run_id, span_m, time_s, doubt in store.run_rows.efforts(own_only=own_only)
        if run_id in order
    ]
    efforts.sort(key=itemgetter(0))
    return RecordBook(runs=runs, efforts=tuple(map(CountedEffort._make, efforts)), later=later, year=year)


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
