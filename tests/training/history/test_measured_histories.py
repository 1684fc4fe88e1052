"""Curves, zones, uptake, durability, heat and hills of many runs, from the stored measures of a small logbook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.measure_rows import GradeRow
from paceport.logbook.database.store import Store
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.durability_trend import durability_trend
from paceport.training.history.duration_curve import duration_curve
from paceport.training.history.heat_of_runs import heat_of_runs
from paceport.training.history.hills import hills
from paceport.training.history.history import History, read_history
from paceport.training.history.measured_run import measured_run
from paceport.training.history.own_adjustment import OwnAdjustment, stored_adjustment
from paceport.training.history.pace_zone_times import pace_zone_times
from paceport.training.history.stored_rows import stored_rows
from paceport.training.history.threshold import newest_thresholds, thresholds_by_day
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.speed_seconds import SpeedSeconds, parse_speed_seconds
from paceport.training.metrics.unknown import Unknown

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FACTS = AthleteFacts(max_bpm=190, rest_bpm=50, zone_edges_bpm=(120, 140, 160, 175))
# Best efforts of about 3, 6, 11 and 20 minutes of different days: 200 m beyond 4 m/s.
FAST = ((1000.0, 200.0), (1609.344, 352.336), (3218.688, 754.672), (5000.0, 1200.0))


def save(store: Store, number: int, days_ago: int, streams: Streams, **more: object) -> None:
    values: dict[str, object] = {"source": "archive", "sport": "Run", "timezone": "UTC", **more}
    record = ActivityRecord(
        id=number,
        start=NOON - timedelta(days=days_ago),
        content=str(number),
        samples=len(streams),
        **values,  # type: ignore[arg-type]  # a test's shorthand
    )
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams)))


def even(speed_mps: float, seconds: int, rate_bpm: float = 150.0, power_w: float | None = None) -> Streams:
    time_s = np.arange(seconds + 1.0)
    return Streams(
        time_s=time_s,
        distance_m=time_s * speed_mps,
        heartrate_bpm=np.full(len(time_s), rate_bpm),
        power_w=None if power_w is None else np.full(len(time_s), power_w),
    )


@pytest.fixture(scope="module")
def logbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, History]]:
    """Four fast runs of this year, an easy hour of it, a slower one of the last, a treadmill."""
    home, clock = tmp_path_factory.mktemp("measured"), ManualClock(datetime(2026, 11, 22, 8, tzinfo=UTC))
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        fill(store)
        yield store, read_history(store, now=clock.now(), given=FACTS)


def fill(store: Store) -> None:
    for number, (distance_m, time_s) in enumerate(FAST, 1):
        save(store, number, 10 + number, even(distance_m / time_s, round(time_s) + 1, 170.0))
    save(store, 5, 5, even(3.0, 3600, 140.0, power_w=220.0))
    save(store, 6, 400, even(2.5, 1800, 150.0))
    save(store, 7, 3, even(4.9, 1800), is_indoor=True)
    compute_results(store, given=FACTS)


def test_the_curve_sets_the_years_side_by_side_without_treadmills(logbook: tuple[Store, History]) -> None:
    found = duration_curve(*logbook)

    overall, last = found.curve.overall, found.curve.seasons["2025"]
    assert overall[120.0].speed_mps == pytest.approx(5.0)  # the kilometre in 200 s
    assert overall[3600.0].speed_mps == pytest.approx(3.0)
    assert [one.speed_mps for one in last.values()] == pytest.approx([2.5] * len(last))
    assert list(found.curve.seasons) == ["2025", "2026"]
    assert (found.coverage.measured, found.coverage.runs) == (6, 7)


def test_the_curve_of_power_has_what_recorded_it(logbook: tuple[Store, History]) -> None:
    found = duration_curve(*logbook, "power")

    assert {best.run_id for best in found.curve.overall.values()} == {5}
    assert found.curve.overall[600.0].speed_mps == pytest.approx(220)


def test_the_threshold_of_a_day_is_critical_speed_from_the_day_on_on_which_it_is_known(
    logbook: tuple[Store, History],
) -> None:
    store, history = logbook

    by_day = thresholds_by_day(store, history)

    newest = newest_thresholds(history, by_day)
    assert (newest.threshold_source, round(newest.threshold_mps or 0.0, 1)) == ("critical speed", 4.0)
    assert newest.reserve_m == pytest.approx(200, rel=0.1)
    # The four fast runs are of 14 to 11 days ago: three bands are there with the third of them.
    days = [(NOON - timedelta(days=ago)).date() for ago in (400, 14, 13, 12, 11, 5, 3)]
    assert list(by_day) == days
    assert [by_day[day].critical_mps is not None for day in days] == [False] * 3 + [True] * 4
    assert [by_day[day].critical_as_of for day in days[3:]] == days[3:]
    assert [by_day[day].threshold_source for day in days[:3]] == [None] * 3


def test_the_setting_goes_before_critical_speed(logbook: tuple[Store, History], clock: ManualClock) -> None:
    store, _ = logbook
    given = AthleteFacts(max_bpm=190, rest_bpm=50, threshold_mps=3.9)
    history = read_history(store, now=clock.now(), given=given)

    newest = newest_thresholds(history, thresholds_by_day(store, history))

    assert (newest.threshold_source, newest.threshold_mps) == ("your settings", 3.9)


def test_time_in_pace_zones_and_its_intensity_are_by_the_thresholds_of_each_day(logbook: tuple[Store, History]) -> None:
    store, history = logbook
    runs = [run for run in history.runs if not run.is_indoor]

    found = pace_zone_times(store, history, runs, heart_rate_zones_s=(0, 3600, 1800, 2500, 0))

    # Nothing was known on the days of the slow run and of the first two fast ones.
    fast_s = FAST[0][1] + FAST[1][1]
    assert sum(found.times_s.values()) == pytest.approx(3600 + fast_s, abs=10)
    # By 4.0 m/s: 3.0 is 133 % of its time, zone 1. The fast runs are faster than it.
    assert found.times_s["1"] == pytest.approx(3600, abs=5)
    assert found.by_pace is not None
    assert found.by_pace.easy_s == pytest.approx(3600, abs=5)
    assert found.by_pace.hard_s == pytest.approx(fast_s, abs=10)
    assert (found.runs, found.known_runs, found.critical_runs) == (6, 3, 3)
    assert found.by_heart_rate is not None
    assert found.by_heart_rate.shares() == pytest.approx((3600 / 7900, 1800 / 7900, 2500 / 7900))
    assert [one.month.isoformat() for one in found.months] == ["2026-11-01"]


def test_a_faster_year_does_not_make_an_older_one_easy(store: Store, clock: ManualClock) -> None:
    # The same efforts a tenth slower, and an hour at 3.05 m/s with them; and 300 days later again.
    for number, (distance_m, time_s) in enumerate(FAST, 1):
        slow = even(0.9 * distance_m / time_s, round(time_s / 0.9) + 1)
        save(store, number, 310 + number, slow)
        save(store, number + 10, 10 + number, even(distance_m / time_s, round(time_s) + 1))
    save(store, 20, 305, even(3.05, 3600))
    save(store, 21, 5, even(3.05, 3600))
    compute_results(store, given=FACTS)
    history = read_history(store, now=clock.now(), given=FACTS)
    of_both = pace_zone_times(store, history, [run for run in history.runs if run.id in (20, 21)])

    then, now = (one.intensity for one in of_both.months)

    assert of_both.months[0].critical_mps == pytest.approx(0.9 * of_both.months[1].critical_mps, rel=0.02)
    assert (then.easy_s, then.moderate_s) == pytest.approx((0, 3600), abs=5)
    assert (now.easy_s, now.moderate_s) == pytest.approx((3600, 0), abs=5)
    query = "SELECT zone, run_id FROM run_pace_zone WHERE run_id IN (20, 21) AND moving_time_s > 60 ORDER BY run_id"
    assert store.connection.execute(query).fetchall() == [("2", 20), ("1", 21)]


def test_views_and_commands_say_the_same_of_zones_and_intensity(logbook: tuple[Store, History]) -> None:
    store, history = logbook
    found = pace_zone_times(store, history, history.runs)

    zones = dict(store.connection.execute("SELECT zone, sum(moving_time_s) FROM run_pace_zone GROUP BY zone"))
    months = store.connection.execute("SELECT * FROM month_intensity").fetchall()

    assert zones == pytest.approx({name: seconds for name, seconds in found.times_s.items() if seconds})
    (month,) = found.months
    shown = (month.intensity.easy_s, month.intensity.moderate_s, month.intensity.hard_s)
    assert months[0][:2] == ("2026-11", 4)
    assert months[0][2:5] == pytest.approx(shown)
    assert months[0][5] == pytest.approx(month.intensity.polarisation_index())


def test_a_run_shows_its_measures(logbook: tuple[Store, History]) -> None:
    store, history = logbook

    found = measured_run(store, history, history.by_id()[5])

    assert found.power_w == pytest.approx(220)
    assert found.effective_vo2max is not None
    assert [one.duration_s for one in found.bests][-1] == 3600
    assert measured_run(store, history, history.by_id()[7]).no_vo2max_because == (
        "indoors, where the distance is an estimate"
    )


def test_the_drift_of_long_runs_is_found_back(store: Store, clock: ManualClock) -> None:
    # 20 km at 4 m/s; the heart beats 150, and 165 from kilometre 15 on.
    time_s = np.arange(5001.0)
    rate = np.where(time_s >= 3750, 165.0, 150.0)
    save(store, 1, 5, Streams(time_s=time_s, distance_m=4.0 * time_s, heartrate_bpm=rate))
    compute_results(store, given=FACTS)
    history = read_history(store, now=clock.now(), given=FACTS)

    measures = store.measure_rows.measures(("durability_ratio", "durability_onset_m"), own_only=False)
    (one,) = durability_trend(measures, history.runs).long_runs

    assert one.ratio == pytest.approx(1.1, abs=0.001)
    assert one.onset_m == pytest.approx(15_000)
    drifts = measured_run(store, history, history.runs[0]).drifts
    assert [start_m for start_m, _ in drifts] == [10_000.0, 15_000.0]
    assert [ratio for _, ratio in drifts] == pytest.approx([1.0, 1.1], abs=0.001)


def test_heat_and_hills_say_what_is_missing(logbook: tuple[Store, History]) -> None:
    store, history = logbook

    heat, found = heat_of_runs(store, history, history.runs), hills(store, history, history.runs)

    assert heat == Unknown(reason="it takes 40 runs with temperature and heart rate, and there are 0")
    assert (found.gradients, found.climb_rates, found.known_runs) == ((), (), 0)
    assert isinstance(found.own, Unknown)


def test_pace_by_gradient_and_climb_rate_of_a_hill(store: Store, clock: ManualClock) -> None:
    time_s = np.arange(3601.0)
    altitude_m = np.interp(time_s, [0, 1800, 3600], [100, 280, 100])  # 4 % up and down at 2.5 m/s
    hilly = Streams(time_s=time_s, distance_m=2.5 * time_s, altitude_m=altitude_m, heartrate_bpm=np.full(3601, 150.0))
    save(store, 1, 5, hilly)
    compute_results(store, given=FACTS)
    history = read_history(store, now=clock.now(), given=FACTS)

    found = hills(store, history, history.runs)

    by_grade = {one.bin.grade_percent: one for one in found.gradients}
    assert by_grade[4].bin.moving_time_s == pytest.approx(1800, abs=30)
    assert by_grade[4].bin.speed_mps == pytest.approx(2.5, rel=0.01)
    assert by_grade[4].bin.heartrate_bpm == pytest.approx(150)
    (climbs,) = found.climb_rates
    assert climbs == pytest.approx((2026, 360, 180), rel=0.02)


def test_a_run_is_worth_what_ones_own_hills_say(store: Store, clock: ManualClock) -> None:
    own = OwnAdjustment(grades_percent=(0, 10), own=(1.0, 1.2), general=(1.0, 1.5), is_better=True)

    def bins(*pairs: tuple[int, float]) -> list[GradeRow]:
        return [GradeRow(1, grade, metres, metres / 3.0, 0.0, 0.0) for grade, metres in pairs]

    assert own.over_general(bins((0, 1000.0))) == pytest.approx(1.0)
    assert own.over_general(bins((10, 1000.0))) == pytest.approx(0.8)
    assert own.over_general(bins((0, 1000.0), (10, 1000.0), (40, 50.0))) == pytest.approx(2.2 / 2.5)
    assert own.over_general([]) is None
    until = clock.now() + timedelta(days=1)
    for text, known in ((json.dumps(asdict(own)), own), ("null", None), ("[1]", None), ('{"a": 1}', None), ("{", None)):
        store.cached.set_state({"own grade adjustment": text}, expires_at=until)
        assert stored_adjustment(store) == known


@pytest.mark.parametrize(
    "text", [None, "", "[]", "[null]", "{}", "x", "[1.5, 2]", "[-1, 2]", '[1, "2"]', "[1, null]", "3", "[" * 9999]
)
def test_what_is_no_tally_of_speeds_is_none(text: str | None) -> None:
    assert parse_speed_seconds(text) is None


@pytest.mark.parametrize("text", [None, "", "{}", "x", "7", "[1, 2]", '[["a", 1, 2]]', "[" * 9999])
def test_what_is_no_list_of_rows_is_none(text: str | None) -> None:
    assert stored_rows(text, 3) == []


def test_seconds_at_each_speed_come_back_from_their_text_and_add_up() -> None:
    speeds, seconds = np.array([3.01, 3.04, 3.12, 13.0]), np.array([1.0, 2.5, 4.0, 9.0])

    tally = SpeedSeconds.of(speeds, seconds)

    assert tally is not None
    assert parse_speed_seconds(tally.to_json()) == tally
    assert {place: each for place, each in enumerate(tally.seconds, tally.first_step) if each} == {60: 3.5, 62: 4.0}
    steps = [1.0]
    tally.add_to(steps)
    tally.add_to(steps)
    assert (steps[0], steps[60], steps[62], len(steps)) == (1.0, 7.0, 8.0, 63)
