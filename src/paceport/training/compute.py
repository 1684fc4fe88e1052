"""Streams → results, beside the data they come from: only for what is new, changed or of an older definition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from paceport.lazy_dataclass import dataclass
from paceport.sports import RUN_SPORTS
from paceport.training.history.activity_loads import own_athlete, update_loads
from paceport.training.history.compare_runs import compare_runs
from paceport.training.history.history import read_history
from paceport.training.history.threshold import update_thresholds
from paceport.training.history.up_to_date import STORED_RESULTS_VERSION, check_mark
from paceport.training.metrics.athlete import AthleteFacts

if TYPE_CHECKING:
    from paceport.logbook.database.activity_record import ResultRecord, TrackFacts
    from paceport.logbook.database.result_rows import PendingActivity
    from paceport.logbook.database.store import Store
    from paceport.streams import Streams
    from paceport.training.metrics.prepared_run import PreparedRun
    from paceport.training.metrics.run_results import RunResults


_SAVED_TOGETHER = 16  # about what a tenth of a second computes: all that a kill can lose


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedResults:
    """What a call did: runs computed, and ids of those whose samples could not be read (they are tried again).

    `not_saved` runs were left as they are, because the logbook may only be read.
    """

    computed: int
    unreadable: tuple[int, ...] = ()
    not_saved: int = 0


def compute_results(
    store: Store,
    *,
    given: AthleteFacts | None = None,
    not_records: Collection[int] = (),
    progress: Callable[[int, int], None] | None = None,
) -> ComputedResults:
    """Compute what is missing, newest run first, a few saved together: stopped anywhere, the next call goes on.

    Results of own samples go into own.db, those of cached ones into cache.db with the same expiry. What is stored
    does not depend on the athlete, save the loads, which are brought up to date from `given` and all activities;
    nothing that Strava said of the athlete goes into own.db. What comparing runs with each other shows (doubts, races)
    is brought up to date too; `not_records` are ids of runs that set no records. `progress` hears (done, total).
    """
    mark = check_mark(STORED_RESULTS_VERSION, given, not_records)
    is_checked = store.is_checked(mark)
    check = None if is_checked or store.read_only_because else store.begin_check()
    pending = store.pending_results(STORED_RESULTS_VERSION, with_own=not is_checked)
    if store.read_only_because:
        return ComputedResults(computed=0, not_saved=len(pending))
    unreadable = _compute(store, pending, progress)
    computed = len(pending) - len(unreadable)
    if is_checked and not pending:
        _update_series(store, given or AthleteFacts(), is_changed=False)
        return ComputedResults(computed=0)
    if check is not None and computed:
        check = _begin_again(store, unreadable)
    compare_runs(store, not_records=not_records)
    _update_series(store, given or AthleteFacts(), is_changed=not is_checked)
    _update_what_needs_all_runs(store, given or AthleteFacts(), has_computed=computed > 0)
    is_in_order = not unreadable and not any(row.is_own for row in store.run_rows.bad_rows())
    if check is not None and is_in_order:
        store.end_check(check, mark)
    return ComputedResults(computed=computed, unreadable=unreadable)


def _begin_again(store: Store, unreadable: Collection[int]) -> str | None:
    """The token of a check of all rows as they are now: what was computed ended the one before.

    None where another process has changed something since: the next call looks once more.
    """
    check = store.begin_check()
    left = {one.activity_id for one in store.pending_results(STORED_RESULTS_VERSION)}
    return check if left <= set(unreadable) else None


def _update_series(store: Store, given: AthleteFacts, *, is_changed: bool) -> None:
    """What is computed of all activities together; each is written only where what it comes from is another."""
    update_loads(store, given, is_changed=is_changed)
    update_thresholds(store, given, is_changed=is_changed)


def _update_what_needs_all_runs(store: Store, given: AthleteFacts, *, has_computed: bool) -> None:
    # Seldom needed.
    from paceport.training.history.effective_uptake import update_stored_uptake
    from paceport.training.history.own_adjustment import update_adjustment

    athlete = own_athlete(store, given)
    history = read_history(store, now=store.cached.clock.now(), given=given, with_efforts=False)
    update_stored_uptake(store, athlete, history.runs)
    if has_computed:
        update_adjustment(store, athlete)


def _compute(
    store: Store, pending: Sequence[PendingActivity], progress: Callable[[int, int], None] | None
) -> tuple[int, ...]:
    """Compute and save these; the ids of those that cannot be read."""
    unreadable: list[int] = []
    unsaved: list[ResultRecord] = []
    try:
        for number, one in enumerate(pending):
            if progress is not None:
                progress(number, len(pending))
            found = _computed(store, one)
            if found is None:
                unreadable.append(one.activity_id)
                continue
            unsaved.append(found)
            if len(unsaved) == _SAVED_TOGETHER:
                store.save_results(unsaved)
                unsaved.clear()
    finally:
        if unsaved:
            store.save_results(unsaved)
    if progress is not None and pending:
        progress(len(pending), len(pending))
    return tuple(unreadable)


def _computed(store: Store, one: PendingActivity) -> ResultRecord | None:
    try:
        streams = store.streams(one.activity_id, own_only=one.is_own)
    except ValueError:
        return None  # a damaged block
    if streams is None:
        return None
    facts = store.track_facts(one.activity_id)
    return result_record(one.activity_id, one.content, streams, facts=facts, sport=one.sport)


def result_record(
    activity_id: int, content: str, streams: Streams, *, facts: TrackFacts | None, sport: str = "Run"
) -> ResultRecord:
    """The stored form of one activity's results; `facts` may be unknown."""
    # Numpy, and what fills a logbook: one that is computed needs neither.
    from paceport.logbook.database.activity_record import ResultRecord, TrackFacts
    from paceport.training.history.heart_rate_seconds import packed_heart_rate
    from paceport.training.history.plot_series import plot_row
    from paceport.training.history.thin_out import plot_series

    known = facts or TrackFacts()
    if sport in RUN_SPORTS:
        from paceport.training.metrics.prepared_run import prepare_run

        run = prepare_run(streams, barometric=known.has_barometer)
        figures, of_a_run = _results_of_run(run, known)
        series = plot_series(streams, prepared=run)
    else:
        from paceport.training.metrics.sport_results import sport_results

        of_a_run = {}
        figures = sport_results(
            streams, sport=sport, barometric=known.has_barometer, distance_source=known.distance_source
        )
        series = plot_series(streams, sport=sport)
    return ResultRecord(
        activity_id=activity_id,
        version=STORED_RESULTS_VERSION,
        content=content,
        figures=figures,
        heart=packed_heart_rate(figures.get("heart")),
        plot=None if series is None else plot_row(series),
        columns={column: figures.get(name) for column, name in _COLUMNS.items()},
        **of_a_run,
    )


def _results_of_run(run: PreparedRun, known: TrackFacts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of a run, and the rows that only runs have."""
    from paceport.training.history.measure_record import measure_record
    from paceport.training.metrics.run_measures import run_measures
    from paceport.training.metrics.run_results import run_results

    results = run_results(
        run.streams,
        barometric=known.has_barometer,
        distance_source=known.distance_source,
        prepared=run,
        repaired_s=known.repaired_s,
    )
    return results.to_json(), _effort_rows(results) | {"measures": measure_record(run_measures(run))}


# Columns of the table of results, by what the analysis calls them.
_COLUMNS = {
    "distance_m": "distance_m",
    "moving_time_s": "moving_time_s",
    "elevation_gain_m": "elevation_gain_m",
    "elevation_loss_m": "elevation_loss_m",
    "average_gap_mps": "adjusted_speed_mps",
    "average_heartrate_bpm": "heartrate_bpm",
    "max_heartrate_bpm": "highest_heartrate_bpm",
    "average_cadence_spm": "cadence_spm",
}


def _effort_rows(results: RunResults) -> dict[str, Any]:
    """What of a run counts as a record, what does not, and its hardest minute."""
    return {
        "efforts": tuple((one.span_m, one.elapsed_time_s, one.start_s) for one in results.best_efforts),
        "doubtful_efforts": tuple(
            (one.effort.span_m, one.effort.elapsed_time_s, one.effort.start_s, one.doubt)
            for one in results.doubtful_efforts
        ),
        "doubt": results.doubt,
        "best_minute_bpm": results.best_minute_bpm,
    }
