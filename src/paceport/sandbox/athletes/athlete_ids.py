"""Ids that tell whose they are: athletes by number, their activities and clubs. By design: the real ones do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

FIRST_ATHLETE_ID = 134_815_001
ATHLETE_STEP = 7919
FIRST_ACTIVITY_ID = 11_000_000_000
# Activity ids of the first athletes are as large as the service's today; those of the others are larger.
FEW, MANY = 30, 100_000
FIRST_ID_OF_MANY = 1_000_000_000_000
PHONE_SHIFT = 15  # how the id of a phone's copy differs
IDS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_CLUB_ID = 800_000


def athlete_id(number: int) -> int:
    """The id of the athlete of that number."""
    return FIRST_ATHLETE_ID + ATHLETE_STEP * number


def athlete_number(identity: int) -> int | None:
    """The number of the athlete of that id; None for an id that no athlete has."""
    number, rest = divmod(identity - FIRST_ATHLETE_ID, ATHLETE_STEP)
    return number if rest == 0 and number >= 0 else None


def activity_id(number: int, start: datetime) -> int:
    """The id of an athlete's activity that began then."""
    seconds = int((start - IDS_SINCE).total_seconds())
    return FIRST_ACTIVITY_ID + seconds * FEW + number if number < FEW else FIRST_ID_OF_MANY + seconds * MANY + number


def phone_copy_id(identity: int, after_s: int) -> int:
    """The id of what a phone recorded beside the activity of that id, beginning so many seconds later."""
    return identity + after_s * MANY if identity >= FIRST_ID_OF_MANY else identity + after_s * FEW + PHONE_SHIFT


def activity_owners(identity: int) -> tuple[int, ...]:
    """The numbers of the athletes who may have an activity of that id: one or two."""
    if identity >= FIRST_ID_OF_MANY:
        return ((identity - FIRST_ID_OF_MANY) % MANY,)
    number = (identity - FIRST_ACTIVITY_ID) % FEW
    return number, (number - PHONE_SHIFT) % FEW


def next_activity_id(until: date) -> int:
    """An id above those of all activities up to that day of the first athletes; the service goes on from here."""
    return activity_id(0, datetime.combine(until + timedelta(days=2), time(), tzinfo=UTC))


def club_ids(number: int, town: str) -> tuple[int, int]:
    """The ids of an athlete's two clubs."""
    if number < 3:
        return 710_000 + sum(map(ord, town)), 720_000 + sum(map(ord, town))
    return FIRST_CLUB_ID + 2 * number, FIRST_CLUB_ID + 2 * number + 1


def club_hosts(identity: int) -> tuple[int, ...]:
    """The numbers of the athletes who may be in the club of that id."""
    return ((identity - FIRST_CLUB_ID) // 2,) if identity >= FIRST_CLUB_ID else (0, 1, 2)
