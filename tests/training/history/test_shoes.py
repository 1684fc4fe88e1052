"""Shoes near their limit are named; others, and old ones, are not."""

from datetime import timedelta

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.training.history.shoes import ShoeLimits, read_shoes, shoe_warnings

EVERY = ShoeLimits(every_km=700, by_name_km={})


def run_in(store: Store, clock: ManualClock, run_km: float, *, days_ago: int = 1, gear: str = "Blue ones") -> None:
    start = clock.now() - timedelta(days=days_ago)
    record = ActivityRecord(
        id=1, source="archive", sport="Run", start=start, content="c", gear=gear, distance_m=1e3 * run_km
    )
    store.own.save(record, ImportSource(), EncodedTrack())
    store.own.save_gear([("shoe", "Blue ones", "Acme", "Glide 3", "[]")])


@pytest.mark.parametrize(
    ("run_km", "days_ago", "limits", "said"),
    [
        (600, 1, EVERY, []),
        (640, 1, EVERY, ["the shoes Blue ones have run 640 km; 60 km are left of 700"]),
        (720, 1, EVERY, ["the shoes Blue ones have run 720 km, 20 km past your limit"]),
        (720, 90, EVERY, []),
        (
            640,
            1,
            ShoeLimits(by_name_km={"blue  ONES": 650}),
            ["the shoes Blue ones have run 640 km; 10 km are left of 650"],
        ),
        (640, 1, ShoeLimits(every_km=700, by_name_km={"Blue ones": 900}), []),
        (
            640,
            1,
            ShoeLimits(by_name_km={"Bleu": 900}),
            ["[shoe_limits_km] in config.toml names Bleu, but no shoes in the logbook are called that"],
        ),
        (640, 1, ShoeLimits(by_name_km={}), []),
    ],
)
def test_shoes_are_named_before_their_limit(
    store: Store, clock: ManualClock, run_km: int, days_ago: int, limits: ShoeLimits, said: list[str]
) -> None:
    run_in(store, clock, run_km, days_ago=days_ago)

    assert shoe_warnings(store, limits, today=clock.now().date()) == said


def test_shoes_that_only_runs_name_are_there(store: Store, clock: ManualClock) -> None:
    run_in(store, clock, 400, gear="Old pair")

    shoes = read_shoes(store, EVERY, today=clock.now().date())

    assert [(each.name, each.runs, each.left_km) for each in shoes] == [("Old pair", 1, 300.0), ("Blue ones", 0, 700.0)]


def test_the_make_of_shoes_is_their_name(store: Store, clock: ManualClock) -> None:
    run_in(store, clock, 400, gear="Acme Glide 3")

    assert [each.name for each in read_shoes(store, EVERY, today=clock.now().date())] == ["Blue ones"]


def test_renamed_shoes_keep_the_limit_of_their_earlier_name(store: Store, clock: ManualClock) -> None:
    run_in(store, clock, 640)
    store.own.save_gear([("shoe", "Red ones", "Acme", "Glide 3", "[]")])
    store.export_rows.save_gear_names({("shoe", "Blue ones"): "Red ones"}, current=[("shoe", "Red ones")])

    (pair,) = read_shoes(store, ShoeLimits(by_name_km={"Blue ones": 650}), today=clock.now().date())

    assert (pair.name, pair.limit_km, pair.is_near_limit) == ("Red ones", 650, True)
