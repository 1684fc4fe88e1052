"""The sync from a page: asked for once, its progress, a wait for the rate limit, stopped and gone on."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.state.planned_faults import PlannedFault
from paceport.sandbox.state.world import World
from paceport.storage.process_lock import hold_short_lock
from web.account.person import Person
from web.held_clock import HeldClock


@pytest.fixture
def clock(clock: ManualClock) -> HeldClock:
    """A clock whose long waits last until the test lets them end."""
    return HeldClock(clock.now())


def activities_of(home: Path, clock: ManualClock) -> int:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        return store.summary().activities


def task_address(person: Person) -> str:
    latest = person.server.tasks.latest("Sync")
    assert latest is not None
    return latest.address


def test_nobody_is_synced_who_has_not_allowed_it(person: Person) -> None:
    person.log_in()
    sent = person.world.requests.total()

    asked = person.read("/sync")
    refused = person.post("/sync")
    said_no = person.post("/sync/allowed", allowed="off")
    again = person.read("/sync")

    assert "5.4, 5.5, 5.7" in asked.text
    assert "Start the sync" not in asked.text
    assert (refused.status, refused.headers["location"]) == (303, "/sync")
    assert person.server.tasks.latest("Sync") is None
    assert said_no.headers["location"] == "/sync"
    assert "Your answer so far is no" in again.text
    assert person.world.requests.total() == sent


def test_a_sync_waits_for_the_limit_shows_until_when_and_goes_on(
    person: Person, clock: HeldClock, tmp_path: Path
) -> None:
    person.log_in()
    person.post("/sync/allowed", allowed="on")
    plan = person.read("/sync")
    person.world.faults.plan(PlannedFault(kind="rate_limited", path="/api/v3/activities", after=3, times=1))

    started = person.post("/sync")
    assert clock.waits.wait(20)
    waiting, page = json.loads(person.read(f"{task_address(person)}.json").text), person.read(task_address(person))
    led_there = person.read("/sync")
    clock.go_on.set()
    person.server.tasks.wait()
    ended, overview = person.read(task_address(person)), person.read("/")

    assert "and one more for each 200 activities" in plan.text
    assert (started.status, started.headers["location"]) == (303, task_address(person))
    assert "limit is used up" in waiting["words"]
    assert "until 08:15 UTC" in waiting["words"]
    assert 0 < waiting["done"] < waiting["total"]
    assert escape(waiting["words"]) in page.text.replace("&#39;", "&#x27;")
    assert led_there.headers["location"] == task_address(person)
    assert "14 new. Strava lists 14 activities." in ended.text
    assert "The logbook is up to date" in ended.text
    assert "No runs yet" not in overview.text
    assert activities_of(tmp_path, clock) == 14


def test_a_stopped_sync_keeps_what_it_read_and_the_next_goes_on_there(person: Person, clock: HeldClock) -> None:
    person.log_in()
    person.post("/sync/allowed", allowed="on")
    person.world.faults.plan(PlannedFault(kind="rate_limited", path="/api/v3/activities", after=3, times=1))
    person.post("/sync")
    assert clock.waits.wait(20)

    first = task_address(person)
    person.post(f"{first}/stop")
    clock.go_on.set()
    person.server.tasks.wait()
    stopped, sent = person.read(first), person.world.requests.total()
    person.post("/sync")
    person.server.tasks.wait()
    ended, more = person.read(task_address(person)), person.world.requests.total() - sent
    totals = [json.loads(person.read(f"{path}.json").text)["total"] for path in (first, task_address(person))]

    assert "It was stopped" in stopped.text
    assert "the next sync goes on from there" in stopped.text
    assert "The logbook is up to date" in ended.text
    assert totals[1] < totals[0]
    assert more == totals[1] + 2  # the list


def test_a_sync_of_another_program_is_said_and_none_begins_beside_it(person: Person, tmp_path: Path) -> None:
    person.log_in()
    person.post("/sync/allowed", allowed="on")
    before, sent = person.read("/sync"), person.world.requests.total()

    with hold_short_lock(tmp_path / "cache" / "sync.lock", timeout_s=0, what="what `paceport sync` holds"):
        page = person.read("/sync")
        person.post("/sync")
        person.server.tasks.wait()
    ended = person.read(task_address(person))

    assert "Another program is syncing" not in before.text
    assert "Another program is syncing" in page.text
    assert "Another sync is running" in ended.text
    assert "wait for it to end" in ended.text
    assert person.world.requests.total() == sent


def test_many_deletions_at_once_are_asked_about(person: Person, world: World, clock: HeldClock) -> None:
    person.log_in()
    person.post("/sync/allowed", allowed="on")
    person.post("/sync")
    person.server.tasks.wait()
    clock.advance(86_400)
    for row in world.activities(world.people[0].id)[1:12]:
        world.delete_activity(row.id)

    person.post("/sync")
    person.server.tasks.wait()
    left_alone, asked = person.read(task_address(person)), person.read("/sync")
    person.post("/sync", accept_deletions="on")
    person.server.tasks.wait()
    done, after = person.read(task_address(person)), person.read("/sync")

    assert "11 of 14 activities disappeared at once" in left_alone.text
    assert 'name="accept_deletions"' in asked.text
    assert "11 deleted. Strava lists 3 activities." in done.text
    assert 'name="accept_deletions"' not in after.text


def test_a_login_that_was_revoked_elsewhere_is_said_with_the_way_out(person: Person) -> None:
    person.log_in()
    person.post("/sync/allowed", allowed="on")
    person.world.faults.plan(PlannedFault(kind="revoked", path="/api/v3/athlete", times=1))

    person.post("/sync")
    person.server.tasks.wait()
    failed = person.read(task_address(person))

    assert 'href="/login">Log in</a>' in failed.text
    assert "paceport login" not in failed.text


def test_without_a_login_the_page_leads_to_it(person: Person) -> None:
    before = person.read("/sync")
    person.set_up()
    with_app = person.read("/sync")

    assert 'href="/setup">Set up the app</a>' in before.text
    assert 'href="/login">Log in</a>' in with_app.text
