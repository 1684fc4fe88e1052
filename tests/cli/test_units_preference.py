"""`units = auto`: what the athlete prefers at Strava, once a sync has learnt it, else the locale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.sandbox.state.world import World
from sandbox.few import few_people
from shell import Shell

LANGUAGES = {"feet": "de_DE.UTF-8", "meters": "en_US.UTF-8"}  # each says the opposite
NAMES = {"feet": "mi", "meters": "km"}
OTHERS = {"feet": "km", "meters": "mi"}


@pytest.fixture(params=["feet", "meters"])
def preference(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(clock: ManualClock, preference: str) -> World:
    few = few_people(12)
    return World(
        replace(few, people=tuple(replace(person, measurement_preference=preference) for person in few.people)),
        clock=clock,
    )


@pytest.fixture
def runner(shell: Shell, preference: str) -> Shell:
    shell.environ["LANG"] = LANGUAGES[preference]
    assert shell("login").code == 0
    return shell


def test_the_locale_decides_until_a_sync_has_asked(runner: Shell, preference: str) -> None:
    before = runner("activities", "--limit", "1").out
    runner("sync", "--api-data", "on")

    after = runner("activities", "--limit", "1").out

    assert f"Distance {OTHERS[preference]}" in before
    assert f"Distance {NAMES[preference]}" in after


def test_one_activity_and_the_analysis_follow_too(runner: Shell, world: World, preference: str) -> None:
    runner("sync", "--api-data", "on")
    newest = next(iter(world.activities(world.people[0].id)))

    assert f"/{NAMES[preference]}" in runner("activity", str(newest.id)).out
    assert f"min/{NAMES[preference]}" in runner("run", str(newest.id)).out


def test_the_setting_wins(runner: Shell, home: Path, preference: str) -> None:
    runner("sync", "--api-data", "on")
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(f'units = "{OTHERS[preference]}"\n', encoding="utf-8")

    assert f"Distance {OTHERS[preference]}" in runner("activities", "--limit", "1").out


def test_after_a_week_it_is_forgotten(runner: Shell, clock: ManualClock, preference: str) -> None:
    runner("sync", "--api-data", "on")
    clock.advance(7 * 86_400 + 1)

    assert f"Distance {OTHERS[preference]}" in runner("activities", "--limit", "1").out


def test_a_cache_that_cannot_be_read_hides_no_activity(runner: Shell, home: Path, preference: str) -> None:
    runner("sync", "--api-data", "on")
    for file in (home / "cache").iterdir():
        if file.is_file():
            file.write_bytes(b"no database " * 500)

    ended = runner("activities", "--limit", "1")

    assert ended.code == 0
    assert f"Distance {OTHERS[preference]}" in ended.out
