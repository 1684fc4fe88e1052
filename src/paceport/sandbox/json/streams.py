"""Streams as JSON, and how much of them a token may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.geometry import distance_from_m
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.json.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleTrack:
    """What may be seen of a track: its ends, its summary polyline, and the samples left where some were cut off."""

    start: list[float]
    end: list[float]
    summary: str
    span: tuple[int, int] | None = None


NO_VISIBLE_TRACK = VisibleTrack(start=[], end=[], summary="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLimits:
    """How a token may look at an activity: `zone` (latitude, longitude, radius in m) is cut off, where there is one.

    `cuts` remembers what that left, by activity.
    """

    zone: tuple[float, float, float] | None = None
    start_is_hidden: bool = False
    cuts: dict[int, VisibleTrack] = field(default_factory=dict, repr=False)


def streams(
    activity: Activity, keys: Iterable[str], view: ViewLimits, span: tuple[int, int] | None = None
) -> dict[str, Json]:
    """The asked channels that were recorded, by key, in the service's order; points in the private zone cut off.

    `span` leaves the samples from the first up to the second, of those that may be seen.
    """
    recording = activity.recording
    if recording is None:
        return {}
    first, last = visible_span(recording, view)
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


def visible_track(activity: Activity, view: ViewLimits) -> VisibleTrack:
    """The track without the points in the private zone; computed once."""
    if activity.id not in view.cuts:
        view.cuts[activity.id] = _cut(activity.recording, view)
    return view.cuts[activity.id]


def _cut(recording: Recording | None, view: ViewLimits) -> VisibleTrack:
    if recording is None or recording.latlng is None:
        return NO_VISIBLE_TRACK
    first, last = visible_span(recording, view)
    if first >= last:
        return NO_VISIBLE_TRACK
    points = recording.latlng[first:last]
    summary = polyline.encode(polyline.summary(points))
    return VisibleTrack(start=points[0].tolist(), end=points[-1].tolist(), summary=summary, span=(first, last))


def visible_span(recording: Recording, view: ViewLimits) -> tuple[int, int]:
    """The samples left when the private zone is cut off both ends: from the first, up to the second."""
    count = len(recording)
    if view.zone is None or recording.latlng is None:
        return 0, count
    latitude, longitude, radius_m = view.zone
    outside = np.flatnonzero(distance_from_m(recording.latlng, latitude, longitude) > radius_m)
    return (int(outside[0]), int(outside[-1]) + 1) if len(outside) else (0, 0)


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
