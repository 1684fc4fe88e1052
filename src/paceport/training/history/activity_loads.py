"""The loads of all activities: computed from what is stored, kept beside it, and read again.

They depend on each other (docs/metrics.md#activity-load), so they are computed together: once from own data alone,
which is kept with it, and, where the API said anything, once more from all, which expires.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.training.history.athlete_facts import read_facts
from paceport.training.history.heart_rate_seconds import parse_heart_rate_seconds
from paceport.training.history.up_to_date import OWN_LOADS
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.load_source import LoadSource, ThresholdSource

if TYPE_CHECKING:
    from paceport.logbook.database.load_rows import LoadRow
    from paceport.logbook.database.store import Store
    from paceport.training.metrics.critical_speed import RunEffort
    from paceport.training.metrics.training_load import ActivityLoads, Loads, ThresholdSpeed

_ALL, _CACHE = "loads of all data", "loads of all data, cache"
_VALID_FOR = timedelta(days=7)
_HEART_RATE: tuple[LoadSource, ...] = ("trimp", "heart-rate-stress", "edwards-trimp")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadScale:
    """What all loads are on the scale of, and how the other sources were brought to it.

    `ratios` and `per_minute` are (ratio, activities it is the median over), by source and by kind of sport.
    `threshold_mps` is the speed that pace was compared with, None where none was needed or known.
    """

    chosen: LoadSource = "trimp"
    ratios: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    per_minute: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    threshold_mps: float | None = None
    threshold_source: ThresholdSource | None = None


def update_loads(store: Store, given: AthleteFacts, *, is_changed: bool) -> None:
    """Compute and keep the loads where something that they come from is another than last time.

    `is_changed`: something of own data may be. Nothing that Strava said of the athlete goes into own.db.
    """
    from paceport.training.history.seen_maximum import SEEN_MAXIMUM, seen_maximum_as_state

    now = store.cached.clock.now()
    if is_changed or store.cached.state(OWN_LOADS) is None:
        athlete = own_athlete(store, given)
        loads, scale = compute_loads(store, athlete, own_only=True)
        store.load_rows.save_own(loads.loads)
        kept = {OWN_LOADS: _state(athlete, scale), _CACHE: "", SEEN_MAXIMUM: seen_maximum_as_state(store)}
        store.cached.set_state(kept, expires_at=now + _VALID_FOR)
    cache_state, first_expiry = store.load_rows.cache_state()
    if first_expiry is None or store.cached.state(_CACHE) == f"{given!r} {cache_state}":
        return
    highest_bpm = store.run_rows.highest_heart_rates(own_only=False)
    facts = read_facts(store, given=given, highest_bpm=highest_bpm)
    loads, scale = compute_loads(store, facts.athlete, own_only=False)
    store.load_rows.save_cached(loads.loads, expires_at=first_expiry)
    state = {_ALL: _state(facts.athlete, scale), _CACHE: f"{given!r} {cache_state}"}
    store.cached.set_state(state, expires_at=datetime.fromisoformat(first_expiry))


def own_athlete(store: Store, given: AthleteFacts) -> AthleteFacts:
    """The athlete as the settings and own data alone tell, without anything that Strava said."""
    highest_bpm = store.run_rows.highest_heart_rates(own_only=True)
    return read_facts(store, given=given, highest_bpm=highest_bpm, own_only=True).athlete


def kept_scale(store: Store, athlete: AthleteFacts, *, own_only: bool) -> LoadScale | None:
    """The scale of the stored loads where they are this athlete's, else None: then `compute_loads` gives them."""
    text = None if own_only else store.cached.state(_ALL)
    text = text or store.cached.state(OWN_LOADS)
    try:
        found = json.loads(text) if text else {}
        return LoadScale(**found["scale"]) if found.get("athlete") == repr(athlete) else None
    except (ValueError, TypeError, KeyError):
        return None


def compute_loads(store: Store, athlete: AthleteFacts, *, own_only: bool) -> tuple[Loads, LoadScale]:
    """The load of every activity of every sport on one scale, from what is stored of them."""
    from paceport.training.metrics.training_load import loads_on_one_scale

    bad = {row.id for row in store.run_rows.bad_rows() if row.is_own or not own_only}
    others = other_recordings(store, own_only=own_only)
    rows = [row for row in store.load_rows.inputs(own_only=own_only, others=others) if row.id not in bad]
    inputs = [_inputs(row) for row in rows]
    threshold = _threshold(store, athlete, rows, inputs, own_only=own_only)
    choice = "trimp" if athlete.load == "heart-rate-stress" and athlete.threshold_bpm is None else athlete.load
    choice = "work" if choice == "power-stress" and athlete.threshold_w is None else choice
    heart: LoadSource = next((source for source in _HEART_RATE if source == choice), "trimp")
    athlete_in = athlete.by_year()
    activities = [
        _activity_loads(row, numbers, athlete_in(int(row.local_start[:4])), threshold, heart)
        for row, numbers in zip(rows, inputs, strict=True)
    ]
    loads = loads_on_one_scale(activities, chosen=choice)
    scale = LoadScale(
        chosen=loads.chosen,
        ratios={source: (one.ratio, one.activities) for source, one in loads.ratios.items()},
        per_minute={kind: (one.ratio, one.activities) for kind, one in loads.per_minute.items()},
        threshold_mps=threshold.speed_mps if threshold else None,
        threshold_source=threshold.source if threshold else None,
    )
    return loads, scale


def other_recordings(store: Store, *, own_only: bool) -> dict[int, list[int]]:
    """The other recordings of each activity that was recorded more than once, the best first."""
    found: dict[int, list[int]] = {}
    for one in sorted(store.recording_rows.others().values(), key=lambda one: one.place):
        if not own_only or one.expires_at is None:
            found.setdefault(one.run_id, []).append(one.activity_id)
    return found


def _state(athlete: AthleteFacts, scale: LoadScale) -> str:
    return json.dumps({"athlete": repr(athlete), "scale": asdict(scale)})


def _inputs(row: LoadRow) -> dict[str, float]:
    """The stored sums of an activity; none for a text that holds none."""
    try:
        found = json.loads(row.inputs) if row.inputs is not None else {}
        return {str(name): float(value) for name, value in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _activity_loads(
    row: LoadRow,
    inputs: Mapping[str, float],
    athlete: AthleteFacts,
    threshold: ThresholdSpeed | None,
    heart: LoadSource,
) -> ActivityLoads:
    from paceport.training.metrics.training_load import ActivityLoads, session_rpe_load

    duration_s = row.moving_time_s or row.elapsed_time_s
    rate = parse_heart_rate_seconds(row.heart)
    # One of them is enough: whoever has one has all.
    by_heart = {"trimp": "load", "heart-rate-stress": "stress", "edwards-trimp": "edwards_load"}[heart]
    work_kj = inputs.get("work_kj")
    if work_kj is None and row.average_power_w and duration_s:
        work_kj = row.average_power_w * duration_s / 1000.0
    # A drive that was recorded as a run is no effort, whatever its speed says.
    squared = inputs.get("pace_stress_at_1_mps") if row.sport in RUN_SPORTS and not row.doubt else None
    at_1_w = inputs.get("power_stress_at_1_w")
    exertion, minutes = row.perceived_exertion, duration_s / 60.0 if duration_s else None
    found: dict[LoadSource, float | None] = {
        heart: getattr(rate, by_heart)(athlete) if rate is not None else None,
        "power-stress": at_1_w / athlete.threshold_w**2 if at_1_w is not None and athlete.threshold_w else None,
        "work": work_kj,
        "pace-stress": squared / threshold.speed_mps**2 if squared is not None and threshold is not None else None,
        "session-rpe": session_rpe_load(exertion, minutes) if exertion and minutes else None,
    }
    return ActivityLoads(
        activity_id=row.id,
        day=date.fromisoformat(row.local_start[:10]),
        sport=row.sport,
        by_source={source: value for source, value in found.items() if value is not None},
        minutes=None if row.doubt else minutes,
    )


def _threshold(
    store: Store,
    athlete: AthleteFacts,
    rows: Sequence[LoadRow],
    inputs: Sequence[Mapping[str, float]],
    *,
    own_only: bool,
) -> ThresholdSpeed | None:
    """The threshold speed, as of the newest run, where any run has a load by pace."""
    from paceport.training.metrics.critical_speed_by_day import last_critical_speed
    from paceport.training.metrics.training_load import threshold_speed

    if not any("pace_stress_at_1_mps" in each for each in inputs):
        return None
    days = {row.id: date.fromisoformat(row.local_start[:10]) for row in rows if _sets_a_speed(row)}
    newest = max(days.values(), default=None)
    dated = None
    if athlete.threshold_mps is None and newest is not None:
        dated = last_critical_speed(_efforts(store, days, own_only=own_only), days.values())
    hours = [
        speed_mps
        for activity_id, speed_mps in store.load_rows.best_hours(own_only=own_only).items()
        if activity_id in days
    ]
    return threshold_speed(
        setting_mps=athlete.threshold_mps,
        critical_mps=dated.line.speed_mps if dated else None,
        best_hour_mps=max(hours, default=None),
    )


def _sets_a_speed(row: LoadRow) -> bool:
    return row.sport in RUN_SPORTS and row.sport != "VirtualRun" and not row.is_indoor and not row.doubt


def _efforts(store: Store, days: Mapping[int, date], *, own_only: bool) -> list[RunEffort]:
    from paceport.training.metrics.critical_speed import RunEffort
    from paceport.training.metrics.personal_records import why_implausible

    return [
        RunEffort(run_id=activity_id, day=days[activity_id], distance_m=span_m, time_s=elapsed_s)
        for activity_id, span_m, elapsed_s, doubt in store.run_rows.efforts(own_only=own_only)
        if activity_id in days and doubt is None and why_implausible(span_m, elapsed_s) is None
    ]
