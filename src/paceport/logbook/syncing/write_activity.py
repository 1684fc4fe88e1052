"""Rows of the cached part, drawn from the replies that live; without any request."""

import hashlib
from dataclasses import replace

from paceport.api.models.activity import DetailedActivity, SummaryActivity
from paceport.api.models.decoding import decode
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.store import Store
from paceport.logbook.database.sync_rows import detail_key, summary_key
from paceport.logbook.syncing.cleaned_streams import Cleaning
from paceport.logbook.syncing.map_activity import record_of


def write_activity(store: Store, activity_id: int, *, cleaning: Cleaning | None = None) -> bool:
    """Write an activity's row as its living replies say; False if no listing of it lives any more.

    `cleaning` is that of streams which were fetched just now; else the row's own stays while its streams do.
    """
    until = store.synced.listed_until(activity_id)
    raw = store.cached.reply(summary_key(activity_id))
    if until is None or raw is None:
        return False
    summary = decode(SummaryActivity, raw)
    parts = store.synced.fetched(activity_id)
    body = store.cached.reply(detail_key(activity_id)) if "detail" in parts else None
    detail = decode(DetailedActivity, body) if body is not None else None
    streams = parts.get("streams")
    if cleaning is None and streams:
        facts, notes = store.cached.track_facts(activity_id), store.cached.notes(activity_id)
        cleaning = Cleaning(facts=facts, notes=notes) if facts else None
    marks = [store.synced.listed_digest(activity_id), *(parts[name].content for name in sorted(parts))]
    record = record_of(
        summary,
        detail,
        samples=streams.samples if streams else 0,
        gear=store.synced.gear_name(summary.gear_id),
        content=hashlib.sha256("|".join(marks).encode()).hexdigest()[:32],
    )
    if cleaning is not None:
        record = replace(record, track=cleaning.facts, notes=cleaning.notes)
    store.cached.save(record, expires_at=until, gear_id=summary.gear_id)
    return True


def write_missing_activities(store: Store) -> int:
    """Draw what is listed and has no row. How many."""
    return sum(write_activity(store, activity_id) for activity_id in store.synced.ids_without_row())


def match_own_data(store: Store) -> int:
    """Fit the cached part to own data that came since: which runs are the same, and what own data tells as well.

    How many own activities count as further recordings of runs that did not before. To be called after an import;
    without any request.
    """
    before = store.recording_rows.others()
    store.cached.link_same_activities()
    link_recordings(store)
    # Of two own recordings, the one that counts is the API's activity: that is known only now.
    store.cached.link_same_activities()
    with store.cached.in_one_transaction():
        for activity_id in store.synced.drop_redundant_parts():
            write_activity(store, activity_id)
    after = store.recording_rows.others()
    return sum(activity_id not in before for activity_id, one in after.items() if one.expires_at is None)
