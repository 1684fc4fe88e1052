"""Release 0.1.0, built from this repository's history, and today's version: one home, one login, one day together.

Both run as processes, against the simulated service over a socket. Their clocks and the service's are moved ahead.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from makers.earlier_release import RELEASE_0_1_0, Release, ended, install_release, todays_path
from makers.export_writer import activities, write_zip
from makers.fit_writer import hour_of_running
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World

pytestmark = pytest.mark.proof
pytest.importorskip("hatchling", reason="hatchling builds the wheel")

HOUR_S = 3600
# Past the end of an access token's six hours.
EXPIRED_S = 6.1 * HOUR_S


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where release 0.1.0 is installed from its wheel."""
    try:
        return install_release(RELEASE_0_1_0, tmp_path_factory.mktemp("release_0_1_0"))
    except LookupError as reason:
        pytest.skip(str(reason))


@dataclass(slots=True)
class Shared:
    """Both versions, the home they share, and the service. Its refresh tokens work once."""

    old: Release
    new: Release
    world: World
    home: Path
    ahead_s: float = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass for the service and for every command started from now on."""
        self.world.clock.advance(seconds)
        self.ahead_s += seconds

    def version(self, name: str) -> Release:
        return self.old if name == "old" else self.new

    def token(self, name: str, *words: str, death: str = "never") -> CompletedProcess[str]:
        return self.version(name)("token", *words, ahead_s=self.ahead_s, death=death)

    def record(self) -> dict[str, object]:
        """The one grant as it is stored."""
        (path,) = (self.home / "state" / "grants").glob("*.json")
        found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        return found


@pytest.fixture
def shared(installed: str, population: Population, tmp_path: Path) -> Iterator[Shared]:
    """A home that release 0.1.0 has set up and logged in."""
    world = World(population, seed=1)
    world.switches.set(refresh_rotation="always")
    world.sign_in(world.people[-1].id)
    home = tmp_path / "shared"
    with serve(world) as address:
        variables = {
            "PACEPORT_HOME": str(home),
            "PACEPORT_OAUTH_URL": address.url,
            "PACEPORT_API_URL": address.api_url,
        }
        old, new = Release(installed, variables), Release(todays_path(), variables)
        secret = f"{world.app.client_secret}\n"
        succeeded(old("init", "--client-id", str(world.app.client_id), "--secret-stdin", stdin=secret))
        succeeded(old("login"))
        yield Shared(old, new, world, home)


def succeeded(run: CompletedProcess[str]) -> str:
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


# What a run is known by, and what its source says of it; other figures may be computed better by now.
FACTS = ("id", "strava_id", "source", "start", "timezone", "name", "sport", "distance_m", "moving_time_s",
         "elapsed_time_s", "gear", "device_name", "has_track")  # fmt: skip
READING = (
    *("status", "token", "header", "env", "doctor", "profiles", "accounts", "logbook", "runs", "run last", "records"),
    *("trends", "zones", "predict", "curve", "shoes", "tiles", "activities --limit 3", "sql SELECT+name+FROM+activity"),
    *("report -o {}/report.html", "export -o {}/runs.json", "logbook --backup {}/all.backup", "exec -- true"),
)


@pytest.fixture
def lived_in(shared: Shared, tmp_path: Path) -> Shared:
    """The same home after release 0.1.0 has imported an export and a file, and synced eleven activities."""
    write_zip(tmp_path / "export.zip", activities(10, seconds=900))
    (tmp_path / "hour.fit").write_bytes(hour_of_running())
    succeeded(shared.old("import", str(tmp_path / "export.zip"), str(tmp_path / "hour.fit")))
    succeeded(shared.old("sync", "--api-data", "on"))
    return shared


def facts(release: Release) -> list[dict[str, object]]:
    listed = json.loads(succeeded(release("runs", "--json")))
    return sorted(({fact: run[fact] for fact in FACTS} for run in listed), key=lambda run: str(run["id"]))


def names_and_contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_home_with_a_logbook_opens_with_nothing_lost(lived_in: Shared) -> None:
    before = facts(lived_in.old)
    originals = names_and_contents(lived_in.home / "data" / "originals")

    opened = facts(lived_in.new)
    synced = succeeded(lived_in.new("sync"))
    succeeded(lived_in.new("import", "--rebuild"))

    assert len(before) == 22
    assert opened == before
    assert "0 new, 0 changed, 0 deleted of 11" in synced
    assert facts(lived_in.new) == before
    assert names_and_contents(lived_in.home / "data" / "originals") == originals


def test_every_reading_command_answers_from_that_home(lived_in: Shared, tmp_path: Path) -> None:
    words = [[word.format(tmp_path).replace("+", " ") for word in line.split()] for line in READING]

    failed = {line[0]: run.stderr for line in words if (run := lived_in.new(*line)).returncode != 0}

    assert failed == {}


def test_the_earlier_release_refuses_the_newer_logbook_and_keeps_the_login(lived_in: Shared) -> None:
    succeeded(lived_in.new("runs"))

    refused = lived_in.old("runs")

    assert refused.returncode == 8
    assert "own.db was written by a newer Paceport" in refused.stderr
    assert "Fix: update this Paceport" in refused.stderr
    assert succeeded(lived_in.old("token")) == succeeded(lived_in.new("token"))


@pytest.mark.parametrize(("first", "second"), [("old", "new"), ("new", "old")])
@pytest.mark.parametrize("death", ["begun", "kept"])
def test_a_refresh_that_one_left_half_done_is_ended_by_the_other(
    shared: Shared, first: str, second: str, death: str
) -> None:
    shared.advance(EXPIRED_S)
    killed = shared.token(first, death=death)

    token = succeeded(shared.token(second)).strip()

    assert killed.returncode == -signal.SIGKILL
    assert (shared.world.grants.refreshes, shared.world.grants.replays) == (1, 0)
    assert token == shared.record()["access_token"]
    assert shared.world.grants.holder(token, shared.world.now()) is not None


@pytest.mark.parametrize(("first", "second"), [("old", "new"), ("new", "old")])
def test_a_lost_answer_costs_the_login_neither_way_where_the_service_honours_the_token(
    shared: Shared, first: str, second: str
) -> None:
    shared.world.switches.set(refresh_rotation="never")
    shared.advance(EXPIRED_S)
    killed = shared.token(first, death="answered")

    token = succeeded(shared.token(second)).strip()

    assert killed.returncode == -signal.SIGKILL
    assert shared.world.grants.holder(token, shared.world.now()) is not None


def test_both_keep_one_login_for_a_day(shared: Shared) -> None:
    seen = set()

    for step in range(13):
        names = ("old", "new") if step % 2 else ("new", "old")
        # Where the token has expired all come at once, else one after the other.
        if step % 3 == 0:
            running = [shared.version(name).start("token", ahead_s=shared.ahead_s) for name in names * 3]
            tokens = {succeeded(ended(process)).strip() for process in running}
        else:
            tokens = {succeeded(shared.token(name)).strip() for name in names}
        (token,) = tokens
        seen.add(token)
        assert shared.world.grants.holder(token, shared.world.now()) is not None
        for name in names:
            succeeded(shared.version(name)("api", "GET", "/athlete", ahead_s=shared.ahead_s))
        shared.advance(2.05 * HOUR_S)

    assert shared.world.grants.replays == 0
    assert shared.world.grants.refreshes == len(seen) - 1 == 4
    assert shared.record()["generation"] == 1 + 4


def test_both_count_one_budget(shared: Shared) -> None:
    for name in ("old", "new") * 3:
        succeeded(shared.version(name)("api", "GET", "/athlete"))

    left = {name: line_of(succeeded(shared.version(name)("status")), "Requests") for name in ("old", "new")}

    assert left["old"] == left["new"].replace("1,994", "1994")
    assert left["new"] == "left: overall 194 this quarter hour, 1,994 today; read 94 this quarter hour, 994 today"


def line_of(text: str, label: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith(label))
    return line.removeprefix(label).strip()


def test_a_profile_chosen_by_one_is_the_others(shared: Shared) -> None:
    shared.world.sign_in(shared.world.people[0].id)
    succeeded(shared.new("login", "--profile", "second"))

    succeeded(shared.old("use", "second"))
    seen_by_new = succeeded(shared.new("status", "--json"))
    succeeded(shared.new("use", "default"))
    seen_by_old = succeeded(shared.old("status", "--json"))

    assert (json.loads(seen_by_new)["profile"], json.loads(seen_by_old)["profile"]) == ("second", "default")


@pytest.mark.parametrize(("first", "second"), [("old", "new"), ("new", "old")])
def test_a_login_that_one_ends_is_over_for_the_other(shared: Shared, first: str, second: str) -> None:
    succeeded(shared.version(first)("logout"))

    assert shared.token(second).returncode == 3
