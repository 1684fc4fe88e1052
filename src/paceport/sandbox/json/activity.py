"""Activities and their parts as JSON: summary, detail, laps, splits, best efforts, zones, streams."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import pairwise

from paceport.sandbox.athletes import activity_parts, polyline
from paceport.sandbox.athletes import pace_and_power_zones as zones_of
from paceport.sandbox.athletes.achieved import Achieved
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.splits import BestEffort, Lap, Split
from paceport.sandbox.athletes.sports import old_type
from paceport.sandbox.json.scalars import (
    Json,
    achievement,
    hidden_timestamp,
    local_timestamp,
    timezone_text,
    utc_timestamp,
    with_decimal_point,
    zero_as_integer,
)
from paceport.sandbox.state.visibility import NO_VISIBLE_TRACK, ViewLimits, VisibleTrack, visible_track

_WITHOUT_WORKOUT_TYPE = frozenset({"Swim", "AlpineSki", "Hike"})


def summary_activity(activity: Activity, limits: ViewLimits, achieved: Achieved) -> Json:
    """One row of the list of activities."""
    figures, track = activity.summary, visible_track(activity, limits)
    value: Json = {
        "resource_state": 2,
        "athlete": {"id": activity.athlete_id, "resource_state": 1},
        "name": activity.name,
        "distance": float(figures.distance_m),
        "moving_time": figures.moving_time_s,
        "elapsed_time": figures.elapsed_time_s,
        "total_elevation_gain": zero_as_integer(figures.elevation_gain_m),
        "type": old_type(activity.sport_type),
        "sport_type": activity.sport_type,
    }
    if activity.sport_type not in _WITHOUT_WORKOUT_TYPE:
        value["workout_type"] = activity.workout_type
    value |= {
        "id": activity.id,
        **_starts(activity.start, activity, limits),
        "timezone": timezone_text(activity.timezone, activity.start),
        "utc_offset": float(activity.utc_offset_s),
        "location_city": None,
        "location_state": None,
        "location_country": activity.country,
        "achievement_count": achieved.count,
        "kudos_count": activity.kudos_count,
        "comment_count": activity.comment_count,
        "athlete_count": activity.athlete_count,
        "photo_count": 0,
        "map": {"id": f"a{activity.id}", "summary_polyline": track.summary, "resource_state": 2},
        **_flags(activity),
        "gear_id": activity.gear_id,
        "start_latlng": track.start,
        "end_latlng": track.end,
        "average_speed": zero_as_integer(figures.average_speed_mps),
        "max_speed": zero_as_integer(figures.max_speed_mps),
    }
    return value | _measured(activity) | _ending(activity, achieved)


def _flags(activity: Activity) -> Json:
    return {
        "trainer": activity.trainer,
        "commute": activity.commute,
        "manual": activity.manual,
        "private": activity.visibility == "only_me",
        "visibility": activity.visibility,
        "flagged": False,
    }


_STATS = ("heart_rate", "pace", "power", "speed", "calories")


def detailed_activity(
    activity: Activity,
    limits: ViewLimits,
    achieved: Achieved,
    *,
    gear: Json | None,
    segment_efforts: list[Json],
    photos: Json,
) -> Json:
    """One activity with all its parts."""
    value = summary_activity(activity, limits, achieved)
    value["resource_state"] = 3
    value["map"] = {
        "id": f"a{activity.id}",
        "polyline": _full_polyline(activity, visible_track(activity, limits)),
        "resource_state": 3,
        "summary_polyline": visible_track(activity, limits).summary,
    }
    value |= {
        "description": activity.description,
        "calories": float(activity_parts.calories(activity)),
        "perceived_exertion": activity.perceived_exertion,
        "prefer_perceived_exertion": None if activity.perceived_exertion is None else False,
        "segment_efforts": segment_efforts,
    }
    value |= _parts(activity, limits, achieved)
    if gear is not None:
        value["gear"] = gear
    value |= {
        "photos": photos,
        "stats_visibility": [{"type": kind, "visibility": "everyone"} for kind in _STATS],
        "hide_from_home": activity.hide_from_home,
        "embed_token": hashlib.sha256(f"embed {activity.id}".encode()).hexdigest()[:40],
    }
    if activity.is_run:
        value["similar_activities"] = _similar(activity)
    value["available_zones"] = _available_zones(activity)
    if activity.private_note is not None:
        value["private_note"] = activity.private_note
    return value


def _parts(activity: Activity, limits: ViewLimits, achieved: Achieved) -> Json:
    value: Json = {}
    if activity.is_run and not activity.manual:
        value["splits_metric"] = [_split(one, activity) for one in activity_parts.splits_metric(activity)]
        value["splits_standard"] = [_split(one, activity) for one in activity_parts.splits_standard(activity)]
    if not activity.manual:
        value["laps"] = laps(activity, limits)
    if activity.is_run:
        value["best_efforts"] = [
            {**_best_effort(one, number, activity, limits), **achievement(achieved.best_efforts.get(one.name))}
            for number, one in enumerate(activity_parts.best_efforts(activity))
        ]
    return value


def laps(activity: Activity, limits: ViewLimits) -> list[Json]:
    """The laps of an activity; none for a manual one."""
    return [_lap(one, activity, limits) for one in activity_parts.laps(activity)]


def zones(activity: Activity, threshold_mps: float) -> list[Json]:
    """Seconds in each of the athlete's zones: heart rate, pace for runs, power; of what was measured."""
    found = _heartrate_zones(activity)
    recording = activity.recording
    if recording is not None and activity.is_run and recording.has_distance:
        found.append({**_distribution("pace", zones_of.pace(recording, threshold_mps)), "sensor_based": False})
    if recording is not None and recording.watts is not None:
        found.append({**_distribution("power", zones_of.power(recording)), "sensor_based": True})
    return found


def _distribution(kind: str, zone_times: list[zones_of.ZoneTime]) -> Json:
    # Whole in these, with a decimal point in those of heart rate: both are recorded.
    buckets = [{"min": low, "max": high, "time": int(time_s)} for low, high, time_s in zone_times]
    return {"distribution_buckets": buckets, "type": kind, "resource_state": 3}


def _heartrate_zones(activity: Activity) -> list[Json]:
    times_s = activity.heartrate_zone_times_s
    if times_s is None:
        return []
    # Whole here, though a summary prints it with a decimal point (recorded).
    score = round(activity_parts.suffer_score(activity) or 0.0)
    bounds = [0, *activity.heartrate_zones_bpm, -1]
    buckets = [
        {"min": low, "max": high, "time": zero_as_integer(time_s)}
        for (low, high), time_s in zip(pairwise(bounds), times_s, strict=True)
    ]
    return [
        {
            "score": score,
            "distribution_buckets": buckets,
            "type": "heartrate",
            "resource_state": 3,
            "sensor_based": True,
            "points": score,
            "custom_zones": False,
        }
    ]


def _full_polyline(activity: Activity, track: VisibleTrack) -> str:
    recording = activity.recording
    if track is NO_VISIBLE_TRACK or recording is None or recording.latlng is None:
        return ""
    if track.span is None:
        return activity_parts.full_polyline(activity)
    return polyline.encode(recording.latlng[track.span[0] : track.span[1]])


def _starts(start: datetime, activity: Activity, limits: ViewLimits) -> Json:
    if limits.start_is_hidden:
        hidden = hidden_timestamp(start, activity.utc_offset_s)
        return {"start_date": hidden, "start_date_local": hidden}
    return {"start_date": utc_timestamp(start), "start_date_local": local_timestamp(start, activity.utc_offset_s)}


def _measured(activity: Activity) -> Json:
    figures = activity.summary
    value: Json = {}
    if figures.average_cadence_rpm is not None:
        value["average_cadence"] = float(figures.average_cadence_rpm)
    if figures.average_temp_c is not None:
        value["average_temp"] = figures.average_temp_c
    if figures.average_watts is not None:
        value |= {
            "average_watts": float(figures.average_watts),
            "max_watts": figures.max_watts,
            "weighted_average_watts": figures.weighted_average_watts,
            "device_watts": True,
            "kilojoules": with_decimal_point(figures.kilojoules),
        }
    has_heartrate = figures.average_heartrate_bpm is not None
    value["has_heartrate"] = has_heartrate
    if has_heartrate:
        value["average_heartrate"] = with_decimal_point(figures.average_heartrate_bpm)
        value["max_heartrate"] = with_decimal_point(figures.max_heartrate_bpm)
    value["heartrate_opt_out"] = False
    value["display_hide_heartrate_option"] = has_heartrate
    if figures.elevation_high_m is not None:
        value |= {
            "elev_high": with_decimal_point(figures.elevation_high_m),
            "elev_low": with_decimal_point(figures.elevation_low_m),
        }
    return value


def _ending(activity: Activity, achieved: Achieved) -> Json:
    value: Json = {"upload_id": activity.upload_id}
    suffer_score = activity_parts.suffer_score(activity)
    if activity.upload_id is not None:
        value["upload_id_str"] = str(activity.upload_id)
    value |= {
        "external_id": activity.external_id,
        "from_accepted_tag": False,
        "pr_count": achieved.pr_count,
        "total_photo_count": activity.photo_count,
        "has_kudoed": False,
    }
    if suffer_score is not None:
        value["suffer_score"] = float(suffer_score)
    if activity.device_name is not None:
        value["device_name"] = activity.device_name
    return value


def _meta(activity: Activity) -> Json:
    return {
        "activity": {"id": activity.id, "visibility": activity.visibility, "resource_state": 1},
        "athlete": {"id": activity.athlete_id, "resource_state": 1},
    }


def _lap(one: Lap, activity: Activity, limits: ViewLimits) -> Json:
    value: Json = {
        "id": activity.id * 1000 + one.lap_index,
        "resource_state": 2,
        "name": f"Lap {one.lap_index}",
        **_meta(activity),
        "elapsed_time": one.elapsed_time_s,
        "moving_time": one.moving_time_s,
        **_starts(activity.start + timedelta(seconds=one.start_s), activity, limits),
        "distance": float(one.distance_m),
        "average_speed": zero_as_integer(one.average_speed_mps),
        "max_speed": zero_as_integer(one.max_speed_mps),
        "lap_index": one.lap_index,
        "split": one.lap_index,
        "start_index": one.start_index,
        "end_index": one.end_index,
        "total_elevation_gain": zero_as_integer(one.elevation_gain_m),
    }
    if one.average_cadence_rpm is not None:
        value["average_cadence"] = float(one.average_cadence_rpm)
    value["device_watts"] = one.average_watts is not None
    if one.average_watts is not None:
        value["average_watts"] = float(one.average_watts)
    if one.average_heartrate_bpm is not None:
        value["average_heartrate"] = float(one.average_heartrate_bpm)
        value["max_heartrate"] = with_decimal_point(one.max_heartrate_bpm)
    if activity.is_run and activity.recording is not None and activity.recording.has_distance:
        value["pace_zone"] = _pace_zone(one.average_speed_mps, activity)
    return value


def _pace_zone(speed_mps: float, activity: Activity) -> int:
    """The number of the pace zone from 1; 0 where the athlete's hour is not known."""
    if activity.truth is None:
        return 0
    return 1 + sum(speed_mps >= share * activity.truth.threshold_speed_mps for share in zones_of.PACE_SHARES)


def _split(one: Split, activity: Activity) -> Json:
    value: Json = {
        "distance": float(one.distance_m),
        "elapsed_time": one.elapsed_time_s,
        "elevation_difference": zero_as_integer(one.elevation_difference_m or 0.0),
        "moving_time": one.moving_time_s,
        "split": one.split,
        "average_speed": zero_as_integer(one.average_speed_mps),
        "average_grade_adjusted_speed": zero_as_integer(one.grade_adjusted_speed_mps),
    }
    if one.average_heartrate_bpm is not None:
        value["average_heartrate"] = float(one.average_heartrate_bpm)
    value["pace_zone"] = _pace_zone(one.average_speed_mps, activity)
    return value


def _best_effort(one: BestEffort, number: int, activity: Activity, limits: ViewLimits) -> Json:
    return {
        "id": activity.id * 1000 + 500 + number,
        "resource_state": 2,
        "name": one.name,
        **_meta(activity),
        "elapsed_time": one.elapsed_time_s,
        "moving_time": one.moving_time_s,
        **_starts(activity.start + timedelta(seconds=one.start_s), activity, limits),
        # Whole metres: the recorded efforts carry the nominal distance as an integer.
        "distance": round(one.distance_m),
        # In their place among the fields; whoever calls this fills them.
        "pr_rank": None,
        "achievements": [],
        "start_index": one.start_index,
        "end_index": one.end_index,
    }


def _similar(activity: Activity) -> Json:
    speed = 0 if activity.manual else zero_as_integer(activity.summary.average_speed_mps)
    count = 0 if activity.manual else 1
    return {
        "effort_count": count,
        "average_speed": speed,
        "min_average_speed": speed,
        "mid_average_speed": speed,
        "max_average_speed": speed,
        "pr_rank": None,
        "frequency_milestone": None,
        "trend": {
            "speeds": [speed] * count,
            "current_activity_index": 0 if count else None,
            "min_speed": speed,
            "mid_speed": speed,
            "max_speed": speed,
            "direction": 0,
        },
        "resource_state": 2,
    }


def _available_zones(activity: Activity) -> list[str]:
    figures = activity.summary
    found = ["heartrate"] if figures.average_heartrate_bpm is not None else []
    if activity.is_run:
        found.append("pace")
    return [*found, "power"] if figures.average_watts is not None else found
