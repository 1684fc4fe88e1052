"""The figures at the head of the page, down to a single run."""

from __future__ import annotations

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.headline import headline
from paceport.training.history.history import History
from paceport.units import Units
from report.conftest import NOW
from report.logbooks import history_of, loop_streams, save


def test_a_single_short_run_is_told_in_the_singular_and_not_as_0_hours(store: Store) -> None:
    save(store, 0, loop_streams(minutes=23.0))
    tiles = {tile.title: tile for tile in headline(history_of(store, ManualClock(NOW)), Units("km"))}

    assert (tiles["Moving time"].value, tiles["Moving time"].unit) == ("0:23", "h")
    assert (tiles["Longest streak"].value, tiles["Longest streak"].unit) == ("1", "week")


def test_many_hours_are_whole_hours(forty_history: History) -> None:
    tiles = {tile.title: tile for tile in headline(forty_history, Units("km"))}

    assert tiles["Moving time"].value.isdigit()
    assert tiles["Longest streak"].unit == "weeks"
