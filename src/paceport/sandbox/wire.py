"""JSON as the service sends it: which fields, in which shape, at which level of detail."""

from __future__ import annotations

from datetime import datetime

from paceport.sandbox.standin import Activity, Person

Json = dict[str, object]


def moment(value: datetime) -> str:
    """ISO 8601 in whole seconds with a Z."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def summary_athlete(person: Person) -> Json:
    """The athlete as the token endpoint shows them."""
    return {
        "id": person.athlete_id,
        "username": None,
        "resource_state": 2,
        "firstname": person.firstname,
        "lastname": person.lastname,
        "city": "",
        "state": "",
        "country": "",
        "sex": None,
        "premium": False,
        "summit": False,
        "created_at": "2016-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "badge_type_id": 0,
        "profile_medium": "",
        "profile": "",
        "friend": None,
        "follower": None,
    }


def summary_activity(activity: Activity) -> Json:
    """One row of the list of activities."""
    return {
        "resource_state": 2,
        "athlete": {"id": activity.athlete_id, "resource_state": 1},
        "name": activity.name,
        "distance": activity.distance_m,
        "moving_time": activity.moving_time_s,
        "elapsed_time": activity.elapsed_time_s,
        "total_elevation_gain": 0,
        "type": "Run",
        "sport_type": "Run",
        "workout_type": None,
        "id": activity.activity_id,
        "start_date": moment(activity.start),
        "start_date_local": moment(activity.start),
        "timezone": "(GMT+00:00) Europe/London",
        "utc_offset": 0.0,
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 0,
        "kudos_count": 0,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {"id": f"a{activity.activity_id}", "summary_polyline": "", "resource_state": 2},
        "trainer": False,
        "commute": False,
        "manual": False,
        "private": activity.is_only_me,
        "visibility": "only_me" if activity.is_only_me else "everyone",
        "flagged": False,
        "gear_id": None,
        "start_latlng": [],
        "end_latlng": [],
        "average_speed": round(activity.distance_m / activity.moving_time_s, 3),
        "max_speed": 0,
        "has_heartrate": False,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": False,
        "upload_id": activity.activity_id + 1,
        "upload_id_str": str(activity.activity_id + 1),
        "external_id": None,
        "from_accepted_tag": False,
        "pr_count": 0,
        "total_photo_count": 0,
        "has_kudoed": False,
    }
