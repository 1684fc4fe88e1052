"""The history holds every run with what is known of it, and nothing made up."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history
from paceport.training.history.run import Run
from paceport.training.history.stored_run import read_values
from paceport.training.metrics.athlete import AthleteFacts
from sandbox_logbook import fill


def bare(activity_id: int, start: datetime, **more: object) -> ActivityRecord:
    values: dict[str, object] = {"source": "archive", "sport": "Run", "content": str(activity_id), **more}
    return ActivityRecord(id=activity_id, start=start, **values)  # type: ignore[arg-type]  # a test's shorthand


def test_every_run_is_there_and_nothing_else(history: History, activities: tuple[Activity, ...]) -> None:
    expected = {one.id for one in activities if one.is_run}

    assert {run.id for run in history.runs} == expected
    assert list(history.runs) == sorted(history.runs, key=lambda run: run.start)


def test_a_run_without_a_track_counts_with_what_is_known(store: Store, clock: ManualClock) -> None:
    start = datetime(2026, 11, 1, 7, tzinfo=UTC)
    store.own.save(
        bare(5, start, distance_m=8000.0, moving_time_s=2400.0, is_manual=True), ImportSource(), EncodedTrack()
    )
    compute_results(store)

    (run,) = read_history(store, now=clock.now()).runs

    assert run.speed_mps == pytest.approx(8000 / 2400)
    assert (run.load, run.heartrate_bpm, run.adjusted_speed_mps, run.time_in_zones_s) == (None, None, None, ())


def test_a_run_of_no_length_and_no_time_has_no_pace(store: Store, clock: ManualClock) -> None:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    store.own.save(
        bare(5, start, distance_m=0.0, moving_time_s=0.0, elapsed_time_s=0.0), ImportSource(), EncodedTrack()
    )
    compute_results(store)

    (run,) = read_history(store, now=clock.now()).runs

    assert run.speed_mps is None


def test_runs_of_one_second_are_both_there(store: Store, clock: ManualClock) -> None:
    start = datetime(2026, 11, 1, 7, tzinfo=UTC)
    for identity in (6, 5):
        store.own.save(bare(identity, start, distance_m=1000.0), ImportSource(), EncodedTrack())

    assert [run.id for run in read_history(store, now=clock.now()).runs] == [5, 6]


def test_own_only_shows_own_runs_alone(store: Store, activities: tuple[Activity, ...], clock: ManualClock) -> None:
    runs = [one for one in activities if one.is_run]
    fill(store, runs[:3])
    fill(store, runs[3:5], expires_at=clock.now() + timedelta(days=2))
    compute_results(store)

    joined, own = (read_history(store, now=clock.now(), own_only=flag) for flag in (False, True))

    assert (len(joined.runs), len(own.runs)) == (5, 3)
    assert {attempt.run_id for attempt in own.attempts} <= {run.id for run in own.runs}
    assert joined.cache_share().runs == 2
    assert joined.cache_share().first_expiry == clock.now() + timedelta(days=2)
    assert own.cache_share().runs == 0


def test_an_own_row_without_a_track_takes_the_results_of_its_cached_twin(
    store: Store, activities: tuple[Activity, ...], clock: ManualClock
) -> None:
    run = next(one for one in activities if one.is_run and one.recording is not None)
    fill(store, [run], expires_at=clock.now() + timedelta(days=2))
    # The same run as a file without an id gave it, without its samples.
    store.own.save(bare(-7, run.start, distance_m=run.distance_m), ImportSource(), EncodedTrack())
    store.cached.link_same_activities()
    compute_results(store)

    history = read_history(store, now=clock.now())

    (only,) = history.runs
    assert (only.id, only.strava_id, only.source) == (-7, run.id, "both")
    assert only.is_adjusted_here
    assert {attempt.run_id for attempt in history.attempts} == {-7}


def test_the_maximum_is_the_third_highest_that_the_runs_show(store: Store, clock: ManualClock) -> None:
    start = datetime(2026, 11, 1, 7, tzinfo=UTC)
    for number, highest in enumerate((181.0, 255.0, 195.0, 188.0, 186.0)):
        record = bare(number + 1, start + timedelta(days=number), max_heartrate_bpm=highest)
        store.own.save(record, ImportSource(), EncodedTrack())

    seen = read_history(store, now=clock.now()).facts
    told = read_history(store, now=clock.now(), given=AthleteFacts(max_bpm=200)).facts

    assert (seen.athlete.max_bpm, seen.known_by["max"]) == (
        186.0,
        "the third highest in 4 activities; probably too low",
    )
    assert (told.athlete.max_bpm, told.known_by["max"]) == (200, "your settings")
    assert seen.athlete.zone_edges_bpm == (121.0, 151.0, 166.0, 180.0)


def test_no_heart_rate_anywhere_means_no_zones(store: Store, clock: ManualClock) -> None:
    store.own.save(bare(1, datetime(2026, 11, 1, 7, tzinfo=UTC)), ImportSource(), EncodedTrack())

    facts = read_history(store, now=clock.now()).facts

    assert facts.athlete.max_bpm is None
    assert facts.athlete.zone_edges_bpm == ()
    assert "zones" not in facts.known_by


def test_left_out_runs_and_treadmills_set_no_records(history: History, logbook: Store, clock: ManualClock) -> None:
    book = read_history(logbook, now=clock.now(), not_records=[history.attempts[0].run_id])

    reasons = {one.run_id: one.excluded_because for one in book.attempts}
    indoor = {run.id for run in history.runs if run.is_indoor}
    assert reasons[history.attempts[0].run_id] == "you excluded this run"
    assert all(reasons[run_id] for run_id in indoor & reasons.keys())


def test_today_is_the_day_where_the_athlete_ran_last(history: History, logbook: Store) -> None:
    late = datetime(2026, 11, 22, 3, tzinfo=UTC)  # still the day before in the athlete's America

    assert read_history(logbook, now=late).today == late.date() - timedelta(days=1)
    assert read_history(logbook, now=late, timezone="Europe/Berlin").today == late.date()


def test_runs_of_the_future_are_told_apart(store: Store, clock: ManualClock) -> None:
    for identity, days in ((1, -1), (2, 1), (3, 3)):
        store.own.save(bare(identity, clock.now() + timedelta(days=days)), ImportSource(), EncodedTrack())
    history = read_history(store, now=clock.now())

    past, later = history.split_by_today()

    assert [run.id for run in past.runs] == [1, 2]
    assert [run.id for run in later] == [3]


def test_the_newest_runs_alone_are_those_of_the_whole_history(logbook: Store, clock: ManualClock) -> None:
    first = read_history(logbook, now=clock.now()).runs[0]
    for number in (1, 2):  # three runs that begin in one second
        logbook.own.save(bare(900 + number, first.start, distance_m=5000.0), ImportSource(), EncodedTrack())
    compute_results(logbook)
    whole = read_history(logbook, now=clock.now(), with_efforts=False)

    for count in (1, 2, 5, len(whole.runs) - 2, len(whole.runs) - 1, len(whole.runs), 500):
        some = read_history(logbook, now=clock.now(), with_efforts=False, newest=count)
        expected = sorted(whole.runs, key=lambda run: run.start, reverse=True)[:count]
        assert {run.id: run.to_dict() for run in some.runs} == {run.id: run.to_dict() for run in expected}
        assert list(some.runs) == sorted(some.runs, key=lambda run: (run.start, run.id))
        assert (some.facts, some.scale) == (whole.facts, whole.scale)


def test_all_runs_are_read_where_a_few_would_not_tell(logbook: Store, clock: ManualClock) -> None:
    count = len(read_history(logbook, now=clock.now()).runs)

    assert len(read_history(logbook, now=clock.now(), newest=3).runs) == count  # best efforts are of all runs
    logbook.connection.execute("UPDATE main.activity SET distance_m = 'far' WHERE id = (SELECT min(id) FROM activity)")
    bad = read_history(logbook, now=clock.now(), with_efforts=False, newest=3)
    assert len(bad.runs) == count - 1


def test_values_that_are_read_together_are_those_of_each_run(logbook: Store, clock: ManualClock) -> None:
    history = read_history(logbook, now=clock.now(), with_all_sports=True, sports=None)
    names = [each.name for each in fields(Run) if each.name != "polyline"]

    together = read_values(history.activities, names)

    assert together == [{name: getattr(run, name) for name in names} for run in history.activities]


def test_runs_and_what_was_computed_of_them_are_of_one_moment(
    store: Store, activities: tuple[Activity, ...], clock: ManualClock
) -> None:
    """A run that another process takes out meanwhile is there with all its numbers, or not at all."""
    chosen = [one for one in activities if one.is_run][:3]
    fill(store, chosen)
    compute_results(store)
    whole = {run.id: run.load for run in read_history(store, now=clock.now()).runs}
    asked: list[str] = []

    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as other:

        def watch(statement: str) -> None:
            if "local_start" in statement and statement.startswith("SELECT"):
                asked.append(statement)
            elif len(asked) == 1:
                asked.append(statement)
                other.remove(chosen[1].id)

        store.connection.set_trace_callback(watch)
        history = read_history(store, now=clock.now(), with_routes=True)
        store.connection.set_trace_callback(None)

    assert len(asked) >= 2
    assert {run.id: run.load for run in history.runs} == whole
    assert {run.id for run in history.runs} == {one.run_id for one in history.attempts}
