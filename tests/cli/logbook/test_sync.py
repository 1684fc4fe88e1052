"""`paceport sync` as a person and as a daily job use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from paceport.clock import ManualClock
from paceport.profile.choices import read_choices
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.world import World
from sandbox.few import few_people
from shell import Shell

_DAY_S = 86_400.0


@pytest.fixture(scope="session")
def small() -> Population:
    """Two athletes with forty short activities each."""
    return few_people(20)


@pytest.fixture
def world(small: Population, clock: ManualClock) -> World:
    return World(small, clock=clock)


@pytest.fixture
def logged_in(shell: Shell) -> Shell:
    assert shell("login").code == 0
    return shell


def test_without_a_terminal_nothing_is_assumed(logged_in: Shell, world: World, home: Path) -> None:
    sent = world.requests.total()

    ended = logged_in("sync")

    assert ended.code == 2
    assert "5.4, 5.5, 5.7" in ended.err
    assert "paceport sync --api-data on" in ended.err
    assert world.requests.total() == sent
    assert read_choices(home / "state").api_data is None


def test_a_person_is_asked_once(logged_in: Shell, home: Path) -> None:
    first = logged_in("sync", stdin="y\n", can_answer=True)
    again = logged_in("sync")

    assert (first.code, again.code) == (0, 0)
    assert "[y/N]" in first.err
    assert "5.4" not in again.err
    assert read_choices(home / "state").api_data is True


def test_no_is_remembered_too(logged_in: Shell, world: World) -> None:
    logged_in("sync", stdin="n\n", can_answer=True)
    sent = world.requests.total()

    ended = logged_in("sync", stdin="y\n", can_answer=True)

    assert ended.code == 2
    assert "[y/N]" not in ended.err
    assert world.requests.total() == sent
    assert logged_in("sync", "--api-data", "on").code == 0


def test_the_settings_file_wins_over_the_answer(logged_in: Shell, home: Path) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text('api_data = "off"\n', encoding="utf-8")

    ended = logged_in("sync", "--api-data", "on")

    assert ended.code == 2
    assert 'api_data = "on" in config.toml' in ended.err


def test_a_choice_of_profile_keeps_the_answer(logged_in: Shell, home: Path) -> None:
    logged_in("sync", "--api-data", "on")
    logged_in("use", "default")

    assert read_choices(home / "state").api_data is True


def test_the_plan_comes_first_and_one_line_sums_it_up(logged_in: Shell) -> None:
    ended = logged_in("sync", "--api-data", "on")

    assert ended.code == 0
    assert ended.err.splitlines()[1].startswith(
        "Plan: the list of activities: 3 requests and one more for each 200 activities, now"
    )
    assert "Plan: your profile and zones, details and streams: 41 requests" in ended.err
    assert ended.out == (
        "sync: 20 new, 0 changed, 0 deleted of 20; 20 details and 19 streams fetched; your profile and zones fetched; "
        "44 requests\n"
    )
    assert "\r" not in ended.err


def test_the_account_is_there_as_json(logged_in: Shell) -> None:
    account = json.loads(logged_in("sync", "--api-data", "on", "--json").out)

    assert (account["new"], account["left"], account["requests"]) == (20, 0, 44)
    assert account["facts"] == ["profile", "zones"]
    assert account["complete_at"] == "2026-11-22T08:00:00Z"


def test_nothing_new_is_two_requests_on_the_wire(logged_in: Shell, world: World) -> None:
    logged_in("sync", "--api-data", "on")
    before = world.requests.total()

    ended = logged_in("sync")

    assert world.requests.total() - before == 2
    assert ended.out == "sync: 0 new, 0 changed, 0 deleted of 20; 2 requests\n"


def test_a_second_sync_at_once_is_told_so(logged_in: Shell, home: Path) -> None:
    logged_in("sync", "--api-data", "on")

    with FileLock(home / "cache" / "sync.lock"):
        ended = logged_in("sync")

    assert ended.code == 9
    assert logged_in("sync").code == 0


def test_an_inactive_app_tells_how_old_the_logbook_is(logged_in: Shell, world: World, clock: ManualClock) -> None:
    logged_in("sync", "--api-data", "on")
    clock.advance(2 * _DAY_S)
    world.set_inactive()

    ended = logged_in("sync")

    assert ended.code == 5
    assert "the list of activities is from 2026-11-22 08:00 UTC, 2 days old" in ended.err
    assert "20 activities are kept from the API; the first 20 expire on 2026-11-29" in ended.err


def test_a_dead_login_is_exit_3_and_tells_the_same(logged_in: Shell, world: World, clock: ManualClock) -> None:
    logged_in("sync", "--api-data", "on")
    clock.advance(_DAY_S)
    world.revoke()

    ended = logged_in("sync")

    assert ended.code == 3
    assert "24 h old" in ended.err


def test_many_deletions_at_once_are_asked_about(logged_in: Shell, world: World, clock: ManualClock) -> None:
    logged_in("sync", "--api-data", "on")
    clock.advance(_DAY_S)
    for row in world.activities(world.people[0].id)[5:16]:
        world.delete_activity(row.id)

    unasked = logged_in("sync")
    declined = logged_in("sync", stdin="n\n", can_answer=True)
    accepted = logged_in("sync", stdin="y\n", can_answer=True)

    assert (unasked.code, declined.code, accepted.code) == (1, 1, 0)
    assert "paceport sync --accept-deletions" in unasked.err
    assert "11 deleted of 9" in accepted.out


def test_sync_waits_for_the_next_quarter_but_not_for_the_next_day(
    logged_in: Shell, world: World, clock: ManualClock
) -> None:
    from paceport.sandbox.state.rate_limits import Limits

    world.set_limits(Limits(read_quarter=22, overall_quarter=44, read_day=1000, overall_day=2000))
    begin = clock.now()

    ended = logged_in("sync", "--api-data", "on")

    assert ended.code == 0
    assert "20 details and 19 streams" in ended.out
    assert "waiting" in ended.err
    assert 1800 <= (clock.now() - begin).total_seconds() <= 2800


def test_without_waiting_the_rest_is_left_for_the_next_sync(logged_in: Shell, world: World) -> None:
    from paceport.sandbox.state.rate_limits import Limits

    world.set_limits(Limits(read_quarter=22, overall_quarter=44, read_day=1000, overall_day=2000))

    ended = logged_in("sync", "--api-data", "on", "--no-wait")

    assert ended.code == 0
    assert "requests left" in ended.out


def test_revoking_erases_what_was_synced(logged_in: Shell, home: Path) -> None:
    logged_in("sync", "--api-data", "on")

    assert logged_in("revoke").code == 0

    assert not (home / "cache" / "cache.db").exists()


def test_the_logbook_tells_what_the_next_sync_would_cost(logged_in: Shell, world: World, clock: ManualClock) -> None:
    logged_in("sync", "--api-data", "on")
    clock.advance(_DAY_S)
    sent = world.requests.total()

    ended = logged_in("logbook")

    assert "Plan: the next sync: 4 requests at the most, now, and what is new" in ended.err
    assert json.loads(logged_in("logbook", "--json").out)["next_sync"]["listing"] == 4
    assert world.requests.total() == sent


def test_without_a_login_that_is_said_before_anything_is_asked(shell: Shell) -> None:
    ended = shell("sync", can_answer=True, stdin="y\n")

    assert ended.code == 3
    assert "policy" not in ended.err
