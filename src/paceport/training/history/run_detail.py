"""One run in full: splits, best efforts, zones, all as they are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from paceport.streams import Streams
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.stretches import BestEffort, Split

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunDetail:
    """A run with its splits and efforts; both empty without a track. `figures` is all that is stored of it,
    `notes` what was repaired or guessed at its import, `channels` what was recorded (names of `Streams`)."""

    run: Run
    splits_km: tuple[Split, ...]
    splits_mile: tuple[Split, ...]
    best_efforts: tuple[BestEffort, ...]
    figures: dict[str, Any]
    notes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


def run_detail(store: Store, history: History, run: Run) -> RunDetail:
    """What was computed of a run of that history."""
    text = store.run_rows.figures(run.id, own_only=history.is_own_only)
    if text is None and run.strava_id is not None:
        text = store.run_rows.figures(run.strava_id, own_only=history.is_own_only)
    figures = json.loads(text) if text else {}
    notes = store.run_rows.notes(run.id)
    channels = store.channels(run.id, own_only=history.is_own_only)
    if not channels and run.strava_id is not None:
        channels = store.channels(run.strava_id, own_only=history.is_own_only)
    try:
        return _detail(run, figures, notes, channels)
    except (TypeError, AttributeError):
        return _detail(run, {}, notes, channels)  # figures of another make: as a run without any


def _detail(run: Run, figures: dict[str, Any], notes: tuple[str, ...], channels: tuple[str, ...]) -> RunDetail:
    return RunDetail(
        run=run,
        splits_km=tuple(Split(**one) for one in figures.get("splits_km", ())),
        splits_mile=tuple(Split(**one) for one in figures.get("splits_mile", ())),
        best_efforts=tuple(BestEffort(**one) for one in figures.get("best_efforts", ())),
        figures=figures,
        notes=notes,
        channels=tuple(each.name for each in fields(Streams) if each.name in channels),
    )
