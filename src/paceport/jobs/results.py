"""What is computed of a run, by the functions that the logbook uses: from answers of the API, or from an own file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from paceport.api.models.activity import DetailedActivity, Stream
from paceport.errors import FileError
from paceport.logbook.database.activity_record import ActivityRecord, TrackFacts
from paceport.logbook.importing.build_record import record_of_track
from paceport.logbook.importing.content_identity import READER_VERSION, local_id
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
SCHEMA_NUMBER = 1_000_000 + 10_000 * READER_VERSION + STORED_RESULTS_VERSION % 10_000
_OF_RECORD = (
    *("name", "sport", "timezone", "distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m"),
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


def file_results(file: OwnFile, *, now: datetime) -> list[StoredResult]:
    """The results of the dated activities of an own file; they never expire. Raises FileError."""
    found = []
    sha256 = file.sha256
    for number, track in enumerate(read_recording(file.content, file.name)):
        if track.start is None or implausible_time_reason(track.start, now=now):
            continue
        activity_id = local_id(sha256, number)
        record = record_of_track(
            track, activity_id=activity_id, zone=time_zone_of(track, None), content="", name=file.name
        )
        streams = track.streams if len(track.streams) else None
        found.append(
            StoredResult(
                activity_id=activity_id,
                started_at=track.start.astimezone(UTC),
                metrics=_metrics(record, streams, TrackFacts.of(track)),
                schema_number=SCHEMA_NUMBER,
                expires_at=None,
                own_file=sha256,
            )
        )
    if not found:
        raise FileError(path=file.name, why="no activity in it has a date", fix="leave it out")
    return found


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
