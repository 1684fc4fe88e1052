"""A run as it is stored: each of its figures is worked out when somebody first asks for it.

A list of twenty runs out of thousands asks for few figures of few runs, and the times and loads of a heart rate cost
more than all else together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from paceport.training.history.heart_rate_seconds import HeartRateSeconds, parse_heart_rate_seconds
from paceport.training.history.run import Run
from paceport.training.metrics.athlete import AthleteFacts

_Row = Mapping[str, Any]


class StoredRun(Run):
    """A run whose fields are filled from its row, what was computed of it, and the athlete, as they are asked for."""

    __slots__ = ("_athlete", "_heart", "_result", "_row")
    _athlete: AthleteFacts
    _heart: HeartRateSeconds | None
    _result: _Row
    _row: _Row

    def __getattr__(self, name: str) -> object:
        """The value of a field that is asked for the first time. Python calls this for fields without a value only."""
        if name == "_heart":
            value: object = parse_heart_rate_seconds(self._result.get("heart"))
        elif name in _AS_STORED:
            value = self._row[name]
        elif name in _FROM_ROW:
            value = _FROM_ROW[name](self._row)
        elif name in _FROM_RESULT:
            value = _FROM_RESULT[name](self._row, self._result)
        elif name == "load" and isinstance(self._result.get("training_load"), float):
            value = self._result["training_load"]
        elif name in _FROM_HEART:
            value = _FROM_HEART[name](self._heart, self._athlete)
        else:
            raise AttributeError(f"a run has no {name}", name=name, obj=self)
        object.__setattr__(self, name, value)
        return value


def stored_run(row: _Row, result: _Row, athlete: AthleteFacts) -> StoredRun:
    """The run of a row of the store, of what was computed (may be empty), and of the athlete whose loads are wanted.

    A `training_load` among what was computed must be that athlete's.
    """
    run = StoredRun.__new__(StoredRun)
    for name, value in (("_row", row), ("_result", result), ("_athlete", athlete)):
        object.__setattr__(run, name, value)
    return run


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _first_number(*values: object) -> float | None:
    return next((number for number in map(_number, values) if number is not None), None)


def _claim(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _speed_mps(row: _Row) -> float | None:
    distance_m, moving_s = _above_zero(row["distance_m"]), _above_zero(row["moving_time_s"])
    return distance_m / moving_s if distance_m and moving_s else None


def _adjusted_speed_mps(row: _Row, result: _Row) -> float | None:
    adjusted = _number(result.get("adjusted_speed_mps"))
    return adjusted if adjusted is not None else _above_zero(row["average_gap_mps"])


_AS_STORED = frozenset(
    {
        *("id", "strava_id", "source", "name", "sport", "timezone", "distance_m", "moving_time_s"),
        *("elevation_gain_m", "gear", "device_name"),
    }
)
_FROM_ROW: dict[str, Callable[[_Row], object]] = {
    "start": lambda row: datetime.fromisoformat(row["start_utc"]),
    "local_start": lambda row: datetime.fromisoformat(row["local_start"]),
    "speed_mps": _speed_mps,
    "heartrate_bpm": lambda row: _above_zero(row["average_heartrate_bpm"]),
    "highest_heartrate_bpm": lambda row: _above_zero(row["max_heartrate_bpm"]),
    "cadence_spm": lambda row: _above_zero(row["average_cadence_spm"]),
    "is_manual": lambda row: bool(row["is_manual"]),
    "is_indoor": lambda row: bool(row["is_indoor"]),
    "is_commute": lambda row: _claim(row["is_commute"]),
    "is_private": lambda row: _claim(row["is_private"]),
    "is_race": lambda row: _claim(row["is_race"]),
    "has_track": lambda row: bool(row["has_track"]),
    "is_deleted_at_strava": lambda row: row["deleted_at_strava"] is not None,
    "other_recordings": lambda row: row.get("other_recordings", 0),
    "expires_at": lambda row: datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None,
}
_FROM_RESULT: dict[str, Callable[[_Row, _Row], object]] = {
    "elapsed_time_s": lambda row, result: _first_number(row["elapsed_time_s"], result.get("elapsed_time_s")),
    "adjusted_speed_mps": _adjusted_speed_mps,
    "is_adjusted_here": lambda _, result: _number(result.get("adjusted_speed_mps")) is not None,
    "efficiency_factor": lambda _, result: _number(result.get("efficiency_factor")),
    "decoupling_percent": lambda _, result: _number(result.get("decoupling_percent")),
    "polyline": lambda _, result: result.get("polyline"),
}
_FROM_HEART: dict[str, Callable[[HeartRateSeconds | None, AthleteFacts], object]] = {
    "load": lambda heart, athlete: heart.load(athlete) if heart else None,
    "edwards_load": lambda heart, athlete: heart.edwards_load(athlete) if heart else None,
    "heartrate_stress": lambda heart, athlete: heart.stress(athlete) if heart else None,
    "time_in_zones_s": lambda heart, athlete: heart.time_in_zones_s(athlete) if heart else (),
    "heartrate_coverage_ratio": lambda heart, _: heart.coverage_ratio if heart else 0.0,
}
