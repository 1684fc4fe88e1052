"""The maximum heart rate that runs show: what is taken, from where, and what it makes of zones and loads."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.history import History, read_history
from paceport.training.history.seen_maximum import SEEN_MAXIMUM
from paceport.training.metrics.athlete import AthleteFacts, SeasonHeartRate

NOW = datetime(2026, 11, 15, 8, tzinfo=UTC)
HOUR = {"first_bpm": 150.0, "known_s": [3600.0], "moving_s": [3600.0], "coverage_ratio": 1.0}


def save(store: Store, number: int, start: datetime, best_minute_bpm: float, mean_bpm: float = 150.0) -> None:
    """An hour at 150 bpm, whose hardest minute was that."""
    record = ActivityRecord(
        id=number, source="archive", sport="Run", start=start, content="c", samples=9, name=f"Run {number}",
        distance_m=10_000.0, moving_time_s=3600.0, elapsed_time_s=3600.0, average_heartrate_bpm=mean_bpm,
        timezone="UTC", zone_source="setting",
    )  # fmt: skip
    store.own.save(record, ImportSource(), EncodedTrack())
    figures = {"heart": HOUR}
    store.save_results(
        [ResultRecord(activity_id=number, version=1, content="c", figures=figures, best_minute_bpm=best_minute_bpm)]
    )


def history(store: Store, given: AthleteFacts | None = None) -> History:
    return read_history(store, now=NOW, given=given, with_efforts=False)


def test_a_hundred_hours_at_one_rate_are_said_to_show_no_maximum(store: Store, clock: ManualClock) -> None:
    for number in range(1, 101):
        save(store, number, NOW - timedelta(days=number), 150.0)

    facts = history(store).facts

    assert facts.athlete.max_bpm == 150.0
    assert facts.known_by["max"].startswith("the third highest minute of 100 runs in two years; probably too low: ")
    assert facts.max_doubts == ("half of the runs have a mean above 90% of it",)
    # What the report and the pages of `serve` write below times in zones.
    assert "100 runs in two years; probably too low" in facts.zones_text
    assert facts.zones_text.endswith("loads are probably too high, and the effective VO2max too low.")
    assert facts.load_doubt.startswith("Loads from heart rate are probably too high: your maximum of 150 bpm")
    with_zones = history(store, AthleteFacts(zone_edges_bpm=(120.0, 140.0, 160.0, 175.0))).facts
    assert with_zones.zones_text.startswith("The zones are those of your settings. Maximum 150 bpm: the third")
    assert with_zones.too_high_text == "So loads are probably too high, and the effective VO2max too low."
    told = history(store, AthleteFacts(max_bpm=190.0)).facts
    assert (told.load_doubt, told.too_high_text) == ("", "")
    assert told.zones_text == "The zones are those of Strava's default shares of the maximum."


def test_one_hard_minute_in_three_runs_is_enough_and_one_spike_is_not(store: Store) -> None:
    for number, minute_bpm in enumerate((160.0, 219.0, 188.0, 186.0, 184.0), 1):
        save(store, number, NOW - timedelta(days=number), minute_bpm)

    facts = history(store).facts

    assert (facts.athlete.max_bpm, facts.max_doubts) == (186.0, ())
    assert facts.athlete.zone_edges_bpm == (121.0, 151.0, 166.0, 180.0)


def test_each_year_has_its_own_maximum_and_its_runs_the_zones_of_it(store: Store) -> None:
    for number in range(1, 6):
        save(store, number, datetime(2020, 5, number, 7, tzinfo=UTC), 200.0)
        save(store, 10 + number, datetime(2026, 5, number, 7, tzinfo=UTC), 180.0)

    read = history(store)

    assert [(one.year, one.max_bpm) for one in read.facts.athlete.seasons] == [(2020, 200.0)]
    old, new = read.by_id()[1], read.by_id()[11]
    # 150 bpm is in the second zone of a maximum of 200, in the third of one of 180.
    assert [seconds > 0 for seconds in old.time_in_zones_s] == [False, True, False, False, False]
    assert [seconds > 0 for seconds in new.time_in_zones_s] == [False, False, True, False, False]
    assert (old.trimp or 0.0) < (new.trimp or 0.0)


@pytest.mark.parametrize("given", [AthleteFacts(max_bpm=195.0), AthleteFacts(max_bpm=195.0, rest_bpm=50.0)])
def test_what_the_athlete_says_is_taken_for_every_year(store: Store, given: AthleteFacts) -> None:
    for number in range(1, 6):
        save(store, number, datetime(2020, 5, number, 7, tzinfo=UTC), 200.0)

    facts = history(store, given).facts

    assert (facts.athlete.max_bpm, facts.athlete.seasons, facts.known_by["max"]) == (195.0, (), "your settings")


def test_a_year_of_the_settings_is_taken_before_what_its_runs_show(store: Store) -> None:
    for number in range(1, 6):
        save(store, number, datetime(2020, 5, number, 7, tzinfo=UTC), 200.0)
        save(store, 10 + number, datetime(2026, 5, number, 7, tzinfo=UTC), 180.0)
    set_by_hand = tuple(SeasonHeartRate(year, 190.0, ()) for year in (2020, 2021))

    seasons = history(store, AthleteFacts(zone_edges_bpm=(150.0,), seasons=set_by_hand)).facts.athlete.seasons

    assert [(one.year, one.max_bpm, one.zone_edges_bpm) for one in seasons] == [
        (2020, 190.0, (150.0,)),
        (2021, 190.0, (150.0,)),
    ]


def run_at(store: Store, number: int, rate_bpm: float) -> None:
    """Half an hour at that heart rate, with samples."""
    time_s = np.arange(1801.0)
    streams = Streams(time_s=time_s, distance_m=3.0 * time_s, heartrate_bpm=np.full(1801, rate_bpm))
    record = ActivityRecord(
        id=number, source="file", sport="Run", start=NOW - timedelta(days=number), content=str(rate_bpm), samples=1801
    )
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams)))


def test_a_kept_maximum_is_taken_until_own_data_changes_and_then_made_anew(store: Store) -> None:
    for number in range(1, 5):
        run_at(store, number, 170.0)
    compute_results(store)
    compute_results(store)  # the first found something to do, so only this one ends with all in order
    kept = json.loads(store.cached.state(SEEN_MAXIMUM) or "[]")
    kept[2] = 199.0
    store.cached.set_state({SEEN_MAXIMUM: json.dumps(kept)}, expires_at=NOW + timedelta(days=60))
    assert history(store).facts.athlete.max_bpm == 199.0

    for number in range(5, 9):
        run_at(store, number, 180.0)

    assert history(store).facts.athlete.max_bpm == 170.0  # of what is computed
    compute_results(store)
    assert history(store).facts.athlete.max_bpm == 180.0
    compute_results(store)
    assert json.loads(store.cached.state(SEEN_MAXIMUM) or "[]")[2] == 180.0
