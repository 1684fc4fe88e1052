"""Rate limits as the service counts them: two classes, two windows, per app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

QUARTER_S = 900
DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Requests allowed to one app; the defaults are those of a new app."""

    overall_quarter: int = 200
    overall_day: int = 2000
    read_quarter: int = 100
    read_day: int = 1000


class RequestCounts:
    """The counts of one app. Windows begin at whole quarters of an hour and at midnight UTC."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._quarter = self._day = -1
        self._overall = [0, 0]
        self._read = [0, 0]

    def count(self, now: datetime, *, is_read: bool) -> None:
        """Count one request, also one that is going to be refused."""
        self._open_windows(now)
        for counts in (self._overall, self._read) if is_read else (self._overall,):
            counts[0] += 1
            counts[1] += 1

    def uncount(self, *, is_read: bool) -> None:
        """Take the last request back, where refused ones are free."""
        for counts in (self._overall, self._read) if is_read else (self._overall,):
            counts[0] = max(0, counts[0] - 1)
            counts[1] = max(0, counts[1] - 1)

    def exceeded(self, *, is_read: bool) -> str | None:
        """Which limit the last counted request went over: "overall", "read" or None."""
        limits = self.limits
        if self._overall[0] > limits.overall_quarter or self._overall[1] > limits.overall_day:
            return "overall"
        if is_read and (self._read[0] > limits.read_quarter or self._read[1] > limits.read_day):
            return "read"
        return None

    def usage(self, now: datetime) -> dict[str, list[int]]:
        """Quarter-hour and day counts of both classes."""
        self._open_windows(now)
        return {"overall": list(self._overall), "read": list(self._read)}

    @property
    def overall(self) -> tuple[int, int]:
        """Quarter-hour and day counts of all requests, as they stand after the last counted one."""
        return self._overall[0], self._overall[1]

    @property
    def read(self) -> tuple[int, int]:
        """Quarter-hour and day counts of reads, as they stand after the last counted request."""
        return self._read[0], self._read[1]

    def _open_windows(self, now: datetime) -> None:
        # Not equal, rather than later: a clock that is set back opens a new window, too.
        second = int(now.timestamp())
        if second // QUARTER_S != self._quarter:
            self._quarter = second // QUARTER_S
            self._overall[0] = self._read[0] = 0
        if second // DAY_S != self._day:
            self._day = second // DAY_S
            self._overall[1] = self._read[1] = 0
