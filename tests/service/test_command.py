"""`paceport service` on the command line: what it needs, its keys, and a real process that serves and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.test_every_width import COLOUR, WIDTHS, assert_lines_fit, assert_nothing_is_cut, assert_words_are_whole
from paceport.cli.service import _serving_text
from paceport.http_message import Request
from paceport.sandbox.state.world import World
from paceport.scopes import preset
from paceport.service.options import ServiceOptions
from paceport.transport.http_transport import open_transport
from shell import Shell


@pytest.fixture
def service(shell: Shell, home: Path, database_url: str) -> Shell:
    """A shell whose logins lie in PostgreSQL and whose app is known."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "postgres:"\n[service]\ncapacity = 3\n')
    shell.environ |= {"DATABASE_URL": database_url, "PACEPORT_KEY": "c" * 64}
    return shell


def test_a_service_needs_postgres_an_address_and_an_app(shell: Shell, service: Shell, home: Path) -> None:
    assert "does not know its own address" in service("service").err
    assert "unencrypted" in service("service", "--base-url", "http://runs.example.org").err
    assert "is not known" in service("service", "everything").err
    config = home / "config" / "config.toml"
    config.write_text('[service]\nbase_url = "https://runs.example.org"\n')
    ended = shell("service")
    assert ended.code == 2
    assert 'vault = "postgres:"' in ended.err
    assert shell("service", "keys").code == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("capacity = 0", "how many athletes"),
        ('asks_for = "all"', '"everything"'),
        ("base_url = 1", "runs.example.org"),
        ("places = 1", "base_url, capacity, asks_for"),
    ],
)
def test_settings_that_cannot_be_are_named(service: Shell, home: Path, line: str, words: str) -> None:
    (home / "config" / "config.toml").write_text(f"[service]\n{line}\n")

    ended = service("service", "keys")

    assert ended.code == 2
    assert words in ended.err


def test_keys_are_added_listed_and_removed(service: Shell) -> None:
    added = service("service", "keys", "add", "dashboard", "--scope", "activity:read", "--athlete", "134815")
    listed = service("service", "keys", "list", "--json")
    again = service("service", "keys", "add", "dashboard")
    removed = [service("service", "keys", "remove", "dashboard").code for _ in range(2)]

    assert added.out.startswith("paceport_")
    assert "5.16" in added.err
    (key,) = json.loads(listed.out)
    assert (key["name"], key["scopes"], key["athletes"]) == ("dashboard", ["activity:read"], [134815])
    assert added.out.strip() not in listed.out
    assert again.code == 2
    assert removed == [0, 2]


def test_keys_fit_every_width(service: Shell) -> None:
    service("service", "keys", "add", "coach-dashboard", "--scope", "activity:read_all")
    whole = service("service", "keys").out

    for width in (20, *WIDTHS):
        text = COLOUR.sub("", service("service", "keys", is_terminal=True, width=width).out)

        assert_nothing_is_cut(text)
        assert_lines_fit(text, width)
        assert_words_are_whole(text, whole)


@pytest.mark.parametrize(("base_url", "is_named"), [("https://runs.example", True), ("http://127.0.0.1:8000", False)])
def test_an_address_is_said_once(base_url: str, is_named: bool) -> None:
    options = ServiceOptions(base_url=base_url, capacity=10, scopes=preset("runs"))

    said = _serving_text(options, "http://127.0.0.1:8000", taken=4)

    assert said.count("http://127.0.0.1:8000") == 1
    assert (base_url in said) is True
    assert (" at " in said) is is_named
    assert said.endswith("6 of 10 places free.")


@pytest.fixture
def process(service: Shell) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, **service.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = ["-m", "paceport", "service", "--port", "0", "--base-url", "http://127.0.0.1:8000", "--capacity", "5"]
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as started:
        yield started
        started.kill()


def test_a_process_serves_subscribes_and_ends_when_it_is_told(
    service: Shell, process: subprocess.Popen[str], world: World
) -> None:
    del world
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with open_transport() as send:
        health = send(Request(method="GET", url=f"{address}/health"))
    subscribed = service("service", "subscribe", "--base-url", address)
    ended = [service("service", "unsubscribe", "--base-url", address) for _ in range(2)]
    status = json.loads(service("worker", "--status", "--json").out)

    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert json.loads(health.body)["database"] == "up"
    assert subscribed.code == 0, subscribed.err
    assert "/webhook" in subscribed.err
    assert ["no more" in one.err for one in ended] == [True, False]
    assert process.returncode == 0, said
    assert "5 of 5 places free" in said
    assert status["athletes"]["capacity"] == 5, "the settings say 3"
    assert "No longer serving" in said
    assert '"route": "/health"' in said
