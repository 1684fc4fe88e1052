"""The load of every activity: computed from what is stored of it, on one scale, and brought up to date."""

import random
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.sports import RUN_SPORTS, sport_group
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.history.form_series import form_series
from paceport.training.history.history import History, read_history
from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.trimp import banister_trimp
from sandbox_logbook import fill, streams_of
from training.metrics.made import Channel

START = datetime(2026, 10, 15, 7, tzinfo=UTC)
FACTS = AthleteFacts(max_bpm=190, rest_bpm=50)


def even(
    seconds: int, *, speed_mps: float | None = None, bpm: float | None = None, power_w: float | None = None
) -> Streams:
    """A recording that stays the same, a sample every ten seconds."""
    time_s = np.arange(0.0, seconds + 1.0, 10.0)

    def channel(value: float | None) -> Channel | None:
        return None if value is None else np.full(len(time_s), value)

    return Streams(
        time_s=time_s,
        distance_m=None if speed_mps is None else time_s * speed_mps,
        heartrate_bpm=channel(bpm),
        power_w=channel(power_w),
    )


def save(store: Store, number: int, sport: str = "Run", streams: Streams | None = None, **more: object) -> None:
    record = ActivityRecord(
        id=number,
        source="archive",
        sport=sport,
        content=str(number),
        start=START + timedelta(days=number),
        samples=0 if streams is None else len(streams),
        **more,  # type: ignore[arg-type]  # a test's shorthand
    )
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(streams) if streams else {}))


def read(store: Store, clock: ManualClock, given: AthleteFacts = FACTS, **more: object) -> History:
    compute_results(store, given=given)
    return read_history(store, now=clock.now(), given=given, with_all_sports=True, **more)  # type: ignore[arg-type]  # the same


def loads(history: History) -> dict[int, tuple[Any, str | None]]:
    return {run.id: (run.load, run.load_source) for run in history.activities}


def test_three_quarters_of_an_hour_below_the_threshold_pace(store: Store, clock: ManualClock) -> None:
    save(store, 1, streams=even(2700, speed_mps=4.0))
    save(store, 2, streams=even(3600, speed_mps=4.4))
    given = AthleteFacts(threshold_mps=4.4, load="pace-stress")

    history = read(store, clock, given)

    assert loads(history)[1] == (pytest.approx(61.98, abs=0.005), "pace-stress")
    assert loads(history)[2] == (pytest.approx(100), "pace-stress")
    assert (history.scale.threshold_mps, history.scale.threshold_source) == (4.4, "your settings")


def test_an_hour_at_five_of_ten_is_three_hundred_without_a_recording(store: Store, clock: ManualClock) -> None:
    save(store, 1, "WeightTraining", moving_time_s=3600.0, perceived_exertion=5.0)

    assert loads(read(store, clock, AthleteFacts(load="session-rpe")))[1] == (300, "session-rpe")


def test_an_hour_at_the_threshold_power_is_a_hundred_and_no_threshold_leaves_work(
    store: Store, clock: ManualClock
) -> None:
    save(store, 1, "Ride", even(3600, speed_mps=8.0, power_w=250.0))

    with_threshold = loads(read(store, clock, AthleteFacts(load="power-stress", threshold_w=250.0)))
    without = read(store, clock, AthleteFacts(load="power-stress"))

    assert with_threshold[1] == (pytest.approx(100, rel=1e-6), "power-stress")
    assert loads(without)[1] == (pytest.approx(900), "work")
    assert without.scale.chosen == "work"


def test_heart_rate_stress_needs_a_threshold_and_shows_then(store: Store, clock: ManualClock) -> None:
    save(store, 1, "Swim", even(3600, speed_mps=0.9, bpm=170.0))

    stress = loads(
        read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, threshold_bpm=170, load="heart-rate-stress"))
    )
    without = loads(read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, load="heart-rate-stress")))

    assert stress[1] == (pytest.approx(100), "heart-rate-stress")
    assert without[1] == (pytest.approx(banister_trimp([170], [3600], rest_bpm=50, max_bpm=190)), "trimp")


def test_a_run_without_a_heart_rate_is_brought_to_the_scale_of_those_with_one(store: Store, clock: ManualClock) -> None:
    for number in range(10):
        save(store, number + 1, streams=even(1800, speed_mps=3.0, bpm=150.0))
    save(store, 11, streams=even(3600, speed_mps=3.0))
    save(store, 12, moving_time_s=900.0)
    save(store, 13, "Ride", moving_time_s=3600.0)

    found = loads(read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, threshold_mps=3.5)))

    half_an_hour = banister_trimp([150], [1800], rest_bpm=50, max_bpm=190)
    assert half_an_hour is not None
    assert found[11] == (pytest.approx(2 * half_an_hour), "pace-stress")
    assert found[12] == (pytest.approx(half_an_hour / 2), "duration")
    assert found[13] == (None, None)  # no other ride says what a minute is worth


def test_what_is_entered_later_is_counted_and_settings_count_at_once(store: Store, clock: ManualClock) -> None:
    save(store, 1, streams=even(1800, speed_mps=3.0, bpm=150.0))
    before = loads(read(store, clock))
    save(store, 2, "Ride", even(3600, bpm=140.0))

    after, women = (
        loads(read(store, clock)),
        loads(read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, sex="female"))),
    )

    assert before.keys() == {1}
    assert after[1] == before[1]
    assert after[2][0] == pytest.approx(banister_trimp([140], [3600], rest_bpm=50, max_bpm=190))
    assert (women[1][0] or 0) > 1.05 * (after[1][0] or 0)


def test_stored_loads_are_those_that_are_computed_where_nothing_can_be_stored(store: Store, clock: ManualClock) -> None:
    save(store, 1, streams=even(1800, speed_mps=3.0, bpm=150.0))
    save(store, 2, "Swim", even(1800, speed_mps=1.0, bpm=130.0))
    stored = loads(read(store, clock))
    store.connection.execute("DELETE FROM cache.state")
    store.connection.execute("DELETE FROM main.activity_load")

    computed = read_history(store, now=clock.now(), given=FACTS, with_all_sports=True)

    assert loads(computed) == stored


def test_every_sport_counts_in_form_and_can_be_left_out(store: Store, clock: ManualClock) -> None:
    sports = ("Run", "Ride", "Swim", "Hike", "WeightTraining", "Aikido")
    for number, sport in enumerate(sports):
        save(store, number + 1, sport, even(1800, bpm=140.0 + number))

    everything = read(store, clock)
    runs_alone = read(store, clock, form_sports=RUN_SPORTS)

    assert sum(form_series(everything).loads) == pytest.approx(sum(load or 0 for load, _ in loads(everything).values()))
    assert sum(form_series(runs_alone).loads) == pytest.approx(loads(everything)[1][0])
    assert {kind for kind, _, _ in form_series(everything).sports} == set(map(sport_group, sports))
    assert [run.sport for run in everything.runs] == ["Run"]


def expected(
    rows: list[tuple[int, str, dict[str, float], float]], order: tuple[str, ...], chosen: str
) -> dict[int, tuple[float, str]]:
    """The same by other means: a table of all pairs of sources, then sport by sport."""
    shared = {
        source: sorted(have[chosen] / have[source] for _, _, have, _ in rows if have.get(chosen) and have.get(source))
        for source in order
    }
    usable = [source for source in order if source == chosen or len(shared[source]) >= 10]
    found = {}
    for number, _, have, _ in rows:
        mine = [chosen] if chosen in have else [source for source in usable if source in have]
        if mine:
            times = 1.0 if mine[0] == chosen else statistics.median(shared[mine[0]])
            found[number] = (have[mine[0]] * times, mine[0])
    by_sport: dict[str, list[float]] = {}
    for number, sport, _, minutes in rows:
        if number in found:
            by_sport.setdefault(sport_group(sport), []).append(found[number][0] / minutes)
    for number, sport, _, minutes in rows:
        rates = by_sport.get(sport_group(sport), [])
        if number not in found and len(rates) >= 10:
            found[number] = (statistics.median(rates) * minutes, "duration")
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_random_logbook_has_the_loads_of_another_implementation(store: Store, clock: ManualClock, seed: int) -> None:
    rng = random.Random(seed)
    rows: list[tuple[int, str, dict[str, float], float]] = []
    for number in range(1, 60):
        sport, seconds = rng.choice(("Run", "TrailRun", "Ride", "GravelRide", "Swim")), rng.randrange(600, 2400, 10)
        bpm = rng.choice((None, float(rng.randrange(110, 180))))
        power_w = rng.choice((None, float(rng.randrange(100, 300)))) if sport in {"Ride", "GravelRide"} else None
        speed_mps = rng.choice((None, rng.uniform(2.5, 4.0)))
        exertion = rng.choice((None, float(rng.randrange(1, 11))))
        has_track = bpm or power_w or speed_mps
        track = even(seconds, speed_mps=speed_mps, bpm=bpm, power_w=power_w) if has_track else None
        save(store, number, sport, track, moving_time_s=float(seconds), perceived_exertion=exertion)
        trimp = banister_trimp([bpm], [seconds], rest_bpm=50, max_bpm=190) if bpm else None
        have = {
            "trimp": trimp,
            "work": None if power_w is None else power_w * seconds / 1000,
            "pace-stress": seconds * (speed_mps / 3.5) ** 2 / 36 if speed_mps and sport in RUN_SPORTS else None,
            "session-rpe": None if exertion is None else exertion * seconds / 60,
        }
        rows.append((number, sport, {name: one for name, one in have.items() if one is not None}, seconds / 60))

    found = loads(read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, threshold_mps=3.5, load="trimp")))

    wanted = expected(rows, ("trimp", "work", "pace-stress", "session-rpe"), "trimp")
    assert {number: source for number, (_, source) in found.items() if source} == {
        number: source for number, (_, source) in wanted.items()
    }
    assert {number: load for number, (load, _) in found.items() if load is not None} == pytest.approx(
        {number: load for number, (load, _) in wanted.items()},
        rel=1e-4,  # distances are stored in centimetres
    )


def recorded(activities: tuple[Activity, ...]) -> Iterator[tuple[Activity, float]]:
    """The activities with a heart rate, and their impulse straight from the samples of the recording."""
    for one in activities:
        rates = streams_of(one.recording).heartrate_bpm if one.recording is not None else None
        if one.recording is not None and rates is not None:
            seconds = np.diff(one.recording.time_s)
            known = seconds <= 30
            impulse = banister_trimp(rates[1:][known], seconds[known], rest_bpm=50, max_bpm=190)
            if impulse is not None:
                yield one, impulse


def test_pace_finds_back_the_effort_of_runs_whose_heart_rate_is_withheld(
    store: Store, clock: ManualClock, population: Population
) -> None:
    """The simulated world: half of the heart rates are taken away, and the loads by pace must be near what they say."""
    runs = [one for one in population.activities(population.people[1].id)[:70] if one.is_run]
    known = {one.id: impulse for one, impulse in recorded(tuple(runs)) if not one.trainer}
    fill(store, [one for one in runs if one.id in known])
    withheld = sorted(known)[::2]
    store.connection.executemany(
        "DELETE FROM main.stream WHERE channel = 'heartrate_bpm' AND activity_id = ?", [(one,) for one in withheld]
    )

    found = loads(read(store, clock))

    errors = [(found[one][0] or 0) / known[one] - 1 for one in withheld]
    assert {found[one][1] for one in withheld} == {"pace-stress"}
    assert len(errors) >= 20
    assert abs(statistics.median(errors)) < 0.05
    assert statistics.median(map(abs, errors)) < 0.12


def test_loads_with_what_the_api_said_are_kept_in_the_cache_and_expire(
    store: Store, clock: ManualClock, population: Population
) -> None:
    recorded_ones = [one for one, _ in recorded(population.activities(population.people[1].id)[:30])]
    expires_at = clock.now() + timedelta(days=2)
    fill(store, recorded_ones[:5])
    fill(store, recorded_ones[5:8], expires_at=expires_at)
    given = AthleteFacts(max_bpm=190, rest_bpm=50)
    men = loads(read(store, clock, given))
    store.cached.save_reply("/athlete", b'{"sex": "F"}', expires_at=expires_at)

    women = loads(read(store, clock, given))
    shown = dict(store.connection.execute("SELECT id, training_load FROM temp.any_sport"))
    own = dict(store.connection.execute("SELECT id, training_load FROM main.any_sport"))
    clock.advance(2 * 86_400)
    store.cached.purge()
    later = loads(read(store, clock, given))

    assert len(women) == 8
    assert all((women[one][0] or 0) > (men[one][0] or 0) for one in women)
    assert shown == {one: load for one, (load, _) in women.items()}
    assert own == {one.id: men[one.id][0] for one in recorded_ones[:5]}
    assert later == {one.id: men[one.id] for one in recorded_ones[:5]}


def test_a_drive_that_was_recorded_as_a_run_has_no_load_by_its_speed(store: Store, clock: ManualClock) -> None:
    for number in range(1, 11):
        save(store, number, streams=even(1800, speed_mps=3.0, bpm=150.0))
    save(store, 11, streams=even(1800, speed_mps=11.0))

    found = loads(read(store, clock, AthleteFacts(max_bpm=190, rest_bpm=50, threshold_mps=4.0)))

    assert found[11] == (None, None)
