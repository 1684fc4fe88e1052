"""`trends routes`, as a person types it."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from report.logbooks import loop_streams, save
from sandbox_logbook import fill
from shell import Shell

HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/bold]\u202e" + "x" * 10_000


def found(shell: Shell, *words: str) -> list[dict[str, Any]]:
    ended = shell("trends", "routes", "--json", *words)
    assert ended.code == 0, ended.err
    routes = json.loads(ended.out)["routes"]
    assert isinstance(routes, list)
    return routes


def laps(home: Path, clock: ManualClock, names: list[str]) -> None:
    """Runs round one park."""
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        for number, name in enumerate(names):
            save(store, number, loop_streams(minutes=15.0), name=name)


def test_numbers_are_those_of_the_runs(analyst: Shell) -> None:
    runs = {run["id"]: run for run in json.loads(analyst("runs", "--json").out)}
    routes = found(analyst)

    assert routes
    for route in routes:
        own = [runs[run_id] for run_id in route["run_ids"]]
        assert route["runs"] == len(own) >= 3
        assert (
            route["best_speed_mps"] == max(run["speed_mps"] for run in own) == runs[route["best_run_id"]]["speed_mps"]
        )
        assert route["newest_run_id"] == max(own, key=lambda run: run["start"])["id"]
        assert route["newest_speed_mps"] == runs[route["newest_run_id"]]["speed_mps"]
        assert route["first_day"] == min(run["local_start"] for run in own)[:10]


def test_the_table_has_a_line_for_each_route_in_the_unit_asked_for(analyst: Shell) -> None:
    routes = found(analyst)
    km, miles = analyst("trends", "routes", "--units", "km"), analyst("trends", "routes", "--units", "mi")

    for route in routes:
        assert str(route["newest_run_id"]) in km.out
    (length_m, newest) = routes[0]["length_m"], str(routes[0]["newest_run_id"])
    line = next(line for line in miles.out.splitlines() if newest in line)
    assert line.split()[0] == f"{length_m / 1609.344:.1f}"
    assert "s/km a year" in km.out
    assert "s/mi a year" in miles.out
    assert "not known" in km.out


def test_routes_come_only_when_they_are_named(analyst: Shell) -> None:
    assert "routes" not in json.loads(analyst("trends", "--json").out)
    assert "Newest run" not in analyst("trends").out


@pytest.mark.parametrize("width", [57, 80, 118, 160])
def test_a_narrow_terminal_has_fewer_columns_and_names_the_others(analyst: Shell, width: int) -> None:
    ended = analyst("trends", "routes", is_terminal=True, width=width, environ={"NO_COLOR": "1"})

    assert ("left out at this width: First" in ended.out) == (width < 118)
    table, _, words = re.split("(Compared|left out)", ended.out, maxsplit=1)
    assert ("GAP is" in words) == ("GAP" in table)
    assert ("The change" in words) == ("year" in table)
    assert max(map(len, ended.out.splitlines())) <= width + len("\x1b[1m\x1b[0m")


def test_none_repeated_says_so(shell: Shell, home: Path, clock: ManualClock) -> None:
    laps(home, clock, ["One", "Two"])

    ended = shell("trends", "routes")

    assert ended.code == 0
    assert "no route that you took 3 times or more" in ended.out
    assert found(shell) == []


def test_hostile_names_stay_one_harmless_line(shell: Shell, home: Path, clock: ManualClock) -> None:
    laps(home, clock, [HOSTILE] * 3)

    for is_terminal in (True, False):
        ended = shell("trends", "routes", is_terminal=is_terminal, environ={"NO_COLOR": "1"})

        assert ended.code == 0
        assert "\x1b]0;" not in ended.out
        assert "\x1b[31m" not in ended.out
        assert "\u202e" not in ended.out
        assert max(map(len, ended.out.splitlines())) < 400
    assert found(shell)[0]["runs"] == 3


def test_own_only_leaves_borrowed_runs_out(
    shell: Shell, home: Path, clock: ManualClock, population: Population
) -> None:
    activities: list[Activity] = [one for one in population.activities(population.people[1].id)[:60] if one.is_run]
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        fill(store, activities[:1])
        fill(store, activities[1:], expires_at=clock.now() + timedelta(days=3))

    assert found(shell)
    assert found(shell, "--own-only") == []
