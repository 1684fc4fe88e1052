"""The daily listing of an athlete: the net that catches what no webhook event told.

One request shows the newest 200 activities. What is new or changed is fetched, what is missing was deleted, and of a
new athlete as many runs as can be kept fresh are put down for the backfill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import decode_page
from paceport.clock import Clock
from paceport.errors import RateLimited
from paceport.jobs.fetching import AthleteStore, compared_digest
from paceport.jobs.plan import KEPT_FOR, LIST_EVERY, MOST_KEPT_RUNS
from paceport.jobs.turns import Turn
from paceport.storage.postgres.work_rows import FetchRow

# Whoever has just connected sees so many runs before the backfill's turn comes.
_FOR_A_NEWCOMER = 3
# A list can lag behind an activity that was fetched on its own.
_LAG = timedelta(hours=1)
_AFTER_TROUBLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChanges:
    """What a listing showed: activities to be fetched, and ids of those that are gone."""

    wanted: int
    gone: tuple[int, ...]


def list_athlete(store: AthleteStore, client: Client, clock: Clock, *, kept_runs: int) -> ListedChanges:
    """List the newest activities and put down what follows. Raises our errors; it is due again in an hour then."""
    started = clock.now()
    member = store.work.member()
    store.work.put_off_listing(started + _AFTER_TROUBLE)
    try:
        body = client.request("GET", endpoint_named("activities").path, query={"per_page": MOST_KEPT_RUNS}).body
    except RateLimited as error:
        store.work.put_off_listing(error.until or started + _AFTER_TROUBLE)
        raise
    page = decode_page(SummaryActivity, body)
    is_whole = not page.bad
    listed = sorted(page.items, key=lambda one: one.start, reverse=True)
    known = store.work.fetches()
    is_newcomer = member is None or member.listed_at is None
    wanted = _want(listed, known, store, now=started, kept_runs=kept_runs, is_newcomer=is_newcomer)
    gone = _gone(listed, known, started, is_all=len(listed) < MOST_KEPT_RUNS) if is_whole else ()
    for activity_id in gone:
        store.rows.forget_activity(activity_id)
        store.work.forget(activity_id)
    store.work.set_listed(now=started, next_at=started + LIST_EVERY)
    return ListedChanges(wanted=wanted, gone=gone)


def _want(
    listed: list[SummaryActivity],
    known: dict[int, FetchRow],
    store: AthleteStore,
    *,
    now: datetime,
    kept_runs: int,
    is_newcomer: bool,
) -> int:
    wanted = 0
    for place, one in enumerate(listed):
        row, digest = known.get(one.id), compared_digest(one)
        turn = _turn(one, row, digest, now=now, place=place, kept_runs=kept_runs, is_newcomer=is_newcomer)
        if turn is None:
            continue
        store.work.want(one.id, turn=turn, due_at=now, expires_at=now + KEPT_FOR, started_at=one.start)
        if row is not None:
            store.work.note_listed(one.id, digest)
        wanted += 1
    return wanted


def _turn(
    one: SummaryActivity,
    row: FetchRow | None,
    digest: str,
    *,
    now: datetime,
    place: int,
    kept_runs: int,
    is_newcomer: bool,
) -> Turn | None:
    """In which turn a listed activity is to be fetched; None for not at all."""
    is_planned = row is not None and row.due_at is not None and row.turn != Turn.REFRESH
    if is_planned:
        return None
    if row is not None and row.fetched_at is not None:
        if row.due_at is None and place < kept_runs:
            return Turn.BACKFILL  # others were newer when it was to be fetched again, and are gone
        # A difference that was followed once and is still there is one between Strava's two answers.
        return None if digest in (row.digest, row.listed_digest) else Turn.DAILY
    if now - one.start < KEPT_FOR and not is_newcomer:
        return Turn.DAILY
    if is_newcomer and place < _FOR_A_NEWCOMER:
        return Turn.PERSON
    return Turn.BACKFILL if place < kept_runs else None


def _gone(
    listed: list[SummaryActivity], known: dict[int, FetchRow], started: datetime, *, is_all: bool
) -> tuple[int, ...]:
    """What is kept, lies within the listing, and is not in it."""
    seen, oldest = {one.id for one in listed}, min((one.start for one in listed), default=None)
    return tuple(
        row.activity_id
        for row in known.values()
        if row.activity_id not in seen
        and row.fetched_at is not None
        and row.fetched_at < started - _LAG
        and row.started_at is not None
        and (is_all or (oldest is not None and row.started_at > oldest))
    )
