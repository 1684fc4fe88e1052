"""Records of a whole logbook or of one year, from stored rows alone: no figure of any run is worked out for them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.run_rows import NamedRun
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


# An effort of a run: its run's place by its start, that run's id, span_m, elapsed_time_s, and why it does not count.
CountedEffort = tuple[int, int, float, float, str | None]


class RecordRun(NamedRun):
    """What is shown of a run beside its efforts; its moments are read when somebody asks."""

    __slots__ = ()

    @property
    def start(self) -> datetime:
        """When it began."""
        return datetime.fromisoformat(self.start_text)

    @property
    def local_start(self) -> datetime:
        """The clock face where it began."""
        return datetime.fromisoformat(self.local_text)

    @property
    def expires_at(self) -> datetime | None:
        """Until when it may be kept; None for your own data."""
        return datetime.fromisoformat(self.expires_text) if self.expires_text else None

    @property
    def has_track(self) -> bool:
        """Whether samples are there."""
        return bool(self.track)

    @property
    def day(self) -> date:
        """The local day it began."""
        return self.local_start.date()


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
    def chosen_runs(self) -> tuple[RecordRun, ...]:
        """The runs that the records are of: those of the year, or all."""
        return tuple(run for run_id, run in self.runs.items() if self._is_chosen(run_id))

    @cached_property
    def records(self) -> PersonalRecords:
        """How the records developed, and what was left out."""
        standing: dict[float, float] = {}
        attempts = []
        for one in self.efforts:
            _, run_id, span_m, elapsed_s, doubt = one
            # Most efforts beat nothing: only what may be a record, or would be one, is looked at closely.
            if elapsed_s < standing.get(span_m, math.inf) and self._is_chosen(run_id):
                attempts.append(self._attempt(one))
                if doubt is None and why_implausible(span_m, elapsed_s) is None:
                    standing[span_m] = elapsed_s
        return personal_records(attempts)

    def best(self, span_m: float, most: int) -> tuple[RankedAttempt, ...]:
        """The `most` best efforts that count over a distance, one of each run, the fastest first."""
        counted = (one for one in self.efforts if one[2] == span_m and one[4] is None)
        found: list[RankedAttempt] = []
        seen: set[int] = set()
        in_year: dict[int, int] = {}
        for one in sorted(counted, key=itemgetter(3, 0)):
            _, run_id, _, elapsed_s, _ = one
            if run_id in seen or why_implausible(span_m, elapsed_s):
                continue
            seen.add(run_id)
            year = self.runs[run_id].day.year
            in_year[year] = in_year.get(year, 0) + 1
            if self.year in (None, year):
                found.append(RankedAttempt(self._attempt(one), len(seen), in_year[year]))
                if len(found) == most:
                    break
        return tuple(found)

    def coverage(self) -> Coverage:
        """On how many runs this rests."""
        return effort_coverage(self.chosen_runs, ((run_id, doubt) for _, run_id, _, _, doubt in self.efforts))

    def cache_share(self) -> CacheShare:
        """What of this comes from the API, and until when it may be kept."""
        expiries = [run.expires_at for run in self.chosen_runs if run.expires_at is not None]
        return CacheShare(
            runs=len(expiries), first_expiry=min(expiries, default=None), last_expiry=max(expiries, default=None)
        )

    def _is_chosen(self, run_id: int) -> bool:
        return self.year is None or self.runs[run_id].day.year == self.year

    def _attempt(self, one: CountedEffort) -> Attempt:
        _, run_id, span_m, elapsed_s, doubt = one
        return Attempt(run_id, self.runs[run_id].start, span_m, elapsed_s, doubt)


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
    zone = find_zone(timezone or next((row.timezone for row in reversed(rows) if row.timezone), None))
    last = (now.astimezone(zone) if zone else now).date() + timedelta(days=1)  # where a run was, it may be tomorrow
    runs = {row.id: RecordRun._make(row) for row in rows}
    end = (last + timedelta(days=1)).isoformat()
    later = tuple(run for run in runs.values() if run.local_text >= end)
    for run in later:
        del runs[run.id]
    excluded = {run.id for run in runs.values() if not_records and {run.id, run.strava_id} & {*not_records}}
    order = {run_id: place for place, run_id in enumerate(runs)}  # the rows are by start and id
    efforts = [
        (order[run_id], run_id, span_m, elapsed_s, doubt)
        for run_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=own_only)
        if run_id in order
    ]
    if excluded:
        words = store.run_rows.record_words(own_only=own_only)
        excluded -= {run_id for run_id, is_confirmed in words.items() if is_confirmed}
        # Where the logbook can only be read, the settings may say more than is stored.
        efforts = [(*one[:4], one[4] or ("you excluded this run" if one[1] in excluded else None)) for one in efforts]
    efforts.sort(key=itemgetter(0))
    return RecordBook(runs=runs, efforts=tuple(efforts), later=later, year=year)
