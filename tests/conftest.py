"""What every test may use. Fixtures are nouns; nothing here stands in for our own code."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from makers.postgres_server import (
    create_database,
    drop_database,
    empty_tables,
    find_programs,
    running_server,
    with_database,
)
from makers.real_file_twins import write_twins
from makers.years_of_training import years_of_training
from paceport.cli.demo import ScriptedBrowser
from paceport.cli.sandbox import sandbox_variables
from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.http.server import Address, serve
from paceport.sandbox.state.world import World
from paceport.training.compute import compute_results
from paceport.training.metrics.athlete import AthleteFacts
from paceport.transport.http_transport import open_transport
from sandbox_logbook import fill
from shell import Shell

# Two busy cores are slow by themselves, and the first text drawn loads the tables of all scripts. `make test` draws the
# same inputs each time, so that it says the same of the same code; `make proof` draws new ones.
settings.register_profile("same", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile(os.environ.get("PACEPORT_TESTS_INPUTS", "same"))

# Under `nohup` or behind `&` in a script some signals are ignored, and every process that a test starts inherits that.
# Windows lacks two of them.
for _name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"):
    _signal = getattr(signal, _name, None)
    if _signal is not None and signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)

# A test that starts the program means it as it is installed: compiled once, not anew by each of some hundred processes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
IS_ROOT = getattr(os, "geteuid", lambda: 1)() == 0
reads_source = pytest.mark.skipif(
    not (ROOT / "src").is_dir(),
    reason="it reads the source, and the installed wheel is tested without (`make installed`)",
)


def missing(reason: str) -> None:
    """Skip with a reason, or fail where nothing may be missing (`.ci/run` sets the variable)."""
    if os.environ.get("PACEPORT_TESTS_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and this run requires it")
    pytest.skip(reason)


# Tests that run a whole program, ours or the simulated service, or read whole files: most of the time is theirs.
_WHOLE = (
    *("adapters", "cli", "journeys", "real", "report", "sandbox", "api/client", "logbook/backup"),
    *("logbook/exporting", "logbook/importing", "logbook/syncing", "logbook/watching"),
    *("oauth/keeper", "oauth/login", "profile", "training/history", "explain", "test_docs.py", "test_tutorial.py"),
    *("test_documented_commands.py", "test_readme.py"),
    *("web", "jobs", "service", "test_floors.py", "test_quick.py", "logbook/recordings", "logbook/database"),
    *("oauth/token_store", "storage", "pictures", "test_package.py"),
)


_LONGEST = (
    *("adapters", "journeys", "report", "logbook/syncing", "oauth/keeper/test_death.py", "oauth/login"),
    *("cli/test_demo.py", "cli/test_sandbox.py", "cli/logbook/test_sync.py", "sandbox/athletes", "sandbox/http"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what runs a whole program or reads whole files out of the quick run, and put the longest files first."""
    # Two workers take file after file: a long one at the end would leave the other with nothing to do.
    if not config.pluginmanager.hasplugin("randomly"):
        items.sort(key=lambda item: not item.path.relative_to(ROOT / "tests").as_posix().startswith(_LONGEST))
    for item in items:
        if item.path.relative_to(ROOT / "tests").as_posix().startswith(_WHOLE):
            item.add_marker(pytest.mark.slow)


_KEPT = {"PACEPORT_TESTS_REQUIRE_ALL", "PACEPORT_TEST_DATABASE_URL"}


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database on a real PostgreSQL that this run starts for itself, once, and only where a test asks."""
    given, programs = os.environ.get("PACEPORT_TEST_DATABASE_URL"), find_programs()
    name = f"paceport_test_{os.getpid()}"
    with ExitStack() as opened:
        if programs is not None:
            address = opened.enter_context(running_server(programs)).url("postgres")
        elif given:
            address = given
        else:
            missing("no PostgreSQL is installed, and PACEPORT_TEST_DATABASE_URL is not set")
        create_database(address, name)
        if programs is None:
            opened.callback(drop_database, address, name)
        yield with_database(address, name)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """The address of a database in which no test before has left anything."""
    empty_tables(postgres_url)
    return postgres_url


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees a login, a setting or a proxy of the person who runs it."""
    for name in list(os.environ):
        if name.startswith(("STRAVA_", "PACEPORT_", "PG", "DATABASE_URL")) and name not in _KEPT:
            monkeypatch.delenv(name)
        if name.lower() in {"http_proxy", "https_proxy", "all_proxy"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PACEPORT_HOME", str(tmp_path / "home"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def population() -> Population:
    """The people of the default seed, made once: immutable, shared by every world of the run."""
    return years_of_training()


@pytest.fixture
def world(population: Population, clock: ManualClock) -> World:
    """A simulated Strava on the test's own clock. The first athlete has some 1,600 activities, the last eleven."""
    return World(population, seed=1, clock=clock)


@pytest.fixture
def sandbox_send(world: World) -> Iterator[Send]:
    """The world without a socket; any host and port reach it."""
    with open_transport(wsgi=create_app(world)) as send:
        yield send


@pytest.fixture
def server(world: World) -> Iterator[Address]:
    """The world over a socket on loopback."""
    with serve(world) as address:
        yield address


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFiles:
    """Real files by the names they have in the shared data folder, or their twins by the same names."""

    folder: Path
    are_twins: bool

    def __call__(self, name: str) -> Path:
        return self.folder / "data" / name

    @property
    def openapi(self) -> Path:
        """The service's own description of its API."""
        return self.folder / "strava-openapi.json"


# A clone without the shared folder proves the same with the twins; beside it, each test runs with both.
@pytest.fixture(scope="session", params=["twin", *(["original"] if (SHARED / "data").is_dir() else [])])
def shared_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SharedFiles:
    """The files of the shared folder where it lies, and always the twins that the project makes of them."""
    if request.param == "original":
        return SharedFiles(folder=SHARED, are_twins=False)
    folder = tmp_path_factory.mktemp("twins")
    write_twins(folder)
    return SharedFiles(folder=folder, are_twins=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    """An empty logbook, open."""
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as opened:
        yield opened


@pytest.fixture
def shell(server: Address, world: World, clock: ManualClock, home: Path) -> Iterator[Shell]:
    """A fresh home and a shell that points at the sandbox; a visitor agrees to whatever is asked."""
    with open_transport() as send:
        visitor = ScriptedBrowser(send=send)
        environ = sandbox_variables({}, port=server.port, seed=world.seed) | {"PACEPORT_HOME": str(home)}
        yield Shell(environ=environ, clock=clock, visit=visitor)
        visitor.join()


@pytest.fixture(scope="session")
def computed_logbook(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose logbook holds the second athlete's newest sixty activities, computed; to be copied, not changed."""
    place = tmp_path_factory.mktemp("computed")
    clock = ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    with Store(data_dir=place / "data", cache_dir=place / "cache", clock=clock) as store:
        fill(store, population.activities(population.people[1].id)[:60])
        compute_results(store, given=AthleteFacts())  # as a command without settings does, which finds nothing left
    return place


_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    One a module and no longer: while it is there, its driver's event loop runs, and no test could start one of its own.
    """
    path = shutil.which("chromium")
    if path is None:
        missing("chromium is not installed (Debian: apt install chromium)")
    from playwright.sync_api import expect, sync_playwright

    # As long as Playwright waits for what it is told to do, and for the same reason: only to end what hangs.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()
