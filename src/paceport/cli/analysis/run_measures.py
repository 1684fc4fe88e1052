"""The part of `run` that its samples add: effective VO2max, durability, climbs, power, the best of each duration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.cli.analysis.history_session import HistorySession
from paceport.cli.table import KEY, Column, numbers
from paceport.training.metrics.duration_names import duration_name
from paceport.units import UNKNOWN

if TYPE_CHECKING:
    from paceport.training.history.measured_run import MeasuredRun


def measures_as_json(found: MeasuredRun) -> dict[str, object]:
    """`measures` of `run --json`."""
    return {
        "effective_vo2max": found.effective_vo2max,
        "no_vo2max_because": found.no_vo2max_because,
        "durability_ratio": found.durability_ratio,
        "durability_onset_m": found.durability_onset_m,
        "drifts": [{"start_m": start_m, "ratio": ratio} for start_m, ratio in found.drifts],
        "climbed_m": found.climbed_m,
        "climb_rate_m_per_h": found.climb_rate_m_per_h,
        "climbs": [{"start_s": start, "end_s": end, "rise_m": rise} for start, end, rise in found.climbs],
        "power_w": found.power_w,
        "normalised_power_w": found.normalised_power_w,
        "work_kj": found.work_kj,
        "device_temperature_c": found.device_temperature_c,
        "own_adjusted_speed_mps": found.own_adjusted_speed_mps,
        "best_by_duration": [
            {
                "duration_s": one.duration_s,
                "speed_mps": one.speed_mps,
                "adjusted_speed_mps": one.adjusted_speed_mps,
                "power_w": one.power_w,
            }
            for one in found.bests
        ],
        "grades": [
            {
                "grade_percent": one.grade_percent,
                "distance_m": one.distance_m,
                "moving_time_s": one.moving_time_s,
                "heartrate_bpm": 60.0 * one.heart_beats / one.heart_s if one.heart_s > 0 else None,
            }
            for one in found.grades
        ],
    }


def show_bests_by_duration(opened: HistorySession, found: MeasuredRun) -> None:
    """The best pace, grade-adjusted pace and power of each duration."""
    output, units = opened.output, opened.units
    if not found.bests:
        return
    with_power = any(one.power_w is not None for one in found.bests)
    output.blank_line()
    output.heading("Best by duration, elapsed time")
    output.table(
        [
            Column(heading="Duration", kind="number", importance=KEY),
            *numbers(f"min/{units.name}", importance=KEY),
            *numbers("GAP", importance=6),
            *(numbers("Watts", importance=7) if with_power else ()),
        ],
        [
            [
                duration_name(one.duration_s),
                units.pace(one.speed_mps),
                units.pace(one.adjusted_speed_mps),
                *([UNKNOWN if one.power_w is None else f"{one.power_w:.0f}"] if with_power else []),
            ]
            for one in found.bests
        ],
    )
