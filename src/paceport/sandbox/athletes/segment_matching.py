"""Which segments an activity passes, and between which samples of its recording."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.segments import Segment, SegmentEffort, effort_id


def find_segment_efforts(segments: Iterable[Segment], activity: Activity) -> tuple[SegmentEffort, ...]:
    """The efforts on segments inside a simulated activity, in order of time.

    An effort is known from the route, not found in the track: an upload has none. On a route out and back only the
    first half counts.
    """
    passed = passed_segments(segments, activity)
    # Most activities pass none: the recording is generated for the others alone.
    recording = activity.recording if passed else None
    if recording is None:
        return ()
    found = []
    for segment, start_m, end_m in passed:
        first, last = np.searchsorted(recording.distance_m, [start_m, end_m]).tolist()
        if first < last < len(recording):
            found.append(_effort(segment, activity, recording, first, last))
    return tuple(found)


def passed_segments(segments: Iterable[Segment], activity: Activity) -> list[tuple[Segment, float, float]]:
    """The segments that a simulated run passes, each with the distances where it begins and ends, in order."""
    truth = activity.truth
    if truth is None or not truth.route_length_m or not activity.is_run:
        return []
    reach_m = truth.route_length_m / 2.0 if "-river-" in truth.route_family else truth.route_length_m
    stretch = truth.distance_m / truth.route_length_m
    passed = [one for one in segments if one.family == truth.route_family and one.end_m <= reach_m]
    return [(one, one.start_m * stretch, one.end_m * stretch) for one in sorted(passed, key=lambda one: one.start_m)]


def _effort(segment: Segment, activity: Activity, recording: Recording, first: int, last: int) -> SegmentEffort:
    steps = np.diff(recording.time_s[first : last + 1]) * recording.moving[first + 1 : last + 1]
    beats = None if recording.heartrate_bpm is None else recording.heartrate_bpm[first : last + 1]
    cadence = None if recording.cadence_rpm is None else recording.cadence_rpm[first : last + 1]
    return SegmentEffort(
        id=effort_id(activity.id, segment.id),
        segment_id=segment.id,
        activity_id=activity.id,
        athlete_id=activity.athlete_id,
        start=activity.start + timedelta(seconds=int(recording.time_s[first])),
        elapsed_time_s=int(recording.time_s[last] - recording.time_s[first]),
        moving_time_s=int(steps.sum()),
        distance_m=round(float(recording.distance_m[last] - recording.distance_m[first]), 1),
        start_index=first,
        end_index=last,
        average_heartrate_bpm=None if beats is None else round(float(beats.mean()), 1),
        max_heartrate_bpm=None if beats is None else float(beats.max()),
        average_cadence_rpm=None if cadence is None else round(float(cadence.mean()), 1),
    )
