"""Streams as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.visibility import ViewLimits, visible_span


def streams(
    activity: Activity, keys: Iterable[str], limits: ViewLimits, span: tuple[int, int] | None = None
) -> dict[str, Json]:
    """The asked channels that were recorded, by key, in the service's order; points in the privacy zone cut off.

    `span` leaves the samples from the first up to the second, of those that may be seen.
    """
    recording = activity.recording
    if recording is None:
        return {}
    first, last = visible_span(recording, limits)
    if span is not None:
        first, last = max(first, span[0]), min(last, span[1])
        last = max(first, last)
    wanted = set(keys)
    series = "distance" if recording.has_distance else "time"
    found: dict[str, Json] = {}
    for key, values in _channels(recording, activity).items():
        if key in wanted:
            found[key] = {
                "data": values[first:last],
                "series_type": series,
                "original_size": last - first,
                "resolution": "high",
            }
    return found


def _channels(recording: Recording, activity: Activity) -> dict[str, list[object]]:
    shows_track = recording.latlng is not None and not activity.map_hidden
    arrays = {
        "moving": recording.moving,
        "latlng": recording.latlng if shows_track else None,
        "velocity_smooth": recording.velocity_mps if recording.has_distance else None,
        "grade_smooth": recording.grade_percent if recording.altitude_m is not None else None,
        "cadence": recording.cadence_rpm,
        "distance": recording.distance_m if recording.has_distance else None,
        "heartrate": recording.heartrate_bpm,
        "altitude": recording.altitude_m,
        "time": recording.time_s,
        "watts": recording.watts,
        "temp": recording.temp_c,
    }
    return {key: values.tolist() for key, values in arrays.items() if values is not None}
