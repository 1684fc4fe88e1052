"""Words for durations and drifts, the same in every table."""

from __future__ import annotations

_MODERATE_FROM, _HIGH_ABOVE = 1.1, 1.2


def duration_name(duration_s: float) -> str:
    """A round duration as people say it: `15 s`, `5 min`, `2 h`."""
    if duration_s < 60:
        return f"{duration_s:.0f} s"
    return f"{duration_s / 60:.0f} min" if duration_s < 3600 else f"{duration_s / 3600:.0f} h"


def drift_class_text(ratio: float) -> str:
    """The word for a drift; docs/metrics.md#durability."""
    if ratio < _MODERATE_FROM:
        return "low"
    return "moderate" if ratio <= _HIGH_ABOVE else "high"
