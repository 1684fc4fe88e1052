"""Why a number is not known."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """In place of a number that nobody could trust. `reason` is a clause to show: "fewer than 40 runs"."""

    reason: str
