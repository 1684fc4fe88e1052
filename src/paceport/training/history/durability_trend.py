"""How heart rate and pace come apart over long runs, and whether that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from paceport.lazy_dataclass import dataclass
from paceport.training.history.run import Run
from paceport.training.metrics.averages import median
from paceport.training.metrics.trend import Trend, trend


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRun:
    """A run of 15 km and more: drift of its last five kilometres, and where it set in (None: it never did)."""

    run_id: int
    day: date
    distance_m: float | None
    ratio: float
    onset_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DurabilityTrend:
    """Decoupling of every run that has one, in per cent, and the drift of the long runs; both oldest first.

    The trends are per year, None with fewer than eight weeks. `median_onset_m` is over the runs where drift set in.
    """

    decoupling: tuple[tuple[date, float], ...]
    decoupling_trend: Trend | None
    long_runs: tuple[LongRun, ...]
    ratio_trend: Trend | None
    median_onset_m: float | None


def durability_trend(measures: Mapping[int, Mapping[str, Any]], runs: Sequence[Run]) -> DurabilityTrend:
    """Durability and decoupling of these runs; `measures` has the durability columns by run.

    docs/metrics.md#durability and #decoupling.
    """
    decoupling = tuple((run.day, run.decoupling_percent) for run in runs if run.decoupling_percent is not None)
    long_runs = tuple(
        LongRun(
            run_id=run.id,
            day=run.day,
            distance_m=run.distance_m,
            ratio=found["durability_ratio"],
            onset_m=found["durability_onset_m"],
        )
        for run in runs
        if (found := measures.get(run.id)) is not None and isinstance(found["durability_ratio"], float)
    )
    onsets = [one.onset_m for one in long_runs if one.onset_m is not None]
    return DurabilityTrend(
        decoupling=decoupling,
        decoupling_trend=trend(decoupling),
        long_runs=long_runs,
        ratio_trend=trend((one.day, one.ratio) for one in long_runs),
        median_onset_m=median(onsets) if onsets else None,
    )
