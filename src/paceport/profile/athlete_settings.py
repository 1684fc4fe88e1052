"""The `[athlete]` table of the user's settings file: what the analysis cannot see in the runs."""

from __future__ import annotations

from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.load_source import LoadChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteSettings:
    """Heart rates in beats per minute, None where not set. `zones_bpm` are the inner edges, rising.

    `max_bpm_by_year` are calendar years with a maximum of their own.

    `trimp` is which constants women's training load takes. `not_records` are ids of runs that set no record.
    `threshold_mps` and `threshold_w` are what can be held for an hour. `load` is the source whose scale all loads are
    on, or "auto"; `form_sports` are the SportTypes that count in fitness and form, all of them if empty.
    """

    max_bpm: float | None = None
    max_bpm_by_year: tuple[tuple[int, float], ...] = ()
    rest_bpm: float | None = None
    threshold_bpm: float | None = None
    zones_bpm: tuple[float, ...] = ()
    sex: Literal["male", "female"] | None = None
    trimp: Literal["banister", "fellrnr"] = "banister"
    not_records: tuple[int, ...] = ()
    threshold_mps: float | None = None
    threshold_w: float | None = None
    load: LoadChoice = "auto"
    form_sports: tuple[str, ...] = ()
