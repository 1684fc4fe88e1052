"""`exec`: any program with a live token, as a real process under a real shell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import ROOT
from paceport.cli.auth.exec import program_of
from paceport.sandbox.state.world import World
from shell import Shell

HOUR_S = 3600


@pytest.fixture
def logged_in(shell: Shell) -> Shell:
    shell("login")
    return shell


def environ_of(shell: Shell) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **shell.environ, "PYTHONPATH": str(ROOT / "src")}


def run(shell: Shell, *words: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "paceport", "exec", *words]
    if code:
        command += ["--", sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=environ_of(shell), timeout=30, check=False)


def test_the_child_finds_the_token_in_its_environment(logged_in: Shell) -> None:
    token = logged_in("token").out.strip()

    ended = run(logged_in, code="import os; print(os.environ['STRAVA_ACCESS_TOKEN'])")

    assert (ended.returncode, ended.stdout.strip()) == (0, token)


def test_the_child_finds_no_other_secret_in_its_environment(logged_in: Shell, home: Path) -> None:
    record = json.loads(next((home / "state" / "grants").glob("*.json")).read_text())
    secret = logged_in.environ["STRAVA_CLIENT_SECRET"]
    logged_in.environ |= {
        "STRAVA_REFRESH_TOKEN": "another",
        "MY_COPY": f"id=1&secret={secret}",
        "NODE_TOKEN": record["refresh_token"],
        "STRAVA_CLIENT_ID": logged_in.environ["STRAVA_CLIENT_ID"],
    }

    ended = run(logged_in, code="import json, os; print(json.dumps(dict(os.environ)))")

    found = json.loads(ended.stdout)
    assert not {"STRAVA_CLIENT_SECRET", "STRAVA_REFRESH_TOKEN", "MY_COPY", "NODE_TOKEN"} & set(found)
    assert found["STRAVA_CLIENT_ID"] == logged_in.environ["STRAVA_CLIENT_ID"]
    assert secret not in ended.stdout


@pytest.mark.parametrize("code", [0, 1, 3, 125, 255])
def test_the_childs_exit_code_is_ours(logged_in: Shell, code: int) -> None:
    assert run(logged_in, code=f"raise SystemExit({code})").returncode == code


def test_a_child_killed_by_a_signal_ends_us_by_the_same_signal(logged_in: Shell) -> None:
    ended = run(logged_in, code="import os, signal; os.kill(os.getpid(), signal.SIGTERM)")

    assert ended.returncode == -signal.SIGTERM


def test_a_signal_to_us_reaches_the_child(logged_in: Shell, tmp_path: Path) -> None:
    marker = tmp_path / "ready"
    code = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))\n"
        f"pathlib.Path({str(marker)!r}).write_text('x')\n"
        "time.sleep(20)"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "paceport", "exec", "--", sys.executable, "-c", code], env=environ_of(logged_in)
    )
    try:
        deadline = time.monotonic() + 15
        while not marker.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=15) == 42
    finally:
        process.kill()
        process.wait()


def test_what_does_not_start_is_a_125(logged_in: Shell) -> None:
    ended = run(logged_in, "--", "no-such-program-anywhere")

    assert ended.returncode == 125
    assert "did not start" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_program_that_may_not_be_run_is_a_125(logged_in: Shell, tmp_path: Path) -> None:
    file = tmp_path / "plain.txt"
    file.write_text("x")

    assert run(logged_in, "--", str(file)).returncode == 125


@pytest.mark.parametrize("words", [("true\0",), ("true", "a\0b"), ("",)], ids=["name", "argument", "empty"])
def test_words_that_no_system_takes_are_a_125_too(logged_in: Shell, words: tuple[str, ...]) -> None:
    ended = logged_in("exec", "--", *words)

    assert ended.code == 125
    assert "did not start" in ended.err


def test_options_after_the_dashes_are_the_childs(logged_in: Shell) -> None:
    code = "import json, sys; print(json.dumps(sys.argv[1:]))"

    ended = run(logged_in, "--", sys.executable, "-c", code, "--json", "-q", "--profile", "x", "--", "a b")

    assert json.loads(ended.stdout) == ["--json", "-q", "--profile", "x", "--", "a b"]


def test_nothing_to_run_is_a_mistake_of_the_caller(logged_in: Shell) -> None:
    assert logged_in("exec").code == 2
    assert logged_in("exec", "--").code == 2


def test_the_token_lives_an_hour_at_least(logged_in: Shell, world: World) -> None:
    before = logged_in("token").out
    world.clock.advance(5.5 * HOUR_S)

    assert logged_in("exec", "--", "true").code == 0

    assert logged_in("token").out != before


def test_a_missing_scope_starts_nothing(shell: Shell, tmp_path: Path) -> None:
    shell("login", "--scope", "read")
    marker = tmp_path / "marker"

    ended = shell("exec", "--need", "activity:write", "--", "touch", str(marker))

    assert ended.code == 4
    assert not marker.exists()


def test_without_a_login_nothing_is_started(shell: Shell, tmp_path: Path) -> None:
    marker = tmp_path / "marker"

    assert shell("exec", "--", "touch", str(marker)).code == 3
    assert not marker.exists()


def test_the_client_secret_and_the_refresh_token_stay_here(logged_in: Shell, world: World) -> None:
    secret = world.app.client_secret
    refresh = world.grants._grants[0].refresh_token
    environ = {name: value for name, value in logged_in.environ.items() if name != "STRAVA_CLIENT_SECRET"}
    logged_in.environ = environ

    shown = run(logged_in, code="import os; print(dict(os.environ))").stdout

    assert secret not in shown
    assert refresh not in shown


def test_on_windows_a_program_is_looked_for_as_its_shell_does(tmp_path: Path) -> None:
    program = tmp_path / "npm"
    program.touch(mode=0o755)
    environ = {"PATH": str(tmp_path)}

    assert program_of("npm", environ, platform="win32") == str(program)
    assert program_of("yarn", environ, platform="win32") == "yarn"
    assert program_of("npm", environ, platform="linux") == "npm"
