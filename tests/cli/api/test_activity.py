"""One activity as facts and tables, or as JSON."""

from __future__ import annotations

import json

import pytest

from cli.api.conftest import Pick
from paceport.sandbox.state.world import World
from shell import Shell


def test_facts_splits_and_laps_are_shown(writer: Shell, pick: Pick) -> None:
    run = pick(sport_type="Run", trainer=False, manual=False)

    ended = writer("activity", str(run.id))

    assert ended.code == 0, ended.err
    assert f"Name         {run.name}" in ended.out
    assert f"/activities/{run.id}" in ended.out
    assert "Splits (km)" in ended.out


def test_splits_follow_the_units_of_the_place(writer: Shell, pick: Pick) -> None:
    run = pick(sport_type="Run", trainer=False, manual=False)

    ended = writer("activity", str(run.id), environ={"LANG": "en_US.UTF-8"})

    assert "Splits (mi)" in ended.out
    assert "/mi" in ended.out


def test_the_address_of_the_page_is_as_good_as_the_number(writer: Shell, pick: Pick) -> None:
    run = pick(sport_type="Run")

    by_page = writer("activity", f"https://www.strava.com/activities/{run.id}?x=1", "--json")

    assert json.loads(by_page.out)["id"] == run.id


def test_the_word_last_is_the_newest_activity(writer: Shell, world: World) -> None:
    listed = json.loads(writer("activities", "--limit", "1", "--json").out)
    sent = world.requests.total()

    shown = json.loads(writer("activity", "last", "--json").out)

    assert shown["id"] == listed[0]["id"]
    assert world.requests.total() == sent + 2


@pytest.mark.parametrize("command", ["edit", "delete"])
def test_nothing_is_changed_by_the_word_last(writer: Shell, command: str) -> None:
    assert writer(command, "last").code == 2


@pytest.mark.parametrize("word", ["12a", "-5", "https://www.strava.com/athletes/12", "9" * 19, "../athlete"])
def test_what_is_no_id_is_refused_before_anything_is_sent(writer: Shell, world: World, word: str) -> None:
    sent = world.requests.total()

    ended = writer("activity", "--", word)

    assert ended.code == 2
    assert world.requests.total() == sent


def test_json_splits_add_up_to_the_run(writer: Shell, pick: Pick) -> None:
    run = pick(sport_type="Run", trainer=False, manual=False)

    shown = json.loads(writer("activity", str(run.id), "--json").out)

    assert len(shown["splits_km"]) == int(shown["distance_m"] // 1000) + (shown["distance_m"] % 1000 > 1)
    assert sum(split["distance_m"] for split in shown["splits_km"]) == pytest.approx(shown["distance_m"], rel=0.01)
    assert shown["laps"][0]["lap"] == 1


def test_a_manual_entry_has_no_splits_and_says_how_it_came(writer: Shell, pick: Pick) -> None:
    entry = pick(manual=True)

    ended = writer("activity", str(entry.id))

    assert "entered by hand" in ended.out
    assert "Splits" not in ended.out
    assert json.loads(writer("activity", str(entry.id), "--json").out)["splits_km"] == []


def test_a_hidden_start_is_not_shown_as_midnight(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(sport_type="Run")
    world.hide_start(run.id)

    assert "(time of day hidden)" in writer("activity", str(run.id)).out


def test_an_activity_that_is_not_there_is_an_error_as_json_too(writer: Shell) -> None:
    ended = writer("activity", "5", "--json")

    assert ended.code == 1
    assert json.loads(ended.out)["error"]["type"] == "NotFound"


def test_the_scope_is_known_before_the_call(shell: Shell, world: World) -> None:
    shell("login", "--scope", "read")
    sent = world.requests.total()

    ended = shell("activity", "5")

    assert (ended.code, world.requests.total()) == (4, sent)
