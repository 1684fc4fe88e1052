"""Amendments → the activities as they are shown; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.formats.tracks.join_tracks import join_tracks, track_elapsed_s
from paceport.formats.tracks.track import Track
from paceport.lazy_dataclass import dataclass
from paceport.logbook.amending.amendment import Amendment, AmendmentDoesNotFit, Change, describe
from paceport.logbook.amending.cut_track import cut_track, time_at_distance_s, way_m
from paceport.logbook.database.activity_record import ActivityRecord, TrackFacts
from paceport.sports import RUN_SPORTS

if TYPE_CHECKING:
    from paceport.streams import Channel, Streams

FACTS_ALONE, SAMPLES_TOO = 1, 2
_SHORTEST_S = 1.0
_LONGEST_M = 1_000_000.0
# Said of the whole by a device, the export or Strava; the analysis computes them anew where it can.
_TOTALS = (
    *("moving_time_s", "elevation_gain_m", "elevation_loss_m", "elevation_low_m", "elevation_high_m"),
    *("average_speed_mps", "max_speed_mps", "average_gap_mps", "average_heartrate_bpm", "max_heartrate_bpm"),
    *("average_cadence_spm", "max_cadence_spm", "average_power_w", "max_power_w", "temperature_c", "calories_kcal"),
    *("relative_effort", "steps"),
)
_ADDED_UP = ("calories_kcal", "steps")
_SPEEDS = ("average_speed_mps", "max_speed_mps", "average_gap_mps")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AmendedActivity:
    """An activity with its samples, and what amendments did to it so far. `track` is None where none was recorded.

    `extent` is 0 for one that is as it was imported, FACTS_ALONE where only sport or race differ, SAMPLES_TOO else.
    """

    record: ActivityRecord
    track: Track | None
    extent: int = 0
    applied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AmendedActivities:
    """What amendments make of activities: those that are left, by id, and the amendments that do not fit, with why."""

    activities: Mapping[int, AmendedActivity]
    left_out: Mapping[int, AmendmentDoesNotFit]


def apply_amendments(activities: Mapping[int, AmendedActivity], amendments: Iterable[Amendment]) -> AmendedActivities:
    """Apply the amendments that are not undone, in the order of their ids.

    One that no longer fits, because another was undone or its activity was imported again with other samples, is left
    out; those after it are still applied.
    """
    shown = dict(activities)
    left_out: dict[int, AmendmentDoesNotFit] = {}
    for amendment in sorted(amendments, key=lambda one: one.id):
        if amendment.is_undone or amendment.change.kind in ("part", "record"):
            continue  # which recordings are one run, and what counts, stands elsewhere; the activities do not change
        try:
            _apply(shown, amendment.activity_id, amendment.change)
        except AmendmentDoesNotFit as error:
            left_out[amendment.id] = error
    return AmendedActivities(activities=shown, left_out=left_out)


def _apply(shown: dict[int, AmendedActivity], activity_id: int, change: Change) -> None:
    before = shown.get(activity_id)
    if before is None:
        raise _does_not_fit(change, f"{activity_id} is not shown: it was merged, or its split was undone")
    if change.kind == "split":
        first, second = _split(before, change)
        shown[second.record.id] = second
        after = first
    elif change.kind == "merge":
        other = shown.get(change.other_id or 0)
        if other is None or other is before:
            raise _does_not_fit(change, f"there is no other activity {change.other_id} to merge with")
        after = _merge(before, other, change)
        del shown[other.record.id]
    else:
        after = _change_one(before, change)
    shown[activity_id] = replace(after, applied=(*after.applied, f"{change.kind} {change.to_json()}"))


def _change_one(before: AmendedActivity, change: Change) -> AmendedActivity:
    if change.kind in ("crop_start", "crop_end"):
        return _noted(_crop(before, change), change)
    if change.kind == "distance":
        return _noted(_set_distance(before, change), change)
    extent = max(before.extent, FACTS_ALONE)
    if change.kind == "sport":
        record = replace(before.record, sport=str(change.value.get("sport")))
    else:
        record = replace(before.record, is_race=bool(change.value.get("is_race")))
    return _noted(replace(before, record=record, extent=extent), change)


def _crop(before: AmendedActivity, change: Change) -> AmendedActivity:
    track = _track_of(before, change)
    first_s, last_s = _ends_s(track)
    if change.kind == "crop_start":
        first_s = _place_s(track.streams, change, change.number("time_s"), change.number("distance_m"))
    else:
        length_m, cut_m, cut_s = way_m(track.streams), change.number("distance_m"), change.number("time_s")
        from_start_m = None if cut_m is None or length_m is None else length_m - cut_m
        from_start_s = None if cut_s is None else last_s - first_s - cut_s
        last_s = _place_s(track.streams, change, from_start_s, from_start_m)
    return _stretch(before, track, first_s, last_s, change)


def _split(before: AmendedActivity, change: Change) -> tuple[AmendedActivity, AmendedActivity]:
    track = _track_of(before, change)
    first_s, last_s = _ends_s(track)
    at_s = _place_s(track.streams, change, change.number("time_s"), change.number("distance_m"))
    first = _stretch(before, track, first_s, at_s, change)
    second = _stretch(before, track, at_s, last_s, change)
    if change.other_id is None:
        raise _does_not_fit(change, "the second part has no id")
    record = replace(second.record, id=change.other_id, name=f"{second.record.name} (part 2)".strip())
    applied = (*before.applied, f"second part {change.to_json()}")
    return _noted(first, change), replace(second, record=_with_note(record, "second part of a split"), applied=applied)


def _merge(before: AmendedActivity, other: AmendedActivity, change: Change) -> AmendedActivity:
    earlier, later = sorted((before, other), key=lambda one: one.record.start)
    tracks = [_track_of(one, change) for one in (earlier, later)]
    gap_s = (later.record.start - earlier.record.start).total_seconds() - _ends_s(tracks[0])[1]
    # Starts are kept in whole seconds.
    if gap_s < -1.0:
        raise _does_not_fit(change, "they overlap in time: they are two recordings, not one after the other")
    record = replace(
        before.record,
        start=earlier.record.start,
        timezone=earlier.record.timezone,
        zone_source=earlier.record.zone_source,
        is_race=_either(before.record.is_race, other.record.is_race),
    )
    sums: dict[str, Any] = {}
    for name in _ADDED_UP:
        both = [getattr(one.record, name) for one in (before, other)]
        sums[name] = None if None in both else sum(both)
    whole = [replace(track, elapsed_s=_ends_s(track)[1], distance_m=way_m(track.streams)) for track in tracks]
    joined = join_tracks(whole)
    merged = _with_track(replace(before, record=record), replace(joined, distance_m=None, notes=()))
    applied = (*before.applied, f"[{other.record.content}]", *other.applied)
    return _noted(replace(merged, record=replace(merged.record, **sums), applied=applied), change)


def _set_distance(before: AmendedActivity, change: Change) -> AmendedActivity:
    distance_m = change.number("distance_m")
    if distance_m is None or not 0 < distance_m <= _LONGEST_M:
        raise _does_not_fit(change, "a distance must be above 0 and at most 1,000 km")
    old_m = way_m(before.track.streams) if before.track else before.record.distance_m
    factor = distance_m / old_m if old_m else None
    speeds: dict[str, Any] = {
        name: value * factor if factor is not None and (value := getattr(before.record, name)) is not None else None
        for name in _SPEEDS
    }
    record = replace(before.record, distance_m=distance_m, **speeds)
    if before.track is None:
        return replace(before, record=record, extent=SAMPLES_TOO)
    track = _scaled(before.track, factor, distance_m)
    return replace(before, record=replace(record, track=TrackFacts.of(track)), track=track, extent=SAMPLES_TOO)


def _scaled(track: Track, factor: float | None, distance_m: float) -> Track:
    if factor is None:
        return replace(track, distance_m=distance_m)
    streams = track.streams
    scaled = replace(
        streams,
        distance_m=None if streams.distance_m is None else streams.distance_m * factor,
        speed_mps=None if streams.speed_mps is None else streams.speed_mps * factor,
    )
    laps = tuple(
        lap if lap.distance_m is None else replace(lap, distance_m=lap.distance_m * factor) for lap in track.laps
    )
    # A person who states the length has measured it: readers must not take it for one computed from positions.
    return replace(track, streams=scaled, laps=laps, distance_m=distance_m, distance_source="device")


def _stretch(before: AmendedActivity, track: Track, from_s: float, to_s: float, change: Change) -> AmendedActivity:
    first_s, last_s = _ends_s(track)
    if from_s < first_s or to_s > last_s or to_s - from_s < _SHORTEST_S:
        raise _does_not_fit(change, f"the recording lasts {last_s - first_s:.0f} s, and something of it must be left")
    return _with_track(before, cut_track(track, round(from_s, 3), round(to_s, 3)))


def _with_track(before: AmendedActivity, track: Track) -> AmendedActivity:
    """The activity with other samples: what was said of the whole is left out, the rest is taken from the samples."""
    streams, no_totals = track.streams, dict.fromkeys(_TOTALS)
    position = _first_position(streams)
    # What the samples say at once; the rest is left to the analysis.
    record = replace(
        before.record,
        **no_totals,  # type: ignore[arg-type]  # names of figures, each of which may be None
        start=track.start or before.record.start,
    )
    record = replace(
        record,
        distance_m=way_m(streams),
        elapsed_time_s=track_elapsed_s(track),
        elevation_low_m=_of_known(np.min, streams.altitude_m),
        elevation_high_m=_of_known(np.max, streams.altitude_m),
        max_cadence_spm=_of_known(np.max, streams.cadence_spm),
        average_power_w=_of_known(np.mean, streams.power_w),
        max_power_w=_of_known(np.max, streams.power_w),
        temperature_c=_of_known(np.mean, streams.temperature_c),
        start_latitude_deg=position[0] if position else None,
        start_longitude_deg=position[1] if position else None,
        samples=len(streams),
        track=TrackFacts.of(track),
    )
    return replace(before, record=record, track=track, extent=SAMPLES_TOO)


def finish(activity: AmendedActivity) -> AmendedActivity:
    """The activity ready to be stored: figures that the analysis of runs would give, for sports it does not look at."""
    record, track = activity.record, activity.track
    if track is None or activity.extent < SAMPLES_TOO or record.sport in RUN_SPORTS:
        return activity
    stood_s = sum(pause.end_s - pause.start_s for pause in track.pauses)
    found = {
        "moving_time_s": max(track_elapsed_s(track) - stood_s, 0.0),
        "average_heartrate_bpm": _of_known(np.mean, track.streams.heartrate_bpm),
        "max_heartrate_bpm": _of_known(np.max, track.streams.heartrate_bpm),
        "average_cadence_spm": _of_known(np.mean, track.streams.cadence_spm),
    }
    missing: dict[str, Any] = {name: value for name, value in found.items() if getattr(record, name) is None}
    return replace(activity, record=replace(record, **missing))


def _place_s(streams: Streams, change: Change, time_s: float | None, distance_m: float | None) -> float:
    """A place in the recording, given in seconds or metres from its start, in seconds of its samples."""
    if time_s is not None:
        return float(streams.time_s[0]) + time_s
    at_s = None if distance_m is None else time_at_distance_s(streams, distance_m)
    if at_s is None:
        length_m = way_m(streams)
        why = "its samples have no distance" if length_m is None else f"it is {length_m / 1000:.2f} km long"
        raise _does_not_fit(change, why)
    return at_s


def _ends_s(track: Track) -> tuple[float, float]:
    return float(track.streams.time_s[0]), float(track.streams.time_s[-1])


def _track_of(activity: AmendedActivity, change: Change) -> Track:
    if activity.track is None or len(activity.track.streams) < 2:
        raise _does_not_fit(change, f"activity {activity.record.id} has no samples of your own")
    return activity.track


def _first_position(streams: Streams) -> tuple[float, float] | None:
    if streams.latitude_deg is None or streams.longitude_deg is None:
        return None
    known = np.flatnonzero(np.isfinite(streams.latitude_deg) & np.isfinite(streams.longitude_deg))
    at = int(known[0]) if len(known) else None
    return None if at is None else (float(streams.latitude_deg[at]), float(streams.longitude_deg[at]))


def _of_known(figure: Any, channel: Channel | None) -> float | None:  # noqa: ANN401  # one of numpy's
    known = channel[np.isfinite(channel)] if channel is not None else ()
    return float(figure(known)) if len(known) else None


def _either(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None and other is None else bool(one or other)


def _noted(activity: AmendedActivity, change: Change) -> AmendedActivity:
    return replace(activity, record=_with_note(activity.record, describe(change)))


def _with_note(record: ActivityRecord, text: str) -> ActivityRecord:
    return replace(record, notes=(*record.notes, f"amended: {text}"))


def _does_not_fit(change: Change, why: str) -> AmendmentDoesNotFit:
    return AmendmentDoesNotFit(
        what=f"The run cannot be amended ({describe(change)})", why=why, fix="paceport run ID shows what it has"
    )
