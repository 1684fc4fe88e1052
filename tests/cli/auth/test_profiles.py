"""Several athletes and apps: which profile is meant, and that none is mistaken for another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paceport.sandbox.state.world import World
from shell import Shell


@pytest.fixture
def two(shell: Shell, world: World) -> Shell:
    """The first athlete under `default`, the second under `second`."""
    shell("login")
    world.sign_in(world.people[1].id)
    shell("--profile", "second", "login")
    return shell


def athlete(shell: Shell, *words: str, environ: dict[str, str] | None = None) -> int:
    value: dict[str, Any] = json.loads(shell(*words, "status", "--json", environ=environ).out)
    return int(value["athlete"]["id"])


def test_both_are_listed(two: Shell, world: World) -> None:
    rows = json.loads(two("profiles", "--json").out)

    assert {row["profile"]: row["athlete"]["id"] for row in rows} == {
        "default": world.people[0].id,
        "second": world.people[1].id,
    }
    assert [row["profile"] for row in rows if row["chosen"]] == ["default"]
    assert two("profiles").out.count("\n") == 3


def test_argument_wins_over_environment_over_choice_over_default(two: Shell, world: World) -> None:
    first, second = world.people[0].id, world.people[1].id

    assert athlete(two) == first
    assert two("use", "second").code == 0
    assert athlete(two) == second
    assert athlete(two, environ={"PACEPORT_PROFILE": "default"}) == first
    assert athlete(two, "--profile", "second", environ={"PACEPORT_PROFILE": "default"}) == second


def test_a_choice_that_the_environment_overrules_is_said(two: Shell) -> None:
    ended = two("use", "second", environ={"PACEPORT_PROFILE": "default"})

    assert ended.code == 0
    assert "still name default, which takes precedence" in ended.err


def test_what_is_not_there_cannot_be_used(two: Shell) -> None:
    ended = two("use", "third")

    assert ended.code == 2
    assert "default, second" in ended.err
    assert "paceport --profile third login" in ended.err


def test_with_no_profile_at_all_the_first_step_is_named(shell: Shell) -> None:
    assert json.loads(shell("profiles", "--json").out) == []
    assert "paceport login" in shell("profiles").err


def test_an_athlete_who_has_a_profile_is_renewed_there_and_nowhere_else(two: Shell, world: World) -> None:
    ended = two("login", "--force")

    assert ended.code == 3  # the profile that was named has no new login
    assert "use --profile second" in ended.err
    assert athlete(two) == world.people[0].id


def test_the_tokens_are_each_athletes_own(two: Shell, world: World) -> None:
    for words, person in (((), world.people[0]), (("--profile", "second"), world.people[1])):
        holder = world.grants.holder(two(*words, "token").out.strip(), world.now())
        assert holder is not None
        assert holder.athlete_id == person.id


def test_a_logout_of_one_leaves_the_other(two: Shell, world: World) -> None:
    two("--profile", "second", "logout")

    assert athlete(two) == world.people[0].id
    assert two("--profile", "second", "token").code == 3


@pytest.mark.parametrize("name", ["../x", "a b", "", "x" * 65, "-x"])
def test_a_name_that_cannot_be_a_folder_is_refused(shell: Shell, home: Path, name: str) -> None:
    ended = shell("--profile", name, "login", "--start")

    assert ended.code == 2 if name else ended.code == 0
    assert not (home.parent / "x").exists()


def test_two_apps_have_profiles_of_their_own(shell: Shell, world: World) -> None:
    other = world.add_app(name="Other")
    shell("login")
    environ = {"STRAVA_CLIENT_ID": str(other.client_id), "STRAVA_CLIENT_SECRET": other.client_secret}

    assert shell("--profile", "other", "login", environ=environ).code == 0

    rows = json.loads(shell("profiles", "--json", environ=environ).out)
    assert {row["profile"]: row["client_id"] for row in rows} == {
        "default": str(world.app.client_id),
        "other": str(other.client_id),
    }
    assert shell("token", environ=environ).code == 2


def damage(home: Path, profile: str, content: bytes | None = None) -> Path:
    """Cut the record of a profile in the middle, or put something else in its place."""
    for path in sorted((home / "state" / "grants").glob("*.json")):
        whole = path.read_bytes()
        if f'"profile": "{profile}"'.encode() in whole:
            path.write_bytes(whole[: len(whole) // 2] if content is None else content)
            return path
    raise AssertionError(profile)


def test_a_damaged_record_of_one_profile_does_not_stop_the_others(two: Shell, home: Path) -> None:
    first, second = [entry["profile"] for entry in json.loads(two("profiles", "--json").out)]
    path = damage(home, first)

    assert two("--profile", second, "token").code == 0
    listed = two("profiles")
    broken = two("--profile", first, "token")

    assert second in listed.out
    assert path.name in listed.err
    assert broken.code == 8
    assert path.name in broken.err


@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff\xfe", b'{"schema": 99}'])
def test_a_logout_of_everything_removes_damaged_records_as_well(two: Shell, home: Path, content: bytes | None) -> None:
    damage(home, json.loads(two("profiles", "--json").out)[0]["profile"], content)

    ended = two("logout", "--everything")

    assert ended.code == 0
    assert not list((home / "state").glob("grants/*.json"))


def test_a_logout_of_one_profile_removes_its_damaged_record(two: Shell, home: Path) -> None:
    first, second = [entry["profile"] for entry in json.loads(two("profiles", "--json").out)]
    damage(home, first)

    assert two("--profile", first, "logout").code == 0

    assert [entry["profile"] for entry in json.loads(two("profiles", "--json").out)] == [second]
