"""What the samples of one run say beside its splits: bests by duration, durability, climbs, power, effective VO2max."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.training.history.effective_uptake import effective_uptake
from paceport.training.history.history import History
from paceport.training.history.own_adjustment import stored_adjustment
from paceport.training.history.run import Run
from paceport.training.history.stored_rows import stored_rows

if TYPE_CHECKING:
    from paceport.logbook.database.measure_rows import DurationBest, GradeRow
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRun:
    """The measures of one run; None is "not known".

    `effective_vo2max` is in ml per kg and minute, None with the reason in `no_vo2max_because`. `drifts` are (start_m,
    ratio) of each later five kilometres, `climbs` (start_s, end_s, rise_m) of each rise of 30 m and more.
    `own_adjusted_speed_mps` is by the athlete's own grade adjustment, where it is better than the general one.
    """

    effective_vo2max: float | None
    no_vo2max_because: str | None
    durability_ratio: float | None
    durability_onset_m: float | None
    drifts: tuple[tuple[float, float], ...]
    climbed_m: float | None
    climb_rate_m_per_h: float | None
    climbs: tuple[tuple[float, float, float], ...]
    power_w: float | None
    normalised_power_w: float | None
    work_kj: float | None
    device_temperature_c: float | None
    own_adjusted_speed_mps: float | None
    bests: tuple[DurationBest, ...]
    grades: tuple[GradeRow, ...]


def measured_run(store: Store, history: History, run: Run) -> MeasuredRun:
    """The measures of a run of that history."""
    rows, own_only = store.measure_rows, history.is_own_only
    found = rows.of_run(run.id, own_only=own_only)

    def number(name: str) -> float | None:
        value = found.get(name)
        return float(value) if isinstance(value, float | int) else None

    grades = tuple(rows.grade_bins(own_only=own_only, run_id=run.id))
    uptake = effective_uptake(run, found or None, history.facts.athlete)
    return MeasuredRun(
        effective_vo2max=uptake if isinstance(uptake, float) else None,
        no_vo2max_because=None if isinstance(uptake, float) else uptake,
        durability_ratio=number("durability_ratio"),
        durability_onset_m=number("durability_onset_m"),
        drifts=tuple((row[0], row[1]) for row in stored_rows(found.get("drifts"), 2)),
        climbed_m=number("climbed_m"),
        climb_rate_m_per_h=number("climb_rate_m_per_h"),
        climbs=tuple((row[0], row[1], row[2]) for row in stored_rows(found.get("climbs"), 3)),
        power_w=number("power_w"),
        normalised_power_w=number("normalised_power_w"),
        work_kj=number("work_kj"),
        device_temperature_c=number("device_temperature_c"),
        own_adjusted_speed_mps=_own_adjusted_speed_mps(store, run, grades),
        bests=tuple(rows.duration_bests(own_only=own_only, run_id=run.id)),
        grades=grades,
    )


def _own_adjusted_speed_mps(store: Store, run: Run, grades: Sequence[GradeRow]) -> float | None:
    own = stored_adjustment(store)
    if own is None or not own.is_better or run.adjusted_speed_mps is None or not run.is_adjusted_here:
        return None
    ratio = own.over_general(grades)
    return None if ratio is None else ratio * run.adjusted_speed_mps
