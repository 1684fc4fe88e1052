"""One run in full: splits, best efforts, zones, all as they are stored."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.stretches import BestEffort, Split

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_SAME_TIME_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Another recording of a run: when it began (UTC), what it was made with, and which channels the run takes from it.

    `expires_at` is when it is erased with the cache; None for own data.
    """

    id: int
    start: datetime
    name: str
    device_name: str
    distance_m: float | None
    channels: tuple[str, ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunDetail:
    """A run with its splits and efforts; both empty without a track. `figures` is all that is stored of it,
    `notes` what was repaired or guessed at its import, `channels` what was recorded (names of `Streams`),
    `others` the other recordings of the same run."""

    run: Run
    splits_km: tuple[Split, ...]
    splits_mile: tuple[Split, ...]
    best_efforts: tuple[BestEffort, ...]
    figures: dict[str, Any]
    notes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    others: tuple[Recording, ...] = ()


def run_detail(store: Store, history: History, run: Run) -> RunDetail:
    """What was computed of a run of that history."""
    figures = run_figures(store, history, run)
    notes = store.run_rows.notes(run.id)
    channels = store.channels(run.id, own_only=history.is_own_only)
    if not channels and run.strava_id is not None:
        channels = store.channels(run.strava_id, own_only=history.is_own_only)
    others = _others(store, history, run)
    try:
        return _detail(run, figures, notes, channels, others)
    except (TypeError, AttributeError):
        return _detail(run, {}, notes, channels, others)  # figures of another make: as a run without any


def run_figures(store: Store, history: History, run: Run) -> dict[str, Any]:
    """All that is stored of a run of that history; nothing where nothing was computed."""
    text = store.run_rows.figures(run.id, own_only=history.is_own_only)
    if text is None and run.strava_id is not None:
        text = store.run_rows.figures(run.strava_id, own_only=history.is_own_only)
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def stored_splits(figures: Mapping[str, Any], unit: str) -> tuple[Split, ...]:
    """The splits among the figures, for "km" or "mile". Raises TypeError where they are of another make."""
    return tuple(Split(**one) for one in figures.get(f"splits_{unit}", ()))


def stored_efforts(figures: Mapping[str, Any]) -> tuple[BestEffort, ...]:
    """The best efforts among the figures. Raises TypeError where they are of another make."""
    return tuple(BestEffort(**one) for one in figures.get("best_efforts", ()))


def efforts_that_count(figures: Mapping[str, Any], counted_s: Mapping[float, float]) -> tuple[BestEffort, ...]:
    """The best effort over each span: the one that counts, with the time `counted_s`, else the best believable one.

    Of a confirmed run a doubtful effort may count. Doubtful efforts of another make are left out.
    """
    found = {one.span_m: one for one in stored_efforts(figures)}
    try:
        doubtful = [BestEffort(**one["effort"]) for one in figures.get("doubtful_efforts", ())]
    except (TypeError, KeyError):
        doubtful = []
    for one in doubtful:
        if abs(counted_s.get(one.span_m, math.inf) - one.elapsed_time_s) < _SAME_TIME_S:
            found[one.span_m] = one
    return tuple(found[span_m] for span_m in sorted(found))


def _others(store: Store, history: History, run: Run) -> tuple[Recording, ...]:
    found = []
    for one in store.recording_rows.of_run(run.id, own_only=history.is_own_only) if run.other_recordings else ():
        row = store.run_rows.recording(one.activity_id, own_only=history.is_own_only)
        if row is not None:
            found.append(
                Recording(
                    id=one.activity_id,
                    start=datetime.fromisoformat(row["start_utc"]),
                    name=row["name"],
                    device_name=row["device_name"],
                    distance_m=row["distance_m"],
                    channels=one.channels,
                    expires_at=datetime.fromisoformat(one.expires_at) if one.expires_at else None,
                )
            )
    return tuple(found)


def _detail(
    run: Run,
    figures: dict[str, Any],
    notes: tuple[str, ...],
    channels: tuple[str, ...],
    others: tuple[Recording, ...],
) -> RunDetail:
    return RunDetail(
        run=run,
        splits_km=stored_splits(figures, "km"),
        splits_mile=stored_splits(figures, "mile"),
        best_efforts=stored_efforts(figures),
        figures=figures,
        notes=notes,
        channels=tuple(each.name for each in fields(Streams) if each.name in channels),
        others=others,
    )
