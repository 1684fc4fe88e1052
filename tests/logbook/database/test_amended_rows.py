"""Amendments in the logbook: shown everywhere, undone in any order, and never written over what was imported."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.logbook.amending.amendment import AmendmentDoesNotFit, AmendmentKind, Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.amended_rows import refresh_amended
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.rebuild import rebuild
from paceport.training.compute import compute_results

START = datetime(2026, 5, 1, 7, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
IMPORTED = ("activity", "stream", "track_lap", "original", "header")
RUNS = ("SELECT * FROM run ORDER BY id", "SELECT * FROM best_effort ORDER BY run_id, span_m", "SELECT * FROM lap")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three runs of 600 s, the second an hour after the first, computed."""
    home = tmp_path_factory.mktemp("imported")
    files = []
    for number, hours in enumerate((0, 1, 30)):
        points = [
            TrackPoint(time=START + timedelta(hours=hours, seconds=5 * n), position=(f"{52 + n * 1.4e-4:.6f}", "13.4"))
            for n in range(121)
        ]
        files.append(home / f"{number}.gpx")
        files[-1].write_bytes(write_gpx(points, name=f"Run {number}"))
    with open_store(home) as store:
        import_paths(files, store=store, clock=ManualClock(NOW))
        compute_results(store)
    return home


def open_store(home: Path) -> Store:
    return Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW))


@pytest.fixture
def home(imported: Path, tmp_path: Path) -> Path:
    """A copy of it of one's own."""
    return Path(shutil.copytree(imported, tmp_path / "home"))


@pytest.fixture
def runs(home: Path) -> Iterator[Store]:
    """That logbook, open."""
    with open_store(home) as store:
        yield store


def ids(store: Store) -> list[int]:
    return [int(str(row[0])) for row in store.query("SELECT id FROM run ORDER BY start_utc, id").rows]


def rows(store: Store, *queries: str) -> list[tuple[Any, ...]]:
    return [row for query in queries for row in store.connection.execute(query).fetchall()]


def imported_rows(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, *(f"SELECT * FROM main.{table} ORDER BY 1, 2" for table in IMPORTED))


def shown_rows(store: Store) -> list[tuple[Any, ...]]:
    compute_results(store)
    return rows(store, *RUNS, "SELECT * FROM shown_stream ORDER BY 1, 2")


def change(kind: AmendmentKind, **value: object) -> Change:
    return Change(kind=kind, value=value)


def one(store: Store, query: str) -> tuple[Any, ...]:
    (row,) = store.query(query).rows
    return row


KINDS = st.sampled_from(
    [
        ("crop_start", {"time_s": 60.0}), ("crop_start", {"distance_m": 200.0}), ("crop_end", {"time_s": 45.0}),
        ("crop_end", {"distance_m": 150.0}), ("split", {"time_s": 200.0}), ("split", {"distance_m": 700.0}),
        ("distance", {"distance_m": 2100.0}), ("sport", {"sport": "Ride"}), ("sport", {"sport": "TrailRun"}),
        ("race", {"is_race": True}), ("race", {"is_race": False}), ("merge", {}), ("record", {"is_confirmed": True}),
    ]
)  # fmt: skip
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=9)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_any_order_of_amendments_and_undoings_ends_where_it_should(
    imported: Path,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[tuple[AmendmentKind, dict[str, object]], int, int, bool]],
    order: Random,
) -> None:
    home = Path(shutil.copytree(imported, tmp_path_factory.mktemp("any") / "home"))
    with open_store(home) as store:
        originals, shown = imported_rows(store), shown_rows(store)
        for (kind, value), first, second, is_undone in steps:
            here = rows(store, "SELECT id FROM main.shown_activity ORDER BY id")
            (activity_id,), (other_id,) = here[first % len(here)], here[second % len(here)]
            more = {"other_id": other_id} if kind == "merge" else {}
            with suppress(AmendmentDoesNotFit):
                store.amended.add(activity_id, [Change(kind=kind, value=value | more)])
            made = rows(store, "SELECT id FROM main.amendment ORDER BY id")
            if is_undone and made:
                store.amended.undo(made[second % len(made)])
            assert imported_rows(store) == originals

        # What is shown depends on the amendments in effect alone, not on the way there.
        before = shown_rows(store)
        with transaction(store.connection):
            for (activity_id,) in rows(store, "SELECT DISTINCT activity_id FROM main.amendment"):
                refresh_amended(store.connection, activity_id)
        assert shown_rows(store) == before

        numbers = [int(row[0]) for row in rows(store, "SELECT id FROM main.amendment")]
        order.shuffle(numbers)
        for amendment_id in numbers:
            store.amended.undo([amendment_id])
        assert imported_rows(store) == originals
        assert shown_rows(store) == shown
        assert rows(store, "SELECT 1 FROM main.amended", "SELECT 1 FROM main.amended_activity") == []
        assert rows(store, "SELECT 1 FROM main.amended_stream", "SELECT 1 FROM main.amended_track_lap") == []


def test_results_and_best_efforts_follow_an_amendment_and_its_undoing(runs: Store) -> None:
    first = ids(runs)[0]
    before = one(runs, f"SELECT distance_m, moving_time_s FROM run WHERE id = {first}")
    efforts = rows(runs, f"SELECT span_m FROM best_effort WHERE run_id = {first}")

    (made,) = runs.amended.add(first, [change("crop_end", distance_m=1000.0)])
    compute_results(runs)

    after = one(runs, f"SELECT distance_m, moving_time_s FROM run WHERE id = {first}")
    assert after[0] == pytest.approx(float(str(before[0])) - 1000.0, abs=0.1)
    assert after[1] == pytest.approx(float(str(before[1])) * float(str(after[0])) / float(str(before[0])), rel=0.01)
    assert (1000.0,) in efforts
    assert (1000.0,) not in rows(runs, f"SELECT span_m FROM best_effort WHERE run_id = {first}")

    runs.amended.undo([made.id])
    compute_results(runs)

    assert one(runs, f"SELECT distance_m, moving_time_s FROM run WHERE id = {first}") == before


def test_amendments_stay_over_another_import_and_a_rebuild(home: Path) -> None:
    with open_store(home) as store:
        first, second, third = ids(store)
        store.amended.add(first, [change("merge", other_id=second)])
        store.amended.add(third, [change("crop_start", time_s=100.0), change("split", time_s=200.0)])
        before = shown_rows(store)

        again = import_paths(sorted(home.glob("*.gpx")), store=store, clock=ManualClock(NOW))
        assert (again.new, again.unchanged) == (0, 3)
        assert shown_rows(store) == before

        store.connection.execute("UPDATE main.activity SET samples = samples + 1")  # as of a reader that knew less
        rebuilt = rebuild(store=store, clock=ManualClock(NOW))

        assert len(rebuilt.changed) == 3
        contents = "SELECT distance_m, elapsed_time_s, start_utc, notes FROM shown_activity ORDER BY start_utc"
        assert len(rows(store, contents)) == 3
        assert {row[2] for row in rows(store, contents)} == {
            "2026-05-01T07:00:00Z", "2026-05-02T13:01:40Z", "2026-05-02T13:05:00Z"
        }  # fmt: skip


def test_amendments_follow_a_file_to_its_strava_id(store: Store) -> None:
    record = ActivityRecord(id=-5, source="file", sport="Run", start=START, content="c", distance_m=5000.0)
    store.own.save(record, ImportSource(), EncodedTrack())
    store.own.save(
        ActivityRecord(id=-6, source="file", sport="Run", start=START, content="d"), ImportSource(), EncodedTrack()
    )
    store.amended.add(-5, [change("race", is_race=True), change("distance", distance_m=5500.0)])

    store.own.save(
        ActivityRecord(id=77, source="archive", sport="Run", start=START, content="e", distance_m=5010.0),
        ImportSource(),
        EncodedTrack(),
        replaces=-5,
    )

    assert store.query("SELECT id, distance_m, is_race FROM run WHERE id <> -6").rows == [(77, 5500.0, 1)]
    assert [row.amendment.activity_id for row in store.amended.of_activity(77)] == [77, 77]
    assert store.amended.of_activity(-5) == ()


def test_an_amended_value_shows_before_a_cached_one(runs: Store) -> None:
    first, second, _ = ids(runs)
    for activity_id in (first, second):
        runs.cached.save(
            ActivityRecord(
                id=activity_id, source="api", sport="Run", start=START, content="a", name="At Strava",
                distance_m=9999.0, is_race=False, calories_kcal=500.0,
            ),
            expires_at=NOW + timedelta(days=6),
        )  # fmt: skip
    facts = f"SELECT distance_m, is_race, name, calories_kcal FROM run WHERE id = {first}"

    runs.amended.add(first, [change("race", is_race=True)])
    assert one(runs, facts) == (9999.0, 1, "At Strava", 500.0)

    runs.amended.add(first, [change("distance", distance_m=2345.0)])
    assert one(runs, facts) == (2345.0, 1, "At Strava", None)

    runs.amended.add(first, [change("merge", other_id=second)])
    assert ids(runs) == [first, ids(runs)[-1]]


def test_a_run_of_the_cache_alone_is_not_amended(store: Store) -> None:
    store.cached.save(
        ActivityRecord(id=3, source="api", sport="Run", start=START, content="a"), expires_at=NOW + timedelta(days=6)
    )

    with pytest.raises(UsageError, match="not in your own data"):
        store.amended.add(3, [change("race", is_race=True)])

    assert rows(store, "SELECT * FROM amendment") == []


def test_a_change_that_does_not_fit_keeps_none_of_its_call(runs: Store) -> None:
    first = ids(runs)[0]
    before = shown_rows(runs)

    with pytest.raises(AmendmentDoesNotFit):
        runs.amended.add(first, [change("race", is_race=True), change("crop_start", time_s=7200.0)])

    assert shown_rows(runs) == before
    assert runs.amended.of_activity(first) == ()


def test_what_an_undoing_leaves_without_ground_is_left_out_and_named(runs: Store) -> None:
    first, second, _ = ids(runs)
    (merged,) = runs.amended.add(first, [change("merge", other_id=second)])
    runs.amended.add(first, [change("crop_start", time_s=3700.0)])

    runs.amended.undo([merged.id])

    listed = runs.amended.of_activity(first)
    assert [bool(row.left_out_because) for row in listed] == [False, True]
    assert one(runs, f"SELECT elapsed_time_s FROM run WHERE id = {first}") == (600.0,)


def test_a_removed_activity_takes_its_amendments_to_the_bin(runs: Store) -> None:
    first, second, third = ids(runs)
    runs.amended.add(first, [change("merge", other_id=second)])
    runs.amended.add(first, [change("race", is_race=True)])

    removed = runs.remove(second)

    assert ids(runs) == [first, third]
    assert one(runs, f"SELECT elapsed_time_s, is_race FROM run WHERE id = {first}") == (600.0, 1)
    runs.remove(first)
    assert ids(runs) == [third]
    assert removed.place is not None
    (kept,) = [json.loads(path.read_text()) for path in removed.place.parent.glob(f"{first}-*/activity.json")]
    assert [row["kind"] for row in kept["amendments"]] == ["merge", "race"]


def test_a_row_that_another_program_wrote_is_passed_over(runs: Store) -> None:
    first = ids(runs)[0]
    runs.connection.execute("INSERT INTO amendment VALUES (1, ?, 'teleport', '{}', '', NULL)", (first,))
    runs.connection.execute("INSERT INTO amendment VALUES (2, ?, 'race', 'no JSON', '', NULL)", (first,))

    runs.amended.add(first, [change("race", is_race=True)])

    assert one(runs, f"SELECT is_race FROM run WHERE id = {first}") == (1,)


@pytest.mark.parametrize("is_undoing", [False, True])
def test_a_kill_at_any_step_leaves_the_old_state_or_the_new_one(home: Path, is_undoing: bool) -> None:
    with open_store(home) as store:
        first, second, _ = ids(store)
        made = store.amended.add(first, [change("merge", other_id=second)]) if is_undoing else ()
        old = state(home)
        seen: list[list[str]] = []

        def look() -> int:
            # What a killed process would leave: the files as they are at this step.
            copy = home / "killed"
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir()
            for path in (home / "data").glob("own.db*"):
                shutil.copy(path, copy / path.name)
            seen.append(dump(copy / "own.db"))
            return 0

        store.connection.set_progress_handler(look, 30)
        if is_undoing:
            store.amended.undo([one.id for one in made])
        else:
            store.amended.add(first, [change("merge", other_id=second), change("split", time_s=300.0)])
        store.connection.set_progress_handler(None, 0)
        new = state(home)

    assert old != new
    assert len(seen) > 10
    assert all(found in (old, new) for found in seen)


@pytest.mark.parametrize("steps", [1, 7, 40])
def test_an_error_at_any_step_leaves_the_old_state(home: Path, steps: int) -> None:
    with open_store(home) as store:
        first = ids(store)[0]
        old = state(home)
        store.connection.set_progress_handler(lambda: 1, steps)
        with pytest.raises(Exception, match="interrupted"):
            store.amended.add(first, [change("crop_start", time_s=60.0), change("split", time_s=300.0)])
        store.connection.set_progress_handler(None, 0)

        assert state(home) == old
        store.amended.add(first, [change("crop_start", time_s=60.0)])


def state(home: Path) -> list[str]:
    return dump(home / "data" / "own.db")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
