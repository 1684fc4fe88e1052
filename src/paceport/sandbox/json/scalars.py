"""The words all JSON of the service is made of: moments, numbers, zones of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Json = dict[str, object]


def utc_timestamp(value: datetime) -> str:
    """ISO 8601 in whole seconds with a Z."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def local_timestamp(value: datetime, utc_offset_s: int) -> str:
    """Local wall-clock time, with the Z that the service falsely puts behind it."""
    return utc_timestamp(value.astimezone(UTC) + timedelta(seconds=utc_offset_s))


def hidden_timestamp(value: datetime, utc_offset_s: int) -> str:
    """What both start fields show when the athlete hides the start time: the local day, one second past midnight."""
    return (value.astimezone(UTC) + timedelta(seconds=utc_offset_s)).strftime("%Y-%m-%dT00:00:01Z")


def timezone_text(name: str, at: datetime) -> str:
    """The zone as the service writes it: standard time's offset in brackets, whatever the season, then the name."""
    try:
        local = at.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        return f"(GMT+00:00) {name}"
    standard = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    minutes = round(standard.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"(GMT{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}) {name}"


def achievement(rank: int | None) -> Json:
    """What an effort says of its place among the athlete's three best."""
    return {"pr_rank": rank, "achievements": [] if rank is None else [{"type_id": 3, "type": "pr", "rank": rank}]}


def zero_as_integer(value: float) -> float | int:
    """A number that prints with a decimal point, but for zero: the service sends that one as an integer."""
    return float(value) if value else 0


def with_decimal_point(value: float | None) -> float | None:
    """A number that always prints with a decimal point."""
    return None if value is None else float(value)
