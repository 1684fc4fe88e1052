"""Every command at every width, with the longest values there are: no number cut, no word broken, no line too long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makers.widest_logbook import AMENDED_ID, FIRST_ID, NAMES, fill_widest
from paceport.cli.commands import COMMANDS
from paceport.cli.demo import ScriptedBrowser
from paceport.cli.sandbox import sandbox_variables
from paceport.cli.text_layout import cell_width
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell

WIDTHS = (40, 60, 80, 100, 200)
NARROWEST = 20
READ = ("runs", "records", "logbook", "zones --months", "activities")  # tried on the narrowest, too
RUN = str(FIRST_ID)
SQL = "SELECT id, name, local_start, distance_m, moving_time_s, gear FROM run ORDER BY id LIMIT 3"
# What each command is asked, {id} being an activity at the simulated Strava. A new command has to be entered here.
ASKED: dict[str, list[str]] = {
    "init": ["init"],
    "login": ["login"],
    "grant": ["grant +activity:write", "grant"],
    "token": ["token"],
    "header": ["header"],
    "env": ["env"],
    "exec": ["exec -- /no/such/program"],
    "status": ["status", "status --paths", "--profile nobody status"],
    "adopt": ["adopt /no/such/file"],
    "profiles": ["profiles"],
    "use": ["use default", "use nobody"],
    "accounts": ["accounts", "accounts show 99999999999", "accounts move 1", "accounts remove 99999999999 --yes"],
    "service": ["service", "service keys", "service keys add"],  # with PostgreSQL: tests/service/test_command.py
    "revoke": ["--profile nobody revoke --yes"],
    "logout": ["--profile nobody logout"],
    "explain": [
        'explain {"message":"Bad Request","errors":[{"resource":"Application","field":"client_id","code":"invalid"}]}'
    ],
    "doctor": ["doctor", "doctor --report"],
    "fix": ["fix"],
    "activities": ["activities"],
    "activity": ["activity {id}", "activity 99999999999999999"],
    "upload": ["upload /no/such/file.fit"],
    "create": ["create"],
    "edit": ["edit {id} --name {name}"],
    "delete": ["delete {id} --no-browser"],
    "api": ["api /athlete --dry-run"],
    "import": ["import /no/such/export.zip", "import {folder}"],
    "sync": ["sync --api-data on"],
    "watch": ["watch /no/such/folder"],
    "amend": [f"amend {AMENDED_ID} --list", f"amend {FIRST_ID}", f"amend {AMENDED_ID} --undo 1234"],
    "logbook": ["logbook"],
    "purge": ["purge"],
    "sql": [f"sql {SQL}"],
    "export": ["export -o {folder}/runs-{width}.csv"],
    "runs": ["runs", "runs --sport all"],
    "run": [f"run {FIRST_ID + 2} --table", f"run {FIRST_ID + 12}"],
    "records": ["records", "records 10k"],
    "trends": ["trends --table", "trends routes", "trends sports", "trends vo2max durability heat hills --all --table"],
    "zones": ["zones --months"],
    "predict": ["predict --models"],
    "curve": ["curve", "curve --power"],
    "shoes": ["shoes"],
    "tiles": ["tiles"],
    "report": ["report -o {folder}/report.html --runs 0"],
    "poster": ["poster calendar -o {folder}/poster-{width}.svg"],
    "serve": ["serve --port 65536"],  # served, it would run until it is ended
    "explain-metric": ["explain-metric", "explain-metric trimp"],
    "worker": ["worker --status"],
    "sandbox": ["sandbox --print-env"],
    "completion": [],  # a script for a shell
    "demo": [],  # shows what other commands print; looked at by hand, for it takes seconds
}
COUNTING = ("doctor", "doctor --report", "sync --api-data on")  # they count requests: each time another number
COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
_MADE_FOR_COPYING = re.compile(r"[/~=@\\_-]|https?:|paceport |Bearer |^[0-9a-f]{40}$")
_IN_NAMES = set(re.findall(r"[\d:]+", " ".join(NAMES)))


@pytest.fixture(scope="module")
def widest(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell with the widest logbook, logged in as an athlete whose newest activity has the longest name."""
    clock = ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    home = tmp_path_factory.mktemp("widest")
    world = World(population, seed=1, clock=clock)
    world.sign_in(population.people[-1].id)
    world.set_limits(Limits(overall_quarter=20_000, overall_day=20_000, read_quarter=10_000, read_day=10_000))
    with ExitStack() as opened:
        with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
            fill_widest(store, clock.now())
        server = opened.enter_context(serve(world))
        visitor = ScriptedBrowser(send=opened.enter_context(open_transport()))
        environ = sandbox_variables({}, port=server.port, seed=1) | {"PACEPORT_HOME": str(home)}
        shell = Shell(environ=environ, clock=clock, visit=visitor)
        assert shell("login", "--for", "everything").code == 0
        activity = newest(shell)
        assert shell("edit", activity, "--name", NAMES[1]).code == 0
        assert shell("sync", "--api-data", "on").code == 0
        yield shell
        visitor.join()


def newest(shell: Shell) -> str:
    return str(json.loads(shell("activities", "--limit", "1", "--json").out)[0]["id"])


@pytest.fixture(scope="module")
def activity_id(widest: Shell) -> str:
    return newest(widest)


def test_every_command_is_entered_here() -> None:
    assert set(ASKED) == set(COMMANDS)


@pytest.mark.parametrize("asked", [asked for each in ASKED.values() for asked in each])
def test_no_number_is_cut_and_no_line_too_long(widest: Shell, activity_id: str, tmp_path: Path, asked: str) -> None:
    whole = shown(widest, asked, activity_id, tmp_path, None)

    for width in (40,) if asked.startswith("report") else (NARROWEST, *WIDTHS) if asked in READ else WIDTHS:
        text = shown(widest, asked, activity_id, tmp_path, width)

        assert_nothing_is_cut(text)
        assert_lines_fit(text, width)
        assert_words_are_whole(text, whole)
        if asked not in COUNTING and "left out at this width" not in " ".join(text.split()):
            assert_numbers_are_there(text, whole)


def shown(shell: Shell, asked: str, activity_id: str, folder: Path, width: int | None) -> str:
    """What a command prints on a terminal of that width; None: through a pipe."""
    words = asked.split(" ", 1) if asked.startswith(("sql", "explain {")) else asked.split()
    given = {"{id}": activity_id, "{folder}": str(folder), "{width}": str(width), "{name}": NAMES[1]}
    filled = [re.sub(r"\{\w+\}", lambda found: given.get(found[0], found[0]), word) for word in words]
    ended = shell(*filled, is_terminal=width is not None, width=width or 100)
    return COLOUR.sub("", ended.out + ended.err).replace("\r", "\n")


def assert_nothing_is_cut(text: str) -> None:
    assert not re.findall(r".{0,20}(?:\d…|…\d).{0,20}", text)


def assert_lines_fit(text: str, width: int) -> None:
    """What is made for copying is left whole, and broken by the terminal alone."""
    too_long = [line for line in text.splitlines() if cell_width(line) > width]
    assert [line for line in too_long if not _MADE_FOR_COPYING.search(line)] == []


def words_of(text: str) -> set[str]:
    return {word.rstrip(":") for word in text.split() if word.isascii() and not word.endswith("…")}


def assert_words_are_whole(text: str, whole: str) -> None:
    """No word stands there that does not stand in the full text too, but those that say what was left out."""
    there = words_of(whole) | {"left", "out", "at", "this", "width"}
    new = {
        word
        for word in words_of(text) - there
        if re.search("[a-z]", word) and word.strip(",") not in there and not word.startswith("/")
    }
    assert {word for word in new if any(word in one and word != one for one in there) and len(word) > 1} == set()


def assert_numbers_are_there(text: str, whole: str) -> None:
    numbers = {word for word in words_of(whole) if re.fullmatch(r"[-+]?[\d.,:]*\d", word)}
    assert {word for word in numbers - words_of(text) if word.strip(",.:") not in _IN_NAMES} == set()


def test_ids_of_the_json_twin_stand_whole_in_the_text(widest: Shell) -> None:
    for words in (("runs",), ("activities",)):
        ids = {str(row["id"]) for row in json.loads(widest(*words, "--json").out)}

        for width in WIDTHS:
            assert ids <= words_of(COLOUR.sub("", widest(*words, is_terminal=True, width=width).out))


@pytest.mark.parametrize("width", [NARROWEST, 40, 80])
@pytest.mark.parametrize("asked", ["trends", f"run {FIRST_ID}", "records 10k", "zones"])
def test_plots_fit(widest: Shell, activity_id: str, tmp_path: Path, asked: str, width: int) -> None:
    assert_lines_fit(shown(widest, asked, activity_id, tmp_path, width), width)


@pytest.mark.parametrize("word", ["", *COMMANDS])
def test_help_fits(widest: Shell, word: str) -> None:
    for width in (40, 60):
        text = widest(*([word] if word else []), "--help", is_terminal=True, width=width).out

        assert_lines_fit(text, width)
        assert_nothing_is_cut(text)
