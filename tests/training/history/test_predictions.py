"""Predictions from small histories that can be checked by hand, and from the simulated athlete who races."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.history.athlete_facts import SourcedFacts
from paceport.training.history.evidence import past_evidence
from paceport.training.history.history import History
from paceport.training.history.past_races import past_races, race_distance_m
from paceport.training.history.predictions import Predictions, predictions
from paceport.training.history.stored_run import AS_STORED, stored_run
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.critical_speed import RunEffort, recent_critical_speed
from paceport.training.metrics.personal_records import Attempt
from paceport.training.metrics.race_models import evidence
from paceport.training.metrics.race_prediction import riegel_s, vdot_time_s

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SPANS_M = (400.0, 1000.0, 1609.344, 5000.0, 10_000.0, 21_097.5, 42_195.0)

# (days ago, distance_m, seconds, whether it was a race)
Outline = tuple[int, float, float, bool]


def history_of(*outlines: Outline, indoor: bool = False) -> History:
    """A history of even runs, each with its best efforts; run 1 is the first one given."""
    runs, attempts = [], []
    for number, (days, distance_m, time_s, is_race) in enumerate(outlines, 1):
        start = NOW - timedelta(days=days)
        row = {
            "id": number,
            "strava_id": None,
            "name": f"Run {number}",
            "sport": "Run",
            "start_utc": start.isoformat(),
            "local_start": start.replace(tzinfo=None).isoformat(),
            "timezone": "UTC",
            "distance_m": distance_m,
            "moving_time_s": time_s,
            "elapsed_time_s": time_s,
            "is_race": is_race,
            "is_indoor": indoor,
            "has_track": True,
        }
        runs.append(stored_run(dict.fromkeys(AS_STORED) | row, {}, AthleteFacts()))
        because = "on a treadmill the distance is an estimate" if indoor else None
        attempts += [
            Attempt(number, start, span_m, time_s * span_m / distance_m, because)
            for span_m in SPANS_M
            if span_m <= distance_m
        ]
    return History(
        runs=tuple(sorted(runs, key=lambda run: run.start)),
        attempts=tuple(attempts),
        facts=SourcedFacts(athlete=AthleteFacts()),
        now=NOW,
        zone="UTC",
        is_own_only=False,
    )


def time_s(found: Predictions, distance_m: float) -> float:
    return next(one.time_s for one in found.recommended if one.distance_m == distance_m)


def test_a_race_is_predicted_from_what_came_before_it() -> None:
    found = predictions(history_of((60, 10_050, 2512.5, False), (30, 10_050, 2392.9, True)))

    tests = {one.model: one for one in found.tests}
    assert (tests["riegel"].race.distance_m, tests["riegel"].race.run_id) == (10_000.0, 2)
    # The best effort of the run before is its 10 km at 4 m/s: the race was 5 % faster.
    assert tests["riegel"].error_ratio == pytest.approx(0.05, abs=1e-4)
    assert (found.races, next(one.shorter for one in found.models if one.model == "riegel")) != (0, None)


def test_predictions_start_from_the_best_of_the_last_90_days() -> None:
    found = predictions(history_of((100, 10_000, 2000, False), (50, 10_000, 2500, False)), distances_m=(10_000.0,))

    assert found.basis is not None
    assert (found.basis.run_id, found.basis.distance_m, found.basis.is_race) == (2, 10_000.0, False)
    (one,) = found.recommended
    assert one.time_s == pytest.approx(2500, abs=0.01)
    assert one.starts_from_no_race
    assert one.low_s <= 0.8 * one.time_s


def test_a_run_of_today_counts() -> None:
    assert predictions(history_of((0, 10_000, 2500, False))).basis is not None


def test_nothing_recent_predicts_nothing_and_says_what_is_missing() -> None:
    found = predictions(history_of((200, 10_000, 2000, False)))

    assert (found.basis, found.critical, found.recommended) == (None, None, ())
    assert {one.reason for one in found.not_known} == {"no effort of a mile or more in the last 90 days"}
    assert all(one.needs for one in found.models)


def test_the_marathon_is_predicted_by_mileage_and_the_rest_by_vdot_without_races() -> None:
    easy = [(days, 10_000.0, 3000.0, False) for days in range(2, 56, 2)]
    found = predictions(history_of((10, 10_000, 2400, True), *easy))

    models = {one.distance_m: one.model for one in found.recommended}
    assert models == {
        1609.344: "vdot",
        5000.0: "vdot",
        10_000.0: "vdot",
        21_097.5: "vdot",
        42_195.0: "marathon-by-mileage",
    }
    assert {one.chosen_by for one in found.recommended} == {"published error"}
    assert not any(one.starts_from_no_race for one in found.recommended)
    assert found.weekly_distance_m == pytest.approx(28 * 10_000 / 8)
    # The formula that is known to be ten minutes too fast for half of all runners is not what is recommended.
    assert time_s(found, 42_195.0) > riegel_s(10_000, 2400, 42_195) + 600


def test_the_model_that_was_right_on_ones_own_races_is_chosen() -> None:
    runs: list[Outline] = []
    for days in (300, 220, 140, 60):
        runs += [(days + 7, 5000, 1200, True), (days, 10_000, riegel_s(5000, 1200, 10_000), True)]
    found = predictions(history_of(*runs), distances_m=(10_000.0, 21_097.5))

    assert {one.model for one in found.recommended} == {"riegel"}
    assert {one.chosen_by for one in found.recommended} == {"back-test"}
    errors = {one.model: one.shorter.mean_error_ratio for one in found.models if one.shorter is not None}
    assert errors["riegel"] < errors["vdot"]


def test_a_race_never_predicts_itself() -> None:
    found = predictions(history_of((30, 10_000, 2400, True)))

    assert (found.races, found.tests) == (1, ())


def test_a_race_indoors_is_no_test() -> None:
    assert past_races(history_of((30, 10_000, 2400, True), indoor=True)) == []


def test_a_race_that_was_rejected_is_none_though_it_was_typed_in_without_efforts() -> None:
    typed_in = replace(history_of((30, 10_000, 2400, True)), attempts=())

    assert [one.time_s for one in past_races(typed_in)] == [2400]
    assert past_races(replace(typed_in, set_aside=frozenset({1}))) == []


def with_doubts(history: History, *spans_m: float) -> History:
    """The same with doubts about the efforts of run 1 over these distances."""
    attempts = tuple(
        one._replace(excluded_because="it is doubtful") if one.run_id == 1 and one.span_m in spans_m else one
        for one in history.attempts
    )
    return replace(history, attempts=attempts)


def test_a_race_with_a_doubtful_kilometre_is_still_a_race() -> None:
    races = history_of((30, 10_000, 2400, True))

    assert [one.time_s for one in past_races(with_doubts(races, 1000.0))] == [2400]
    assert past_races(with_doubts(races, 10_000.0)) == []
    assert past_races(with_doubts(races, *SPANS_M)) == []


@pytest.mark.parametrize(
    ("recorded_m", "distance_m"),
    [(9900, 10_000), (10_140, 10_000), (10_290, 10_000), (10_400, 10_400), (21_400, 21_097.5), (7300, 7300)],
)
def test_a_race_was_over_its_official_distance(recorded_m: float, distance_m: float) -> None:
    assert race_distance_m(recorded_m) == distance_m


def test_a_race_recorded_short_keeps_its_time_and_one_recorded_long_loses_the_rest() -> None:
    short, long = past_races(history_of((30, 7900, 2000, True), (20, 12_120, 3030, True)))

    assert (short.distance_m, short.time_s, short.day) == (8000.0, 2000.0, date(2026, 10, 23))
    assert long.distance_m == 12_000.0
    assert long.time_s == pytest.approx(3000.0)


def test_a_race_over_a_distance_without_best_efforts_is_an_effort() -> None:
    found = predictions(history_of((20, 8000, 1800, True)), distances_m=(8000.0,))

    assert found.basis is not None
    assert (found.basis.distance_m, found.basis.is_race) == (8000.0, True)
    assert time_s(found, 8000.0) == pytest.approx(vdot_time_s(found.basis.vdot, 8000.0))


def test_a_part_of_a_longer_race_was_no_race() -> None:
    hilly = history_of((20, 21_097.5, 6000, True))
    quick = Attempt(1, NOW - timedelta(days=20), 5000.0, 1200.0, None)
    attempts = tuple(quick if one.span_m == 5000.0 else one for one in hilly.attempts)
    found = predictions(replace(hilly, attempts=attempts))

    assert found.basis is not None
    assert (found.basis.distance_m, found.basis.is_race) == (5000.0, False)


def test_the_rest_of_a_long_history_changes_no_prediction() -> None:
    recent: list[Outline] = [(10 + 7 * week, 10_000.0, 2900.0 - 20 * week, week == 3) for week in range(8)]
    older: list[Outline] = [(400 + day, 12_000.0, 3500.0, False) for day in range(0, 300, 3)]

    alone, among = predictions(history_of(*recent)), predictions(history_of(*recent, *older))

    assert [one.time_s for one in alone.recommended] == [one.time_s for one in among.recommended]
    assert fmean(one.time_s for one in alone.recommended) > 0


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 130), st.floats(1500, 25_000), st.floats(2.2, 5.0), st.booleans()), max_size=25)
)
def test_the_fastest_efforts_say_the_same_as_all_of_them(made: list[tuple[int, float, float, bool]]) -> None:
    history = history_of(*((days, metres, metres / speed, is_race) for days, metres, speed, is_race in made))
    races = past_races(history)
    before = history.today

    found = past_evidence(history, races).before(before)

    day_of = {run.id: run.day for run in history.runs}
    everything = [
        RunEffort(run_id=one.run_id, day=day_of[one.run_id], distance_m=one.span_m, time_s=one.elapsed_time_s)
        for one in history.attempts
    ]
    whole = evidence(before=before, efforts=[*everything, *races], races=races, training=())
    basis, full = found.basis(), whole.basis()
    assert (basis and (basis.run_id, basis.time_s)) == (full and (full.run_id, full.time_s))
    assert recent_critical_speed(found.efforts, before=before) == recent_critical_speed(whole.efforts, before=before)
