"""What a sync will ask for, in which order, and how long that takes. Pure."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Literal

from paceport.api.rate_limit.headers import Rates, day_end, quarter_end
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.sync_rows import FetchCandidate, PartName

KEPT_FOR = timedelta(days=7)
# A part is asked for again in its last day, so six days' worth of requests can be kept alive.
RENEWED_BEFORE = timedelta(days=1)
_DAYS_OF_REQUESTS = 6
# A daily job is never exactly on time.
COMPLETE_EVERY = timedelta(hours=24) - timedelta(minutes=5)
_SHARE_OF_DAY = 0.9
# The limits of a new app, until an answer told the real ones (rate-limit page, read 2026-11-22).
_DAY_READS, _QUARTER_READS = 1000, 100
PER_PAGE = 200

# What Strava knows of the athlete; it costs two requests in six days, so the share of the day left to others bears it.
AthleteFact = Literal["profile", "zones"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchJob:
    """One request for one part of one activity."""

    activity_id: int
    part: PartName
    requested_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPlan:
    """What to ask for: the athlete's facts, then runs, newest first; `held_back` runs are beyond what can be kept."""

    facts: tuple[AthleteFact, ...] = ()
    jobs: tuple[FetchJob, ...]
    held_back: int

    @property
    def request_count(self) -> int:
        """How many requests that is."""
        return len(self.facts) + len(self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long so many requests take: quarters of an hour used, days begun, and the moment of the last.

    `is_list_known` is False where nobody knows yet how long the list of activities is: its pages come on top.
    """

    requests: int
    windows: int
    days: int
    done_at: datetime
    is_list_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCost:
    """What the next sync would cost: requests for listing and for the rest, and when all would be done."""

    listing: int
    is_complete: bool
    parts: int
    held_back: int
    schedule: Schedule


def plan_fetches(
    candidates: Sequence[FetchCandidate],
    *,
    now: datetime,
    day_reads: int | None,
    blocked: Collection[int] = (),
    facts: tuple[AthleteFact, ...] = (),
) -> FetchPlan:
    """The requests that are due, `facts` first, then the newest run, for as many runs as can be kept alive.

    `blocked` activities were refused and are not asked for yet. A manual run has no streams.
    """
    room = day_budget(day_reads) * _DAYS_OF_REQUESTS
    jobs: list[FetchJob] = []
    held_back = 0
    for one in candidates:
        wanted: list[tuple[PartName, str]] = [("detail", one.digest)]
        if not one.is_manual:
            wanted.append(("streams", one.recording_digest))
        room -= len(wanted)
        if room < 0:
            held_back += 1
        elif one.activity_id not in blocked:
            jobs += [
                FetchJob(activity_id=one.activity_id, part=part, requested_digest=mark)
                for part, mark in wanted
                if _is_due(one, part, mark, now)
            ]
    return FetchPlan(facts=facts, jobs=tuple(jobs), held_back=held_back)


def day_budget(day_reads: int | None) -> int:
    """How many of the day's reads sync may use."""
    return int(_SHARE_OF_DAY * (day_reads or _DAY_READS))


def listing_cost(known: int, *, is_complete: bool) -> int:
    """Requests of a listing, at the most, if no more is there than was known."""
    return ceil(known / PER_PAGE) + 3 if is_complete else 2


def schedule(
    requests: int, rates: Rates | None, *, now: datetime, keep: int = 0, is_list_known: bool = True
) -> Schedule:
    """How so many reads spread over the windows; `keep` of each stay for others."""
    read = rates.read if rates else None
    quarter = max(1, ((read and read.quarter_limit) or _QUARTER_READS) - keep)
    day = max(1, day_budget(read.day_limit if read else None))
    quarter_left = max(0, quarter - ((read and read.quarter_used) or 0))
    day_left = max(0, day - ((read and read.day_used) or 0))
    moment, windows, left = now, 0, requests
    while left > 0:
        sent = min(left, quarter_left, day_left)
        left, day_left = left - sent, day_left - sent
        windows += sent > 0
        if left <= 0:
            break
        following = quarter_end(moment) if day_left > 0 else day_end(moment)
        if day_end(following) != day_end(moment):
            day_left = day
        moment, quarter_left = following, quarter
    days = (moment.astimezone(UTC).date() - now.astimezone(UTC).date()).days + 1
    return Schedule(requests=requests, windows=windows, days=days, done_at=moment, is_list_known=is_list_known)


def sync_cost(
    candidates: Sequence[FetchCandidate],
    *,
    known: int,
    complete_at: datetime | None,
    rates: Rates | None,
    now: datetime,
    keep: int = 0,
    facts: tuple[AthleteFact, ...] = (),
) -> SyncCost:
    """What a sync would cost now, as far as is known before asking: what is new comes on top."""
    is_complete = is_complete_due(complete_at, now)
    work = plan_fetches(candidates, now=now, day_reads=rates.read.day_limit if rates else None, facts=facts)
    listing = listing_cost(known, is_complete=is_complete)
    return SyncCost(
        listing=listing,
        is_complete=is_complete,
        parts=work.request_count,
        held_back=work.held_back,
        schedule=schedule(
            listing + work.request_count, rates, now=now, keep=keep, is_list_known=known > 0 or not is_complete
        ),
    )


def is_complete_due(complete_at: datetime | None, now: datetime) -> bool:
    """Whether the whole list must be read again."""
    return complete_at is None or not timedelta() <= now - complete_at < COMPLETE_EVERY


def _is_due(one: FetchCandidate, part: PartName, mark: str, now: datetime) -> bool:
    fetched = one.parts.get(part)
    return fetched is None or fetched.requested_digest != mark or fetched.expires_at - now <= RENEWED_BEFORE
