"""Durability: how heart rate and speed come apart over a long run. No arrays here."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.unknown import Unknown

SEGMENT_M = 5000.0
LEAST_M = 15_000.0 - 1e-6  # kilometres 5 to 10, and one later segment
_ONSET_ABOVE = 1.025
_LEAST_COVERAGE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Five kilometres of a run from `start_m` on: mean heart rate and grade-adjusted speed over the moving time.

    `heartrate_coverage_ratio` is the share of that time with a known heart rate.
    """

    start_m: float
    heartrate_bpm: float
    adjusted_speed_mps: float
    heartrate_coverage_ratio: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One later segment against kilometres 5 to 10: above 1, each metre costs more heartbeats than there."""

    start_m: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """The drift of every later segment, that of the last, and where it set in (None: it never did)."""

    drifts: tuple[Drift, ...]
    last_ratio: float
    onset_m: float | None


def drift_ratio(reference: Segment, later: Segment) -> float:
    """(HR₂/HR₁) · (v₁/v₂): how many more heartbeats a metre takes than in the reference."""
    return later.heartrate_bpm / reference.heartrate_bpm * reference.adjusted_speed_mps / later.adjusted_speed_mps


def durability(segments: Sequence[Segment]) -> Durability | Unknown:
    """Segment 5 to 10 km against each later segment of 5 km, in the order of the run.

    The drift sets in where the ratio passes 1.025 for good:
    at the start of the first segment from which on all are above. Unknown without kilometres 5 to 15, or where one of
    the segments has a heart rate for less than 90 % of its time. Source: Smyth et al., Sports Med 52:2283, 2022;
    docs/metrics.md#durability.
    """
    reference = next((one for one in segments if abs(one.start_m - SEGMENT_M) < 1.0), None)
    later = [one for one in segments if one.start_m > SEGMENT_M + 1.0]
    if reference is None or not later:
        return Unknown(reason="the run is shorter than 15 km")
    if any(one.heartrate_coverage_ratio < _LEAST_COVERAGE for one in (reference, *later)):
        return Unknown(reason="the heart rate is known for less than 90 % of a part")
    if any(not (one.heartrate_bpm > 0 and one.adjusted_speed_mps > 0) for one in (reference, *later)):
        return Unknown(reason="a part has no heart rate or no speed")
    drifts = tuple(Drift(start_m=one.start_m, ratio=drift_ratio(reference, one)) for one in later)
    return Durability(
        drifts=drifts,
        last_ratio=drifts[-1].ratio,
        onset_m=_onset_m(drifts),
    )


def _onset_m(drifts: Sequence[Drift]) -> float | None:
    onset_m = None
    for drift in reversed(drifts):
        if drift.ratio <= _ONSET_ABOVE:
            break
        onset_m = drift.start_m
    return onset_m
