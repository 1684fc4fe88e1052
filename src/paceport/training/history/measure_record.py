"""The measures of a run as they are stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from paceport.logbook.database.activity_record import MeasureRecord

if TYPE_CHECKING:
    from paceport.training.metrics.run_measures import RunMeasures


def measure_record(found: RunMeasures) -> MeasureRecord:
    """The rows of a run's measures."""
    return MeasureRecord(
        columns={
            **found.columns,
            "speeds": found.speeds.to_json() if found.speeds else None,
            "packed_speeds": found.speeds.packed() if found.speeds else None,
            "drifts": _text([[round(start_m), round(ratio, 5)] for start_m, ratio in found.drifts]),
            "climbs": _text([[round(c.start_s, 1), round(c.end_s, 1), round(c.rise_m, 1)] for c in found.climbs]),
            "grade_windows": _text(
                [[round(w.grade_ratio, 4), round(w.speed_mps, 3), round(w.heartrate_bpm, 1)] for w in found.windows]
            ),
        },
        duration_bests=found.bests,
        grade_bins=tuple(
            (each.grade_percent, each.distance_m, each.moving_time_s, each.heart_beats, each.heart_s)
            for each in found.grade_bins
        ),
    )


def _text(rows: list[list[float]]) -> str | None:
    return json.dumps(rows, separators=(",", ":")) if rows else None
