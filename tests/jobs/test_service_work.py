"""What a worker does for an athlete: fetch, retry, refresh, list, forget, and erase to the last row."""

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.simulated_service import SimulatedService, gpx_of_a_run, simulated_service
from makers.export_writer import activities, files
from paceport.clock import ManualClock
from paceport.http_message import Request, Response
from paceport.jobs.dead_logins import ERASED_AFTER
from paceport.jobs.listing import list_athlete
from paceport.jobs.plan import KEPT_FOR
from paceport.jobs.run_parquet.export import export_runs
from paceport.jobs.service_work import athlete_store
from paceport.jobs.turns import Turn
from paceport.logbook.database.store import Store
from paceport.profile.account import open_account
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.rate_limits import Limits
from paceport.storage.postgres.athlete_rows import OwnFile
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.training.history.history import read_history

DAY_S = 86_400.0


@pytest.fixture
def service(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[SimulatedService]:
    """Four people with seven activities each."""
    with simulated_service(database, clock, tmp_path, people=4, runs=7) as opened:
        yield opened


@pytest.fixture
def athlete(service: SimulatedService) -> int:
    """The athlete with seven activities, connected, everything fetched, and no request counted yet."""
    athlete_id = service.world.people[-1].id
    service.connect(athlete_id)
    service.work_off()
    service.requests.clear()
    return athlete_id


def add_run(service: SimulatedService, athlete_id: int, **changes: object) -> Activity:
    """A run of the athlete that has just ended, told by an event."""
    model = next(one for one in service.world.activities(athlete_id) if one.recording is not None)
    start = service.now - timedelta(hours=1)
    run = replace(model, id=service.world.activity_store.next_id(), start=start, **changes)  # type: ignore[arg-type]
    service.world.activity_store.add(run)
    return run


def test_a_newcomers_runs_are_fetched_with_two_requests_each(service: SimulatedService) -> None:
    athlete_id = service.world.people[-1].id
    activities = service.world.activities(athlete_id)
    service.connect(athlete_id)

    service.work_off()

    assert service.kept(athlete_id) == {one.id for one in activities}
    manual = sum(one.recording is None and bool(one.manual) for one in activities)
    assert len(service.requests) == 1 + 2 * len(activities) - manual
    assert len(service.rows(athlete_id).results(now=service.now)) == len(activities)


def test_an_event_costs_two_requests_however_often_it_comes(service: SimulatedService, athlete: int) -> None:
    run = add_run(service, athlete)
    events = list(service.events.events)
    service.deliver(events * 3)

    service.work_off()
    service.clock.advance(10)
    service.deliver(events)
    service.work_off()

    assert run.id in service.kept(athlete)
    assert service.requests == [f"/activities/{run.id}", f"/activities/{run.id}/streams"]


def test_an_activity_that_is_not_there_yet_is_asked_for_at_5_15_and_45_minutes(
    service: SimulatedService, athlete: int
) -> None:
    service.world.switches.set(fresh_activity_404_s=44 * 60)
    run = add_run(service, athlete)
    service.deliver()
    begun, asked = service.now, []
    for _ in range(60):
        before = len(service.requests)
        service.work_off()
        asked += [round((service.now - begun) / timedelta(minutes=1))] * (len(service.requests) - before)
        service.clock.advance(60)

    assert asked == [0, 5, 15, 45, 45]
    assert run.id in service.kept(athlete)


def test_streams_that_come_late_are_asked_for_alone(service: SimulatedService, athlete: int) -> None:
    service.world.switches.set(fresh_streams_empty_s=14 * 60)
    run = add_run(service, athlete)
    service.deliver()
    for _ in range(30):
        service.work_off()
        service.clock.advance(60)

    assert service.requests == [f"/activities/{run.id}", *[f"/activities/{run.id}/streams"] * 3]
    assert run.id in service.kept(athlete)


def test_what_never_appears_is_given_up(service: SimulatedService, athlete: int) -> None:
    service.world.switches.set(fresh_activity_404_s=10**6)
    run = add_run(service, athlete)
    service.deliver()
    for _ in range(120):
        service.work_off()
        service.clock.advance(60)

    assert service.requests == [f"/activities/{run.id}"] * 4
    assert service.rows(athlete).counts()["fetch"] == len(service.kept(athlete))


def test_a_new_title_costs_one_request_and_the_streams_stay(service: SimulatedService, athlete: int) -> None:
    run = service.world.activities(athlete)[0]
    service.clock.advance(60)
    service.world.edit_activity(replace(run, name="Another name"))
    service.deliver()

    service.work_off()

    assert service.requests == [f"/activities/{run.id}"]
    names = {json.loads(one.metrics)["name"] for one in service.rows(athlete).results(now=service.now)}
    assert "Another name" in names


def test_events_in_any_order_end_with_what_is_true(service: SimulatedService, athlete: int) -> None:
    run = add_run(service, athlete)
    service.clock.advance(60)
    service.world.edit_activity(replace(run, name="Other"))
    service.clock.advance(60)
    service.world.delete_activity(run.id)

    service.deliver(list(reversed(service.events.events)))
    service.work_off()
    service.deliver()
    service.work_off()

    assert service.requests == []
    assert run.id not in service.kept(athlete)


def test_a_deletion_leaves_nothing_of_the_activity(service: SimulatedService, athlete: int) -> None:
    run = service.world.activities(athlete)[0]
    service.world.delete_activity(run.id)
    service.deliver()

    service.work_off()

    rows = service.rows(athlete)
    assert service.requests == []
    assert all(reply.object_id != run.id for reply in rows.replies(now=service.now))
    assert all(result.activity_id != run.id for result in rows.results(now=service.now))


def test_the_daily_listing_finds_what_no_event_told(service: SimulatedService, athlete: int) -> None:
    kept = service.world.activities(athlete)
    service.clock.advance(7200)
    run = add_run(service, athlete)
    service.world.edit_activity(replace(kept[1], name="Told by nobody"))
    service.world.delete_activity(kept[0].id)
    service.events.events.clear()
    service.clock.advance(DAY_S)

    service.work_off()

    assert service.kept(athlete) == {run.id, *(one.id for one in kept[1:])}
    assert service.requests[0] == "/athlete/activities"
    assert len(service.requests) == 1 + 2 + 2
    names = {json.loads(one.metrics)["name"] for one in service.rows(athlete).results(now=service.now)}
    assert "Told by nobody" in names


def test_a_run_that_is_among_the_newest_again_is_kept_again(service: SimulatedService, athlete: int) -> None:
    """It was let go because another was newer; then the other was deleted."""
    newest, second = service.world.activities(athlete)[:2]
    store = athlete_store(service.database, athlete)
    store.work.stop_fetching(second.id)
    service.world.delete_activity(newest.id)
    service.clock.advance(DAY_S)

    with service.access.client(athlete) as client:
        list_athlete(store, client, service.clock, kept_runs=1)

    row = store.work.fetch(second.id)
    assert row is not None
    assert row.due_at == service.now


def test_what_is_kept_is_fetched_again_before_it_expires(service: SimulatedService, athlete: int) -> None:
    ids = service.kept(athlete)
    for _ in range(6 * 14):
        service.work_off()
        assert service.kept(athlete) == ids
        oldest = Members(service.database).oldest_reply_at()
        assert oldest is not None
        assert service.now - oldest <= timedelta(days=7)
        service.clock.advance(4 * 3600)

    listings = service.requests.count("/athlete/activities")
    assert 13 <= listings <= 14
    assert len(service.requests) - listings <= 2 * 2 * len(ids)


def test_without_a_worker_nothing_outlives_its_week(service: SimulatedService, athlete: int) -> None:
    service.clock.advance(7 * DAY_S - 1)

    assert service.kept(athlete) == set()
    Members(service.database).erase_expired(now=service.now, long_ago=service.now - KEPT_FOR)

    counts = service.rows(athlete).counts()
    assert [counts[name] for name in ("reply", "result", "fetch", "inbox")] == [0, 0, 0, 0]


def test_an_athlete_who_has_left_leaves_no_row(service: SimulatedService, athlete: int) -> None:
    service.connect(service.world.people[-2].id)
    service.rows(athlete).add_own_file(OwnFile(name="run.gpx", content=b"x"))
    service.world.revoke(athlete)
    service.deliver()

    service.work_off()

    assert service.rows(athlete).counts() == dict.fromkeys(service.rows(athlete).counts(), 0)
    assert service.rows(service.world.people[-2].id).counts()["grant_record"] == 1


def die_unseen(service: SimulatedService, athlete: int) -> None:
    """The athlete takes the access back, and the event never comes; a day later the listing finds it."""
    service.world.revoke(athlete)
    service.events.events.clear()
    service.clock.advance(25 * 3600)
    service.work_off()


def test_a_login_that_died_without_an_event_is_erased_within_thirty_days(
    service: SimulatedService, athlete: int
) -> None:
    service.rows(athlete).add_own_file(OwnFile(name="run.gpx", content=b"x"))
    die_unseen(service, athlete)

    ((_, why),) = Members(service.database).troubled()
    assert f"erased on {service.now + ERASED_AFTER:%Y-%m-%d}" in why
    service.clock.advance(ERASED_AFTER.total_seconds() - 1)
    service.work_off()
    counts = service.rows(athlete).counts()
    assert (counts["reply"], counts["own_file"], counts["grant_record"]) == (0, 1, 1)
    service.clock.advance(1)
    service.work_off()

    assert timedelta(days=25) < ERASED_AFTER < timedelta(days=30)
    assert service.rows(athlete).counts() == dict.fromkeys(counts, 0)


def test_who_connects_again_in_time_stays(service: SimulatedService, athlete: int) -> None:
    service.rows(athlete).add_own_file(OwnFile(name="run.gpx", content=b"x"))
    die_unseen(service, athlete)
    service.clock.advance(20 * 24 * 3600)
    service.connect(athlete)
    service.work_off()
    service.clock.advance(ERASED_AFTER.total_seconds())
    service.work_off()

    assert Members(service.database).troubled() == []
    assert service.rows(athlete).counts()["own_file"] == 1
    assert service.kept(athlete)


def test_a_forged_farewell_erases_nothing(service: SimulatedService, athlete: int) -> None:
    ids = service.kept(athlete)
    service.world.subscriptions.athlete_deauthorized(service.world.app.client_id, athlete, service.now)
    service.deliver()

    service.work_off()

    assert service.kept(athlete) == ids
    assert service.requests == ["/athlete"]


def test_a_member_who_leaves_is_revoked_at_strava_and_erased(service: SimulatedService, athlete: int) -> None:
    Members(service.database).begin_leaving(athlete)

    service.work_off()

    assert athlete not in service.world.grants.connected(service.world.app.client_id)
    assert not any(service.rows(athlete).counts().values())


def test_a_departure_survives_a_service_that_is_down(service: SimulatedService, athlete: int) -> None:
    Members(service.database).begin_leaving(athlete)
    service.world.plan("status", path="/oauth", status=503, times=50)
    service.work_off()
    service.work_off()

    left = {name for name, count in service.rows(athlete).counts().items() if count}
    service.world.faults.clear()
    service.clock.advance(900)
    service.work_off()

    assert left == {"athlete", "grant_record"}
    assert not any(service.rows(athlete).counts().values())


def test_an_own_file_becomes_a_result_that_does_not_expire(
    service: SimulatedService, athlete: int, tmp_path: Path
) -> None:
    gpx = gpx_of_a_run(service.now - timedelta(days=40))
    rows = service.rows(athlete)
    rows.add_own_file(OwnFile(name="mine.gpx", content=gpx))
    rows.add_own_file(OwnFile(name="broken.fit", content=b"no file"))
    rounds = [service.work_off() for _ in range(3)]
    service.clock.advance(30 * DAY_S)
    Members(service.database).erase_expired(now=service.now, long_ago=service.now)

    (result,) = rows.results(now=service.now)

    assert result.activity_id < 0
    assert json.loads(result.metrics)["figures"]["distance_m"] > 100
    assert rounds[2] == 0


def own_results(service: SimulatedService, athlete: int) -> dict[str, dict[str, Any]]:
    """The results of own files by the names of their activities."""
    found = [json.loads(one.metrics) for one in service.rows(athlete).results(now=service.now) if one.own_file]
    return {one["name"]: one for one in found}


def test_the_table_of_an_export_names_its_runs_and_has_those_typed_in(service: SimulatedService, athlete: int) -> None:
    written = [replace(one, gear="Blue ones") for one in activities(5)]
    rows, content = service.rows(athlete), files(written)
    recordings = [name for name in content if name.startswith("activities/")]
    # A recording that came before the table, and was read already.
    rows.add_own_file(OwnFile(name="run.gpx", content=content[recordings[0]]))
    service.work_off()
    assert list(own_results(service, athlete)) == ["Track"]

    for name in [*recordings, "shoes.csv", "activities.csv"]:
        rows.add_own_file(OwnFile(name=name, content=content[name]))
    service.work_off()

    found = own_results(service, athlete)
    assert set(found) == {one.name for one in written}
    for one in written:
        assert found[one.name]["gear"] == "Blue ones"
        assert found[one.name]["distance_m"] == one.distance_m
        assert found[one.name]["is_manual"] == (not one.filename)
        assert bool(found[one.name]["figures"]) == bool(one.filename)
    assert service.work_off() == 0


def test_a_newer_table_takes_the_place_of_an_older_one(service: SimulatedService, athlete: int) -> None:
    rows, written = service.rows(athlete), activities(5, tracks=False)
    rows.add_own_file(OwnFile(name="activities.csv", content=files(written)["activities.csv"]))
    service.work_off()
    service.clock.advance(60)
    newer = [replace(one, name=f"{one.name}, renamed") for one in written[:4]]
    rows.add_own_file(OwnFile(name="activities.csv", content=files(newer)["activities.csv"]))
    service.work_off()

    names = set(own_results(service, athlete))

    assert {one.name for one in newer} <= names
    assert not names & {one.name for one in written[:4]}


@pytest.mark.parametrize("table", [b"", b"a,b,c\n1,2,3\n", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_a_table_that_cannot_be_read_leaves_its_recordings(
    service: SimulatedService, athlete: int, table: bytes
) -> None:
    rows = service.rows(athlete)
    rows.add_own_file(OwnFile(name="activities.csv", content=table))
    rows.add_own_file(OwnFile(name="activities/1.gpx", content=gpx_of_a_run(service.now - timedelta(days=2))))
    service.work_off()

    assert len(own_results(service, athlete)) == 1
    assert service.work_off() == 0


def test_a_dead_login_stands_still_until_the_athlete_comes_back(service: SimulatedService, athlete: int) -> None:
    service.world.revoke(athlete)
    service.events.events.clear()
    service.clock.advance(DAY_S)
    for _ in range(5):
        service.work_off()
        service.clock.advance(DAY_S)
    asked = len(service.requests)
    troubled = [one for one, _ in Members(service.database).troubled()]

    service.connect(athlete)
    service.work_off()

    assert asked <= 1
    assert troubled == [athlete]
    assert service.requests[asked:].count("/athlete/activities") == 1
    assert Members(service.database).troubled() == []


def test_the_jobs_of_one_athlete_take_turns_with_all_others(service: SimulatedService) -> None:
    people = [person.id for person in service.world.people[-3:]]
    for athlete_id in people:
        service.connect(athlete_id)
    service.work_off()

    order = [
        next(athlete_id for athlete_id in people if int(path.split("/")[2]) in _ids(service, athlete_id))
        for path in service.requests
        if path.startswith("/activities/") and not path.endswith("/streams")
    ]
    backfill = order[9:]
    assert len(backfill) == 12
    assert all(len(set(backfill[place : place + 3])) == 3 for place in range(0, 12, 3))


def test_a_full_window_puts_work_off_and_loses_nothing(service: SimulatedService) -> None:
    service.world.set_limits(Limits(read_quarter=10, read_day=1000, overall_quarter=20, overall_day=2000))
    athlete_id = service.world.people[-1].id
    service.connect(athlete_id)
    per_window = []
    for _ in range(6):
        before = len(service.requests)
        service.work_off()
        per_window.append(len(service.requests) - before)
        service.clock.advance(900)

    assert max(per_window) <= 10
    assert service.kept(athlete_id) == _ids(service, athlete_id)
    assert service.turns.wake(athlete_id, Turn.DAILY)


def test_an_athletes_logbook_is_rebuilt_from_what_a_worker_kept(service: SimulatedService, athlete: int) -> None:
    opened = open_account(athlete, service.rows(athlete), service.settings, service.clock)
    directories = service.settings.directories
    folders = (base / "profiles" / opened.profile for base in (directories.data, directories.cache))
    with Store(data_dir=next(folders), cache_dir=next(folders), clock=service.clock) as store:
        runs = {run.id: run.distance_m for run in read_history(store, now=service.now).runs}

    of_worker = {one.activity_id: json.loads(one.metrics) for one in service.rows(athlete).results(now=service.now)}
    assert (opened.activities, opened.unreadable) == (len(_ids(service, athlete)), 0)
    assert runs.keys() == of_worker.keys()
    recorded = [one for one in runs if of_worker[one]["figures"]]
    assert len(recorded) > 3
    assert all(runs[one] == of_worker[one]["figures"]["distance_m"] for one in recorded)


CANARY = "canary-of-another-athlete"


def test_nothing_of_one_athlete_is_asked_stored_or_shown_with_anothers(
    service: SimulatedService, athlete: int, tmp_path: Path
) -> None:
    """Another athlete's words and ids appear in no row, no export and no logbook of this one, whatever was done."""
    other = service.world.people[0].id
    for one in service.world.activities(other):
        service.world.edit_activity(replace(one, name=CANARY))
    service.connect(other)
    service.rows(other).add_own_file(
        OwnFile(name=f"{CANARY}.gpx", content=gpx_of_a_run(service.now - timedelta(days=40)))
    )
    stolen = replace(service.events.events[0], owner_id=athlete) if service.events.events else None
    service.deliver()
    if stolen is not None:
        service.deliver([stolen])
    for _ in range(3):
        service.work_off()
        service.clock.advance(DAY_S)
    export_runs(service.database, tmp_path / "out", now=service.now)
    open_account(athlete, service.rows(athlete), service.settings, service.clock)

    rows = service.rows(athlete)
    mine = [reply.body for reply in rows.replies(now=service.now)]
    mine += [one.metrics.encode() for one in rows.results(now=service.now)]
    mine += [path.read_bytes() for path in (tmp_path / "out" / "runs" / f"athlete_id={athlete}").rglob("*.parquet")]
    mine += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and f"account-{athlete}" in str(path)]
    assert len(mine) > 20
    assert not [one for one in mine if CANARY.encode() in one]
    assert {one.activity_id for one in rows.results(now=service.now)} == _ids(service, athlete)
    assert any(CANARY in one.metrics for one in service.rows(other).results(now=service.now))


class Died(BaseException):
    """The end of a worker in the middle of a request."""


@pytest.mark.parametrize("seed", [1])
def test_events_in_disorder_and_workers_that_die_end_with_what_is_true(service: SimulatedService, seed: int) -> None:
    """The short form of the proof in test_chaos.py: one process, and a death is an exception that nothing catches."""
    rng, people = random.Random(seed), [person.id for person in service.world.people[-2:]]
    for athlete_id in people:
        service.connect(athlete_id)
    service.work_off()
    service.requests.clear()
    service.world.switches.set(
        webhook_duplicate_every=3,
        webhook_drop_every=9,
        webhook_swap_every=4,
        fresh_activity_404_s=200,
        fresh_activity_404_every=5,
        fresh_streams_empty_s=300,
        fresh_streams_empty_every=3,
    )
    sent, needed = service.send, 0

    def dying(request: Request, *, timeout_s: float = 30.0) -> Response:
        response = sent(request, timeout_s=timeout_s)
        if rng.random() < 0.1:
            raise Died
        return response

    service.send = dying
    for _ in range(12):
        athlete_id = rng.choice(people)
        run = add_run(service, athlete_id)
        service.clock.advance(rng.choice([1, 60]))
        other = rng.choice(service.world.activities(athlete_id))
        if rng.random() < 0.4:
            service.world.delete_activity(other.id)
        else:
            service.world.edit_activity(replace(other, name=f"Edited {rng.random()}"))
        needed += 2 + (other.id != run.id)
        service.deliver()
        with suppress(Died):
            service.work_off()
    service.world.webhook_disorder.release()
    service.deliver()
    for _ in range(30):
        service.clock.advance(300)
        with suppress(Died):
            service.work_off()
    asked = len(service.requests)
    service.send = sent
    service.clock.advance(DAY_S)
    service.work_off()

    for athlete_id in people:
        rows, shown = service.rows(athlete_id), service.world.activities(athlete_id)
        names = {one.activity_id: json.loads(one.metrics)["name"] for one in rows.results(now=service.now)}
        assert names == {one.id: one.name for one in shown}
        assert service.kept(athlete_id) == set(names)
    assert asked <= 2 * needed


def _ids(service: SimulatedService, athlete_id: int) -> set[int]:
    return {one.id for one in service.world.activities(athlete_id)}
