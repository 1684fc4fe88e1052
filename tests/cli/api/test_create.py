"""An activity entered by hand."""

from __future__ import annotations

import json

import pytest

from paceport.sandbox.state.world import World
from shell import Shell

WORDS = ("create", "--name", "Track", "--sport", "Run", "--start", "2026-11-20T07:30", "--elapsed", "45:00")


def test_it_is_created_as_said(writer: Shell, world: World) -> None:
    ended = writer(*WORDS, "--distance", "10km", "--description", "tempo", "--commute", "--json")

    shown = json.loads(ended.out)
    kept = world.activity_store.find(shown["id"])
    assert kept is not None
    assert (kept.name, kept.sport_type, kept.description, kept.commute) == ("Track", "Run", "tempo", True)
    assert (shown["start_local"], shown["distance_m"]) == ("2026-11-20T07:30:00", 10_000)
    assert shown["elapsed_time_s"] == 45 * 60


def test_it_is_sent_once_even_if_the_answer_is_lost(writer: Shell, world: World) -> None:
    before = len(world.activities(world.people[0].id))
    world.plan("lost", path="/api/v3/activities", method="POST")

    ended = writer(*WORDS)

    assert ended.code == 7
    assert len(world.activities(world.people[0].id)) == before + 1


def test_a_dry_run_sends_nothing_and_names_what_is_lacking(shell: Shell, world: World) -> None:
    shell("login")
    sent = world.requests.total()

    ended = shell(*WORDS, "--dry-run")

    assert ended.code == 0
    assert "Lacking     activity:write" in ended.out
    assert "start_date_local=2026-11-20T07:30:00" in ended.out
    assert world.requests.total() == sent


def test_without_the_scope_nothing_is_sent(shell: Shell, world: World) -> None:
    shell("login")
    sent = world.requests.total()

    ended = shell(*WORDS)

    assert ended.code == 4
    assert "Fix: paceport grant +activity:write" in ended.err
    assert world.requests.total() == sent


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--start", "2026-11-20T07:30:00+01:00", "has a time zone"),
        ("--start", "2026-11-20", "no time of day"),
        ("--start", "yesterday", "is not a time"),
        ("--elapsed", "45", "is not a duration"),
        ("--distance", "10", "is not a distance"),
    ],
)
def test_what_cannot_be_meant_is_refused(writer: Shell, world: World, option: str, value: str, said: str) -> None:
    sent = world.requests.total()

    ended = writer(*WORDS, option, value)

    assert ended.code == 2
    assert said in ended.err
    assert world.requests.total() == sent


def test_what_strava_refuses_is_said_in_its_words(writer: Shell) -> None:
    ended = writer(*WORDS, "--sport", "Jogging")

    assert ended.code == 1
    assert "sport_type" in ended.err
