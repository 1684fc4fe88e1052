"""What a sync did, and what is left."""

from dataclasses import asdict, field
from datetime import datetime

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """The final account of a sync.

    `new`, `changed`, `deleted` activities against what was known before; `withheld` vanished all at once and were left
    alone. `facts` of the athlete (profile, zones), `details` and `streams` were fetched. `left` requests are still to
    be made, `stopped` says why not now; `held_back` runs are beyond what can be kept.
    `without_samples` are the activities of other sports that the list alone tells of. `is_complete`: this sync read the
    whole list; `complete_at` is when that last began.
    """

    activities: int
    new: int
    changed: int
    deleted: int
    withheld: int
    facts: tuple[str, ...]
    details: int
    streams: int
    quarantined: int
    left: int
    held_back: int
    without_samples: int
    requests: int
    is_complete: bool
    complete_at: datetime | None
    stopped: str
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The numbers, ready for JSON."""
        values = asdict(self)
        values["complete_at"] = self.complete_at.isoformat().replace("+00:00", "Z") if self.complete_at else None
        return values

    def line(self) -> str:
        """All of it on one line, for a log."""
        parts = [f"{self.new:,} new, {self.changed:,} changed, {self.deleted:,} deleted of {self.activities:,}"]
        if self.details or self.streams:
            parts.append(f"{self.details:,} details and {self.streams:,} streams fetched")
        if self.facts:
            parts.append(f"your {' and '.join(self.facts)} fetched")
        for count, word in ((self.withheld, "disappeared and left alone"), (self.quarantined, "refused")):
            if count:
                parts.append(f"{count:,} {word}")
        if self.left:
            parts.append(f"{self.left:,} requests left ({self.stopped})" if self.stopped else f"{self.left:,} left")
        parts.append(f"{self.requests:,} requests")
        return "sync: " + "; ".join(parts)


@dataclass(slots=True, kw_only=True)
class SyncTally:
    """The account while it grows."""

    new: int = 0
    changed: int = 0
    deleted: int = 0
    withheld: int = 0
    facts: list[str] = field(default_factory=list)
    details: int = 0
    streams: int = 0
    quarantined: int = 0
    stopped: str = ""
    is_complete: bool = False
    notes: list[str] = field(default_factory=list)
