"""Clubs and their events as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from paceport.sandbox.athletes import polyline
from paceport.sandbox.athletes.people import Club, Person
from paceport.sandbox.athletes.saved_routes import SavedRoute
from paceport.sandbox.json.scalars import Json, utc_timestamp

_MEETING_WEEKS = 4
_DIMENSIONS = ("distance", "num_activities", "best_activities_distance", "elev_gain", "moving_time", "velocity")


def summary_club(club: Club, site: str) -> Json:
    """A club in a list; `site` is where pictures lie. A private one has no cover."""
    pictures = f"{site}/pictures/clubs/{club.id}"
    return {
        "id": club.id,
        "resource_state": 2,
        "name": club.name,
        "profile_medium": f"{pictures}/medium.jpg",
        "profile": f"{pictures}/large.jpg",
        "cover_photo": None if club.private else f"{pictures}/cover/large.jpg",
        "cover_photo_small": None if club.private else f"{pictures}/cover/small.jpg",
        "activity_types": ["Run", "VirtualRun", "Wheelchair"] if club.sport_type == "running" else [],
        "activity_types_icon": "sports_run_normal" if club.sport_type == "running" else "sports_bike_normal",
        "dimensions": list(_DIMENSIONS),
        "sport_type": club.sport_type,
        "localized_sport_type": club.sport_type.capitalize(),
        "city": club.city,
        "state": club.state,
        "country": club.country,
        "private": club.private,
        "member_count": club.member_count,
        "featured": False,
        "verified": False,
        "url": club.url,
    }


def detailed_club(club: Club, site: str, *, is_member: bool) -> Json:
    """A club on its own, with what the athlete is there."""
    return {
        **summary_club(club, site),
        "resource_state": 3,
        "membership": "member" if is_member else None,
        "admin": False,
        "owner": False,
        "description": f"We meet in {club.city}, rain or shine.",
        "club_type": "casual_club",
        "following_count": 1 if is_member else 0,
        "website": f"{site}/clubs/{club.url}",
    }


def club_event(club: Club, host: Person, now: datetime, site: str, route: SavedRoute | None) -> Json:
    """The club's weekly meeting along a route of the host's (undocumented; the fields as recorded).

    In the private club nobody is named as organizer, and there is no route.
    """
    zone = ZoneInfo(host.timezone)
    day = now.astimezone(zone).date()
    tuesday = day + timedelta(days=(1 - day.weekday()) % 7 or 7)
    meetings = [
        datetime(tuesday.year, tuesday.month, tuesday.day, 18, 30, tzinfo=zone) + timedelta(weeks=week)
        for week in range(_MEETING_WEEKS)
    ]
    return {
        "id": club.id * 10 + 1,
        "resource_state": 2,
        "title": "Tuesday together",
        "description": "Easy pace, all welcome.",
        "club_id": club.id,
        "club": {"id": club.id, "resource_state": 1, "name": club.name},
        "organizing_athlete": None if club.private else _organizer(host, site),
        "activity_type": "Run",
        # Empty in every recorded event.
        "created_at": "",
        "route_id": None if route is None else route.id,
        "route": None if route is None else _route(route, site),
        "women_only": False,
        "private": club.private,
        "skill_levels": 4,
        "terrain": 0,
        "upcoming_occurrences": [utc_timestamp(meeting.astimezone(UTC)) for meeting in meetings],
        "zone": host.timezone,
        "address": f"The old station, {club.city}",
        "joined": False,
        "start_latlng": list(host.home) if route is None else list(route.points[0]),
    }


def _organizer(host: Person, site: str) -> Json:
    pictures = f"{site}/pictures/athletes/{host.id}"
    return {
        "id": host.id,
        "username": host.username,
        "resource_state": 2,
        "firstname": host.firstname,
        "lastname": host.lastname,
        "bio": host.bio,
        "city": host.city,
        "state": host.state,
        "country": host.country,
        "sex": host.sex,
        "premium": host.premium,
        "summit": host.premium,
        "created_at": utc_timestamp(host.created_at),
        "updated_at": utc_timestamp(host.updated_at),
        "badge_type_id": 1 if host.premium else 0,
        "profile_medium": f"{pictures}/medium.jpg",
        "profile": f"{pictures}/large.jpg",
        "friend": None,
        "follower": None,
        "blocked": False,
        "can_follow": True,
    }


def _route(route: SavedRoute, site: str) -> Json:
    summary = polyline.encode(polyline.summary(np.asarray(route.points)))
    return {
        "id": route.id,
        "id_str": str(route.id),
        "resource_state": 1,
        "name": route.name,
        "map": {"id": f"r{route.id}", "summary_polyline": summary, "resource_state": 2},
        "map_urls": map_urls(route.id, site),
    }


def map_urls(route_id: int, site: str) -> Json:
    """Where pictures of a route's map lie, in the light and the dark."""
    light = f"{site}/pictures/maps/{route_id}/light.jpg"
    return {
        "url": light,
        "retina_url": f"{site}/pictures/maps/{route_id}/retina.jpg",
        "light_url": light,
        "dark_url": f"{site}/pictures/maps/{route_id}/dark.jpg",
    }
