"""A new activity with the defaults that the service gives one: made by hand, or from an upload."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from paceport.sandbox.athletes.activity import Activity, RecordingSource
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.sports import is_run


def new_activity(
    person: Person,
    identity: int,
    *,
    name: str,
    sport_type: str,
    start: datetime,
    offset_s: int,
    source: RecordingSource,
    upload_id: int | None = None,
) -> Activity:
    """An activity nobody has noticed yet: seen by everyone, runs in the primary shoes, manual without an upload."""
    shoes = next((one.id for one in person.shoes if one.primary and not one.retired), None)
    return Activity(
        id=identity,
        athlete_id=person.id,
        upload_id=upload_id,
        external_id=None,
        name=name,
        description=None,
        private_note=None,
        sport_type=sport_type,
        workout_type=None,
        start=start,
        timezone=person.timezone,
        utc_offset_s=offset_s,
        visibility="everyone",
        trainer=False,
        commute=False,
        manual=upload_id is None,
        gear_id=shoes if is_run(sport_type) else None,
        device_name=None,
        hide_from_home=False,
        map_hidden=False,
        perceived_exertion=None,
        athlete_count=1,
        weight_kg=person.weight_kg,
        heartrate_zones_bpm=person.heartrate_zones_bpm,
        source=source,
    )


def offset_s(person: Person, at: datetime) -> int:
    """The offset of the athlete's own zone at a moment, in seconds: where no place is looked up, they are at home."""
    return int((at.astimezone(ZoneInfo(person.timezone)).utcoffset() or timedelta()).total_seconds())
