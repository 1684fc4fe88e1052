"""Editing: what is named is changed, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cli.api.conftest import Pick
from paceport.api.models.activity import DetailedActivity
from paceport.api.models.decoding import decode
from paceport.cli.api.edit import ignored_fields
from paceport.sandbox.state.world import World
from shell import Shell


def test_only_what_is_named_changes(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(sport_type="Run", visibility="everyone")

    ended = writer("edit", str(run.id), "--name", "Long run", "--sport", "TrailRun", "--gear", "none")

    assert ended.code == 0, ended.err
    assert world.activity_store.find(run.id) == replace(run, name="Long run", sport_type="TrailRun", gear_id=None)


@pytest.mark.parametrize("flag", ["commute", "trainer", "hide-from-home"])
def test_a_flag_turned_off_is_off(writer: Shell, world: World, pick: Pick, flag: str) -> None:
    field = flag.replace("-", "_")
    run = pick(sport_type="Run", visibility="everyone")
    world.edit_activity(replace(run, **{field: True}))  # type: ignore[arg-type]  # a field of the activity

    ended = writer("edit", str(run.id), f"--no-{flag}", "--json")

    assert json.loads(ended.out)[field] is False
    assert getattr(world.activity_store.find(run.id), field) is False


def test_a_flag_turned_on_leaves_the_others(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(sport_type="Run", commute=False, trainer=False)

    writer("edit", str(run.id), "--commute")

    assert world.activity_store.find(run.id) == replace(run, commute=True)


def test_a_private_activity_can_be_edited_by_its_athlete(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(visibility="only_me")

    assert writer("edit", str(run.id), "--description", "quiet").code == 0

    kept = world.activity_store.find(run.id)
    assert kept is not None
    assert kept.description == "quiet"


def test_a_dry_run_shows_the_json_and_sends_nothing(writer: Shell, world: World) -> None:
    sent = world.requests.total()

    ended = writer("edit", "5", "--no-commute", "--name", "2024", "--dry-run")

    assert '{"commute":false,"name":"2024"}' in ended.out
    assert world.requests.total() == sent


def test_nothing_named_is_a_clear_error(writer: Shell) -> None:
    ended = writer("edit", "5")

    assert ended.code == 2
    assert "only what you name is changed" in ended.err


def test_without_the_scope_nothing_is_sent(shell: Shell, world: World) -> None:
    shell("login")
    sent = world.requests.total()

    ended = shell("edit", "5", "--name", "x")

    assert (ended.code, world.requests.total()) == (4, sent)


ANSWER = (
    b'{"id":1,"name":"Old","distance":1.0,"moving_time":1,"elapsed_time":1,"start_date":"2026-01-01T00:00:00Z",'
    b'"commute":true,"gear_id":"g1","description":null}'
)


@pytest.mark.parametrize(
    ("changes", "ignored"),
    [
        ({"name": "New"}, ["name"]),
        ({"name": "Old"}, []),
        ({"commute": False}, ["commute"]),
        ({"gear_id": "none"}, ["gear_id"]),
        ({"gear_id": "g1"}, []),
        ({"description": ""}, []),
        ({"trainer": True}, []),
        ({"private_note": "x"}, []),
    ],
)
def test_an_answer_that_shows_the_old_value_is_noticed(changes: dict[str, str | bool], ignored: list[str]) -> None:
    assert ignored_fields(decode(DetailedActivity, ANSWER), changes) == ignored
