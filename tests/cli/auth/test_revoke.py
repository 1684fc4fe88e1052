"""`revoke` and `logout`: what is ended at the service, what is forgotten here, and what stays."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paceport.http_message import Request, Response, Send
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.sync_lock import hold_sync_lock
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell


@pytest.fixture
def logged_in(shell: Shell) -> Shell:
    shell("login")
    return shell


def is_logged_in(shell: Shell) -> bool:
    return bool(json.loads(shell("status", "--json").out)["logged_in"])


def plant_cache(home: Path, *, profile: str = "") -> Path:
    folder = home / "cache" / "profiles" / profile if profile else home / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("cache.db", "cache.db-wal", "cache.db-shm"):
        (folder / name).write_bytes(b"x")
    return folder


def test_a_revocation_is_verified_and_the_cache_erased(logged_in: Shell, world: World, home: Path) -> None:
    token = logged_in("token").out.strip()
    folder = plant_cache(home)

    ended = logged_in("revoke")

    assert ended.code == 0, ended.err
    assert "revoked and verified" in ended.err
    assert world.grants.holder(token, world.now()) is None
    assert not is_logged_in(logged_in)
    assert list(folder.glob("cache.db*")) == []


@contextmanager
def writing(cache: Path) -> Iterator[None]:
    """Another process that is in the middle of writing to a cache."""
    script = (
        "import sqlite3, sys\n"
        "line = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "line.execute('BEGIN IMMEDIATE')\n"
        "print('writing', flush=True)\n"
        "sys.stdin.read()\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(cache)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    try:
        yield
    finally:
        writer.communicate("", timeout=20)


@pytest.mark.slow
def test_a_cache_that_another_process_writes_is_named_with_what_to_do_after_the_login_is_gone(
    logged_in: Shell, world: World, home: Path
) -> None:
    token = logged_in("token").out.strip()
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=logged_in.clock):
        pass
    with writing(home / "cache" / "cache.db"):
        ended = logged_in("revoke")
    is_left = (home / "cache" / "cache.db").exists()
    erased = logged_in("purge", "--all")

    assert ended.code == 9, ended.err
    assert "revoked and verified; the login is erased" in ended.err
    assert "Data from Strava's API is still in" in ended.err
    assert "paceport purge --all" in ended.err
    assert world.grants.holder(token, world.now()) is None
    assert not is_logged_in(logged_in)
    assert is_left
    assert erased.code == 0


def test_nothing_is_sent_while_a_sync_runs(logged_in: Shell, world: World, home: Path) -> None:
    token, folder = logged_in("token").out.strip(), plant_cache(home)
    before = world.requests.total()

    with hold_sync_lock(folder, what="Another sync is running"):
        refused = logged_in("revoke")
    sent = world.requests.total() - before
    ended = logged_in("revoke")

    assert refused.code == 9
    assert "A sync is running" in refused.err
    assert "wait for it to end, or stop it" in refused.err
    assert sent == 0
    assert ended.code == 0
    assert world.grants.holder(token, world.now()) is None


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b""], ids=["damaged", "empty"])
def test_a_damaged_cache_is_removed_all_the_same(logged_in: Shell, home: Path, content: bytes) -> None:
    folder = plant_cache(home)
    (folder / "cache.db").write_bytes(content)

    ended = logged_in("revoke")

    assert ended.code == 0, ended.err
    assert list(folder.glob("cache.db*")) == []


def test_the_app_stays_so_that_the_next_login_asks_for_nothing(logged_in: Shell) -> None:
    logged_in("revoke")

    assert logged_in("login").code == 0


def test_an_inactive_app_leaves_it_unverified_and_stored(logged_in: Shell, world: World, home: Path) -> None:
    folder = plant_cache(home)
    world.plan("inactive", path="/api/v3/athlete", times=9)

    ended = logged_in("revoke")

    assert ended.code == 1
    assert "not verified" in ended.err
    assert is_logged_in(logged_in)
    assert (folder / "cache.db").exists()


def test_force_erases_what_could_not_be_verified(logged_in: Shell, world: World, home: Path) -> None:
    folder = plant_cache(home)
    world.plan("inactive", path="/api/v3/athlete", times=9)

    ended = logged_in("revoke", "--force")

    assert ended.code == 0
    assert "not verified" in ended.err
    assert "settings/apps" in ended.err
    assert not is_logged_in(logged_in)
    assert not (folder / "cache.db").exists()


def test_a_login_that_turns_out_to_live_is_not_marked_as_revoked(logged_in: Shell, world: World) -> None:
    token = logged_in("token").out

    @contextmanager
    def deaf() -> Iterator[Send]:
        """A service that takes revocations and does nothing."""
        with open_transport() as send:

            def carry(request: Request, *, timeout_s: float = 30.0) -> Response:
                if "/oauth/revoke" in request.url or "/oauth/deauthorize" in request.url:
                    return Response(status=200)
                return send(request, timeout_s=timeout_s)

            yield carry

    logged_in.transport = deaf

    ended = logged_in("revoke")

    assert ended.code == 1
    assert "still accepts" in ended.err
    assert json.loads(logged_in("status", "--json").out)["status"] == "ok"
    assert logged_in("token").out == token


def test_offline_nothing_is_touched(logged_in: Shell, world: World) -> None:
    world.plan("dropped", path="/oauth/revoke", times=9)
    world.plan("dropped", path="/api/v3", times=9)

    ended = logged_in("revoke")

    assert ended.code in (1, 7)
    assert is_logged_in(logged_in)


def test_where_the_newer_address_is_missing_the_older_one_ends_it(logged_in: Shell, world: World) -> None:
    world.plan("status", path="/oauth/revoke", status=404)

    ended = logged_in("revoke")

    assert ended.code == 0, ended.err
    assert world.requests["POST /oauth/deauthorize"] == 1


def test_the_generation_of_2027_never_uses_the_older_address(logged_in: Shell, world: World) -> None:
    world.plan("status", path="/oauth/revoke", status=404)

    ended = logged_in("revoke")
    logged_in.environ["PACEPORT_API_GENERATION"] = "2027"
    before = world.requests["POST /oauth/deauthorize"]
    logged_in("login")
    world.plan("status", path="/oauth/revoke", status=404)
    after = logged_in("revoke")

    assert (ended.code, after.code) == (0, 1)
    assert world.requests["POST /oauth/deauthorize"] == before


def test_without_a_login_there_is_nothing_to_revoke(shell: Shell) -> None:
    assert shell("revoke").code == 3


def test_logout_is_local_alone(logged_in: Shell, world: World) -> None:
    token = logged_in("token").out.strip()

    ended = logged_in("logout")

    assert ended.code == 0
    assert world.grants.holder(token, world.now()) is not None
    assert not is_logged_in(logged_in)


def test_logout_of_everything_leaves_own_data_alone(logged_in: Shell, world: World, home: Path) -> None:
    logged_in("activities", "--limit", "1")
    world.sign_in(world.people[1].id)
    logged_in("--profile", "second", "login")
    logged_in("--profile", "second", "login", "--start")
    plant_cache(home)
    plant_cache(home, profile="second")
    for lock in (home / "cache" / "sync.lock", home / "cache" / "profiles" / "second" / "sync.lock"):
        lock.touch()
    own = home / "data" / "own.db"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"mine")

    ended = logged_in("logout", "--everything")

    assert ended.code == 0, ended.err
    assert str(own) in ended.err
    assert {path.name for path in home.rglob("*") if path.is_file()} - {"config.toml"} == {"own.db"}
    assert not (home / "state").exists()


def test_logout_of_everything_touches_nothing_that_is_not_ours(logged_in: Shell, home: Path) -> None:
    stranger = home / "state" / "notes.txt"
    stranger.write_text("somebody else's")

    ended = logged_in("logout", "--everything")

    assert stranger.read_text() == "somebody else's"
    assert str(stranger) in ended.err


def test_logout_of_everything_on_an_empty_home_is_no_error(shell: Shell) -> None:
    ended = shell("logout", "--everything")

    assert ended.code == 0
    assert "no data of your own" in ended.err
