"""Puts what the sandbox's athletes recorded into a logbook: as own data, or as cached data that expires."""

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, TrackFacts
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.recording import Recording
from paceport.streams import Streams


def streams_of(recording: Recording) -> Streams:
    """A sandbox recording as our streams."""
    latlng = recording.latlng
    return Streams(
        time_s=recording.time_s.astype(np.float64),
        distance_m=recording.distance_m if recording.has_distance else None,
        latitude_deg=None if latlng is None else latlng[:, 0],
        longitude_deg=None if latlng is None else latlng[:, 1],
        altitude_m=recording.altitude_m,
        heartrate_bpm=None if recording.heartrate_bpm is None else recording.heartrate_bpm.astype(np.float64),
        cadence_spm=None if recording.cadence_rpm is None else 2.0 * recording.cadence_rpm.astype(np.float64),
    )


def record_of(activity: Activity, *, gear: str = "") -> ActivityRecord:
    """The row of one activity, as an export would give it; without a recording its figures are all there is."""
    recording = activity.recording
    summary = activity.summary
    position = summary.start_latlng
    return ActivityRecord(
        id=activity.id,
        source="archive",
        sport=activity.sport_type,
        start=activity.start,
        content=f"content of {activity.id}",
        name=activity.name,
        timezone=activity.timezone,
        zone_source="position",
        distance_m=summary.distance_m or None,
        moving_time_s=float(summary.moving_time_s),
        elapsed_time_s=float(summary.elapsed_time_s),
        elevation_gain_m=summary.elevation_gain_m,
        average_heartrate_bpm=summary.average_heartrate_bpm,
        max_heartrate_bpm=summary.max_heartrate_bpm,
        gear=gear,
        device_name=activity.device_name or "",
        is_manual=activity.manual,
        is_indoor=activity.trainer,
        is_race=activity.workout_type == 1,
        samples=0 if recording is None else len(recording),
        track=TrackFacts(has_barometer=True) if recording is not None else None,
        start_latitude_deg=position[0] if position else None,
        start_longitude_deg=position[1] if position else None,
    )


def fill(store: Store, activities: Iterable[Activity], *, expires_at: datetime | None = None) -> int:
    """Write activities with their samples; with `expires_at` into the cached part. How many."""
    count = 0
    for activity in activities:
        recording = activity.recording
        record = record_of(activity, gear=activity.gear_id or "")
        parts = EncodedTrack(blocks=encode_streams(streams_of(recording)) if recording is not None else {})
        if expires_at is None:
            store.own.save(record, ImportSource(), parts)
        else:
            store.cached.save(record, expires_at=expires_at)
            store.synced.save_streams(record.id, parts.blocks, expires_at=expires_at)
        count += 1
    return count
