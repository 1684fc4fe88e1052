"""A row of the export and the activities in its file: which of them it is, or all of them joined; pure."""

from __future__ import annotations

from datetime import datetime

from paceport.amount_text import rough_duration
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.tracks.join_tracks import join_tracks, track_elapsed_s, track_length_m
from paceport.formats.tracks.track import Track
from paceport.lazy_dataclass import dataclass
from paceport.plausible_time import implausible_time_reason
from paceport.units import duration_text

_SAME_START_S = 2.0
_ODD_START_S = 120.0
_OTHER_START = 0.5
_JOINED_WITHIN = 0.15
_OTHER_LENGTH = 0.05
# Zones reach from UTC-12 to UTC+14: nothing farther away is a clock that tells local time.
_OTHER_DAY_S = 26 * 3600.0
# The service takes an activity's time from its file: where the file is the right one, the two are the same.
_OTHER_TIME = 0.01
OTHER_ACTIVITY_NOTE = "its file is probably another activity's; these are the export's totals"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTrack:
    """The track that a row means. `parts` are the activities of the file that went into it; `notes` say what is odd.

    `doubt` says why this is probably another activity's track, which the row must not take; "" where it is not.
    """

    track: Track
    parts: tuple[int, ...]
    notes: tuple[str, ...] = ()
    doubt: str = ""


def track_of_row(row: ActivityRow, tracks: list[Track], *, now: datetime) -> MatchedTrack | None:
    """As `match_track`; None where there are no tracks, or only one that is in doubt."""
    matched = match_track(row, tracks, now=now) if tracks else None
    return None if matched is None or matched.doubt else matched


def match_track(row: ActivityRow, tracks: list[Track], *, now: datetime) -> MatchedTrack:
    """The one of a file's activities that fits the row's start, time and distance best, or all where they fit together.

    `tracks` are at least one, in order of time.
    """
    errors = [_mismatch(row, track) for track in tracks]
    part = min(range(len(tracks)), key=lambda at: errors[at] + (0.0 if _starts_with(row, tracks[at]) else _OTHER_START))
    if len(tracks) > 1 and all(track.start for track in tracks):
        joined = join_tracks(tracks)
        if _fits(row, joined) and _mismatch(row, joined) < errors[part]:
            note = f"its file holds {len(tracks)} sessions, which are this activity together"
            parts = tuple(range(len(tracks)))
            return MatchedTrack(track=joined, parts=parts, notes=(note,), doubt=_doubt(row, joined, now))
    notes = []
    start = tracks[part].start
    if len(tracks) > 1:
        notes.append(f"its file holds {len(tracks)} sessions; this is number {part + 1}")
    if row.start and start and abs((start - row.start).total_seconds()) > _ODD_START_S:
        notes.append(f"its file starts {_away_text(row.start, start)}")
    if len(tracks) == 1:
        notes += _edited_distance_note(row, tracks[0])
    return MatchedTrack(track=tracks[part], parts=(part,), notes=tuple(notes), doubt=_doubt(row, tracks[part], now))


def _away_text(said: datetime, found: datetime) -> str:
    late_s = (found - said).total_seconds()
    return f"{rough_duration(abs(late_s))} {'after' if late_s > 0 else 'before'} what the export says"


def _doubt(row: ActivityRow, track: Track, now: datetime) -> str:
    """Why a track is probably another activity's: neither its day nor its time is what the row says.

    A device whose clock is wrong still counts the seconds. The distance is asked where the time is not known: it is
    the same on every round of a home route, and may be edited. A date that cannot be says nothing of either.
    """
    if not row.start or not track.start or abs((track.start - row.start).total_seconds()) <= _OTHER_DAY_S:
        return ""
    if any(implausible_time_reason(each, now) for each in (row.start, track.start)):
        return ""
    away = f"its file starts {_away_text(row.start, track.start)}"
    pairs = (
        (row.values.get("elapsed_time_s"), track_elapsed_s(track), duration_text),
        (row.values.get("distance_m"), track_length_m(track), lambda metres: f"{metres:.0f} m"),
    )
    for said, found, text in pairs:
        if said and found:
            same = abs(said - found) <= max(_OTHER_TIME * max(said, found), _SAME_START_S)  # seconds, or metres
            return "" if same else f"{away}, and holds {text(found)} in place of {text(said)}"
    return f"{away}, and neither time nor distance tells that it is this activity's"


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
