"""Clubs and their events as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from paceport.sandbox.athletes.people import Club, Person
from paceport.sandbox.json.values import Json, utc_timestamp

_MEETING_WEEKS = 4


def summary_club(club: Club) -> Json:
    """A club in a list."""
    return {
        "id": club.id,
        "resource_state": 2,
        "name": club.name,
        "profile_medium": "avatar/club/medium.png",
        "profile": "avatar/club/large.png",
        "cover_photo": None,
        "cover_photo_small": None,
        "activity_types": ["Run", "VirtualRun", "Wheelchair"] if club.sport_type == "running" else [],
        "activity_types_icon": "sports_run_normal" if club.sport_type == "running" else "sports_bike_normal",
        "dimensions": ["distance", "num_activities", "best_activities_distance", "elev_gain", "moving_time"],
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


def detailed_club(club: Club, *, is_member: bool) -> Json:
    """A club on its own, with what the athlete is there."""
    return {
        **summary_club(club),
        "resource_state": 3,
        "description": f"We meet in {club.city}, rain or shine.",
        "club_type": "casual_club",
        "post_count": 0,
        "membership": "member" if is_member else None,
        "admin": False,
        "owner": False,
        "following_count": 1 if is_member else 0,
    }


def club_event(club: Club, host: Person, now: datetime) -> Json:
    """The club's weekly meeting (undocumented; the fields follow public clients)."""
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
        "club": summary_club(club),
        "organizing_athlete": {"resource_state": 2, "firstname": host.firstname, "lastname": f"{host.lastname[:1]}."},
        "activity_type": "Run",
        "created_at": utc_timestamp(host.created_at),
        "route_id": None,
        "women_only": False,
        "private": club.private,
        "skill_levels": 4,
        "terrain": 0,
        "upcoming_occurrences": [utc_timestamp(meeting.astimezone(UTC)) for meeting in meetings],
        "zone": host.timezone,
        "address": f"The old station, {club.city}",
        "joined": False,
    }
