"""Answers that several pages share, each worked out once for a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.track_map import decode_tracks, visible_tracks
from paceport.training.history.favourite_routes import routes_of
from paceport.training.history.form_series import FormSeries, form_series
from paceport.training.history.run import Run
from paceport.training.history.volume import YearBesideLast, year_beside_last
from paceport.training.metrics.personal_records import (
    PersonalRecords,
    RankedAttempt,
    best_attempts,
    personal_records,
)
from paceport.training.metrics.repeated_routes import RepeatedRoute

if TYPE_CHECKING:
    from paceport.report.pages.track_map import Track


def repeated_routes_of(snapshot: Snapshot) -> list[RepeatedRoute]:
    """The routes of the snapshot that were run more than once, most run first."""
    return snapshot.once("repeated routes", lambda: routes_of(snapshot.history))


def form_of(snapshot: Snapshot) -> FormSeries:
    """Form of every day of the snapshot."""
    return snapshot.once("form", lambda: form_series(snapshot.history))


def records_of(snapshot: Snapshot) -> PersonalRecords:
    """The records of the snapshot."""
    return snapshot.once("records", lambda: personal_records(snapshot.history.attempts))


def best_of(snapshot: Snapshot) -> dict[float, tuple[RankedAttempt, ...]]:
    """All attempts that count, over each distance, the fastest first."""

    def work_out() -> dict[float, tuple[RankedAttempt, ...]]:
        years = {run.id: run.day.year for run in snapshot.history.runs}
        return best_attempts(snapshot.history.attempts, year_of=years)

    return snapshot.once("best attempts", work_out)


def tracks_of(snapshot: Snapshot) -> dict[int, list[Track]]:
    """Where each run of the snapshot was, by its id: the pieces that may be shown."""
    return snapshot.once("tracks", lambda: visible_tracks(decode_tracks(snapshot.history.runs), snapshot.circles))


def years_of(snapshot: Snapshot) -> YearBesideLast:
    """This year beside the last."""
    return snapshot.once("years", lambda: year_beside_last(snapshot.history))


def runs_by_id(snapshot: Snapshot) -> dict[int, Run]:
    """The runs of the snapshot by their id."""
    return snapshot.once("runs by id", lambda: snapshot.history.by_id())


def find_run(snapshot: Snapshot, run_id: int) -> Run | None:
    """The run of that id, or of that id at Strava; None where there is none."""
    found = runs_by_id(snapshot).get(run_id)
    return found or next((run for run in snapshot.history.runs if run.strava_id == run_id), None)
