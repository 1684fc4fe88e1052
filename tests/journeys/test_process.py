"""The program as its own process: on a terminal, on closed pipes, interrupted, and watched for secrets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from makers.years_of_training import years_of_training
from paceport.cli.consent_form import consent_answer
from paceport.clock import ManualClock
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.json.control import grants_json
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from processes import COMMAND, VISITOR, Terminal, environment, finish, start
from shell import Shell

# What `login` prints before the answer can come.
_WAITING = "Waiting up to"


@pytest.fixture
def world(population: Population, clock: ManualClock) -> World:
    """A world whose secrets no other test has: recipes put those of the usual one on command lines, as people do."""
    return World(population, seed=17, clock=clock)


@pytest.fixture
def variables(shell: Shell) -> dict[str, str]:
    """The environment of a process that talks to the sandbox, with a display and a browser that agrees."""
    return {**shell.environ, "DISPLAY": ":0", "BROWSER": VISITOR}


def address_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/oauth/authorize\S+", text)
    assert found is not None, text
    return found.group(0)


def answer_to(url: str) -> str:
    with open_transport() as send:
        return consent_answer(send, url).headers["location"]


def every_token(world: World) -> list[str]:
    """Every token that the world has given out, as text."""
    return re.findall(r"\b[0-9a-f]{40}\b", json.dumps(grants_json(world.grants, world.now())))


def logged_in(variables: dict[str, str]) -> bool:
    value = json.loads(finish(["status", "--json"], variables).stdout)
    return bool(value["logged_in"])


def test_on_a_terminal_the_browser_wins_while_the_prompt_waits(variables: dict[str, str]) -> None:
    terminal = Terminal(["login"], variables)

    terminal.wait_for("Logged in as")

    assert terminal.end() == 0
    assert logged_in(variables)


@pytest.mark.parametrize("form", ["whole address", "query", "bare code"])
def test_on_a_terminal_the_answer_can_be_pasted(variables: dict[str, str], form: str) -> None:
    terminal = Terminal(["login", "--no-browser"], variables)
    address = answer_to(address_in(terminal.wait_for(_WAITING)))
    query = address.partition("?")[2]
    pasted = {
        "whole address": address,
        "query": query,
        "bare code": re.search(r"code=([0-9a-f]+)", query).group(1),  # type: ignore[union-attr]  # the code is there
    }[form]

    terminal.type(pasted + "\n")

    assert terminal.end() == 0, terminal.shown
    assert logged_in(variables)


def test_the_address_of_the_consent_page_is_recognised_and_the_login_goes_on(variables: dict[str, str]) -> None:
    terminal = Terminal(["login", "--no-browser"], variables)
    url = address_in(terminal.wait_for(_WAITING))

    terminal.type(url + "\n")
    terminal.wait_for("That is the address of the consent page")
    terminal.type(answer_to(url) + "\n")

    assert terminal.end() == 0, terminal.shown


def test_ctrl_c_ends_a_login_with_130_and_no_traceback(variables: dict[str, str]) -> None:
    terminal = Terminal(["login", "--no-browser"], variables)
    terminal.wait_for(_WAITING)

    terminal.type("\x03")
    os.kill(terminal.pid, signal.SIGINT)

    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    assert not logged_in(variables)


def test_nobody_comes_back_in_time(variables: dict[str, str]) -> None:
    ended = finish(["-q", "login", "--no-browser", "--timeout", "1"], variables)

    assert ended.returncode == 3
    # Quiet or not: without the address nobody could have come.
    assert "/oauth/authorize?" in ended.stderr
    for cause in ("limit", "another machine", "closed"):
        assert cause in ended.stderr


def test_a_missing_browser_leaves_the_address_on_the_screen(variables: dict[str, str]) -> None:
    terminal = Terminal(["login"], {**variables, "BROWSER": "/nonexistent-browser %s", "PATH": "/nonexistent"})

    shown = terminal.wait_for(_WAITING)
    terminal.type(answer_to(address_in(shown)) + "\n")

    assert "No browser could be opened" in shown
    assert terminal.end() == 0


def test_a_closed_pipe_ends_quietly(variables: dict[str, str]) -> None:
    assert finish(["login"], variables).returncode == 0
    process = start(["activities", "--jsonl"], variables)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.readline()
    process.stdout.close()

    assert process.wait(30) in {0, 141}
    assert "Traceback" not in process.stderr.read()


LINES = (["--help"], ["runs", "--help"], ["--version"], ["completion", "bash"], ["explain-metric"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_named_by_every_kind_of_output(variables: dict[str, str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        started = [
            subprocess.Popen(
                [*COMMAND, *words], env=environment(variables), stdout=full, stderr=subprocess.PIPE, text=True
            )
            for words in LINES
        ]
        for words, process in zip(LINES, started, strict=True):
            _, err = process.communicate(timeout=120)
            assert process.returncode == 1, words
            assert err.startswith("Error: The result could not be written\n"), err


def test_a_reader_who_has_left_is_no_failure_for_any_kind_of_output(variables: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    started = [
        subprocess.Popen(
            [*COMMAND, *words], env=environment(variables), stdout=writing, stderr=subprocess.PIPE, text=True
        )
        for words in LINES
    ]
    os.close(writing)
    for words, process in zip(LINES, started, strict=True):
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, ""), words


def test_a_port_in_use_is_named(variables: dict[str, str], shell: Shell) -> None:
    port = shell.environ["PACEPORT_OAUTH_URL"].rpartition(":")[2]

    ended = finish(["login", "--port", port], variables)

    assert ended.returncode == 2
    assert port in ended.stderr


def test_secrets_stand_in_no_process_list_and_no_talk(variables: dict[str, str], world: World) -> None:
    seen: set[str] = set()
    commands = [["login"], ["header"], ["activities", "--limit", "1"], ["status"], ["logout"]]
    talk = ""
    for words in commands:
        process = start(["-vv", *words], variables)
        while _is_running(process):
            seen.update(_command_lines())
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        talk += err + (out if "header" not in words else "")

    secrets = [world.app.client_secret, *every_token(world)]
    assert len(secrets) == 3
    for secret in secrets:
        assert secret not in talk
        assert not any(secret in line for line in seen)


def test_a_shell_pointed_elsewhere_never_sends_the_login(shell: Shell, variables: dict[str, str], world: World) -> None:
    from paceport.sandbox.http.server import serve

    shell("login")
    with serve(World(years_of_training(), seed=2)) as other:
        for changed in (
            {"PACEPORT_OAUTH_URL": other.url, "PACEPORT_API_URL": other.api_url},
            {"PACEPORT_API_URL": other.api_url},
        ):
            ended = shell("activities", environ=changed)
            assert ended.code == 2, ended.err
            assert other.url in ended.err
            assert shell.environ["PACEPORT_OAUTH_URL"] in ended.err
    assert shell("token").code == 0


def test_a_store_that_others_may_read_is_not_used(variables: dict[str, str], home: Path) -> None:
    assert finish(["login"], variables).returncode == 0
    grant = next((home / "state" / "grants").glob("*.json"))
    grant.chmod(0o644)

    ended = finish(["token"], variables)

    assert ended.returncode == 8
    assert "chmod" in ended.stderr


def _is_running(process: subprocess.Popen[str]) -> bool:
    """Whether it has not ended; looks again and again for some milliseconds, as long as no command takes to start."""
    try:
        process.wait(0.005)
    except subprocess.TimeoutExpired:
        return True
    return False


def _command_lines() -> list[str]:
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(entry.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return lines


def test_an_unwritable_home_is_named_before_anybody_is_asked(variables: dict[str, str], tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    ended = finish(["login"], {**variables, "PACEPORT_HOME": str(blocked / "home")})

    assert ended.returncode == 8
    assert str(blocked) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_console_script_and_the_module_agree(variables: dict[str, str]) -> None:
    ended = finish(["--version"], variables)

    assert ended.returncode == 0
    assert ended.stdout.startswith("paceport ")
