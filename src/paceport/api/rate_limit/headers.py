"""The limit headers as values, and when the next request may go.

Two budgets (overall, and read: everything but uploads and creations), each in two windows: quarter hours at :00, :15,
:30, :45 and days from 00:00 UTC. Source: https://developers.strava.com/docs/rate-limits/, read 2026-11-22.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from paceport.api.rate_limit.limit_class import LimitClass
from paceport.lazy_dataclass import dataclass

QUARTER = timedelta(minutes=15)

# Requests that are refused count as well, so a little beyond is possible; so many times the limit is not.
_FARTHEST_BEYOND = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One budget: requests allowed and used in the quarter hour and in the day. None where the header did not say."""

    quarter_limit: int | None = None
    day_limit: int | None = None
    quarter_used: int | None = None
    day_used: int | None = None

    def is_empty(self) -> bool:
        """Whether nothing at all is known."""
        return self == Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What one answer's headers said of both budgets, and when (`at`, UTC, the server's time where it told it)."""

    at: datetime
    overall: Usage
    read: Usage

    def budgets(self, limit: LimitClass) -> tuple[tuple[str, Usage], ...]:
        """The budgets a call of this class is counted in, with the words for a person."""
        if limit is LimitClass.NONE:
            return ()
        overall = ("overall", self.overall)
        return (overall,) if limit is LimitClass.UPLOAD else (overall, ("read", self.read))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitPlan:
    """Why and how long nothing may be sent: `limit` ("15-minute read"), `usage` ("100 of 100"), `until` in UTC.

    A budget gives `until` by the clock of whoever asks it, which may not be the server's.
    """

    seconds: float
    until: datetime
    limit: str
    usage: str


def read_rates(headers: Mapping[str, str], *, now: datetime) -> Rates | None:
    """The rates in an answer's headers, or None without any. Names in any case; a malformed part is None. Never raises.

    A recorded answer of POST /activities had the single character "," as its read usage.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    overall = _usage(lower, "x-ratelimit")
    read = _usage(lower, "x-readratelimit")
    if overall.is_empty() and read.is_empty():
        return None
    return Rates(at=now, overall=overall, read=read)


def quarter_end(now: datetime) -> datetime:
    """The next quarter hour after `now`: when the short window opens again."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour + QUARTER * ((now - hour) // QUARTER + 1)


def day_end(now: datetime) -> datetime:
    """The next midnight UTC after `now`: when the long window opens again."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def plan_wait(rates: Rates | None, now: datetime, limit: LimitClass, *, reserve: int = 0) -> WaitPlan | None:
    """What to wait for before a call of this class, or None to send at once.

    `reserve` requests of each window are left for others. Usage seen in a window that is over counts as none. Where
    several windows are full the latest end decides.
    """
    plans = (
        []
        if rates is None
        else [
            WaitPlan(
                seconds=(end - now).total_seconds(), until=end, limit=f"{window} {name}", usage=f"{used} of {most}"
            )
            for name, usage in rates.budgets(limit)
            for window, end, used, most in _windows(usage, rates.at, now)
            if used >= max(1, most - reserve)
        ]
    )
    return max(plans, key=lambda each: each.until, default=None)


def _windows(usage: Usage, at: datetime, now: datetime) -> list[tuple[str, datetime, int, int]]:
    windows = []
    if usage.quarter_limit is not None and usage.quarter_used is not None:
        used = usage.quarter_used if now < quarter_end(at) else 0
        windows.append(("15-minute", quarter_end(now), used, usage.quarter_limit))
    if usage.day_limit is not None and usage.day_used is not None:
        used = usage.day_used if now < day_end(at) else 0
        windows.append(("daily", day_end(now), used, usage.day_limit))
    return windows


def _usage(headers: Mapping[str, str], prefix: str) -> Usage:
    limits = _pair(headers.get(f"{prefix}-limit", ""))
    used = _pair(headers.get(f"{prefix}-usage", ""))
    return possible_usage(Usage(quarter_limit=limits[0], day_limit=limits[1], quarter_used=used[0], day_used=used[1]))


def possible_usage(usage: Usage) -> Usage:
    """The same without what cannot be: a limit of nothing, and a use far beyond its limit.

    Taken at its word, either would lock the app out until midnight.
    """
    quarter, day = _possible(usage.quarter_limit, usage.quarter_used), _possible(usage.day_limit, usage.day_used)
    return Usage(quarter_limit=quarter[0], day_limit=day[0], quarter_used=quarter[1], day_used=day[1])


def _possible(limit: int | None, used: int | None) -> tuple[int | None, int | None]:
    if limit is not None and limit < 1:
        return None, None
    if used is not None and (used < 0 or (limit is not None and used > _FARTHEST_BEYOND * limit)):
        return limit, None
    return limit, used


def _pair(text: str) -> tuple[int | None, int | None]:
    parts = [part.strip() for part in text.split(",")]
    numbers = [int(part) if part.isascii() and part.isdigit() and len(part) < 12 else None for part in parts]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)
