"""The views over both databases are made when a statement first names one, and made again after what undid them."""

import re
import sqlite3

import pytest

from conftest import ROOT
from paceport.errors import PaceportError
from paceport.logbook.database.store import Store
from paceport.logbook.database.temporary_views import TemporaryViews
from paceport.logbook.database.views import joined_views


def made(store: Store) -> int:
    # By another cursor than the store's, which would make them.
    cursor = sqlite3.Cursor(store.connection)
    return int(cursor.execute("SELECT count(*) FROM sqlite_temp_master WHERE type = 'view'").fetchone()[0])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM main.run",
        "SELECT gear FROM main.any_sport AS run WHERE gear = 'run'",
        "UPDATE cache.activity SET gear = ''",
        "SELECT typeof(gear) FROM main.activity",
    ],
)
def test_a_question_to_own_data_makes_none(store: Store, query: str) -> None:
    store.connection.execute(query)

    assert made(store) == 0


@pytest.mark.parametrize(
    "form", ["SELECT * FROM {}", "SELECT * FROM a JOIN temp.{} AS x", "SELECT 1 IN(SELECT 1 FROM(\n{}))"]
)
def test_a_question_to_any_view_is_known_as_one(form: str) -> None:
    views = TemporaryViews()

    assert [name for name in joined_views() if not views.names_one(form.format(name))] == []


def test_the_first_question_to_one_makes_all(store: Store) -> None:
    store.connection.execute("SELECT * FROM lap")

    assert made(store) == len(joined_views())


def test_views_that_were_made_in_a_transaction_that_was_undone_are_made_again(store: Store) -> None:
    store.connection.execute("BEGIN")
    store.connection.execute("SELECT * FROM run")
    store.connection.execute("ROLLBACK")

    store.connection.execute("SELECT * FROM temp.run")
    assert made(store) == len(joined_views())


def test_an_error_of_sqlite_costs_no_view(store: Store) -> None:
    store.connection.execute("BEGIN")
    store.connection.execute("SELECT * FROM run")
    with pytest.raises(PaceportError):
        store.connection.execute("INSERT OR ROLLBACK INTO main.checked VALUES (NULL, NULL, NULL)")
    if store.connection.in_transaction:
        store.connection.execute("ROLLBACK")

    assert store.connection.execute("SELECT count(*) FROM temp.run").fetchone() == (0,)


def test_no_statement_of_ours_lists_tables_with_commas_or_in_small_letters() -> None:
    """By the word before it a name is known as that of a table."""
    listed = re.compile(r"\b(?:FROM|JOIN) [\w.{}]+(?: AS \w+)?, [a-z]")
    names = "|".join(joined_views())
    small = re.compile(rf'"[^"\n]*\b(?:from|join) (?:{names})\b[^"\n]*\b(?:where|select)\b')
    sources = (ROOT / "src" / "paceport").rglob("*.py")
    wrong = [path.name for path in sources if listed.search(text := path.read_text("utf-8")) or small.search(text)]

    assert wrong == []
