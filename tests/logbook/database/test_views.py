from datetime import UTC, datetime, timedelta

import pytest

from paceport.clock import ManualClock
from paceport.formats.tracks.track import Lap
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.store import Store
from paceport.logbook.database.views import VIEW_NAMES
from paceport.training.metrics.load_source import LoadSource
from paceport.training.metrics.training_load import Load

START = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)


def record(activity_id: int = 1, **changes: object) -> ActivityRecord:
    values: dict[str, object] = {
        "source": "archive", "sport": "Run", "start": START, "content": "c1", "name": "Own name", "distance_m": 5000.0,
        "timezone": "Europe/Vienna", "zone_source": "position", "gear": "Blue ones",
    }  # fmt: skip
    return ActivityRecord(id=activity_id, **values | changes)  # type: ignore[arg-type]  # fields of ActivityRecord


def one(store: Store, query: str) -> dict[str, object]:
    answer = store.query(query)
    assert len(answer.rows) == 1, answer.rows
    return dict(zip(answer.columns, answer.rows[0], strict=True))


def soon(clock: ManualClock, days: int = 7) -> datetime:
    return clock.now() + timedelta(days=days)


def test_an_own_run_shows_with_its_local_day_and_monday(store: Store) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())

    run = one(store, "SELECT * FROM run")

    # 23:30 UTC on a Sunday is Monday in Vienna.
    assert (run["local_start"], run["local_date"], run["week"]) == ("2026-11-02T00:30:00", "2026-11-02", "2026-11-02")
    assert (run["year"], run["month"], run["source"]) == (2026, "2026-11", "own")


@pytest.mark.parametrize(
    ("day", "monday"), [(1, "2026-10-26"), (2, "2026-11-02"), (8, "2026-11-02"), (9, "2026-11-09")]
)
def test_a_week_is_named_by_its_monday(store: Store, day: int, monday: str) -> None:
    start = datetime(2026, 11, day, 12, tzinfo=UTC)
    store.own.save(record(start=start, timezone=None, zone_source="unknown"), ImportSource(), EncodedTrack())

    assert one(store, "SELECT week FROM run_week")["week"] == monday
    assert one(store, "SELECT zone_source, timezone FROM run") == {"zone_source": "unknown", "timezone": None}


def test_other_sports_are_no_runs(store: Store) -> None:
    for number, sport in enumerate(["Run", "TrailRun", "VirtualRun", "Ride", "Walk"], 1):
        store.own.save(record(number, sport=sport), ImportSource(), EncodedTrack())

    assert one(store, "SELECT count(*) AS n FROM run")["n"] == 3


def test_a_living_cached_value_shows_else_the_own_one(store: Store, clock: ManualClock) -> None:
    store.own.save(record(moving_time_s=1400.0, average_power_w=210.0), ImportSource(), EncodedTrack())
    store.cached.save(record(name="New name", gear="", moving_time_s=1411.0, source="api"), expires_at=soon(clock))

    run = one(store, "SELECT * FROM run")
    assert (run["name"], run["moving_time_s"], run["average_power_w"]) == ("New name", 1411.0, 210.0)
    assert (run["gear"], run["source"], run["expires_at"]) == ("Blue ones", "both", None)

    clock.advance(8 * 86400)
    run = one(store, "SELECT * FROM run")
    assert (run["name"], run["moving_time_s"], run["source"]) == ("Own name", 1400.0, "own")


def test_a_run_that_is_only_cached_shows_until_it_expires(store: Store, clock: ManualClock) -> None:
    store.cached.save(record(2, source="api"), expires_at=soon(clock))

    assert one(store, "SELECT * FROM run")["source"] == "cache"
    assert one(store, "SELECT runs_that_expire AS n FROM run_day")["n"] == 1

    clock.advance(7 * 86400)
    assert store.query("SELECT * FROM run").rows == []


def test_a_deletion_at_strava_leaves_own_rows_marked(store: Store, clock: ManualClock) -> None:
    store.own.save(record(), ImportSource(), EncodedTrack())
    store.cached.save(record(source="api"), expires_at=soon(clock))
    store.cached.save(record(2, source="api"), expires_at=soon(clock))

    store.cached.mark_deleted(1, expires_at=soon(clock))
    store.cached.mark_deleted(2, expires_at=soon(clock))

    run = one(store, "SELECT * FROM run")
    assert (run["id"], run["source"], run["deleted_at_strava"]) == (1, "own", "2026-11-22T08:00:00Z")


def test_a_file_without_an_id_is_one_run_with_the_apis(store: Store, clock: ManualClock) -> None:
    store.own.save(record(-5, source="file"), ImportSource(), EncodedTrack())
    store.cached.save(
        record(9, start=START + timedelta(seconds=2), distance_m=5040.0, source="api"), expires_at=soon(clock)
    )
    store.cached.save(record(10, start=START + timedelta(seconds=3), source="api"), expires_at=soon(clock))

    assert store.cached.link_same_activities() == 1

    rows = store.query("SELECT id, strava_id, source, distance_m FROM run ORDER BY id").rows
    assert rows == [(-5, 9, "both", 5040.0), (10, 10, "cache", 5000.0)]


def test_results_fill_what_nobody_gave_and_only_while_they_fit(store: Store) -> None:
    store.own.save(record(moving_time_s=None, samples=9), ImportSource(), EncodedTrack())
    efforts = ((1000.0, 290.0, 12.0),)
    flat = {"moving_time_s": 1390.0, "distance_m": 4990.0}
    store.save_results(
        [ResultRecord(activity_id=1, version=1, content="c1", figures={}, columns=flat, efforts=efforts)]
    )

    run = one(store, "SELECT * FROM run")
    assert (run["moving_time_s"], run["distance_m"]) == (1390.0, 5000.0)
    assert one(store, "SELECT span_m, elapsed_s, place FROM best_effort") == {
        "span_m": 1000,
        "elapsed_s": 290,
        "place": 1,
    }

    store.own.save(record(content="c2", samples=9), ImportSource(), EncodedTrack())
    assert one(store, "SELECT moving_time_s FROM run")["moving_time_s"] is None
    assert store.query("SELECT * FROM best_effort").rows == []


def test_results_of_cached_runs_expire_with_them(store: Store, clock: ManualClock) -> None:
    store.cached.save(record(2, source="api", samples=3), expires_at=soon(clock, 3))
    store.save_results(
        [ResultRecord(activity_id=2, version=1, content="c1", figures={"a": 1}, columns={"elevation_gain_m": 5.0})]
    )

    assert one(store, "SELECT elevation_gain_m FROM run")["elevation_gain_m"] == 5.0
    clock.advance(3 * 86400)
    store.cached.purge()

    assert store.connection.execute("SELECT count(*) FROM cache.result").fetchone() == (0,)


def load(activity_id: int, value: float, source: LoadSource = "trimp") -> Load:
    return Load(activity_id=activity_id, day=START.date(), sport="Run", load=value, source=source, ratio=1.0)


def test_a_load_that_the_api_changed_shows_until_it_expires(store: Store, clock: ManualClock) -> None:
    for activity_id in (1, 2):
        store.own.save(record(activity_id, start=START + timedelta(days=activity_id)), ImportSource(), EncodedTrack())
    store.load_rows.save_own([load(1, 50.0), load(2, 60.0, "pace-stress")])
    store.load_rows.save_cached([load(1, 70.0), load(2, 60.0, "pace-stress")], expires_at=moment_text(soon(clock, 3)))

    joined = store.query("SELECT training_load, load_source, cached_until IS NULL FROM any_sport ORDER BY id").rows
    own = store.connection.execute("SELECT training_load FROM main.run ORDER BY id").fetchall()
    clock.advance(3 * 86400)
    store.cached.purge()
    later = store.query("SELECT training_load, cached_until FROM run ORDER BY id").rows

    assert joined == [(70.0, "trimp", 0), (60.0, "pace-stress", 1)]
    assert own == [(50.0,), (60.0,)]
    assert later == [(50.0, None), (60.0, None)]


def test_any_sport_has_the_columns_of_run_and_every_sport(store: Store) -> None:
    for number, sport in enumerate(("Run", "Ride", "Swim", "Aikido")):
        start = START + timedelta(days=number)
        store.own.save(record(number + 1, sport=sport, start=start), ImportSource(), EncodedTrack())

    everything, runs = store.view("any_sport", include_cached=True), store.view("run", include_cached=True)

    assert everything.columns == runs.columns
    assert sorted(str(row[everything.columns.index("sport")]) for row in everything.rows) == [
        "Aikido",
        "Ride",
        "Run",
        "Swim",
    ]
    assert len(runs.rows) == 1
    assert store.query("SELECT sport, sum(activities) FROM sport_week GROUP BY sport ORDER BY sport").rows == [
        ("Aikido", 1),
        ("Ride", 1),
        ("Run", 1),
        ("Swim", 1),
    ]


def test_pending_results_are_the_new_the_changed_and_the_redefined(store: Store, clock: ManualClock) -> None:
    store.own.save(record(1, samples=5), ImportSource(), EncodedTrack())
    store.own.save(record(2), ImportSource(), EncodedTrack())
    store.cached.save(record(3, samples=5, source="api"), expires_at=soon(clock))
    assert [pending.activity_id for pending in store.pending_results(1)] == [1, 3]

    for activity_id in (1, 3):
        store.save_results([ResultRecord(activity_id=activity_id, version=1, content="c1", figures={})])

    assert store.pending_results(1) == []
    assert [(each.activity_id, each.is_own) for each in store.pending_results(2)] == [(1, True), (3, False)]


def test_laps_and_gear_show(store: Store) -> None:
    laps = (Lap(start_s=0.0, elapsed_s=300.0, distance_m=1000.0), Lap(start_s=300.0))
    store.own.save(record(), ImportSource(), EncodedTrack(laps=laps))
    store.own.save_gear([("shoe", "Blue ones", "Acme", "Glide", "[]"), ("shoe", "Unused", "", "", "[]")])

    assert store.query("SELECT number, elapsed_s FROM lap").rows == [(1, 300.0), (2, None)]
    assert store.query("SELECT name, runs, distance_m FROM gear ORDER BY name").rows == [
        ("Blue ones", 1, 5000.0),
        ("Unused", 0, 0.0),
    ]


def test_the_views_of_own_db_and_of_both_have_the_same_columns(store: Store) -> None:
    for name in VIEW_NAMES:
        joined = store.connection.execute(f"SELECT * FROM temp.{name}").description
        own = store.connection.execute(f"SELECT * FROM main.{name}").description
        assert [column[0] for column in joined] == [column[0] for column in own]
