"""How much of an answer comes from the API."""

from __future__ import annotations

from datetime import datetime

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheShare:
    """How many runs come from the cache alone, and from when to when they expire; None where there are none."""

    runs: int
    first_expiry: datetime | None
    last_expiry: datetime | None
