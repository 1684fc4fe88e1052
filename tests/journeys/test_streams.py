"""The program whose standard streams are closed, full or deaf."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from processes import COMMAND, environment
from shell import Shell


def under_shell(line: str, shell: Shell) -> subprocess.CompletedProcess[str]:
    """Run a line of POSIX shell in which `$P` is the program."""
    variables = environment(shell.environ) | {"P": " ".join(COMMAND)}
    return subprocess.run(
        ["/bin/sh", "-c", line], env=variables, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_accident(shell: Shell, closed: str) -> None:
    ended = under_shell(f"$P status --json {closed}", shell)

    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert (">&-" in closed.split()) == (ended.stdout == "")


@pytest.mark.parametrize("words", ["login --finish", "explain", "init --client-id 1 --secret-stdin"])
def test_what_reads_a_closed_stdin_finds_nothing_there(shell: Shell, words: str) -> None:
    ended = under_shell(f"unset STRAVA_CLIENT_ID STRAVA_CLIENT_SECRET; $P {words} <&-", shell)

    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr


def test_input_that_is_no_text_is_read_all_the_same(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(b'\xff {"message":"Rate Limit Exceeded"}')

    ended = under_shell(
        f"export PYTHONUTF8=0 LC_ALL=C.UTF-8 PYTHONIOENCODING=:strict; $P explain <{tmp_path}/answer", shell
    )

    assert ended.returncode == 0, ended.stderr
    assert "rate limit" in ended.stdout


@pytest.mark.parametrize("words", ["status", "status --json", "token", "activities"])
def test_a_result_that_cannot_be_written_is_an_error(shell: Shell, words: str) -> None:
    shell("login")

    ended = under_shell(f"$P {words} >/dev/full", shell)

    assert ended.returncode == 1
    assert "no space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("deaf", ["/dev/full", "&-"])
def test_talk_that_nobody_hears_stops_nothing(shell: Shell, deaf: str) -> None:
    shell("login")

    ended = under_shell(f"$P activities --limit 1 --json 2>{deaf}", shell)

    assert ended.returncode == 0
    assert len(json.loads(ended.stdout)) == 1


def test_a_child_of_exec_ends_at_a_closed_pipe_as_any_program_does(shell: Shell) -> None:
    shell("login")

    ended = under_shell("$P -q exec -- sh -c 'yes | head -1'", shell)

    assert (ended.returncode, ended.stdout) == (0, "y\n")
    assert "Broken pipe" not in ended.stderr


def test_a_proxy_carries_nothing_that_is_meant_for_this_machine(shell: Shell) -> None:
    shell("login")
    proxy = "http://127.0.0.1:9"

    ended = under_shell(f"HTTP_PROXY={proxy} http_proxy={proxy} ALL_PROXY={proxy} $P api GET /athlete", shell)

    assert ended.returncode == 0, ended.stderr


def test_a_proxy_that_cannot_be_used_is_named_without_its_password(shell: Shell) -> None:
    shell("login")

    ended = under_shell("ALL_PROXY=socks://runner:hunter2@127.0.0.1:9 $P api GET /athlete", shell)

    assert ended.returncode == 2
    assert "ALL_PROXY" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_certificates_that_are_not_there_are_named(shell: Shell, tmp_path: Path) -> None:
    nobody = "https://127.0.0.1:9"  # nothing is sent there: the certificates come first
    there = f"STRAVA_ACCESS_TOKEN=x PACEPORT_OAUTH_URL={nobody} PACEPORT_API_URL={nobody}/api/v3"

    ended = under_shell(f"{there} SSL_CERT_FILE={tmp_path}/none $P api GET /athlete", shell)

    assert ended.returncode == 2
    assert "SSL_CERT_FILE" in ended.stderr
