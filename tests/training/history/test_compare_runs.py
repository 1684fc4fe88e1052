"""What the comparison of runs leaves in the logbook, and how records are ranked after it."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paceport.clock import ManualClock
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.record_views import IMPOSSIBLE
from paceport.logbook.database.store import Store
from paceport.training.history.compare_runs import compare_runs
from paceport.training.history.effort_places import effort_places
from paceport.training.history.history import read_history
from paceport.training.history.progress import records
from paceport.training.history.record_book import read_record_book
from paceport.training.metrics.race_prediction import riegel_s

FIRST = datetime(2026, 1, 5, 7, tzinfo=UTC)
SPANS_M = (400.0, 1000.0, 5000.0)


def save(store: Store, number: int, five_km_s: float, *, cached: ManualClock | None = None, **changes: object) -> None:
    """A run with best efforts of that level, saved as own data or into the cache."""
    values: dict[str, object] = {
        "source": "archive", "sport": "Run", "start": FIRST + timedelta(days=number), "content": "c", "samples": 9,
        "name": f"Run {number}", "distance_m": 8300.0, "elapsed_time_s": 2900.0, "moving_time_s": 2900.0,
    }  # fmt: skip
    record = ActivityRecord(id=number, **values | changes)  # type: ignore[arg-type]  # fields of ActivityRecord
    if cached is None:
        store.own.save(record, ImportSource(), EncodedTrack())
    else:
        store.cached.save(record, expires_at=cached.now() + timedelta(days=6))
    efforts = tuple((span_m, riegel_s(5000.0, five_km_s, span_m), 1.0) for span_m in SPANS_M)
    store.save_results([ResultRecord(activity_id=number, version=1, content="c", figures={}, efforts=efforts)])


@pytest.fixture
def logbook(store: Store) -> Store:
    """Twenty jogs, the one with the greatest number the fastest, and a ride that is called a run."""
    for number in range(1, 21):
        save(store, number, 1700.0 - number)
    save(store, 99, 850.0, name="Way home")
    compare_runs(store)
    return store


def ranked(store: Store, span_m: float = 5000.0) -> list[int]:
    query = f"SELECT run_id FROM best_effort WHERE span_m = {span_m} AND doubt IS NULL ORDER BY place"
    return [int(str(row[0])) for row in store.query(query).rows]


def doubts(store: Store, run_id: int) -> set[object]:
    return {row[0] for row in store.query(f"SELECT doubt FROM best_effort WHERE run_id = {run_id}").rows}


@pytest.mark.parametrize(("start_s", "is_doubted"), [(100.0, True), (1450.0, False)], ids=["within", "after it"])
def test_a_longer_effort_that_owes_a_doubtful_one_its_time_is_doubtful_too(
    logbook: Store, start_s: float, is_doubted: bool
) -> None:
    # 5 km on a scooter from second 600 on; 10 km as fast as the best of the others.
    save(logbook, 50, 1700.0)
    efforts = ((5000.0, 800.0, 600.0), (10_000.0, riegel_s(5000.0, 1690.0, 10_000.0), start_s))
    logbook.save_results([ResultRecord(activity_id=50, version=1, content="c", figures={}, efforts=efforts)])

    compare_runs(logbook)

    assert 50 not in ranked(logbook)
    assert (50 not in ranked(logbook, 10_000.0)) == is_doubted
    assert any("part of it is doubtful" in str(doubt) for doubt in doubts(logbook, 50)) == is_doubted


def say(store: Store, run_id: int, *, is_confirmed: bool) -> None:
    store.amended.add(run_id, [Change(kind="record", value={"is_confirmed": is_confirmed})])
    compare_runs(store)


def test_an_effort_beyond_all_others_has_its_reason_and_no_place(logbook: Store) -> None:
    assert ranked(logbook) == list(range(20, 0, -1))
    because = "14:10 over 5 km is far faster than the 28:01 that your other runs make possible"
    assert doubts(logbook, 99) == {because}
    assert logbook.query("SELECT DISTINCT place FROM best_effort WHERE run_id = 99 AND span_m = 5000").rows == [(None,)]


def test_a_confirmed_run_counts_and_the_word_can_be_taken_back(logbook: Store) -> None:
    say(logbook, 99, is_confirmed=True)

    assert ranked(logbook)[:2] == [99, 20]
    assert doubts(logbook, 99) == {None}

    logbook.amended.undo([one.amendment.id for one in logbook.amended.of_activity(99)])
    compare_runs(logbook)
    assert ranked(logbook)[0] == 20


def test_a_rejected_run_has_no_place_and_vouches_for_nothing(logbook: Store, clock: ManualClock) -> None:
    say(logbook, 20, is_confirmed=False)

    assert ranked(logbook)[0] == 19
    assert doubts(logbook, 20) == {"you rejected this run"}
    assert read_history(logbook, now=clock.now(), not_records=[3]).set_aside == {3, 20}


def test_the_word_survives_another_import_and_computing_anew(logbook: Store) -> None:
    say(logbook, 99, is_confirmed=True)

    save(logbook, 99, 851.0, name="Way home", content="c")
    compare_runs(logbook)

    assert ranked(logbook)[0] == 99


def test_the_word_changes_no_result(logbook: Store) -> None:
    before = logbook.query("SELECT * FROM run ORDER BY id")
    assert before.columns[-1] == "doubt"

    say(logbook, 99, is_confirmed=True)

    assert [row[:-1] for row in logbook.query("SELECT * FROM run ORDER BY id").rows] == [
        row[:-1] for row in before.rows
    ]
    assert logbook.query("SELECT count(*) FROM result").rows == [(21,)]


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"sport": "VirtualRun"}, "it is a virtual run"),
        ({"is_indoor": True}, "on a treadmill the distance is an estimate"),
    ],
)
def test_what_has_no_true_distance_has_no_place(logbook: Store, changes: dict[str, object], because: str) -> None:
    save(logbook, 21, 1600.0, **changes)  # type: ignore[arg-type]  # columns alone
    compare_runs(logbook)

    assert ranked(logbook)[0] == 20
    assert doubts(logbook, 21) == {because}


def test_the_settings_exclude_a_run(logbook: Store) -> None:
    compare_runs(logbook, not_records=[20])
    assert (ranked(logbook)[0], doubts(logbook, 20)) == (19, {"you excluded this run"})

    compare_runs(logbook)
    assert ranked(logbook)[0] == 20


def test_the_settings_exclude_a_run_by_the_id_of_any_recording_until_it_is_confirmed(
    logbook: Store, clock: ManualClock
) -> None:
    save(logbook, 1020, 1681.0)
    logbook.connection.execute("INSERT INTO main.other_recording VALUES (1020, 20, 1, '[]')")

    compare_runs(logbook, not_records=[1020])

    assert (ranked(logbook)[0], doubts(logbook, 20)) == (19, {"you excluded this run"})
    logbook.amended.add(20, [Change(kind="record", value={"is_confirmed": True})])
    compare_runs(logbook, not_records=[20])
    book = read_record_book(logbook, now=clock.now(), not_records=[20])
    history = read_history(logbook, now=clock.now(), not_records=[20])
    assert ranked(logbook)[0] == book.best(5000.0, 1)[0].attempt.run_id == 20
    assert {one.excluded_because for one in history.attempts if one.run_id == 20} == {None}


def test_the_year_has_places_of_its_own(logbook: Store, clock: ManualClock) -> None:
    clock.advance(365 * 86400)
    save(logbook, 400, 1690.0)  # 2027
    compare_runs(logbook)

    query = "SELECT place, place_in_year FROM best_effort WHERE run_id = 400 AND span_m = 5000"
    assert logbook.query(query).rows == [(12, 1)]


def test_python_and_sql_rank_the_same_way(logbook: Store, clock: ManualClock) -> None:
    book = records(read_history(logbook, now=clock.now()))

    query = "SELECT span_m, run_id FROM best_effort WHERE place = 1"
    assert {span_m: one.attempt.run_id for span_m, one in book.current().items()} == {
        row[0]: row[1] for row in logbook.query(query).rows
    }


TWIN = 1000


class Made(NamedTuple):
    """A run of a random logbook. `word` is a person's: confirmed, rejected, or none.

    `is_impossible`: it has a time beside its others that nobody ran. `is_set_aside`: the settings exclude it.
    `has_twin`: another recording of it counts in its place.
    """

    five_km_s: int
    days: int
    sport: str
    is_indoor: bool
    is_cached: bool
    word: bool | None
    is_impossible: bool
    is_set_aside: bool
    has_twin: bool


MADE = st.builds(
    Made,
    st.sampled_from([1500, 1501, 1600, 760]),
    st.sampled_from([0, 1, 200, 400, 3000]),
    st.sampled_from(["Run", "Run", "Run", "TrailRun", "VirtualRun"]),
    st.sampled_from([False, False, False, True]),
    st.booleans(),
    st.sampled_from([None, None, None, True, False]),
    *(st.sampled_from([False, False, False, True]) for _ in range(3)),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MADE, min_size=6, max_size=14))
def test_records_places_and_sql_rank_random_logbooks_the_same_way(
    tmp_path: Path, clock: ManualClock, made: list[Made]
) -> None:
    home = tmp_path / secrets.token_hex(4)
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        with transaction(store.connection):
            for number, one in enumerate(made, 1):
                start = datetime(2025, 6, 1, 7, tzinfo=UTC) + timedelta(days=one.days)
                changes = {"start": start, "sport": one.sport, "is_indoor": one.is_indoor, "timezone": "UTC"}
                save(store, number, one.five_km_s, cached=clock if one.is_cached else None, **changes)
                if one.has_twin:
                    save(store, number + TWIN, one.five_km_s + 5.0, cached=None, **changes)
                    row = (number, number + TWIN, 1, "[]")
                    if one.is_cached:
                        store.connection.execute(
                            "INSERT INTO cache.other_recording VALUES (?, ?, ?, ?, '2026-11-28T00:00:00Z')", row
                        )
                    else:
                        store.connection.execute("INSERT INTO main.other_recording VALUES (?, ?, ?, ?)", row)
                if one.is_impossible:
                    schema = "cache" if one.is_cached and not one.has_twin else "main"
                    counts = number + TWIN if one.has_twin else number
                    values = f"SELECT activity_id, span_m, 9.0, 1.0, '{IMPOSSIBLE[1]}'"
                    columns = "activity_id, span_m, elapsed_s, start_s, doubt"
                    if schema == "cache":
                        values, columns = f"{values}, expires_at", f"{columns}, expires_at"
                    store.connection.execute(
                        f"INSERT INTO {schema}.effort ({columns}) {values} FROM {schema}.effort WHERE activity_id = ?",
                        (counts,),
                    )
                if one.word is not None and not one.is_cached:
                    store.amended.add(number, [Change(kind="record", value={"is_confirmed": one.word})])
        not_records = [number for number, one in enumerate(made, 1) if one.is_set_aside]
        compare_runs(store, not_records=not_records)
        query = "SELECT span_m, run_id, place, place_in_year FROM best_effort WHERE doubt IS NULL ORDER BY 1, 3, 2"
        in_sql = store.query(query).rows
        book = read_record_book(store, now=clock.now(), not_records=not_records)
        history = read_history(store, now=clock.now(), not_records=not_records)
        of_runs = [
            (one.span_m, run.id, one.place, one.place_in_year)
            for run in history.runs
            for one in effort_places(store, history, run)
            if one.place is not None
        ]

    ranked_by_book = [
        (span_m, one.attempt.run_id, one.place, one.place_in_year)
        for span_m in SPANS_M
        for one in book.best(span_m, 99)
    ]
    assert ranked_by_book == in_sql
    assert sorted(of_runs) == sorted(in_sql)


def test_a_run_that_is_synced_as_well_keeps_the_word(logbook: Store, clock: ManualClock) -> None:
    say(logbook, 99, is_confirmed=True)
    say(logbook, 20, is_confirmed=False)

    for number in (99, 20):
        save(logbook, number, 900.0 if number == 99 else 1680.0, cached=clock)
    compare_runs(logbook)

    assert ranked(logbook)[:2] == [99, 19]
    clock.advance(8 * 86400)
    assert ranked(logbook)[:2] == [99, 19]


def test_a_race_is_stored_with_what_speaks_for_it(logbook: Store) -> None:
    save(logbook, 30, 1500.0, name="Citylauf", distance_m=5030.0, elapsed_time_s=1509.0, moving_time_s=1509.0)
    compare_runs(logbook)

    found = logbook.query("SELECT id, race_signs FROM run WHERE race_signs IS NOT NULL").rows
    assert found == [(30, "its name says citylauf, it is 5 km long, it is about as fast as your other bests allow")]


def test_cached_runs_are_held_against_all_and_own_ones_against_own_ones(logbook: Store, clock: ManualClock) -> None:
    save(logbook, 200, 800.0, cached=clock)
    save(logbook, 201, 1650.0, cached=clock)
    compare_runs(logbook)

    assert ranked(logbook) == [201, *range(20, 0, -1)]
    assert None not in doubts(logbook, 200)
    assert logbook.query("SELECT DISTINCT doubt FROM best_effort WHERE run_id <= 20").rows == [(None,)]
    clock.advance(8 * 86400)
    assert ranked(logbook) == [*range(20, 0, -1)]
