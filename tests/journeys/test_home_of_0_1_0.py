"""A home written by release 0.1.0 opens: its login, its half-done refresh, its logbook, its cache and its settings.

The home was written by that release at a simulated service that no longer answers: whatever works here needs no
network. Its tokens are the simulated service's, its databases are kept as SQL text.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import ROOT
from paceport.clock import ManualClock
from shell import Shell

WRITTEN = ROOT / "tests" / "homes" / "release_0_1_0"
# Two minutes after it was written; its origin is part of its records.
NOW = datetime(2026, 11, 28, 20, 25, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:40753"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "old"
    shutil.copytree(WRITTEN, home, ignore=shutil.ignore_patterns("*.sql"))
    for name, folder in (("own", "data"), ("cache", "cache")):
        (home / folder).mkdir(exist_ok=True)
        with closing(sqlite3.connect(home / folder / f"{name}.db")) as database:
            database.executescript((WRITTEN / f"{name}.sql").read_text(encoding="utf-8"))
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return home


@pytest.fixture
def shell(home: Path) -> Shell:
    environ = {"PACEPORT_HOME": str(home), "PACEPORT_OAUTH_URL": ORIGIN, "PACEPORT_API_URL": f"{ORIGIN}/api/v3"}
    return Shell(environ=environ, clock=ManualClock(NOW), visit=lambda _: False)


def test_the_login_is_there(shell: Shell) -> None:
    status = json.loads(shell("status", "--json").out)

    assert status["athlete"]["name"] == "Ada Old"
    assert set(status["scopes"]) == {"read", "activity:read_all", "profile:read_all"}


def test_the_kept_answer_of_a_half_done_refresh_becomes_the_login(shell: Shell, home: Path) -> None:
    shell.clock.advance(7 * 3600)  # the stored access token has expired: only the journal holds a newer one

    ended = shell("token", "--min-ttl", "0")

    # The answer was received when the home was written; it is dead by now, so a refresh with its token is tried.
    assert ended.code == 7
    record = json.loads(next((home / "state" / "grants").glob("*.json")).read_text(encoding="utf-8"))
    assert record["refresh_token"] == "c" * 40


def test_own_and_cached_runs_are_listed(shell: Shell) -> None:
    runs = json.loads(shell("runs", "--json").out)

    assert "Seven minutes" in {run["name"] for run in runs}
    assert any(run["expires_at"] for run in runs)
    assert all(run["moving_time_s"] for run in runs)


def test_the_choices_and_the_original_are_kept(shell: Shell, home: Path) -> None:
    originals = list((home / "data" / "originals").iterdir())

    rebuilt = shell("import", "--rebuild")

    assert rebuilt.code == 0, rebuilt.err
    assert len(originals) == 1
    assert json.loads((home / "state" / "choices.json").read_text(encoding="utf-8"))["api_data"] == "on"


def test_cached_data_still_ends_after_seven_days(shell: Shell) -> None:
    shell.clock.advance(8 * 86_400)

    runs = json.loads(shell("runs", "--json").out)

    assert {run["name"] for run in runs} == {"Seven minutes"}


def test_a_run_of_it_is_amended_and_back(shell: Shell) -> None:
    own = next(run for run in json.loads(shell("runs", "--json").out) if not run["expires_at"])

    amended = json.loads(shell("amend", str(own["id"]), "--crop-end", "1:00", "--json").out)
    undone = json.loads(shell("amend", str(own["id"]), "--undo", "all", "--json").out)

    assert amended["activities"][0]["elapsed_time_s"] == own["elapsed_time_s"] - 60
    assert undone["activities"][0]["elapsed_time_s"] == own["elapsed_time_s"]
