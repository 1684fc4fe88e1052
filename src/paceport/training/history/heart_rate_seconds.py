"""A run's heart rate as seconds at each whole beat: enough for every load and zone, whatever the athlete's facts are.

Stored results must not depend on zones or a maximum that change, or that came from the API and must be forgotten. So
`run_results` makes these tallies, and loads and times in zones are summed from them when somebody asks. They are stored
as whole milliseconds in binary: a question about all runs would spend most of its time reading numbers from JSON.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from operator import mul
from typing import Any

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.trimp import banister_weights, edwards_trimp, heartrate_stress

_HEAD = 2  # numbers before the seconds: the first rate, and the coverage in ten thousandths
_WHOLE_COVERAGE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeartRateSeconds:
    """Milliseconds with a known heart rate, and those of them that were moving, at each beat from `first_bpm` on."""

    first_bpm: int
    known_ms: Sequence[int]
    moving_ms: Sequence[int]
    coverage_ratio: float

    def load(self, athlete: AthleteFacts) -> float | None:
        """Banister's training impulse; None while rest or maximum are not known. docs/metrics.md#trimp."""
        if athlete.rest_bpm is None or athlete.max_bpm is None:
            return None
        weights = banister_weights(athlete.rest_bpm, athlete.max_bpm, athlete.sex, athlete.trimp_variant)
        if weights is None:
            return None
        # A tally holds rates that devices record; beyond the last weight nothing beats faster.
        last = len(weights) - 1
        at_each = weights[self.first_bpm : self.first_bpm + len(self.known_ms)]
        beyond = sum(self.known_ms[max(last + 1 - self.first_bpm, 0) :]) * weights[last]
        return float(sum(map(mul, self.known_ms, at_each)) + beyond) / 1000.0

    def edwards_load(self, athlete: AthleteFacts) -> float | None:
        """Edwards' load; None while the maximum is not known. docs/metrics.md#edwards-trimp."""
        if athlete.max_bpm is None:
            return None
        return edwards_trimp(self._rates_bpm(), self._known_s(), max_bpm=athlete.max_bpm)

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
        """Moving seconds in each zone, easiest first; empty without zones. A rate on an edge is of the harder zone."""
        if not athlete.zone_edges_bpm:
            return ()
        rates = len(self.moving_ms)
        ends = [min(max(ceil(edge) - self.first_bpm, 0), rates) for edge in athlete.zone_edges_bpm]
        return tuple(
            sum(self.moving_ms[start:end]) / 1000.0 for start, end in zip((0, *ends), (*ends, rates), strict=True)
        )

    def _rates_bpm(self) -> range:
        return range(self.first_bpm, self.first_bpm + len(self.known_ms))

    def _known_s(self) -> Iterator[float]:
        return (spent_ms / 1000.0 for spent_ms in self.known_ms)


def packed_heart_rate(plain: Mapping[str, Any] | None) -> bytes | None:
    """A tally of `run_results` as it is stored; None for none, and for one whose numbers need the JSON text.

    Unsigned numbers of 32 bits, the low byte first: the first rate, the coverage, known and moving milliseconds.
    """
    if plain is None:
        return None
    try:
        packed = array("I", [int(plain["first_bpm"]), round(_WHOLE_COVERAGE * plain["coverage_ratio"])])
        for name in ("known_s", "moving_s"):
            packed.extend([round(1000.0 * spent_s) for spent_s in plain[name]])
    except OverflowError:
        return None
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def parse_heart_rate_seconds(stored: bytes | str | None) -> HeartRateSeconds | None:
    """The tally that was stored, packed or as JSON; None for none, and for what is no tally."""
    if isinstance(stored, bytes):
        return _unpacked(stored)
    try:
        plain = json.loads(stored) if stored is not None else None
        if plain is None:
            return None
        known_ms, moving_ms = ([round(1000.0 * spent_s) for spent_s in plain[name]] for name in ("known_s", "moving_s"))
        first_bpm = round(plain["first_bpm"])
        if len(known_ms) != len(moving_ms) or not isinstance(plain["known_s"], list) or first_bpm < 0:
            return None
        return HeartRateSeconds(
            first_bpm=first_bpm,
            known_ms=known_ms,
            moving_ms=moving_ms,
            coverage_ratio=float(plain["coverage_ratio"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def _unpacked(block: bytes) -> HeartRateSeconds | None:
    if len(block) % 8 or len(block) < 4 * _HEAD:
        return None
    packed = array("I", block)
    if sys.byteorder == "big":
        packed.byteswap()
    middle = (len(packed) + _HEAD) // 2
    return HeartRateSeconds(
        first_bpm=packed[0],
        known_ms=packed[_HEAD:middle],
        moving_ms=packed[middle:],
        coverage_ratio=packed[1] / _WHOLE_COVERAGE,
    )
