"""Rebuilds the cached part of a logbook from replies stored elsewhere, each with the expiry that it has there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from paceport.api.models.activity import DetailedActivity, SummaryActivity, streams_by_key
from paceport.api.models.decoding import decode
from paceport.errors import PaceportError
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.store import Store
from paceport.logbook.database.sync_rows import FetchedPart, ListedRow, detail_key
from paceport.logbook.syncing.cleaned_streams import Cleaning, clean_api_streams
from paceport.logbook.syncing.map_activity import (
    digest_of,
    laps_of,
    recording_digest_of,
    resume_before_of,
    streams_of,
)
from paceport.logbook.syncing.write_activity import write_activity
from paceport.storage.postgres.athlete_rows import StoredReply


def restore_replies(store: Store, replies: Iterable[StoredReply]) -> tuple[int, int]:
    """Write the activities of these replies; how many were written, and how many could not be read.

    Each activity's summary, or its detail where there is none, comes before its streams. Nothing is asked of the
    network, and nothing lives longer here than where it came from.
    """
    written = unreadable = 0
    summary: SummaryActivity | None = None
    with store.cached.in_one_transaction():
        for reply in replies:
            try:
                if reply.kind != "streams" and (summary is None or summary.id != reply.object_id):
                    # A worker asks for the detail alone: it has all that a listing says.
                    summary = _restore_summary(store, reply)
                    written += 1
                if reply.kind != "summary" and summary is not None and summary.id == reply.object_id:
                    _restore_part(store, summary, reply)
            except (PaceportError, ValueError):
                unreadable += 1
    return written, unreadable


def _restore_summary(store: Store, reply: StoredReply) -> SummaryActivity:
    summary = decode(SummaryActivity, reply.body)
    row = ListedRow(
        activity_id=summary.id,
        listing=moment_text(reply.fetched_at),
        digest=digest_of(summary),
        recording_digest=recording_digest_of(summary),
        resume_before=resume_before_of(summary),
        raw=reply.body,
    )
    store.synced.save_listed(row, expires_at=reply.expires_at)
    write_activity(store, summary.id)
    return summary


def _restore_part(store: Store, summary: SummaryActivity, reply: StoredReply) -> None:
    key, until = summary.id, reply.expires_at
    cleaning: Cleaning | None = None
    if reply.kind == "detail":
        store.cached.save_reply(detail_key(key), reply.body, expires_at=until, activity_id=key)
        store.synced.save_laps(key, laps_of(decode(DetailedActivity, reply.body)), expires_at=until)
        fetched = FetchedPart(
            requested_digest=digest_of(summary),
            content=hashlib.sha256(reply.body).hexdigest()[:32],
            samples=0,
            expires_at=until,
        )
        store.synced.save_fetched(key, "detail", fetched)
    else:
        streams = streams_of(streams_by_key(reply.body), sport=summary.sport)
        if streams is not None:
            streams, cleaning = clean_api_streams(streams, summary)
        blocks = encode_streams(streams) if streams is not None else {}
        store.synced.save_streams(key, blocks, expires_at=until)
        content = hashlib.sha256(b"".join(blocks[name] for name in sorted(blocks))).hexdigest()[:32]
        fetched = FetchedPart(
            requested_digest=recording_digest_of(summary),
            content=content if blocks else "",
            samples=len(streams) if streams is not None else 0,
            expires_at=until,
        )
        store.synced.save_fetched(key, "streams", fetched)
    write_activity(store, key, cleaning=cleaning)
