"""A run's heart rate as seconds at each whole beat: enough for every load and zone, whatever the athlete's facts are.

Stored results must not depend on zones or a maximum that change, or that came from the API and must be forgotten. So
`run_results` makes these tallies, and loads and times in zones are summed from them when somebody asks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.heart_rate_zones import time_in_zones_s
from paceport.training.metrics.trimp import banister_trimp, edwards_trimp, heartrate_stress


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeartRateSeconds:
    """Seconds with a known heart rate, and those of them that were moving, at each rate in beats per minute."""

    rates_bpm: Sequence[float]
    known_s: Sequence[float]
    moving_s: Sequence[float]
    coverage_ratio: float

    def load(self, athlete: AthleteFacts) -> float | None:
        """Banister's training impulse; None while rest or maximum are not known. docs/metrics.md#trimp."""
        if athlete.rest_bpm is None or athlete.max_bpm is None:
            return None
        return banister_trimp(
            self.rates_bpm,
            self.known_s,
            rest_bpm=athlete.rest_bpm,
            max_bpm=athlete.max_bpm,
            sex=athlete.sex,
            variant=athlete.trimp_variant,
        )

    def edwards_load(self, athlete: AthleteFacts) -> float | None:
        """Edwards' load; None while the maximum is not known. docs/metrics.md#edwards-trimp."""
        if athlete.max_bpm is None:
            return None
        return edwards_trimp(self.rates_bpm, self.known_s, max_bpm=athlete.max_bpm)

    def stress(self, athlete: AthleteFacts) -> float | None:
        """hrTSS; None while rest, maximum or threshold are not known. docs/metrics.md#heart-rate-stress."""
        load = self.load(athlete)
        if load is None or athlete.rest_bpm is None or athlete.max_bpm is None or athlete.threshold_bpm is None:
            return None
        return heartrate_stress(
            load,
            threshold_bpm=athlete.threshold_bpm,
            rest_bpm=athlete.rest_bpm,
            max_bpm=athlete.max_bpm,
            sex=athlete.sex,
            variant=athlete.trimp_variant,
        )

    def time_in_zones_s(self, athlete: AthleteFacts) -> tuple[float, ...]:
        """Moving seconds in each zone, easiest first; empty without zones."""
        return time_in_zones_s(self.rates_bpm, self.moving_s, athlete.zone_edges_bpm) if athlete.zone_edges_bpm else ()


def parse_heart_rate_seconds(text: str | None) -> HeartRateSeconds | None:
    """The tally that a stored text holds; None for none, and for a text that is no tally."""
    try:
        plain = json.loads(text) if text is not None else None
        if plain is None:
            return None
        known_s, moving_s = (list(map(float, plain[name])) for name in ("known_s", "moving_s"))
        if len(known_s) != len(moving_s) or not isinstance(plain["known_s"], list):
            return None
        first_bpm = float(plain["first_bpm"])
        return HeartRateSeconds(
            rates_bpm=[first_bpm + beats for beats in range(len(known_s))],
            known_s=known_s,
            moving_s=moving_s,
            coverage_ratio=float(plain["coverage_ratio"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
