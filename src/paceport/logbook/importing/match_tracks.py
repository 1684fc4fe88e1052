"""A row of the export and the activities in its file: which of them it is, or all of them joined; pure."""

from __future__ import annotations

from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.tracks.join_tracks import join_tracks, track_elapsed_s, track_length_m
from paceport.formats.tracks.track import Track
from paceport.lazy_dataclass import dataclass

_SAME_START_S = 2.0
_ODD_START_S = 120.0
_OTHER_START = 0.5
_JOINED_WITHIN = 0.15
_OTHER_LENGTH = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTrack:
    """The track that a row means. `parts` are the activities of the file that went into it; `notes` say what is odd."""

    track: Track
    parts: tuple[int, ...]
    notes: tuple[str, ...] = ()


def match_track(row: ActivityRow, tracks: list[Track]) -> MatchedTrack:
    """The one of a file's activities that fits the row's start, time and distance best, or all where they fit together.

    `tracks` are at least one, in order of time.
    """
    errors = [_mismatch(row, track) for track in tracks]
    part = min(range(len(tracks)), key=lambda at: errors[at] + (0.0 if _starts_with(row, tracks[at]) else _OTHER_START))
    if len(tracks) > 1 and all(track.start for track in tracks):
        joined = join_tracks(tracks)
        if _fits(row, joined) and _mismatch(row, joined) < errors[part]:
            note = f"its file holds {len(tracks)} sessions, which are this activity together"
            return MatchedTrack(track=joined, parts=tuple(range(len(tracks))), notes=(note,))
    notes = []
    start = tracks[part].start
    if len(tracks) > 1:
        notes.append(f"its file holds {len(tracks)} sessions; this is number {part + 1}")
    if row.start and start and abs((start - row.start).total_seconds()) > _ODD_START_S:
        late_s = round((start - row.start).total_seconds())
        notes.append(f"its file starts {abs(late_s)} s {'after' if late_s > 0 else 'before'} what the export says")
    if len(tracks) == 1:
        notes += _edited_distance_note(row, tracks[0])
    return MatchedTrack(track=tracks[part], parts=(part,), notes=tuple(notes))


def _edited_distance_note(row: ActivityRow, track: Track) -> list[str]:
    """Garmin and Strava change a distance at the site and leave the file as it was: the times agree, the way not."""
    said_m, found_m, said_s = row.values.get("distance_m"), track_length_m(track), row.values.get("elapsed_time_s")
    if not (said_m and found_m and said_s) or abs(said_m - found_m) <= _OTHER_LENGTH * max(said_m, found_m):
        return []
    if abs(said_s - track_elapsed_s(track)) > _OTHER_LENGTH * said_s:
        return []
    return [f"the export states {said_m:.0f} m, its file {found_m:.0f} m; splits and records follow the file"]


def describe_session(track: Track) -> str:
    """A session in a few words: its sport, length and start."""
    length_m = track_length_m(track)
    length = f" of {length_m / 1000:.1f} km" if length_m else ""
    start = f" from {track.start:%Y-%m-%d %H:%M} UTC" if track.start else ""
    return f"{track.sport or 'a session'}{length}{start}"


def _starts_with(row: ActivityRow, track: Track) -> bool:
    return bool(row.start and track.start and abs((track.start - row.start).total_seconds()) <= _SAME_START_S)


def _mismatch(row: ActivityRow, track: Track) -> float:
    """How far a track's length and time are from the row's, each from 0 (equal) to 1."""
    return sum(_differences(row, track), 0.0)


def _fits(row: ActivityRow, track: Track) -> bool:
    differences = _differences(row, track)
    return bool(differences) and max(differences) <= _JOINED_WITHIN


def _differences(row: ActivityRow, track: Track) -> list[float]:
    pairs = (
        (row.values.get("distance_m"), track_length_m(track)),
        (row.values.get("elapsed_time_s"), track_elapsed_s(track)),
    )
    return [abs(said - found) / max(said, found) for said, found in pairs if said and found]
