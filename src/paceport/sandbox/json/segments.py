"""Segments and segment efforts as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.geometry import along_track_m
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.segments import Segment, SegmentEffort
from paceport.sandbox.json.scalars import Json, achievement, local_timestamp, utc_timestamp, zero_as_integer

_CATEGORIES = ("NC", "4", "3", "2", "1", "HC")


def summary_segment(segment: Segment, *, starred: bool) -> Json:
    """A segment in a list or inside an effort."""
    return {
        "id": segment.id,
        "resource_state": 2,
        "name": segment.name,
        "activity_type": segment.activity_type,
        "distance": segment.distance_m,
        "average_grade": segment.average_grade_percent,
        "maximum_grade": segment.maximum_grade_percent,
        "elevation_high": max(segment.altitudes_m),
        "elevation_low": min(segment.altitudes_m),
        "start_latlng": list(segment.points[0]),
        "end_latlng": list(segment.points[-1]),
        "elevation_profile": None,
        "elevation_profiles": None,
        "climb_category": segment.climb_category,
        "city": segment.city,
        "state": segment.state,
        "country": segment.country,
        "private": False,
        "hazardous": False,
        "starred": starred,
    }


def starred_segment(segment: Segment, since: datetime, best: SegmentEffort | None, offset_s: int) -> Json:
    """A row of the starred list: with the athlete's best time, where there is one."""
    value = summary_segment(segment, starred=True)
    value["pr_time"] = None if best is None else best.elapsed_time_s
    if best is not None:
        value["athlete_pr_effort"] = {
            "id": best.id,
            "activity_id": best.activity_id,
            "elapsed_time": best.elapsed_time_s,
            "distance": best.distance_m,
            "start_date": utc_timestamp(best.start),
            "start_date_local": local_timestamp(best.start, offset_s),
            "is_kom": False,
        }
    value["starred_date"] = utc_timestamp(since)
    return value


def detailed_segment(
    segment: Segment, site: str, *, starred: bool, counts: tuple[int, int, int], stats: Json | None
) -> Json:
    """A segment in full; `counts` are those of efforts, athletes and stars, `stats` the athlete's own."""
    charts = f"{site}/pictures/charts/{segment.id}"
    efforts, athletes, stars = counts
    value = summary_segment(segment, starred=starred)
    value |= {
        "resource_state": 3,
        "created_at": utc_timestamp(segment.created_at),
        "updated_at": utc_timestamp(segment.created_at),
        "elevation_profile": f"{charts}/light.jpg",
        "elevation_profiles": {"light_url": f"{charts}/light.jpg", "dark_url": f"{charts}/dark.jpg"},
        "total_elevation_gain": zero_as_integer(segment.elevation_gain_m),
        "map": {"id": f"s{segment.id}", "polyline": polyline.encode(segment.points), "resource_state": 3},
        "effort_count": efforts,
        "athlete_count": athletes,
        "star_count": stars,
    }
    if stats is not None:
        value["athlete_segment_stats"] = stats
    return value


def segment_records(segment: Segment, best_s: Mapping[str, int | None]) -> Json:
    """The best times of all athletes, as texts (recorded); `best_s` by `kom`, `qom` and `overall`."""
    return {
        **{name: "" if time_s is None else clock_text(time_s) for name, time_s in best_s.items()},
        "destination": {
            "href": f"strava://segments/{segment.id}/leaderboard",
            "type": "overall",
            "name": "All-Time",
        },
    }


def local_legend(segment: Segment, person: Person, count: int, site: str) -> Json:
    """Who has run it most often in 90 days; the counts are texts (recorded)."""
    words = f"{count} effort{'' if count == 1 else 's'}"
    counts = {"overall": words, **({"female": words} if person.sex == "F" else {})}
    return {
        "athlete_id": person.id,
        "title": f"{person.firstname} {person.lastname}",
        "profile": f"{site}/pictures/athletes/{person.id}/large.jpg",
        "effort_description": f"{words} in the last 90 days",
        "effort_count": str(count),
        "effort_counts": counts,
        "destination": f"strava://segments/{segment.id}/local_legend?categories%5B%5D=overall",
    }


def clock_text(time_s: int) -> str:
    """Seconds as the service writes a time: `1:09`, `1:02:03`."""
    hours, rest = divmod(time_s, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def own_stats(best: SegmentEffort | None, count: int, offset_s: int) -> Json:
    """The athlete's own record on a segment; the date is a date alone (recorded)."""
    return {
        "pr_elapsed_time": None if best is None else best.elapsed_time_s,
        "pr_date": None if best is None else local_timestamp(best.start, offset_s)[:10],
        "pr_visibility": None if best is None else "everyone",
        "pr_activity_id": None if best is None else best.activity_id,
        "pr_activity_visibility": None if best is None else "everyone",
        "effort_count": count,
    }


def explored_segment(segment: Segment) -> Json:
    """A segment as the explorer shows it."""
    return {
        "id": segment.id,
        "resource_state": 2,
        "name": segment.name,
        "climb_category": segment.climb_category,
        "climb_category_desc": _CATEGORIES[segment.climb_category],
        "avg_grade": segment.average_grade_percent,
        "start_latlng": list(segment.points[0]),
        "end_latlng": list(segment.points[-1]),
        "elev_difference": round(max(segment.altitudes_m) - min(segment.altitudes_m), 1),
        "distance": segment.distance_m,
        "points": polyline.encode(segment.points),
        "starred": False,
        "elevation_profile": None,
        "local_legend_enabled": False,
    }


def effort(one: SegmentEffort, activity: Activity, segment: Json, rank: int | None) -> Json:
    """An effort; `rank` is its place among the athlete's three best, `segment` the segment's summary."""
    value: Json = {
        "id": one.id,
        "resource_state": 2,
        "name": segment["name"],
        "activity": {"id": activity.id, "visibility": activity.visibility, "resource_state": 1},
        "athlete": {"id": one.athlete_id, "resource_state": 1},
        "elapsed_time": one.elapsed_time_s,
        "moving_time": one.moving_time_s,
        "start_date": utc_timestamp(one.start),
        "start_date_local": local_timestamp(one.start, activity.utc_offset_s),
        "distance": one.distance_m,
        "start_index": one.start_index,
        "end_index": one.end_index,
    }
    if one.average_cadence_rpm is not None:
        value["average_cadence"] = one.average_cadence_rpm
    value["device_watts"] = False
    if one.average_heartrate_bpm is not None:
        value |= {"average_heartrate": one.average_heartrate_bpm, "max_heartrate": one.max_heartrate_bpm}
    return value | {
        "segment": segment,
        **achievement(rank),
        "visibility": activity.visibility,
        "kom_rank": None,
        "hidden": False,
    }


def streams(segment: Segment) -> dict[str, Json]:
    """The three channels of a segment; distances with the noise of binary fractions, as recorded."""
    points = np.asarray(segment.points)
    along = along_track_m(points)
    distance = along * (segment.distance_m / along[-1])
    arrays: dict[str, list[object]] = {
        "latlng": points.tolist(),
        "distance": distance.tolist(),
        "altitude": list(segment.altitudes_m),
    }
    return {
        key: {"data": values, "series_type": "distance", "original_size": len(values), "resolution": "high"}
        for key, values in arrays.items()
    }
