"""The best pace, or power, over each duration: the curve of all runs and of every year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from paceport.lazy_dataclass import dataclass
from paceport.training.history.coverage import Coverage, coverage
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.pace_duration_curve import PaceDurationCurve, RunBestSpeed, pace_duration_curve
from paceport.training.metrics.personal_records import why_implausible

if TYPE_CHECKING:
    from paceport.logbook.database.measure_rows import DurationBest
    from paceport.logbook.database.store import Store

CurveKind = Literal["pace", "adjusted", "power"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationCurve:
    """The curve, in m/s or watts, and on how many runs it rests."""

    kind: CurveKind
    curve: PaceDurationCurve
    coverage: Coverage


def duration_curve(store: Store, history: History, kind: CurveKind = "pace") -> DurationCurve:
    """The fastest speed as run, the fastest grade-adjusted speed, or the highest power over each duration.

    A run with a doubtful effort is left out, as are treadmills and virtual runs. docs/metrics.md#pace-duration-curve.
    """
    excluded = store.run_rows.doubted_runs(own_only=history.is_own_only)
    runs = {run.id: run for run in history.runs if _may_count(run, excluded, kind)}
    rows = store.measure_rows.duration_bests(own_only=history.is_own_only)
    known = {one.run_id for one in rows if _value(one, kind) is not None}

    def why_not(run: Run) -> str | None:
        if run.id not in runs:
            return f"not counted ({excluded.get(run.id) or 'treadmill or virtual run'})"
        if run.id in known:
            return None
        return "without a track" if not run.has_track else f"without {_MISSING[kind]}"

    curve = pace_duration_curve(_best_of_each_year(rows, runs, kind), is_speed=kind != "power")
    return DurationCurve(kind=kind, curve=curve, coverage=coverage(history.runs, why_not))


def _best_of_each_year(
    rows: Sequence[DurationBest], runs: Mapping[int, Run], kind: CurveKind
) -> Iterable[RunBestSpeed]:
    """The best of each year over each duration: of thousands of rows few are left to look at closely."""
    best: dict[tuple[int, float], RunBestSpeed] = {}
    for one in rows:
        run, value = runs.get(one.run_id), _value(one, kind)
        if run is None or value is None:
            continue
        key = run.day.year, one.duration_s
        standing = best.get(key)
        if standing is not None and (value, standing.day) < (standing.speed_mps, run.day):
            continue
        if kind == "power" or why_implausible(value * one.duration_s, one.duration_s) is None:
            best[key] = RunBestSpeed(run_id=run.id, day=run.day, duration_s=one.duration_s, speed_mps=value)
    return best.values()


_MISSING = {"pace": "15 s of distance", "adjusted": "an altitude", "power": "running power"}


def _value(one: DurationBest, kind: CurveKind) -> float | None:
    if kind == "power":
        return one.power_w
    return one.speed_mps if kind == "pace" else one.adjusted_speed_mps


def _may_count(run: Run, excluded: Mapping[int, str], kind: CurveKind) -> bool:
    return kind == "power" or not (run.is_indoor or run.sport == "VirtualRun" or run.id in excluded)
