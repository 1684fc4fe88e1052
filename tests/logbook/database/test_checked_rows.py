"""The mark that every own row was checked: gone with every change, whoever makes it."""

import sqlite3
from contextlib import closing

import pytest

from paceport.logbook.database.store import Store

CHANGES = (
    "INSERT INTO activity (id, source, sport, start_utc, local_start, content) VALUES (9, 'file', 'Run', 'x', 'x', '')",
    "UPDATE activity SET name = 'another'",
    "DELETE FROM activity",
    "UPDATE result SET training_load = 1",
    "DELETE FROM result",
    "INSERT INTO other_recording VALUES (8, 9, 1, '[]')",
)


@pytest.fixture
def checked(store: Store) -> Store:
    """A store of one row in each table, all of it checked."""
    store.connection.execute(
        "INSERT INTO main.activity (id, source, sport, start_utc, local_start, content) "
        "VALUES (1, 'file', 'Run', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00', '')"
    )
    store.connection.execute("INSERT INTO main.result (activity_id, version, content, figures) VALUES (1, 1, '', '{}')")
    store.end_check(store.begin_check(), "mark")
    return store


def test_a_check_holds_for_its_mark_alone(checked: Store) -> None:
    assert checked.is_checked("mark")
    assert not checked.is_checked("another mark")


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_by_any_program_ends_it(checked: Store, change: str) -> None:
    with closing(sqlite3.connect(checked.own_path)) as other:
        other.execute(change)
        other.commit()

    assert not checked.is_checked("mark")


def test_a_change_during_a_check_leaves_it_undone(store: Store) -> None:
    token = store.begin_check()
    store.connection.execute(CHANGES[0])

    store.end_check(token, "mark")

    assert not store.is_checked("mark")


def test_of_two_checks_at_once_the_later_counts(store: Store) -> None:
    first, second = store.begin_check(), store.begin_check()

    store.end_check(first, "first")
    assert not store.is_checked("first")

    store.end_check(second, "second")
    assert store.is_checked("second")


def test_a_row_that_went_bad_after_a_check_is_found(checked: Store) -> None:
    checked.connection.execute("UPDATE main.activity SET start_utc = 'never'")

    assert [row.column for row in checked.run_rows.bad_rows()] == ["start_utc"]
