"""Streams → results, beside the data they come from: only for runs that are new, changed or of an older definition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from paceport.sports import RUN_SPORTS
from paceport.training.history.athlete_facts import read_facts
from paceport.training.history.compare_runs import compare_runs
from paceport.training.history.effective_uptake import update_stored_uptake
from paceport.training.history.heart_rate_seconds import parse_heart_rate_seconds
from paceport.training.history.history import read_history
from paceport.training.history.stored_loads import are_loads_of, loads_state
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.results_version import RESULTS_VERSION

if TYPE_CHECKING:
    from paceport.logbook.database.activity_record import ResultRecord, TrackFacts
    from paceport.logbook.database.result_rows import PendingActivity
    from paceport.logbook.database.store import Store
    from paceport.streams import Streams

# One more whenever what is stored beside the analysis' own results changes; RESULTS_VERSION counts the analysis'.
_STORED_VERSION = 3
STORED_RESULTS_VERSION = 1000 * _STORED_VERSION + RESULTS_VERSION
_LOADS_STATE_VALID_FOR = timedelta(days=7)


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
    """Compute what is missing, newest run first, each saved on its own: stopped anywhere, the next call goes on.

    Results of own samples go into own.db, those of cached ones into cache.db with the same expiry. What is stored
    does not depend on the athlete, save the column `training_load`, which is brought up to date from `given` and the
    athlete's own runs; nothing that Strava said of the athlete goes into own.db. What comparing runs with each other
    shows (doubts, races) is brought up to date too; `not_records` are ids of runs that set no records. `progress`
    hears (done, total).
    """
    mark = f"{STORED_RESULTS_VERSION} {given} {sorted(not_records)}"
    is_checked = store.is_checked(mark)
    check = None if is_checked or store.read_only_because else store.begin_check()
    found = store.pending_results(STORED_RESULTS_VERSION, with_own=not is_checked)
    pending = [one for one in found if one.sport in RUN_SPORTS]
    if store.read_only_because or (is_checked and not pending):
        return ComputedResults(computed=0, not_saved=len(pending))
    unreadable = _compute(store, pending, progress)
    computed = len(pending) - len(unreadable)
    _update_loads(store, given or AthleteFacts(), is_sure=computed > 0)
    compare_runs(store, not_records=not_records)
    is_in_order = not unreadable and not any(row.is_own for row in store.run_rows.bad_rows())
    if check is not None and is_in_order:
        store.end_check(check, mark)  # of no effect after something was computed: the next call looks once more
    return ComputedResults(computed=computed, unreadable=unreadable)


def _compute(
    store: Store, pending: Sequence[PendingActivity], progress: Callable[[int, int], None] | None
) -> tuple[int, ...]:
    """Compute and save these; the ids of those that cannot be read."""
    unreadable: list[int] = []
    for number, one in enumerate(pending):
        if progress is not None:
            progress(number, len(pending))
        try:
            streams = store.streams(one.activity_id, own_only=one.is_own)
        except ValueError:
            streams = None  # a damaged block
        if streams is None:
            unreadable.append(one.activity_id)
            continue
        facts = store.track_facts(one.activity_id)
        store.save_result(result_record(one.activity_id, one.content, streams, facts=facts))
    if progress is not None and pending:
        progress(len(pending), len(pending))
    return tuple(unreadable)


def result_record(activity_id: int, content: str, streams: Streams, *, facts: TrackFacts | None) -> ResultRecord:
    """The stored form of one run's results; `facts` may be unknown."""
    # Numpy, and what fills a logbook: one that is computed needs neither.
    from paceport.logbook.database.activity_record import ResultRecord, TrackFacts
    from paceport.training.history.measure_record import measure_record
    from paceport.training.metrics.prepared_run import prepare_run
    from paceport.training.metrics.run_measures import run_measures
    from paceport.training.metrics.run_results import run_results

    known = facts or TrackFacts()
    run = prepare_run(streams, barometric=known.has_barometer)
    results = run_results(streams, barometric=known.has_barometer, distance_source=known.distance_source, prepared=run)
    flat: dict[str, float | None] = {
        "distance_m": results.distance_m,
        "moving_time_s": results.moving_time_s,
        "elevation_gain_m": results.elevation_gain_m,
        "elevation_loss_m": results.elevation_loss_m,
        "average_gap_mps": results.adjusted_speed_mps,
        "average_heartrate_bpm": results.heartrate_bpm,
        "max_heartrate_bpm": results.highest_heartrate_bpm,
        "average_cadence_spm": results.cadence_spm,
    }
    return ResultRecord(
        activity_id=activity_id,
        version=STORED_RESULTS_VERSION,
        content=content,
        figures=results.to_json(),
        columns=flat,
        efforts=tuple((one.span_m, one.elapsed_time_s, one.start_s) for one in results.best_efforts),
        measures=measure_record(run_measures(run)),
    )


def _update_loads(store: Store, given: AthleteFacts, *, is_sure: bool) -> None:
    """Write `training_load` where it is not what the facts make it, and only look where it may be.

    Only a mark of what the loads were computed with is kept, and it may be lost at any time.
    """
    highest_bpm = store.run_rows.highest_heart_rates(own_only=True)
    athlete = read_facts(store, given=given, highest_bpm=highest_bpm, own_only=True).athlete
    if not is_sure and are_loads_of(store, athlete):
        return
    history = read_history(store, now=store.cached.clock.now(), given=given, with_efforts=False)
    update_stored_uptake(store, athlete, history.runs)
    loads: dict[tuple[int, bool], Any] = {}
    for activity_id, is_own, text, stored in store.run_rows.heart_rates():
        heart = parse_heart_rate_seconds(text)
        load = heart.load(athlete) if heart is not None else None
        if load != stored:
            loads[activity_id, is_own] = load
    store.run_rows.save_loads(loads)
    store.cached.set_state(loads_state(athlete), expires_at=store.cached.clock.now() + _LOADS_STATE_VALID_FOR)
