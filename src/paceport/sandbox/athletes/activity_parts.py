"""What is computed from an activity's recording: track, splits, laps, best efforts, relative effort, calories."""

from __future__ import annotations

from paceport.sandbox.athletes import effort, splits
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.polyline import FULL_TOLERANCE_M, encode, thin


def full_polyline(activity: Activity) -> str:
    """The full encoded track, `""` without one."""
    recording = activity.recording
    if recording is None or recording.latlng is None:
        return ""
    return encode(thin(recording.latlng, FULL_TOLERANCE_M))


def splits_metric(activity: Activity) -> tuple[splits.Split, ...]:
    """Splits by kilometre; empty but for runs."""
    recording = activity.recording if activity.is_run else None
    return () if recording is None else splits.splits(recording)


def splits_standard(activity: Activity) -> tuple[splits.Split, ...]:
    """Splits by mile; empty but for runs."""
    recording = activity.recording if activity.is_run else None
    return () if recording is None else splits.splits(recording, splits.MILE_M)


def laps(activity: Activity) -> tuple[splits.Lap, ...]:
    """Laps; empty for a manual entry."""
    return () if activity.recording is None else splits.laps(activity.recording)


def best_efforts(activity: Activity) -> tuple[splits.BestEffort, ...]:
    """Best efforts over the standard distances; empty but for runs."""
    return activity.source.best_efforts() if activity.is_run else ()


def suffer_score(activity: Activity) -> float | None:
    """Relative effort; None without heart rate."""
    times_s = activity.heartrate_zone_times_s
    return None if times_s is None else effort.suffer_score(times_s)


def calories(activity: Activity) -> float:
    """Kilocalories, an estimate from weight, distance and sport."""
    return effort.calories(activity.summary, activity.sport_type, activity.weight_kg)
