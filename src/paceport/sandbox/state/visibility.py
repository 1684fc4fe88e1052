"""Who sees how much of an activity: scopes against its visibility, and what the privacy zone leaves of its track."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.geometry import distance_from_m
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.state.activity_store import ActivityStore
from paceport.sandbox.state.grants import Grant
from paceport.sandbox.state.refusals import not_found

MOST_TRACKS = 20_000  # remembered at once, some 500 bytes each


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
    """What a token may not see of an activity: `zone` (latitude, longitude, radius in m) is cut off the track.

    `tracks` remembers what that left, by activity: a recording never changes, and cutting costs its generation.
    """

    zone: tuple[float, float, float] | None = None
    start_is_hidden: bool = False
    tracks: dict[int, VisibleTrack] = field(default_factory=dict, repr=False)


class Visibility:
    """The rules over a world's activities.

    `person` finds an athlete; `is_withheld` says of an activity that the service does not answer for it yet.
    """

    def __init__(
        self,
        activity_store: ActivityStore,
        person: Callable[[int], Person | None],
        is_withheld: Callable[[Activity], bool],
    ) -> None:
        self._activity_store, self._person, self._is_withheld = activity_store, person, is_withheld
        self._tracks: dict[int, VisibleTrack] = {}

    def visible_activity(self, activity_id: int, grant: Grant) -> Activity:
        """The activity, if this grant may see it: its own athlete's, and Only You ones with activity:read_all alone.

        Raises the refusal of any other.
        """
        activity = self._activity_store.find(activity_id)
        if activity is None or activity.athlete_id != grant.athlete_id or self._is_withheld(activity):
            raise not_found()
        if activity.visibility == "only_me" and not grant.allows("activity:read_all"):
            raise not_found()
        return activity

    def limits(self, activity: Activity, grant: Grant) -> ViewLimits:
        """How much of it: the privacy zone is cut off for a grant without activity:read_all."""
        person = self._person(activity.athlete_id)
        zone = None
        if person is not None and person.privacy_radius_m and not grant.allows("activity:read_all"):
            zone = (*person.home, float(person.privacy_radius_m))
        if len(self._tracks) > MOST_TRACKS:
            self._tracks.clear()
        is_hidden = activity.id in self._activity_store.hidden_starts
        return ViewLimits(zone=zone, start_is_hidden=is_hidden, tracks=self._tracks)


def visible_track(activity: Activity, limits: ViewLimits) -> VisibleTrack:
    """The track without the points in the privacy zone; cut only where an end of it lies there."""
    figures = activity.summary
    if activity.map_hidden or figures.start_latlng is None or figures.end_latlng is None:
        return NO_VISIBLE_TRACK
    ends = np.asarray([figures.start_latlng, figures.end_latlng])
    zone = limits.zone
    if zone is not None and bool((distance_from_m(ends, zone[0], zone[1]) <= zone[2]).any()):
        if activity.id not in limits.tracks:
            limits.tracks[activity.id] = _cut(activity.recording, limits)
        return limits.tracks[activity.id]
    return VisibleTrack(
        start=list(figures.start_latlng), end=list(figures.end_latlng), summary=figures.summary_polyline
    )


def visible_span(recording: Recording, limits: ViewLimits) -> tuple[int, int]:
    """The samples left when the privacy zone is cut off both ends: from the first, up to the second."""
    count = len(recording)
    if limits.zone is None or recording.latlng is None:
        return 0, count
    latitude, longitude, radius_m = limits.zone
    outside = np.flatnonzero(distance_from_m(recording.latlng, latitude, longitude) > radius_m)
    return (int(outside[0]), int(outside[-1]) + 1) if len(outside) else (0, 0)


def _cut(recording: Recording | None, limits: ViewLimits) -> VisibleTrack:
    if recording is None or recording.latlng is None:
        return NO_VISIBLE_TRACK
    first, last = visible_span(recording, limits)
    if first >= last:
        return NO_VISIBLE_TRACK
    points = recording.latlng[first:last]
    summary = polyline.encode(polyline.summary(points))
    return VisibleTrack(start=points[0].tolist(), end=points[-1].tolist(), summary=summary, span=(first, last))
