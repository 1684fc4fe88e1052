"""All runs as values: what every question about more than one run starts from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from paceport.time_zones import find_zone
from paceport.training.history.athlete_facts import SourcedFacts, read_facts
from paceport.training.history.heart_rate_seconds import HeartRateSeconds, parse_heart_rate_seconds
from paceport.training.history.run import Run
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.personal_records import Attempt

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheShare:
    """How many runs come from the cache alone, and from when to when they expire; None where there are none."""

    runs: int
    first_expiry: datetime | None
    last_expiry: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Every run, oldest first; every best effort, with why it must not count; the athlete; today's local date."""

    runs: tuple[Run, ...]
    attempts: tuple[Attempt, ...]
    facts: SourcedFacts
    today: date
    is_own_only: bool

    def by_id(self) -> dict[int, Run]:
        """The runs by their id."""
        return {run.id: run for run in self.runs}

    def cache_share(self) -> CacheShare:
        """What of this comes from the API, and until when it may be kept."""
        expiries = [run.expires_at for run in self.runs if run.expires_at is not None]
        return CacheShare(
            runs=len(expiries), first_expiry=min(expiries, default=None), last_expiry=max(expiries, default=None)
        )


def read_history(
    store: Store,
    *,
    now: datetime,
    given: AthleteFacts | None = None,
    timezone: str | None = None,
    own_only: bool = False,
    not_records: Collection[int] = (),
    with_routes: bool = False,
) -> History:
    """Everything computed so far; call `derive` first. Nothing is written.

    `given` are facts of the settings, `timezone` the setting that says what day it is (else the newest run's zone),
    `not_records` ids of runs that must not set records. Polylines are read only `with_routes`.
    """
    rows = store.run_rows.runs(own_only=own_only)
    results = store.run_rows.results(own_only=own_only, with_routes=with_routes)
    highest = [row["max_heartrate_bpm"] for row in rows if row["max_heartrate_bpm"] is not None]
    facts = read_facts(store, given=given or AthleteFacts(), highest_bpm=highest, own_only=own_only)
    computed = {row["id"]: _key(row, results) for row in rows}
    runs = tuple(_run(row, results.get(computed[row["id"]], {}), facts.athlete) for row in rows)
    zone = timezone or next((run.timezone for run in reversed(runs) if run.timezone), None)
    return History(
        runs=runs,
        attempts=tuple(_attempts(store, runs, computed, own_only=own_only, not_records=not_records)),
        facts=facts,
        today=_local_day(now, zone),
        is_own_only=own_only,
    )


def _key(row: dict[str, Any], results: dict[int, dict[str, Any]]) -> int:
    """Under which activity the run's results stand: an own run without a track may have a twin in the cache."""
    own, at_strava = int(row["id"]), row["strava_id"]
    return own if own in results or at_strava not in results else int(at_strava)


def _heart_rate_figures(heart: HeartRateSeconds | None, athlete: AthleteFacts) -> dict[str, Any]:
    return {
        "load": heart.load(athlete) if heart else None,
        "edwards_load": heart.edwards_load(athlete) if heart else None,
        "heartrate_stress": heart.stress(athlete) if heart else None,
        "time_in_zones_s": heart.time_in_zones_s(athlete) if heart else (),
        "heartrate_coverage_ratio": heart.coverage_ratio if heart else 0.0,
    }


def _run(row: dict[str, Any], result: dict[str, Any], athlete: AthleteFacts) -> Run:
    adjusted = _number(result.get("adjusted_speed_mps"))
    return Run(
        id=row["id"],
        strava_id=row["strava_id"],
        source=row["source"],
        name=row["name"],
        sport=row["sport"],
        start=datetime.fromisoformat(row["start_utc"]),
        local_start=datetime.fromisoformat(row["local_start"]),
        timezone=row["timezone"],
        distance_m=row["distance_m"],
        moving_time_s=row["moving_time_s"],
        elapsed_time_s=_first_number(row["elapsed_time_s"], result.get("elapsed_time_s")),
        speed_mps=_speed_mps(row),
        adjusted_speed_mps=adjusted if adjusted is not None else _above_zero(row["average_gap_mps"]),
        is_adjusted_here=adjusted is not None,
        elevation_gain_m=row["elevation_gain_m"],
        heartrate_bpm=_above_zero(row["average_heartrate_bpm"]),
        highest_heartrate_bpm=_above_zero(row["max_heartrate_bpm"]),
        cadence_spm=_above_zero(row["average_cadence_spm"]),
        **_heart_rate_figures(parse_heart_rate_seconds(result.get("heart")), athlete),
        efficiency_factor=_number(result.get("efficiency_factor")),
        decoupling_percent=_number(result.get("decoupling_percent")),
        polyline=result.get("polyline"),
        gear=row["gear"],
        device_name=row["device_name"],
        is_manual=bool(row["is_manual"]),
        is_indoor=bool(row["is_indoor"]),
        is_commute=_claim(row["is_commute"]),
        is_private=_claim(row["is_private"]),
        is_race=_claim(row["is_race"]),
        has_track=bool(row["has_track"]),
        is_deleted_at_strava=row["deleted_at_strava"] is not None,
        expires_at=datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None,
    )


def _attempts(
    store: Store, runs: tuple[Run, ...], computed: dict[int, int], *, own_only: bool, not_records: Collection[int]
) -> list[Attempt]:
    run_of = {computed[run.id]: run for run in runs}
    return [
        Attempt(
            run_id=run.id,
            at=run.start,
            span_m=span_m,
            elapsed_time_s=elapsed_s,
            excluded_because=_excluded_because(run, not_records),
        )
        for activity_id, span_m, elapsed_s, _ in store.run_rows.efforts(own_only=own_only)
        if (run := run_of.get(activity_id)) is not None
    ]


def _excluded_because(run: Run, not_records: Collection[int]) -> str | None:
    if run.id in not_records or run.strava_id in not_records:
        return "you excluded this run"
    if run.sport == "VirtualRun":
        return "it is a virtual run"
    return "on a treadmill the distance is an estimate" if run.is_indoor else None


def _speed_mps(row: dict[str, Any]) -> float | None:
    distance_m, moving_s = _above_zero(row["distance_m"]), _above_zero(row["moving_time_s"])
    return distance_m / moving_s if distance_m and moving_s else None


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _first_number(*values: object) -> float | None:
    return next((number for number in map(_number, values) if number is not None), None)


def _claim(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _local_day(now: datetime, timezone: str | None) -> date:
    zone = find_zone(timezone)
    return now.astimezone(zone).date() if zone else now.date()
