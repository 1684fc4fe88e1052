"""The hardest minute of a run by heart rate."""

from __future__ import annotations

from paceport.training.metrics.best_by_duration import best_means
from paceport.training.metrics.heart_rate import HeartRateIntervals


def best_minute_bpm(heart: HeartRateIntervals | None) -> float | None:
    """The highest mean heart rate over any 60 s of which every second is known, in bpm; None without such a minute.

    The ends may lie between samples; the rate of a sample stands for the interval that ends with it.
    Source: docs/metrics.md#maximum-heart-rate.
    """
    if heart is None:
        return None
    found = best_means(heart.edges_s, heart.known_beats, durations_s=(60.0,), gaps=heart.known_s <= 0)
    return found[0].mean_per_s if found else None
