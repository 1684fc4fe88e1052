"""The `[athlete]` table of the user's settings file: what the analysis cannot see in the runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteSettings:
    """Heart rates in beats per minute, None where not set. `zones_bpm` are the inner edges, rising.

    `trimp` is which constants women's training load takes. `not_records` are ids of runs that set no record.
    """

    max_bpm: float | None = None
    rest_bpm: float | None = None
    threshold_bpm: float | None = None
    zones_bpm: tuple[float, ...] = ()
    sex: Literal["male", "female"] | None = None
    trimp: Literal["banister", "fellrnr"] = "banister"
    not_records: tuple[int, ...] = ()
