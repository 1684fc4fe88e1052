"""Every activity, in four forms, and what is said where some cannot be seen."""

from __future__ import annotations

import csv
import io
import json

from paceport.sandbox.state.world import World
from shell import Shell


def test_a_missing_scope_is_named_before_anything_is_sent(shell: Shell, world: World) -> None:
    shell("login", "--scope", "read")
    sent = world.requests.total()

    ended = shell("activities")

    assert ended.code == 4
    assert "Fix: paceport grant +activity:read" in ended.err
    assert ended.out == ""
    assert world.requests.total() == sent


def test_the_named_repair_works(shell: Shell) -> None:
    shell("login", "--scope", "read")
    repair = shell("activities").err.partition("Fix: paceport ")[2].split("\n")[0].split()

    assert shell(*repair).code == 0

    assert shell("activities", "--limit", "3").code == 0


def test_all_activities_come_in_order_with_as_few_requests_as_can_be(shell: Shell, world: World) -> None:
    shell("login")
    everything = world.activities(world.people[0].id)
    before = world.requests["GET /athlete/activities"]

    rows = json.loads(shell("activities", "--json").out)

    assert len(everything) >= 1500
    assert [row["id"] for row in rows] == [
        activity.id for activity in sorted(everything, key=lambda activity: activity.start, reverse=True)
    ]
    requests = world.requests["GET /athlete/activities"] - before
    assert -(-len(everything) // 200) + 1 <= requests <= -(-len(everything) // 200) + 8


def test_after_a_sync_nothing_is_asked_for_in_vain(shell: Shell, world: World) -> None:
    shell("login")
    synced = shell("sync", "--api-data", "on", "--no-wait")
    before = world.requests["GET /athlete/activities"], world.requests.total()

    listed = shell("activities", "--jsonl")

    assert synced.code in (0, 6)
    assert len(listed.out.splitlines()) == len(world.activities(world.people[0].id)) == 1589
    assert world.requests["GET /athlete/activities"] - before[0] == 9
    assert world.requests.total() - before[1] == 9


def test_filters_narrow_the_list(shell: Shell) -> None:
    shell("login")

    rows = json.loads(shell("activities", "--sport", "run", "--after", "2026-01-01", "--limit", "7", "--json").out)

    assert len(rows) == 7
    assert {row["sport_type"] for row in rows} == {"Run"}
    assert all(row["start_local"] >= "2026-01-01" for row in rows)


def test_local_time_carries_no_false_zone(shell: Shell) -> None:
    shell("login")

    row = json.loads(shell("activities", "--limit", "1", "--json").out)[0]

    assert row["start"].endswith("Z")
    assert not row["start_local"].endswith("Z")


def test_csv_never_begins_a_cell_like_a_formula(shell: Shell, world: World) -> None:
    shell("login", "--for", "everything")
    newest = max(world.activities(world.people[0].id), key=lambda activity: activity.start)
    shell("api", "PUT", f"/activities/{newest.id}", "-f", 'name==HYPERLINK("http://x")')

    rows = list(csv.DictReader(io.StringIO(shell("activities", "--limit", "1", "--csv").out)))

    assert rows[0]["name"] == '\'=HYPERLINK("http://x")'


def test_a_hostile_name_reaches_no_terminal(shell: Shell, world: World) -> None:
    shell("login")
    hostile = [activity for activity in world.activities(world.people[0].id) if "\x1b" in activity.name]
    assert hostile, "the world holds a hostile name on purpose"

    for form in ([], ["--json"], ["--jsonl"], ["--csv"]):
        ended = shell("activities", *form)
        assert "\x1b]" not in ended.out
        assert "\u202e" not in ended.out


def test_what_a_narrow_scope_hides_is_said(shell: Shell) -> None:
    shell("login", "--scope", "read,activity:read")

    ended = shell("activities", "--limit", "5")

    assert ended.code == 0
    assert "only you can see are not listed" in ended.err


def test_dates_the_wrong_way_round_are_a_clear_error(shell: Shell) -> None:
    ended = shell("activities", "--after", "2026-02-01", "--before", "2026-01-01")

    assert ended.code == 2
    assert "leave no days between them" in ended.err


def test_an_inactive_app_is_told_from_a_bad_token(shell: Shell, world: World) -> None:
    shell("login")
    world.set_inactive()

    ended = shell("activities")

    assert ended.code == 5
    assert "Inactive" in ended.err
    assert "paceport import" in ended.err


def test_a_revoked_login_ends_with_the_command_that_repairs_it(shell: Shell, world: World) -> None:
    shell("login")
    world.revoke()

    ended = shell("activities")

    assert ended.code == 3
    assert "Fix: paceport login" in ended.err


def test_a_revoked_login_that_no_word_names_is_found_at_once(shell: Shell, world: World) -> None:
    shell("login")
    world.switches.set(dead_token_body="application")
    world.revoke()
    before = world.requests["GET /athlete"]

    ended = shell("activities")

    assert ended.code == 3
    assert "Fix: paceport login" in ended.err
    assert world.requests["GET /athlete"] - before == 1


def test_a_call_refused_without_a_reason_leaves_the_login_as_it_is(shell: Shell, world: World) -> None:
    shell("login")
    world.switches.set(dead_token_body="application")
    world.plan("revoked", path="/api/v3/athlete/activities")
    before = world.grants.refreshes

    ended = shell("activities")

    assert ended.code == 1
    assert "the login itself is fine" in ended.err
    assert shell("token").code == 0
    assert shell("activities", "--limit", "1").code == 0
    assert world.grants.refreshes == before


def test_a_used_up_limit_exits_six_when_told_not_to_wait(shell: Shell, world: World) -> None:
    shell("login")
    world.plan("rate_limited", path="/api/v3/athlete/activities", times=50)

    ended = shell("activities", "--no-wait")

    assert ended.code == 6
    assert "opens again at" in ended.err


def test_a_gateway_page_is_network_trouble_not_a_crash(shell: Shell, world: World) -> None:
    shell("login")
    world.plan("html", path="/api/v3/athlete/activities", times=50)

    ended = shell("activities")

    assert ended.code == 7
    assert "<html" not in ended.err.lower()


def test_a_cut_off_page_is_read_again(shell: Shell, world: World) -> None:
    shell("login")
    world.plan("cut", path="/api/v3/athlete/activities", times=1)

    ended = shell("activities", "--limit", "5", "--json")

    assert ended.code == 0, ended.err
    assert len(json.loads(ended.out)) == 5


def test_status_remembers_an_inactive_app_until_a_call_works_again(shell: Shell, world: World) -> None:
    shell("login")
    world.set_inactive()
    shell("activities")
    assert json.loads(shell("status", "--json").out)["status"] == "app_inactive"

    world.set_inactive(False)
    assert shell("activities", "--limit", "1").code == 0

    assert json.loads(shell("status", "--json").out)["status"] == "ok"
