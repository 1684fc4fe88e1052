"""What one activity achieved: which of its efforts were among the athlete's three best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Achieved:
    """What one activity achieved: rank 1 to 3 of best efforts by name, and of segment efforts by id."""

    best_efforts: Mapping[str, int] = field(default_factory=dict)
    segment_efforts: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many achievements there are."""
        return len(self.best_efforts) + len(self.segment_efforts)

    @property
    def pr_count(self) -> int:
        """How many of them are records of the athlete's own."""
        return sum(rank == 1 for rank in (*self.best_efforts.values(), *self.segment_efforts.values()))


NOTHING_ACHIEVED = Achieved()
