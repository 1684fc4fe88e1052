"""A newer export beside the earlier one: what is gone is said and stays, and renamed shoes are one pair."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from logbook.importing.conftest import Importer
from makers.export_writer import activities, write_zip
from paceport.logbook.database.export_rows import KnownGear
from paceport.logbook.database.store import Store
from paceport.logbook.importing.export_changes import gone_activities, renamed_gear


def shoe(name: str, model: str = "Glide 3") -> KnownGear:
    return KnownGear(kind="shoe", name=name, brand="Acme", model=model)


def test_what_a_newer_export_lacks_is_said_and_stays(tmp_path: Path, store: Store, importer: Importer) -> None:
    first, gone, last = activities(3, tracks=False)
    importer(write_zip(tmp_path / "old.zip", [first, gone, last]))

    account = importer(write_zip(tmp_path / "new.zip", [first, last]))

    (said,) = [note for note in account.notes if "no longer in this export" in note]
    assert f"paceport logbook --remove {gone.id}" in said
    assert store.export_rows.gone() == [(gone.id, f"{gone.start:%Y-%m-%d} {gone.name}")]
    assert store.query("SELECT count(*) FROM run").rows == [(3,)]


def test_what_is_back_in_an_export_is_not_gone(tmp_path: Path, store: Store, importer: Importer) -> None:
    first, gone, last = activities(3, tracks=False)
    importer(write_zip(tmp_path / "old.zip", [first, gone, last]))
    importer(write_zip(tmp_path / "new.zip", [first, last]))

    importer(write_zip(tmp_path / "newest.zip", [first, gone, last]))

    assert store.export_rows.gone() == []


def test_an_older_export_makes_nothing_gone(tmp_path: Path, store: Store, importer: Importer) -> None:
    first, last = activities(2, tracks=False)
    importer(write_zip(tmp_path / "new.zip", [first, last]))

    account = importer(write_zip(tmp_path / "old.zip", [first]))

    assert store.export_rows.gone() == []
    assert any("newer than all of it" in note for note in account.notes)


def test_an_export_of_somebody_else_makes_nothing_gone(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(write_zip(tmp_path / "mine.zip", activities(2, tracks=False)))
    other = [replace(one, id=one.id + 1) for one in activities(2, seed=2, tracks=False)]

    account = importer(write_zip(tmp_path / "other.zip", other))

    assert store.export_rows.gone() == []
    assert any("another athlete" in note for note in account.notes)


@given(st.sets(st.integers(1, 60)), st.sets(st.integers(1, 60)))
def test_nothing_that_the_export_has_is_gone(stored: set[int], seen: set[int]) -> None:
    gone, later = gone_activities(stored, seen)

    assert set(gone) | set(later) == stored - seen
    assert all(one < max(seen) for one in gone)


def test_shoes_are_renamed_where_their_runs_say_so() -> None:
    changes = Counter({("Old", "New"): 3})

    assert renamed_gear([shoe("Old")], [shoe("New")], changes) == {("shoe", "Old"): "New"}


def test_shoes_that_went_to_two_names_are_not_renamed() -> None:
    changes = Counter({("Old", "New"): 3, ("Old", "Other"): 1})

    assert renamed_gear([shoe("Old")], [shoe("New"), shoe("Other")], changes) == {}


def test_shoes_that_are_still_listed_are_not_renamed() -> None:
    changes = Counter({("Old", "New"): 1, ("Old", "Old"): 4})

    assert renamed_gear([shoe("Old")], [shoe("Old"), shoe("New")], changes) == {}


def test_a_second_pair_of_one_model_is_another_pair() -> None:
    assert renamed_gear([shoe("First")], [shoe("First"), shoe("Second")], Counter()) == {}
    assert renamed_gear([shoe("A"), shoe("B")], [shoe("C")], Counter()) == {}


def test_a_name_that_follows_a_name_leads_to_the_newest(store: Store) -> None:
    store.export_rows.save_gear_names({("shoe", "One"): "Two"}, current=[("shoe", "Two")])
    store.export_rows.save_gear_names({("shoe", "Two"): "Three"}, current=[("shoe", "Three")])

    rows = store.connection.execute("SELECT name, name_now FROM former_gear_name ORDER BY name").fetchall()
    assert rows == [("One", "Three"), ("Two", "Three")]
