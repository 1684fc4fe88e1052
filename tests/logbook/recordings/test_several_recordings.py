"""Three recordings of one run: each channel and each value from the best of them, also where one was amended."""

from dataclasses import replace

import numpy as np
import pytest

from logbook.recordings.test_link_recordings import cache, keep, run_ids, track
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import TrackFacts
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.part_recordings import undo_amendments
from paceport.logbook.database.store import Store
from paceport.training.cleaning.repairs import Repair, repair_notes
from paceport.training.compute import compute_results

PLACES = track(has_heart=False)


def test_each_value_comes_from_the_one_recording_that_has_it(store: Store) -> None:
    strap = replace(track(), latitude_deg=None, longitude_deg=None)
    power = replace(strap, heartrate_bpm=None, power_w=np.full(len(strap), 250.0))
    keep(store, 1, PLACES, name="watch", steps=5000.0)
    keep(store, 2, strap, later_s=2, gear="Blue ones", average_heartrate_bpm=150.0)
    keep(store, 3, power, later_s=4, description="with Ann", average_power_w=250.0, calories_kcal=400.0)

    assert link_recordings(store) == 2
    compute_results(store)

    columns = "id, name, gear, description, average_heartrate_bpm, average_power_w, calories_kcal, steps"
    assert store.query(f"SELECT {columns} FROM run").rows == [
        (1, "watch", "Blue ones", "with Ann", 150.0, 250.0, 400.0, 5000.0)
    ]
    assert {"heartrate_bpm", "power_w", "latitude_deg"} <= set(store.channels(1))


@pytest.mark.parametrize("count", [2, 4])
def test_no_value_of_the_best_three_others_is_lost(store: Store, count: int) -> None:
    for number in range(count):
        keep(store, number + 1, PLACES, later_s=number, description="of the last" if number == count - 1 else "")

    link_recordings(store)

    assert store.query("SELECT description, other_recordings FROM run").rows == [("of the last", count - 1)]


def test_a_cut_run_takes_names_but_no_totals_from_its_other_recording(store: Store) -> None:
    keep(store, -1, track())
    keep(
        store, 2, PLACES, later_s=6, source="archive", name="Tempo", gear="Blue ones", calories_kcal=400.0, is_race=True
    )
    store.amended.add(-1, [Change(kind="crop_start", value={"time_s": 600.0})])

    link_recordings(store)
    compute_results(store)

    columns = "id, name, gear, strava_id, calories_kcal, is_race, round(distance_m), round(average_heartrate_bpm)"
    assert store.query(f"SELECT {columns} FROM run").rows == [(-1, "Tempo", "Blue ones", 2, None, 1, 3600.0, 150.0)]


def test_a_cut_run_keeps_the_heart_rate_of_its_other_recording(store: Store) -> None:
    keep(store, 1, PLACES, source="archive")
    keep(store, -2, track(), later_s=-6)
    link_recordings(store)

    store.amended.add(1, [Change(kind="crop_start", value={"time_s": 600.0})])
    compute_results(store)

    assert store.query("SELECT average_heartrate_bpm, elapsed_time_s FROM run").rows == [(150.0, 1200.0)]


def test_the_best_recording_counts_again_when_all_amendments_are_undone(store: Store) -> None:
    keep(store, 1, PLACES)
    made = store.amended.add(1, [Change(kind="race", value={"is_race": True})])
    keep(store, 2, track(), later_s=6)
    link_recordings(store)
    assert run_ids(store) == [1]

    undo_amendments(store, made)

    assert run_ids(store) == [2]


def test_what_the_export_says_counts_before_a_bare_file(store: Store) -> None:
    keep(store, -1, track(), name="activity_1234")
    keep(store, 2, PLACES, later_s=6, source="archive", name="Tempo", distance_m=5800.0, notes=("the export states",))

    link_recordings(store)
    compute_results(store)

    assert store.query("SELECT name, distance_m, average_heartrate_bpm FROM run").rows == [("Tempo", 5800.0, 150.0)]


def test_a_title_of_strava_shows_before_the_name_of_a_file(store: Store) -> None:
    keep(store, -1, track(), name="activity_1234")
    cache(store, 7, PLACES, later_s=6, name="Tempo with Ann")

    link_recordings(store)

    assert store.query("SELECT id, name FROM run").rows == [(-1, "Tempo with Ann")]
    assert store.connection.execute("SELECT name FROM main.run").fetchall() == [("activity_1234",)]


@pytest.mark.parametrize(
    ("notes", "giver"), [((), None), (repair_notes([Repair(kind="heart rate", at_s=1, size=250)]), 2)]
)
def test_of_two_as_long_the_channel_with_fewer_doubts_is_taken(
    store: Store, notes: tuple[str, ...], giver: int | None
) -> None:
    keep(store, 1, track(), source="archive", notes=notes)
    keep(store, 2, track(), later_s=2)

    link_recordings(store)

    (other,) = store.recording_rows.others().values()
    assert (other.activity_id if other.channels else None) == giver


def test_a_guessed_sport_gives_way_to_one_that_is_told(store: Store) -> None:
    keep(store, 1, track(), sport="Ride", track=TrackFacts(is_sport_guessed=True))
    keep(store, 2, PLACES, later_s=2)

    assert link_recordings(store) == 1
    assert store.query("SELECT id, sport FROM run").rows == [(2, "Run")]


def test_without_tracks_a_guessed_sport_tells_nothing(store: Store) -> None:
    keep(store, 1, sport="Ride", track=TrackFacts(is_sport_guessed=True))
    keep(store, 2, later_s=2)

    assert link_recordings(store) == 0


def test_a_cropped_run_counts_distance_from_its_own_start(store: Store) -> None:
    whole = track()
    keep(store, 1, replace(track(seconds=1200), distance_m=None), source="archive", later_s=600, elapsed_time_s=1200.0)
    keep(store, 2, whole)

    link_recordings(store)

    found = store.streams(1)
    assert found is not None
    assert found.distance_m is not None
    assert (found.distance_m[0], found.distance_m[-1]) == (0.0, 3600.0)


def test_a_row_that_gets_its_track_later_counts_from_then_on(store: Store) -> None:
    keep(store, -1, track())
    keep(store, 2, later_s=6, source="archive", name="Tempo")
    link_recordings(store)
    assert run_ids(store) == [-1]

    keep(store, 2, PLACES, later_s=6, source="archive", name="Tempo")
    link_recordings(store)

    assert run_ids(store) == [2]


@pytest.mark.parametrize("is_linked_later", [False, True])
def test_both_parts_of_a_split_have_the_heart_rate_of_the_other_recording(store: Store, is_linked_later: bool) -> None:
    keep(store, 2, PLACES, source="archive")
    if not is_linked_later:
        keep(store, -1, track(), later_s=6)
        link_recordings(store)
    store.amended.add(2, [Change(kind="split", value={"time_s": 600.0})])
    compute_results(store)
    if is_linked_later:
        keep(store, -1, track(), later_s=6)
        link_recordings(store)
        compute_results(store)

    rows = store.query("SELECT elapsed_time_s, average_heartrate_bpm FROM run ORDER BY start_utc").rows
    assert rows == [(600.0, 150.0), (1200.0, 150.0)]
