"""`paceport sandbox`: the lines that point any tool at it, and the serving itself."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from paceport.cli.sandbox import _forget_old_world
from paceport.http_message import Request
from paceport.transport.http_transport import open_transport
from processes import finish, start
from shell import Shell


def exported(lines: str) -> dict[str, str]:
    """What a shell would take from lines of `export NAME='value'`."""
    found = {}
    for line in lines.splitlines():
        match = re.fullmatch(r"export ([A-Z_]+)=('.*')", line)
        assert match is not None, line
        found[match.group(1)] = shlex.split(match.group(2))[0]
    return found


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A sandbox on a free port in a process of its own, and its variables."""
    home = str(tmp_path_factory.mktemp("serving"))
    process = start(["sandbox", "--port", "0", "--seed", "3", "--athletes", "1"], {"PACEPORT_HOME": home})
    assert process.stdout is not None
    lines = "".join(process.stdout.readline() for _ in range(6))
    yield process, exported(lines)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_it_prints_the_lines_and_then_serves(serving: tuple[subprocess.Popen[str], dict[str, str]]) -> None:
    _, variables = serving

    with open_transport() as send:
        answer = send(Request(method="GET", url=f"{variables['PACEPORT_API_URL']}/athlete"))

    assert set(variables) == {
        "PACEPORT_OAUTH_URL",
        "PACEPORT_API_URL",
        "PACEPORT_HOME",
        "STRAVA_CLIENT_ID",
        "STRAVA_CLIENT_SECRET",
        "STRAVA_ACCESS_TOKEN",
    }
    assert answer.status == 401
    assert variables["STRAVA_ACCESS_TOKEN"] == ""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_its_own_words_and_no_failure(tmp_path: Path, sent: signal.Signals) -> None:
    process = start(["sandbox", "--port", "0", "--athletes", "1"], {"PACEPORT_HOME": str(tmp_path)})
    assert process.stderr is not None
    while "paceport login" not in process.stderr.readline():
        pass

    process.send_signal(sent)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "The simulated Strava has ended." in err
    assert "Traceback" not in err
    assert "Stopped" not in err


def test_print_env_prints_the_same_lines_for_the_fixed_port_and_ends() -> None:
    first, second = finish(["sandbox", "--print-env"], {}), finish(["sandbox", "--print-env"], {})

    assert first.returncode == 0
    assert first.stderr == ""
    assert first.stdout == second.stdout
    assert exported(first.stdout)["PACEPORT_OAUTH_URL"] == "http://127.0.0.1:8642"


def test_print_env_says_the_same_in_a_shell_that_was_given_the_lines() -> None:
    lines = finish(["sandbox", "--print-env"], {"PACEPORT_HOME": "/tmp/somewhere"}).stdout

    again = finish(["sandbox", "--print-env"], exported(lines)).stdout

    assert again == lines


def test_the_command_that_follows_an_export_can_be_pasted(shell: Shell, tmp_path: Path) -> None:
    export = tmp_path / "my export.zip"

    ended = shell("sandbox", "--athlete", "3", "--export", str(export))

    assert shlex.split(ended.err.split("Next: ")[1]) == ["paceport", "import", str(export)]


def test_a_port_in_use_is_named_with_the_way_out(serving: tuple[subprocess.Popen[str], dict[str, str]]) -> None:
    _, variables = serving
    port = variables["PACEPORT_OAUTH_URL"].rpartition(":")[2]

    ended = finish(["sandbox", "--port", port], {})

    assert ended.returncode == 2
    assert f"Port {port} cannot be used" in ended.stderr
    assert "--port 0" in ended.stderr


def test_a_fault_that_cannot_be_is_refused() -> None:
    ended = finish(["sandbox", "--port", "0", "--faults", "explosion"], {})

    assert ended.returncode == 2
    assert "explosion" in ended.stderr


def test_a_new_world_does_not_meet_the_app_of_an_earlier_one(tmp_path: Path) -> None:
    home = tmp_path / "sandbox-0"
    choices = {"schema": 1, "profile": None, "apps": {"default@http://127.0.0.1:1": "10001"}}
    (home / "state").mkdir(parents=True, mode=0o700)
    (home / "state" / "choices.json").write_text(json.dumps(choices))
    (home / "state" / "budgets").mkdir()

    _forget_old_world(home)

    assert not (home / "state").exists()
