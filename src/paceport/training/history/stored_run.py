"""A run as it is stored: each of its figures is worked out when somebody first asks for it.

A list of twenty runs out of thousands asks for few figures of few runs, and the times and loads of a heart rate cost
more than all else together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from paceport.training.history.heart_rate_seconds import HeartRateSeconds, parse_heart_rate_seconds
from paceport.training.history.run import Run
from paceport.training.metrics.athlete import AthleteFacts

_Row = Mapping[str, Any]


class StoredRun(Run):
    """A run whose fields are filled from its row, what was computed of it, and the athlete, as they are asked for."""

    __slots__ = ("athlete", "heart", "result", "row")
    athlete: AthleteFacts
    heart: HeartRateSeconds | None
    result: _Row
    row: _Row

    def __getattr__(self, name: str) -> object:
        """The value of a field that is asked for the first time. Python calls this for fields without a value only."""
        figure = _FIGURES.get(name)
        if figure is None:
            raise AttributeError(f"a run has no {name}", name=name, obj=self)
        value = figure(self)
        object.__setattr__(self, name, value)
        return value


def stored_run(row: _Row, result: _Row, athlete: AthleteFacts) -> StoredRun:
    """The run of a row of the store, of what was computed (may be empty), and of the athlete whose zones are wanted.

    A `training_load` in the row must be that athlete's.
    """
    run = StoredRun.__new__(StoredRun)
    _SET_ROW(run, row)
    _SET_RESULT(run, result)
    _SET_ATHLETE(run, athlete)
    for name, put in _PUT_AS_STORED:
        put(run, row[name])
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


def _adjusted_here(run: StoredRun) -> float | None:
    return _number(run.result.get("adjusted_speed_mps"))


def _adjusted_speed_mps(run: StoredRun) -> float | None:
    adjusted = _adjusted_here(run)
    return adjusted if adjusted is not None else _above_zero(run.row["average_gap_mps"])


def _trimp(run: StoredRun) -> float | None:
    return run.heart.load(run.athlete) if run.heart else None


def _load(run: StoredRun) -> float | None:
    # One recording by itself is on no scale with the others.
    return _number(run.row["training_load"]) if "training_load" in run.row else _trimp(run)


def _load_source(run: StoredRun) -> str | None:
    if "load_source" in run.row:
        return run.row["load_source"] or None
    return "trimp" if run.load is not None else None


def _climb_rate_m_per_h(run: StoredRun) -> float | None:
    """Metres climbed an hour of moving time."""
    climbed_m, moving_s = _number(run.row["elevation_gain_m"]), _above_zero(run.row["moving_time_s"])
    return 3600.0 * climbed_m / moving_s if climbed_m is not None and moving_s else None


_FIGURES: dict[str, Callable[[StoredRun], object]] = {
    "start": lambda run: datetime.fromisoformat(run.row["start_utc"]),
    "local_start": lambda run: datetime.fromisoformat(run.row["local_start"]),
    "elapsed_time_s": lambda run: _first_number(run.row["elapsed_time_s"], run.result.get("elapsed_time_s")),
    "speed_mps": lambda run: _speed_mps(run.row),
    "adjusted_speed_mps": _adjusted_speed_mps,
    "is_adjusted_here": lambda run: _adjusted_here(run) is not None,
    "heartrate_bpm": lambda run: _above_zero(run.row["average_heartrate_bpm"]),
    "highest_heartrate_bpm": lambda run: _above_zero(run.row["max_heartrate_bpm"]),
    "cadence_spm": lambda run: _above_zero(run.row["average_cadence_spm"]),
    "heart": lambda run: parse_heart_rate_seconds(run.result.get("heart")),
    "load": _load,
    "load_source": _load_source,
    "trimp": _trimp,
    "climb_rate_m_per_h": _climb_rate_m_per_h,
    "edwards_load": lambda run: run.heart.edwards_load(run.athlete) if run.heart else None,
    "heartrate_stress": lambda run: run.heart.stress(run.athlete) if run.heart else None,
    "time_in_zones_s": lambda run: run.heart.time_in_zones_s(run.athlete) if run.heart else (),
    "heartrate_coverage_ratio": lambda run: run.heart.coverage_ratio if run.heart else 0.0,
    "efficiency_factor": lambda run: _number(run.result.get("efficiency_factor")),
    "decoupling_percent": lambda run: _number(run.result.get("decoupling_percent")),
    "polyline": lambda run: run.result.get("polyline"),
    "is_manual": lambda run: bool(run.row["is_manual"]),
    "is_indoor": lambda run: bool(run.row["is_indoor"]),
    "is_commute": lambda run: _claim(run.row["is_commute"]),
    "is_private": lambda run: _claim(run.row["is_private"]),
    "is_race": lambda run: _claim(run.row["is_race"]),
    "has_track": lambda run: bool(run.row["has_track"]),
    "is_deleted_at_strava": lambda run: run.row["deleted_at_strava"] is not None,
    "other_recordings": lambda run: run.row.get("other_recordings", 0),
    "doubt": lambda run: run.row.get("doubt") or "",
    "race_signs": lambda run: run.row.get("race_signs") or "",
    "expires_at": lambda run: datetime.fromisoformat(run.row["expires_at"]) if run.row["expires_at"] else None,
}
# What is asked for most often is as it is stored, and put into its slots at once: a look into `__getattr__` costs ten
# times as much. The slots are set directly, because a run is frozen.
AS_STORED = (
    *("id", "strava_id", "source", "name", "sport", "timezone", "distance_m", "moving_time_s"),
    *("elevation_gain_m", "gear", "device_name"),
)
_PUT_AS_STORED: tuple[tuple[str, Callable[[StoredRun, object], None]], ...] = tuple(
    (name, Run.__dict__[name].__set__) for name in AS_STORED
)
_SET_ROW, _SET_RESULT, _SET_ATHLETE = (StoredRun.__dict__[name].__set__ for name in ("row", "result", "athlete"))


def read_values(runs: Iterable[Run], names: Sequence[str]) -> list[dict[str, object]]:
    """These fields of each run by name; for many runs quicker than to ask each, because nothing is remembered."""
    stored = [(name, attrgetter(name) if name in AS_STORED else _FIGURES[name]) for name in names]
    return [
        {name: read(run) for name, read in stored}
        if isinstance(run, StoredRun)
        else {name: getattr(run, name) for name in names}
        for run in runs
    ]
