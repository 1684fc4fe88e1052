import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import IS_ROOT, ROOT
from contracts.token_store import NOW, make_grant
from paceport import quick
from paceport.cli.help_page_writer import FOLDER, WIDTHS, help_pages
from paceport.clock import ManualClock, SystemClock
from paceport.errors import NotSent, PaceportError
from paceport.formats.stream_codec import encode_streams
from paceport.http_message import Request, Response
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.record import grant_slug
from paceport.streams import Streams
from paceport.training.compute import compute_results
from paceport.training.metrics.athlete import AthleteFacts

TOKEN = "a" * 40


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one living login, on a machine whose clock stands at NOW."""
    home = tmp_path / "home"
    token_store = FileTokenStore(home / "state", clock=ManualClock(NOW))
    grant = make_grant()
    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=0)
    monkeypatch.setattr("time.time", lambda: NOW.timestamp() + 1.0)
    return home


def record_of(home: Path) -> Path:
    return home / "state" / "grants" / f"{grant_slug(make_grant().key)}.json"


def change(home: Path, **fields: object) -> None:
    record = json.loads(record_of(home).read_bytes())
    record_of(home).write_text(json.dumps({**record, **fields}))


def test_a_living_token_is_given(home: Path) -> None:
    assert quick._live_token() == TOKEN


def config(text: str) -> Callable[[Path], None]:
    def write(home: Path) -> None:
        (home / "config").mkdir()
        (home / "config" / "config.toml").write_text(text)

    return write


@pytest.mark.parametrize(
    "text", ["", "# vault = 'keyring:'\n", '\n# a\nunits = "km"\napi_data = "on"\n', '   # oauth_url = "x"']
)
def test_settings_that_change_nothing_are_no_hindrance(home: Path, text: str) -> None:
    config(text)(home)

    assert quick._live_token() == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        'vault = "keyring:"',
        'oauth_url = "https://www.strava.com"',
        'api_url = "http://127.0.0.1:1"',
        'client_id = "1"',
        'profile = "work"',
        'units = "parsec"',
        "api_generation = 2027",
        "[section]",
        '"vault" = "keyring:"',
        "\tvault='keyring:'",
        "units = \"km\"\nvault = 'keyring:'",
        "not toml",
    ],
)
def test_settings_that_may_change_something_are_handed_over(home: Path, text: str) -> None:
    config(text)(home)

    assert quick._live_token() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRAVA_ACCESS_TOKEN", "x"),
        ("STRAVA_CLIENT_ID", "999"),
        ("PACEPORT_OAUTH_URL", "https://www.strava.com"),
        ("PACEPORT_API_URL", "https://www.strava.com/api/v3"),
        ("PACEPORT_SOMETHING_NEW", "1"),
        ("PACEPORT_PROFILE", "other"),
        ("PACEPORT_PROFILE", "a/b"),
        ("PACEPORT_HOME", "relative"),
        ("PACEPORT_HOME", "~/x"),
    ],
)
def test_an_environment_that_may_change_something_is_handed_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert quick._live_token() is None


def test_the_grants_own_client_id_is_no_hindrance(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", "12345")

    assert quick._live_token() == TOKEN


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ('{"schema": 1, "profile": "default"}', TOKEN),
        ('{"schema": 1, "profile": null}', TOKEN),
        ('{"schema": 1, "profile": "other"}', None),
        ('{"schema": 2, "profile": "default"}', None),
        ('{"profile": "default"}', None),
        ('{"schema": 1, "profile": 1}', None),
        ("", None),
        ("[]", None),
    ],
)
def test_the_chosen_profile_decides(home: Path, text: str, token: str | None) -> None:
    (home / "state" / "choices.json").write_text(text)

    assert quick._live_token() == token


def test_the_environments_profile_wins_over_the_chosen_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "state" / "choices.json").write_text('{"schema": 1, "profile": "other"}')
    monkeypatch.setenv("PACEPORT_PROFILE", "default")

    assert quick._live_token() == TOKEN


def link(path: Path) -> None:
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def add_neighbour(home: Path, content: bytes) -> None:
    path = record_of(home).with_name("b.json")
    path.write_bytes(content)
    path.chmod(0o600)


ODD: dict[str, Callable[[Path], object]] = {
    "no home": lambda home: home.rename(home.with_name("elsewhere")),
    "no grant": lambda home: record_of(home).unlink(),
    "a record others can read": lambda home: record_of(home).chmod(0o644),
    "a record with two names": lambda home: record_of(home).with_suffix(".two").hardlink_to(record_of(home)),
    "a linked record": lambda home: link(record_of(home)),
    "an open folder": lambda home: (home / "state" / "grants").chmod(0o755),
    "an open state folder": lambda home: (home / "state").chmod(0o750),
    "a linked folder": lambda home: link(home / "state" / "grants"),
    "a second login": lambda home: add_neighbour(home, record_of(home).read_bytes()),
    "a broken neighbour": lambda home: add_neighbour(home, b"{"),
    "half a record": lambda home: record_of(home).write_bytes(record_of(home).read_bytes()[:200]),
    "a newer record": lambda home: change(home, schema=2),
    "another server": lambda home: change(home, oauth_url="http://127.0.0.1:8923"),
    "another API": lambda home: change(home, api_url="http://127.0.0.1:8923/api/v3"),
    "a dead login": lambda home: change(home, status="needs_consent"),
    "another profile": lambda home: change(home, profile="work"),
    "a token with a line end": lambda home: change(home, access_token="a\nb"),
    "no refresh token": lambda home: record_of(home).write_text(
        json.dumps({k: v for k, v in json.loads(record_of(home).read_bytes()).items() if k != "refresh_token"})
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_anything_odd_is_handed_over(home: Path, odd: str) -> None:
    assert quick._live_token() == TOKEN

    ODD[odd](home)

    assert quick._live_token() is None


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")
def test_a_foreign_record_is_handed_over(home: Path) -> None:
    os.chown(record_of(home), 65534, 65534)

    assert quick._live_token() is None


def keepers_answer(home: Path, grant: Grant) -> tuple[str | None, list[str]]:
    """What the keeper gives without a network, and the steps it took."""
    steps: list[str] = []

    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        raise NotSent(host="nowhere", why="no network")

    def app() -> App:
        return App(oauth_url=grant.oauth_url, client_id=grant.client_id, client_secret=grant.access_token)

    clock = ManualClock(NOW + timedelta(seconds=1))
    keeper = Keeper(
        RefreshContext(
            token_store=FileTokenStore(home / "state", clock=clock),
            key=grant.key,
            app=app,
            send=send,
            clock=clock,
            on_step=steps.append,
            warn=lambda text: None,
            retry_s=0.0,
        )
    )
    try:
        return str(keeper.token()), steps
    except PaceportError:
        return None, steps


near = st.sampled_from(
    [-86_400, -61, -60, -1, 0, 1, 60, 119, 120, 121, 122, 3600, 21_599, 21_600, 21_601, 21_660, 21_661]
)
wild = st.one_of(st.none(), st.text(max_size=3), st.booleans(), st.floats(), st.integers())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left_s=near,
    offset_s=st.sampled_from([0, 0.5, -3600, 86_400]),
    expires_in=st.sampled_from([0, 122, 3600, 21_600]),
    status=st.sampled_from(["ok", "ok", "ok", "needs_consent", "app_inactive", "revoked"]),
)
def test_it_gives_exactly_what_the_keeper_gives_without_a_lock(
    home: Path, left_s: int, offset_s: float, expires_in: int, status: str
) -> None:
    now_s = NOW.timestamp() + 1
    change(home, expires_at=now_s + offset_s + left_s, clock_offset_s=offset_s, expires_in=expires_in, status=status)

    given = quick._live_token()

    kept, steps = keepers_answer(home, make_grant())
    assert given in (None, kept)
    assert (given is not None) == (steps == ["read"] and status == "ok")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        ["schema", "profile", "expires_at", "expires_in", "clock_offset_s", "access_token", "status", "generation"]
    ),
    value=wild,
)
def test_a_field_that_holds_anything_never_makes_it_give_what_the_keeper_would_not(
    home: Path, name: str, value: object
) -> None:
    original = record_of(home).read_bytes()
    change(home, **{name: value})

    given = quick._live_token()

    kept, _ = keepers_answer(home, make_grant())
    record_of(home).write_bytes(original)
    assert given in (None, kept)


RUN = """
import sys
sys.argv = ["paceport", *sys.argv[1:]]
from paceport.quick import main
code = 0
try:
    main()
except SystemExit as left:
    code = left.code
sys.stderr.write(" ".join(sys.modules))
sys.exit(code)
"""


def run(home: Path, *arguments: str, code: str = RUN) -> subprocess.CompletedProcess[str]:
    source = str(Path(quick.__file__).parent.parent)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PACEPORT_", "STRAVA_"))}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**environ, "PACEPORT_HOME": str(home), "PYTHONPATH": source},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def living_home(tmp_path: Path) -> Path:
    """A home whose login lives by the machine's own clock."""
    clock = SystemClock()
    token_store = FileTokenStore(tmp_path / "home" / "state", clock=clock)
    grant = replace(
        make_grant(), received_at=clock.now(), expires_at=clock.now() + timedelta(hours=6), clock_offset_s=0.0
    )
    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=0)
    return tmp_path / "home"


@pytest.mark.parametrize("arguments", [["token"], ["token", "-q"]])
def test_the_token_is_all_that_is_printed_and_four_modules_all_that_is_imported(
    living_home: Path, arguments: list[str]
) -> None:
    bare = run(living_home, code="import json, os, sys, time\nsys.stderr.write(' '.join(sys.modules))")

    ran = run(living_home, *arguments)

    assert (ran.stdout, ran.returncode) == (TOKEN + "\n", 0)
    assert set(ran.stderr.split()) - set(bare.stderr.split()) == {"paceport", "paceport.quick"}


FOR_MANY_ATHLETES = {"psycopg", "psycopg_pool", "cryptography", "procrastinate", "starlette", "uvicorn"}
ALONE = """
import sys
from paceport.cli.main import run
for words in ("accounts", "status", "doctor --offline", "runs", "init", "accounts remove 1 --yes", "--help"):
    run(words.split())
sys.stderr.write(" ".join(sys.modules))
"""


def test_nothing_that_serves_many_athletes_is_imported_for_a_person_alone(living_home: Path) -> None:
    ran = run(living_home, code=ALONE)

    loaded = set(ran.stderr.split())
    assert "paceport.cli.accounts" in loaded
    assert loaded & FOR_MANY_ATHLETES == set()


@pytest.mark.parametrize("arguments", [["token", "--help", "-q"], ["token", "extra"]])
def test_every_other_command_line_is_handed_over(living_home: Path, arguments: list[str]) -> None:
    ran = run(living_home, *arguments)

    assert "paceport.cli.main" in ran.stderr.split()
    assert TOKEN not in ran.stdout


def test_the_state_folder_is_the_one_that_the_platform_names(
    living_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in [("XDG_STATE_HOME", str(tmp_path / "x")), ("XDG_STATE_HOME", None)]:
        monkeypatch.delenv("PACEPORT_HOME", raising=False)
        monkeypatch.setenv("HOME", str(tmp_path / "user"))
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

        state, config_folder = quick._folders()

        assert state == str(platformdirs.user_state_path("paceport", appauthor=False))
        assert config_folder == str(platformdirs.user_config_path("paceport", appauthor=False))


@pytest.mark.skipif(
    f"click=={version('click')}" not in (ROOT / "constraints.txt").read_text(encoding="utf-8").split(),
    reason="another click draws help in other words; the pages that are shipped are those of constraints.txt",
)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_help_pages_are_what_click_draws(width: int) -> None:
    written = json.loads((FOLDER / f"{width}.json").read_text(encoding="utf-8"))

    assert written == help_pages(width), "make docs"


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("99", 80), ("100", 100), ("250", 100)])
def test_help_is_the_widest_page_that_fits(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.argv", ["paceport", "login", "-h"])

    quick.main()

    assert capfd.readouterr().out == help_pages(width)["login"] + "\n"


@pytest.mark.parametrize(
    "arguments", [["logni", "--help"], ["", "--help"], ["login", "extra", "--help"], ["--", "--help"]]
)
def test_what_has_no_page_is_left_to_click(arguments: list[str], tmp_path: Path) -> None:
    done = run(tmp_path, *arguments)

    assert "paceport.cli.main" in done.stderr.split()


def test_bytes_are_no_help_for_a_console_of_windows(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "win32")

    assert not quick._print_help("exec")
    assert capfd.readouterr().out == ""


def test_a_narrow_terminal_gets_help_that_fits(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.argv", ["paceport", "login", "--help"])

    with pytest.raises(SystemExit):
        quick.main()

    assert max(map(len, capfd.readouterr().out.splitlines())) <= 60


@pytest.mark.parametrize("arguments", [["--help"], ["runs", "-h"]])
def test_no_command_is_imported_for_help(arguments: list[str], tmp_path: Path) -> None:
    done = run(tmp_path, *arguments)

    assert "Usage: paceport" in done.stdout
    assert [name for name in done.stderr.split() if name.startswith("paceport.cli")] == []


def test_a_closed_pipe_is_left_to_the_rest_of_the_program(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    saved = os.dup(1)
    os.dup2(writer, 1)
    try:
        has_printed = quick._print_token(TOKEN)
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(writer)

    assert not has_printed


# What no answer from a computed logbook needs: arrays, decoders, the network, and slow modules of Python's own.
HEAVY = {
    "numpy",
    "logging",
    "statistics",
    "asyncio",
    "hashlib",
    "zstandard",
    "fitdecode",
    "httpx2",
    "paceport.api.models.activity",
    "paceport.training.metrics.run_results",
}


def save_short_run(store: Store) -> None:
    time_s = np.arange(1801.0)
    samples = Streams(time_s=time_s, distance_m=3 * time_s, heartrate_bpm=np.full(1801, 150.0))
    record = ActivityRecord(id=1, source="file", sport="Run", start=NOW, content="a", samples=len(samples))
    store.own.save(record, ImportSource(), EncodedTrack(blocks=encode_streams(samples)))


@pytest.fixture(scope="module")
def computed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one run in its logbook, computed; commands only read it."""
    home = tmp_path_factory.mktemp("computed")
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
        save_short_run(store)
        compute_results(store, given=AthleteFacts())
        compute_results(store, given=AthleteFacts())
    return home


@pytest.mark.parametrize(
    "arguments",
    [
        *(["runs", "--limit", "20"], ["runs", "--json"], ["run", "last"], ["run", "last", "--json"]),
        *(["records"], ["records", "10k"], ["logbook"], ["trends"], ["zones"], ["predict"], ["curve"]),
    ],
    ids=" ".join,
)
def test_a_computed_logbook_is_read_without_what_computes_it(computed_home: Path, arguments: list[str]) -> None:
    done = run(computed_home, *arguments)

    assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr[-300:]
    assert HEAVY & set(done.stderr.split()) == set()


def test_an_interrupt_that_was_dealt_with_does_not_end_the_process_by_a_signal() -> None:
    code = (
        "import sys\n"
        "from paceport.quick import main\n"
        "try:\n    exec('raise KeyboardInterrupt')\nexcept KeyboardInterrupt:\n    pass\n"
        "sys.argv = ['paceport', '--help']\nmain()\n"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.returncode == 0
    assert "Usage: paceport" in ended.stdout
