"""What is computed of a run, by the functions that the logbook uses: from answers of the API, or from an own file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from paceport.api.models.activity import DetailedActivity, Stream
from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.tracks.track import Track
from paceport.logbook.database.activity_record import ActivityRecord, TrackFacts
from paceport.logbook.importing.build_record import record_of_track
from paceport.logbook.importing.content_identity import READER_VERSION, local_id
from paceport.logbook.importing.match_tracks import track_of_row
from paceport.logbook.importing.read_item import ReadJob, ReadResult, prepare_row
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.time_zone import time_zone_of
from paceport.logbook.syncing.cleaned_streams import clean_api_streams
from paceport.logbook.syncing.map_activity import record_of, streams_of
from paceport.plausible_time import implausible_time_reason
from paceport.storage.postgres.athlete_rows import OwnFile, StoredResult
from paceport.streams import Streams
from paceport.training.compute import result_record
from paceport.training.history.up_to_date import STORED_RESULTS_VERSION

# Raise the first number when `metrics` gets another shape; the rest is that of the readers and of the definitions.
SCHEMA_NUMBER = 2_000_000 + 10_000 * READER_VERSION + STORED_RESULTS_VERSION % 10_000
_OF_RECORD = (
    *("name", "sport", "gear", "timezone", "distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m"),
    *("elevation_loss_m", "average_heartrate_bpm", "max_heartrate_bpm", "average_cadence_spm", "average_power_w"),
    *("calories_kcal", "is_manual", "is_indoor", "is_race", "samples"),
)


def api_result(detail: DetailedActivity, channels: Mapping[str, Stream], *, expires_at: datetime) -> StoredResult:
    """The result of an activity of the API; it expires with the answers that it comes from."""
    streams = streams_of(channels, sport=detail.sport)
    facts: TrackFacts | None = None
    if streams is not None:
        streams, cleaning = clean_api_streams(streams, detail)
        facts = cleaning.facts
    samples = len(streams) if streams is not None else 0
    record = record_of(detail, detail, samples=samples, gear="", content="")
    return StoredResult(
        activity_id=detail.id,
        started_at=detail.start,
        metrics=_metrics(record, streams, facts),
        schema_number=SCHEMA_NUMBER,
        expires_at=expires_at,
    )


def file_results(file: OwnFile, *, now: datetime, row: ActivityRow | None = None) -> list[StoredResult]:
    """The results of the dated activities of an own file; they never expire. Raises FileError.

    `row` is what the table of an export says of the file.
    """
    sha256, tracks = file.sha256, read_recording(file.content, file.name)
    if row is not None:
        job = ReadJob(name=file.name, stored_name=file.name, now=now)
        found = prepare_row(job, row, tracks, ReadResult()).activities
        matched = track_of_row(row, tracks, now=now)
        track = matched.track if matched else None
        results = [_own_result(local_id(sha256, one.parts[0]), one.record, track, own_file=sha256) for one in found]
    else:
        results = [
            _own_result(
                local_id(sha256, number),
                record_of_track(
                    track,
                    activity_id=local_id(sha256, number),
                    zone=time_zone_of(track, None),
                    content="",
                    name=PurePosixPath(file.name).name,
                ),
                track,
                own_file=sha256,
            )
            for number, track in enumerate(tracks)
            if track.start is not None and not implausible_time_reason(track.start, now=now)
        ]
    if not results:
        raise FileError(path=file.name, why="no activity in it has a date", fix="leave it out")
    return results


def row_results(rows: Sequence[ActivityRow], *, now: datetime, own_file: str) -> list[StoredResult]:
    """The results of rows without a recording: what the athlete typed in, or Strava could not export.

    Their ids are those of Strava below zero, so that a newer export of the athlete's takes their places.
    """
    found = []
    for row in rows:
        prepared = prepare_row(ReadJob(name="", stored_name="", now=now), row, [], ReadResult()).activities
        found += [_own_result(-row.id, one.record, None, own_file=own_file) for one in prepared]
    return found


def _own_result(activity_id: int, record: ActivityRecord, track: Track | None, *, own_file: str) -> StoredResult:
    streams = track.streams if track is not None and len(track.streams) else None
    return StoredResult(
        activity_id=activity_id,
        started_at=record.start.astimezone(UTC),
        metrics=_metrics(record, streams, None if track is None else TrackFacts.of(track)),
        schema_number=SCHEMA_NUMBER,
        expires_at=None,
        own_file=own_file,
    )


def _metrics(record: ActivityRecord, streams: Streams | None, facts: TrackFacts | None) -> str:
    """The totals of the activity, and what was computed of its samples, as JSON that PostgreSQL takes."""
    figures: Mapping[str, object] = {}
    if streams is not None and len(streams):
        figures = result_record(record.id, "", streams, facts=facts, sport=record.sport).figures
    totals = {name: getattr(record, name) for name in _OF_RECORD}
    whole = {**totals, "start_utc": record.start.astimezone(UTC).isoformat(), "figures": figures}
    # A title may hold a NUL or half of a surrogate pair, which PostgreSQL's JSON does not take.
    return json.dumps(_clean(whole), allow_nan=False)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {str(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
