"""The one rule for dates that an activity can have: from 1990 to two days from now."""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no watch, phone or site recorded a run before
EARLIEST_EPOCH_S = EARLIEST.timestamp()
LATEST_AHEAD = timedelta(days=2)  # a clock set to the wrong zone and day is still a clock; a week ahead is none


def is_plausible_time(moment: datetime, now: datetime) -> bool:
    """Whether an activity can have begun or ended at `moment`; both aware."""
    return EARLIEST <= moment <= now + LATEST_AHEAD


def implausible_time_reason(moment: datetime, now: datetime) -> str:
    """Why that date is not believed, in words for a person; empty if it is plausible."""
    if is_plausible_time(moment, now):
        return ""
    side = "before 1990" if moment < EARLIEST else "in the future"
    return f"its date, {moment.year:04d}-{moment.month:02d}-{moment.day:02d}, lies {side}"
