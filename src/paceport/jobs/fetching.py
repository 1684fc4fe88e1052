"""Fetches one activity whole: its detail, its streams, and what is computed of them, kept together.

try     at once, then 5, 15 and 45 minutes later while it is not there yet: a 404, or streams that are still empty
before  each try the next one is noted, so that a worker that dies costs a wait and never a loop
after   it is due again when what is kept gets old, if it is still among the newest runs by then
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import DetailedActivity, Stream, SummaryActivity, streams_by_key
from paceport.api.models.decoding import decode
from paceport.api.protocol import ParameterValue
from paceport.clock import Clock
from paceport.errors import NotFound, PaceportError, RateLimited
from paceport.jobs.plan import KEPT_FOR, REFRESH_AFTER
from paceport.jobs.results import api_result
from paceport.jobs.turns import Turn
from paceport.logbook.syncing.map_activity import STREAM_KEYS
from paceport.storage.postgres.athlete_rows import AthleteRows, ReplyKind, StoredReply
from paceport.storage.postgres.work_rows import AthleteWork, FetchRow

FetchOutcome = Literal["kept", "not yet", "gone", "not wanted", "not kept"]
_RETRIES = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=30))
_LATER, _LATEST = timedelta(hours=1), timedelta(hours=24)
_NO_STREAMS = b"{}"
# What tells that an activity is another than the one that was fetched: fields that its listing and its detail share.
_COMPARED = (
    *("name", "sport", "start", "distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m", "gear_id"),
    *("manual", "trainer", "commute", "private", "visibility", "workout_type"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteStore:
    """What is stored of one athlete: answers and results, and the work to be done."""

    rows: AthleteRows
    work: AthleteWork


def compared_digest(activity: SummaryActivity) -> str:
    """A hash over what a listing and a detail share: with another one, the activity is to be fetched again."""
    values = [str(getattr(activity, name)) for name in _COMPARED]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def next_attempt(attempts: int) -> timedelta:
    """How long after a try that follows `attempts` others the next one is due."""
    if attempts < len(_RETRIES):
        return _RETRIES[attempts]
    return min(_LATEST, _LATER * (1 << min(attempts - len(_RETRIES), 5)))


def fetch_activity(row: FetchRow, store: AthleteStore, client: Client, clock: Clock, *, kept_runs: int) -> FetchOutcome:
    """Fetch what an activity still lacks. Raises our errors; then it waits until `next_attempt`.

    Raises RateLimited before anything was asked; then it is due when the window opens.
    """
    if row.turn <= Turn.REFRESH and row.started_at and store.work.newer_than(row.started_at) >= kept_runs:
        store.work.stop_fetching(row.activity_id)
        return "not wanted"
    store.work.begin_attempt(row, next_at=clock.now() + next_attempt(row.attempts))
    try:
        return _fetch(row, store, client, clock)
    except RateLimited as error:
        store.work.put_off(row, until=error.until or clock.now() + _RETRIES[0])
        raise


def _fetch(row: FetchRow, store: AthleteStore, client: Client, clock: Clock) -> FetchOutcome:
    key, now = row.activity_id, clock.now()
    is_last = row.attempts >= len(_RETRIES) or row.turn <= Turn.REFRESH
    known = store.rows.reply("detail", key, now=now) if row.parts == "streams" else None
    try:
        body = known.body if known is not None else client.request("GET", endpoint_named("activity").fill(id=key)).body
    except NotFound:
        if not is_last:
            return "not yet"
        store.rows.forget_activity(key)
        store.work.forget(key)
        return "gone"
    fetched_at = known.fetched_at if known is not None else now
    detail = decode(DetailedActivity, body, left_out=client.left_out)
    try:
        streams, streams_at = _streams(row, detail, store, client, clock)
    except PaceportError:
        # The detail is there and is not asked for again.
        _keep(row, detail, _Part(body, fetched_at), None, store)
        raise
    if streams is None and is_last:
        streams = _NO_STREAMS  # it has no recording
    part = _Part(streams, streams_at) if streams is not None else None
    return _keep(row, detail, _Part(body, fetched_at), part, store)


def _streams(
    row: FetchRow, detail: DetailedActivity, store: AthleteStore, client: Client, clock: Clock
) -> tuple[bytes | None, datetime]:
    """The streams, None where there are none (yet), and when they were fetched."""
    now = clock.now()
    if detail.manual:
        return _NO_STREAMS, now
    if row.parts == "detail" and (kept := store.rows.reply("streams", row.activity_id, now=now)) is not None:
        return kept.body, kept.fetched_at
    query: dict[str, ParameterValue] = {"keys": STREAM_KEYS, "key_by_type": True}
    try:
        body = client.request("GET", endpoint_named("activity_streams").fill(id=row.activity_id), query=query).body
    except NotFound:
        return None, now
    return (body if _has_samples(streams_by_key(body, left_out=client.left_out)) else None), now


def _keep(
    row: FetchRow, detail: DetailedActivity, body: _Part, streams: _Part | None, store: AthleteStore
) -> FetchOutcome:
    """Keep what was fetched; without streams only they are still to be fetched."""
    key = row.activity_id
    parts: dict[ReplyKind, _Part] = {"detail": body} if streams is None else {"detail": body, "streams": streams}
    oldest_at = min(part.fetched_at for part in parts.values())
    channels = streams_by_key(streams.body if streams is not None else _NO_STREAMS)
    result = api_result(detail, channels, expires_at=oldest_at + KEPT_FOR)
    replies = [
        StoredReply(
            kind=kind,
            object_id=key,
            body=part.body,
            fetched_at=part.fetched_at,
            expires_at=part.fetched_at + KEPT_FOR,
        )
        for kind, part in parts.items()
    ]
    if not store.rows.save_fetched(replies, result):
        return "not kept"
    digest = compared_digest(detail)
    if streams is None:
        store.work.want_streams(key, digest=digest, started_at=detail.start)
        return "not yet"
    store.work.end_fetch(
        key,
        digest=digest,
        started_at=detail.start,
        fetched_at=body.fetched_at,
        refresh_at=oldest_at + REFRESH_AFTER,
        turn=Turn.REFRESH,
        expires_at=oldest_at + KEPT_FOR,
    )
    return "kept"


def _has_samples(channels: dict[str, Stream]) -> bool:
    times = channels.get("time")
    return times is not None and len(times.samples) > 0
