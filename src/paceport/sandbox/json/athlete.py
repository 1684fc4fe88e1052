"""Athletes, gear, zones and totals as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Gear, Person
from paceport.sandbox.athletes.splits import MILE_M
from paceport.sandbox.athletes.sports import RUNS
from paceport.sandbox.json.clubs import summary_club
from paceport.sandbox.json.scalars import Json, utc_timestamp

_SPORTS = {
    "ride": {"Ride", "GravelRide", "MountainBikeRide", "VirtualRide", "EBikeRide", "EMountainBikeRide", "Velomobile"},
    "run": RUNS,
    "swim": {"Swim"},
}


def token_athlete(person: Person, site: str, shape: str) -> Json:
    """The athlete in a token answer: `short` as recorded in 2018 and 2019, `long` as a summary is today."""
    value = summary_athlete(person, site)
    if shape == "short":
        del value["bio"], value["weight"]
    return value


def summary_athlete(person: Person, site: str) -> Json:
    """The athlete in short; `site` is where pictures lie."""
    pictures = f"{site}/pictures/athletes/{person.id}"
    return {
        "id": person.id,
        "username": person.username,
        "resource_state": 2,
        "firstname": person.firstname,
        "lastname": person.lastname,
        "bio": person.bio,
        "city": person.city,
        "state": person.state,
        "country": person.country,
        "sex": person.sex,
        "premium": person.premium,
        "summit": person.premium,
        "created_at": utc_timestamp(person.created_at),
        "updated_at": utc_timestamp(person.updated_at),
        "badge_type_id": 1 if person.premium else 0,
        "weight": person.weight_kg,
        "profile_medium": f"{pictures}/medium.jpg",
        "profile": f"{pictures}/large.jpg",
        "friend": None,
        "follower": None,
    }


def detailed_athlete(person: Person, shoes: list[Json], bikes: list[Json], site: str) -> Json:
    """The athlete as a token with profile:read_all sees them."""
    return {
        **summary_athlete(person, site),
        "resource_state": 3,
        "blocked": False,
        "can_follow": True,
        "follower_count": person.follower_count,
        "friend_count": person.friend_count,
        "mutual_friend_count": 0,
        "athlete_type": person.athlete_type,
        "date_preference": person.date_preference,
        "measurement_preference": person.measurement_preference,
        "clubs": [{**summary_club(club, site), "member_count": 0, **_MEMBER} for club in person.clubs],
        "postable_clubs_count": len(person.clubs),
        "ftp": person.ftp_w,
        "bikes": bikes,
        "shoes": shoes,
    }


_MEMBER: Json = {"membership": "member", "admin": False, "owner": False}


def summary_gear(gear: Gear, distance_m: float, *, in_miles: bool) -> Json:
    """Shoes or a bike in a list: whole metres, and once more in the athlete's own unit."""
    return {
        "id": gear.id,
        "primary": gear.primary,
        "name": gear.name,
        "nickname": gear.nickname,
        "resource_state": 2,
        "retired": gear.retired,
        "distance": round(distance_m),
        "converted_distance": round(distance_m / (MILE_M if in_miles else 1000.0), 1),
    }


def detailed_gear(gear: Gear, distance_m: float, *, in_miles: bool) -> Json:
    """Shoes or a bike on their own."""
    value = {
        **summary_gear(gear, distance_m, in_miles=in_miles),
        "resource_state": 3,
        "brand_name": gear.brand,
        "model_name": gear.model,
    }
    if gear.id.startswith("b"):
        return {**value, "frame_type": gear.frame_type, "description": "", "weight": gear.weight_kg}
    return {**value, "description": "", "notification_distance": gear.notification_distance_m or 0}


def zones(person: Person) -> Json:
    """The athlete's heart rate zones; the last one is open. Power zones only with a threshold power."""
    bounds = [0, *person.heartrate_zones_bpm, -1]
    value: Json = {
        "heart_rate": {
            "custom_zones": person.custom_zones,
            "zones": [{"min": low, "max": high} for low, high in pairwise(bounds)],
        }
    }
    if person.ftp_w is not None:
        ends = [0, *(round(person.ftp_w * share) for share in (0.55, 0.75, 0.90, 1.05, 1.20, 1.50)), -1]
        # A power zone begins one watt above the end of the one below.
        starts = [0, *(end + 1 for end in ends[1:-1])]
        value["power"] = {"zones": [{"min": low, "max": high} for low, high in zip(starts, ends[1:], strict=True)]}
    return value


def stats(activities: Iterable[Activity], now: datetime, achievements: Callable[[Activity], int]) -> Json:
    """Totals of what everybody may see: four weeks, this year, ever; by ride, run and swim.

    `achievements` counts those of an activity.
    """
    rows = [row for row in activities if row.visibility == "everyone"]
    value: Json = {}
    for sport, words in _SPORTS.items():
        mine = [row for row in rows if row.sport_type in words]
        recent = [row for row in mine if now - timedelta(weeks=4) <= row.start <= now]
        this_year = [row for row in mine if (row.start + timedelta(seconds=row.utc_offset_s)).year == now.year]
        value[f"recent_{sport}_totals"] = {
            **_totals(recent),
            "achievement_count": sum(achievements(row) for row in recent),
        }
        value[f"all_{sport}_totals"] = _totals(mine)
        # Times of the year with a decimal point and its distance without one: recorded once.
        value[f"ytd_{sport}_totals"] = _totals(this_year) | (_year_numbers(this_year) if this_year else {})
    return value


def _year_numbers(rows: list[Activity]) -> Json:
    figures = [row.summary for row in rows]
    return {
        "distance": round(sum(one.distance_m for one in figures)),
        "moving_time": float(sum(one.moving_time_s for one in figures)),
        "elapsed_time": float(sum(one.elapsed_time_s for one in figures)),
    }


def _totals(rows: list[Activity]) -> Json:
    figures = [row.summary for row in rows]
    # Sums of floats, with their noise: the service sends them so. Nothing at all is the integer 0.
    return {
        "count": len(rows),
        "distance": sum(one.distance_m for one in figures),
        "moving_time": sum(one.moving_time_s for one in figures),
        "elapsed_time": sum(one.elapsed_time_s for one in figures),
        "elevation_gain": sum(one.elevation_gain_m for one in figures),
    }
