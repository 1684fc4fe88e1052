"""Logbooks of one run, of 10 m, of treadmills alone …: every command says what it has and what it lacks."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from makers.export_writer import write_zip
from makers.strange_histories import STRANGE_HISTORIES, written_outings
from paceport.cli.analysis.trends import TOPICS
from paceport.clock import ManualClock
from shell import Shell

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
COMMANDS = (
    *(("run", "last"), ("records",), ("zones", "--months")),
    *(("predict", "--models"), ("curve",), ("trends", *TOPICS, "--all")),
)
RUNS_ALONE = {"records", "predict", "curve"}
# What no sentence and no number of ours looks like.
ODD = re.compile(
    r"\bnan\b|\binf\b|\bNone\b|(?<![\d.:])-0(?:\.0+)?(?![\d.:])|(?<![\d,])1 (?:runs|rides|tiles|activities)\b"
)
Home = Callable[[str], Shell]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A shell in the home of each of them, the export imported once."""
    made: dict[str, Shell] = {}

    def home(name: str) -> Shell:
        if name not in made:
            folder = tmp_path_factory.mktemp("strange")
            environ = {"PACEPORT_HOME": str(folder), "NO_COLOR": "1"}
            made[name] = Shell(environ=environ, clock=ManualClock(NOW), visit=lambda _: False)
            ended = made[name]("import", str(write_zip(folder / "e.zip", written_outings(STRANGE_HISTORIES[name]))))
            assert ended.code == 0, ended.err
        return made[name]

    return home


@pytest.mark.parametrize("name", STRANGE_HISTORIES)
def test_every_command_answers_or_says_what_is_missing_and_what_to_do(homes: Home, name: str) -> None:
    for words in COMMANDS:
        ended = homes(name)(*words, is_terminal=True)

        needs_runs = name == "rides alone" and words[0] in RUNS_ALONE
        assert ended.code == (1 if needs_runs else 0), (words, ended.err)
        assert ("Fix: " in ended.err) == needs_runs, words
        assert ended.out.strip() or needs_runs
        assert ODD.findall(ended.out + ended.err) == [], words


@pytest.mark.parametrize(
    ("name", "held", "command"),
    [
        ("one run", "1 run; newest run 2026-06-10, 10 days ago", "runs"),
        ("rides alone", "5 rides; newest ride 2026-06-14, 6 days ago", "runs --sport ride"),
    ],
)
def test_without_words_the_program_says_what_the_logbook_holds_and_how_to_look_at_it(
    homes: Home, name: str, held: str, command: str
) -> None:
    ended = homes(name)()

    assert f"In the logbook: {held}.\nNext: paceport {command}\n" in ended.out
    assert json.loads(homes(name)("status", "--json").out)["next"] == f"paceport {command}"


def test_a_run_of_ten_metres_is_shown_in_metres(homes: Home) -> None:
    shell = homes("one run of 10 m")

    table = shell("run", "last", "--table").out
    heading, first = table.splitlines()[table.splitlines().index("") + 1 :][:2]

    assert heading.split()[0] == "m"
    assert first.split()[0] == "0"
    assert "0.00" not in table


def test_a_run_of_a_hundred_hours_shows_its_first_splits_and_says_how_to_get_all(homes: Home) -> None:
    shell = homes("one run of 100 hours")

    text, found = shell("run", "last").out, json.loads(shell("run", "last", "--json").out)

    assert len(found["splits_km"]) == 720
    assert "The first 120 of 720 splits; all of them: --json" in text
    # All of it at one heart rate: no maximum is seen, and what rests on one says so.
    assert found["time_in_zones_s"][-1] == pytest.approx(360_000)
    assert "probably too low" in text
    assert "loads are probably too high" in text
    assert "probably too low" in shell("trends", "form").out
    assert json.loads(shell("zones", "--json").out)["max_doubts"] == [
        "fewer than three runs show a whole minute of their heart rate"
    ]


@pytest.mark.parametrize("topic", ["form", "hills", "durability", "heat", "pace"])
def test_a_topic_that_is_taken_for_a_command_is_named_with_its_command(homes: Home, topic: str) -> None:
    ended = homes("one run")(topic)

    assert ended.code == 2
    assert f"Fix: paceport trends {topic}" in ended.err


def test_routes_of_rides_are_told_in_kilometres_an_hour(homes: Home) -> None:
    text = homes("rides alone")("trends", "routes", "volume", "--table").out

    assert "min/km" not in text
    assert "Newest ride" in text
    assert text.count("km/h") >= 4  # best and newest of routes, by week, by year
