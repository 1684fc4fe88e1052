"""A recorded file → the activities in it, as they are stored: decoded, then cleaned."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from paceport.channels import known_places, taken
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Track
from paceport.streams import Streams
from paceport.text import in_singular
from paceport.training.cleaning.clean_streams import clean_streams
from paceport.training.cleaning.repairs import repair_notes

# A stated time that exceeds the samples by more is a wrong clock, not a device left on.
_LONGEST_UNRECORDED_S = 86_400.0
_ROUNDING_S = 2.0
_SHORTEST_M, _MOST, _TOTAL_RANGE = 100.0, 0.8, (0.5, 2.0)
_CHANGES_DISTANCE = frozenset({"vehicle", "counter unit", "counter doubled", "counter jump", "counter unused"})


def read_recording(content: bytes, name: str, *, sport: str | None = None) -> list[Track]:
    """The activities that a recorded file holds, cleaned (docs/metrics.md#cleaning). Raises only FileError.

    `sport` is the SportType of those whose file does not say.
    """
    return [clean_track(_with_sport(track, sport)) for track in read_tracks(content, name)]


def _with_sport(track: Track, sport: str | None) -> Track:
    if sport is None or (track.sport is not None and not track.is_sport_guessed):
        return track
    return replace(track, sport=sport, is_sport_guessed=False)


def clean_track(track: Track) -> Track:
    """The track with clean samples, totals that agree with them, and a note for each kind of repair.

    The elapsed time is that from the first sample to the last, unless the device says more. The distance is the
    device's own total, unless the samples know better: its counter was repaired, or the file states none.
    """
    breaks_s = [(pause.start_s, pause.end_s) for pause in track.pauses]
    cleaned = clean_streams(track.streams, sport=track.sport, breaks_s=breaks_s, total_m=track.distance_m)
    recorded_m = _span_m(cleaned.streams.distance_m)
    is_repaired = any(repair.kind in _CHANGES_DISTANCE for repair in cleaned.repairs)
    notes = [*map(in_singular, track.notes)]
    if len(track.streams) == 1:
        notes.append("it holds one sample alone")
    if not is_repaired and _is_contradicted(track, cleaned.streams):
        is_repaired = True
        notes.append(f"it states {track.distance_m:.0f} m, which its samples contradict; {recorded_m:.0f} m are used")
    elapsed_s = _elapsed_s(track)
    return replace(
        track,
        streams=cleaned.streams,
        distance_source=cleaned.distance_source,
        repaired_s=cleaned.repaired_s,
        elapsed_s=elapsed_s,
        # A stated 0 with nothing recorded is a device without a sensor: unknown, not 0.
        distance_m=recorded_m
        if recorded_m is not None and (is_repaired or not track.distance_m)
        else track.distance_m or None,
        notes=(*notes, *_elapsed_notes(track.elapsed_s, elapsed_s), *repair_notes(cleaned.repairs)),
    )


def _is_contradicted(track: Track, cleaned: Streams) -> bool:
    """Whether a stated distance is less than half or more than twice what was recorded nearly all the time."""
    if not track.distance_m or cleaned.distance_m is None:
        return False
    recorded_m = _span_m(cleaned.distance_m)
    if recorded_m is None or recorded_m < _SHORTEST_M:
        return False
    low, high = _TOTAL_RANGE
    if low <= track.distance_m / recorded_m <= high:
        return False
    known_s = cleaned.time_s[np.isfinite(cleaned.distance_m)]
    return bool(known_s[-1] - known_s[0] >= _MOST * (_elapsed_s(track) or 0.0))


def _elapsed_notes(said_s: float | None, elapsed_s: float | None) -> Iterator[str]:
    """Devices round, so that a second less is nothing to speak of."""
    if said_s and elapsed_s and abs(said_s - elapsed_s) > _ROUNDING_S:
        yield f"it states an elapsed time of {said_s:.0f} s, which its samples contradict; {elapsed_s:.0f} s are used"


def _span_m(distance_m: object) -> float | None:
    if not isinstance(distance_m, np.ndarray):
        return None
    known = taken(distance_m, known_places(distance_m))
    return float(known[-1] - known[0]) if len(known) > 1 else None


def _elapsed_s(track: Track) -> float | None:
    if not len(track.streams):
        return track.elapsed_s
    span_s = float(track.streams.time_s[-1])
    if track.elapsed_s is None or not span_s <= track.elapsed_s <= span_s + _LONGEST_UNRECORDED_S:
        return span_s
    return track.elapsed_s
