"""From when to when activities are listed: a moment, or a day where the activity was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from paceport.api.models.activity import SummaryActivity
from paceport.errors import UsageError

TimeBound = date | datetime | str | None
"""A `date` (or a text like "2026-01-31") is that day where the activity was; a `datetime` is a moment."""

# A day begins between 14 hours before and 12 hours after it does in UTC, depending on where one is.
_EARLIEST_DAY, _LATEST_DAY = timedelta(hours=-14), timedelta(hours=12)


def read_bound(bound: TimeBound) -> date | datetime | None:
    """A bound as a day or an aware moment. Raises UsageError for what is neither."""
    if isinstance(bound, str):
        text = bound.strip()
        try:
            bound = date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        except ValueError as error:
            raise UsageError(
                what=f"{text[:40]!r} is no date",
                why="a day is written as 2026-01-31, a moment as 2026-01-31T07:30:00+01:00",
                fix="correct it, or give a date or an aware datetime",
            ) from error
    if bound is not None and not isinstance(bound, date):
        raise UsageError(
            what=f"{bound!r} is no date", why="a date or an aware datetime is needed", fix="after=date(2026, 1, 31)"
        )
    if isinstance(bound, datetime) and bound.tzinfo is None:
        raise UsageError(
            what="A moment without a time zone was given",
            why="it could mean a range of 26 hours",
            fix="give an aware datetime, or a date for a day where the activity was",
        )
    return bound


def earliest_moment(bound: date | datetime | None) -> datetime | None:
    """The earliest moment that may belong to what begins at a bound, in UTC."""
    return _moment(bound, _EARLIEST_DAY)


def latest_moment(bound: date | datetime | None) -> datetime | None:
    """The latest moment that may belong to what ends before a bound, in UTC."""
    return _moment(bound, _LATEST_DAY)


def _moment(bound: date | datetime | None, slack: timedelta) -> datetime | None:
    if bound is None or isinstance(bound, datetime):
        return None if bound is None else bound.astimezone(UTC)
    midnight = datetime(bound.year, bound.month, bound.day, tzinfo=UTC)
    try:
        return midnight + slack
    except OverflowError:  # the first or the last day of all
        return midnight


def is_within(activity: SummaryActivity, after: date | datetime | None, before: date | datetime | None) -> bool:
    """Whether an activity began on or after the one bound and before the other."""
    # What the bounds of the wire mean to a second is not documented, so a row is looked at again here.
    return _is_from(activity, after) and (before is None or not _is_from(activity, before))


def _is_from(activity: SummaryActivity, bound: date | datetime | None) -> bool:
    if bound is None:
        return True
    if isinstance(bound, datetime):
        return activity.start >= bound or activity.is_start_hidden
    return (activity.start_local or activity.start).date() >= bound
