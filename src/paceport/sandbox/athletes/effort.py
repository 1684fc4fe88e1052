"""How hard an activity was: time in zones, relative effort, calories.

By design: the real formulas of relative effort and calories are unpublished.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from paceport.sandbox.athletes.recording import Floats, Recording, Summary, Whole

# Points an hour spent in each heart rate zone: the often-quoted weights of the old suffer score.
SCORE_PER_HOUR = (12.0, 24.0, 45.0, 100.0, 120.0)
# Kilocalories per kilogram: each kilometre on foot, each hour of anything else.
KCAL_PER_KG_KM = {"Run": 1.0, "TrailRun": 1.08, "VirtualRun": 1.0, "Walk": 0.72, "Hike": 0.85}
KCAL_PER_KG_H = 4.5


def zone_times_s(recording: Recording, channel: Floats | Whole, bounds: Sequence[float]) -> tuple[int, ...]:
    """Moving seconds in each of len(bounds) + 1 zones of a channel; a value on a bound belongs to the upper one."""
    steps = np.diff(recording.time_s, prepend=0) * recording.moving
    zones = np.searchsorted(np.asarray(bounds, dtype=np.float64), np.asarray(channel), side="right")
    return tuple(np.bincount(zones, weights=steps, minlength=len(bounds) + 1).astype(int).tolist())


def heartrate_zone_times_s(recording: Recording | None, bounds: Sequence[float]) -> tuple[int, ...] | None:
    """Moving seconds in the heart rate zones between the bounds; None without heart rate."""
    if recording is None or recording.heartrate_bpm is None:
        return None
    return zone_times_s(recording, recording.heartrate_bpm, bounds)


def suffer_score(heartrate_zone_times_s: Sequence[int]) -> float:
    """Relative effort from the seconds in five heart rate zones, whole points."""
    points = sum(weight * time_s for weight, time_s in zip(SCORE_PER_HOUR, heartrate_zone_times_s, strict=True))
    return float(round(points / 3600.0))


def calories(summary: Summary, sport_type: str, weight_kg: float) -> float:
    """Kilocalories: by distance and weight on foot, by work with a power meter, else by time."""
    if summary.kilojoules is not None:
        return round(summary.kilojoules * 1.045, 1)
    if sport_type in KCAL_PER_KG_KM and summary.distance_m > 0:
        return round(KCAL_PER_KG_KM[sport_type] * weight_kg * summary.distance_m / 1000.0, 1)
    return round(KCAL_PER_KG_H * weight_kg * summary.moving_time_s / 3600.0, 1)
