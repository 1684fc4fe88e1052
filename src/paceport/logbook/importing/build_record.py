"""A row of the export and a recorded track → the record that is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.stream_codec import encode_streams
from paceport.formats.tracks.finish_track import SPORT_NOTES
from paceport.formats.tracks.join_tracks import track_length_m
from paceport.formats.tracks.track import Track
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, TrackFacts
from paceport.logbook.importing.time_zone import TimeZone, first_position
from paceport.sports import FOOT_SPORTS

_FIGURES = (
    *("distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m", "elevation_loss_m", "elevation_low_m"),
    *("elevation_high_m", "average_speed_mps", "max_speed_mps", "average_gap_mps", "average_heartrate_bpm"),
    *("max_heartrate_bpm", "average_power_w", "max_power_w", "temperature_c", "calories_kcal", "relative_effort"),
    *("perceived_exertion", "steps"),
)


def _track_notes(track: Track | None, *, sport_is_known: bool) -> tuple[str, ...]:
    """What is to be said of a track; not that its file does not name the sport where the export does."""
    if track is None:
        return ()
    return tuple(note for note in track.notes if not (sport_is_known and note.startswith(SPORT_NOTES)))


def record_of_row(
    row: ActivityRow, track: Track | None, *, start: datetime, zone: TimeZone, content: str, notes: Sequence[str]
) -> ActivityRecord:
    """The record of an export's row; what it does not say, the track does. `start` is the row's, or the track's."""
    sport = row.sport or (track.sport if track else None) or row.sport_given or "Workout"
    figures: dict[str, Any] = {name: row.values.get(name) for name in _FIGURES}
    if sport in FOOT_SPORTS:
        # The export counts one foot.
        for name, spm in (("average_cadence", "average_cadence_spm"), ("max_cadence", "max_cadence_spm")):
            figures[spm] = 2 * row.values[name] if name in row.values else None
    return ActivityRecord(
        id=row.id,
        source="archive",
        sport=sport,
        start=start,
        content=content,
        name=row.name,
        description=row.description,
        private_note=row.private_note,
        sport_given=row.sport_given,
        gear=row.gear,
        is_manual=not row.filename and track is None,
        is_commute=row.is_commute,
        timezone=zone.name,
        zone_source=zone.source,
        notes=(*row.notes, *notes, *_track_notes(track, sport_is_known=row.sport is not None)),
        **_filled(figures, track),
        **_of_track(track),
    )


def record_of_track(
    track: Track, *, activity_id: int, zone: TimeZone, content: str, name: str, sport_given: str | None = None
) -> ActivityRecord:
    """The record of a file that belongs to no row; the track has a start. `sport_given` is what a person said of it."""
    assert track.start is not None
    return ActivityRecord(
        id=activity_id,
        source="file",
        sport=track.sport or "Workout",
        start=track.start,
        content=content,
        name=track.name or name,
        sport_given=sport_given or "",
        timezone=zone.name,
        zone_source=zone.source,
        notes=track.notes,
        **_filled({}, track),
        **_of_track(track),
    )


def encode_track(track: Track | None) -> EncodedTrack:
    """The samples as blocks, and the laps."""
    return EncodedTrack(blocks=encode_streams(track.streams), laps=track.laps) if track else EncodedTrack()


def _filled(figures: dict[str, Any], track: Track | None) -> dict[str, Any]:
    """The export's figures, with the device's own in the gaps."""
    filled = dict(figures)
    if track is None:
        return filled
    times = track.streams.time_s
    elapsed_s = float(times[-1]) if track.elapsed_s is None and len(times) else track.elapsed_s
    # Without a distance nobody can compute how long it moved: the device's timer tells.
    timer_s = track.timer_s if track.streams.distance_m is None else None
    own = {"distance_m": track_length_m(track), "elapsed_time_s": elapsed_s, "moving_time_s": timer_s}
    for name, value in own.items():
        if filled.get(name) is None:
            filled[name] = value
    return filled


def _of_track(track: Track | None) -> dict[str, Any]:
    if track is None:
        return {}
    position = first_position(track)
    return {
        "sport_track": track.sport,
        "device_name": track.device_name,
        "is_indoor": track.is_indoor,
        "samples": len(track.streams),
        "track": TrackFacts.of(track),
        "start_latitude_deg": position[0] if position else None,
        "start_longitude_deg": position[1] if position else None,
    }
