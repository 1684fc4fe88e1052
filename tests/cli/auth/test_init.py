"""The app's id and secret: asked for once, never on the command line, never shown."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from processes import Terminal, finish
from shell import Shell

NO_APP = {"STRAVA_CLIENT_ID": "", "STRAVA_CLIENT_SECRET": ""}
SECRET = "0123456789abcdef0123456789abcdef01234567"


def test_the_secret_may_come_from_stdin(shell: Shell, home: Path) -> None:
    ended = shell("init", "--client-id", "4242", "--secret-stdin", stdin=f"{SECRET}\n", environ=NO_APP)

    assert ended.code == 0, ended.err
    assert "App 4242 is set up." in ended.out
    assert SECRET not in ended.out + ended.err
    kept = next((home / "state" / "apps").iterdir())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_settings_file_is_written_once_and_never_again(shell: Shell, home: Path) -> None:
    shell("init")
    config = home / "config" / "config.toml"
    assert SECRET not in config.read_text()
    config.write_text('# mine\nunits = "mi"\n')

    assert shell("init", "--force").code == 0

    assert config.read_text() == '# mine\nunits = "mi"\n'


def test_every_line_of_the_template_is_valid_once_its_mark_is_removed(shell: Shell, home: Path) -> None:
    shell("init")
    config = home / "config" / "config.toml"
    lines = config.read_text().splitlines()

    config.write_text("\n".join(line[2:] if " = " in line or line.startswith("# [") else line for line in lines))

    assert shell("status").code == 0


def test_no_option_takes_a_secret() -> None:
    from paceport.cli.main import COMMANDS, paceport

    for name in COMMANDS:
        command = paceport.get_command(paceport.make_context("paceport", [name], resilient_parsing=True), name)
        assert command is not None
        for parameter in command.params:
            takes_value = not getattr(parameter, "is_flag", False)
            assert not (takes_value and any("secret" in option for option in parameter.opts)), name


@pytest.mark.parametrize(
    ("client_id", "secret", "word"),
    [
        ("", SECRET, "client id and secret are not known"),
        ("me@example.org", SECRET, "e-mail"),
        (SECRET, "4242", "swapped"),
        ("4242", "4242", "number"),
        ("4242", SECRET[:-1], "39 characters"),
        ("42 42", SECRET, "space"),
    ],
)
def test_what_cannot_be_right_is_said_before_anything_is_stored(
    shell: Shell, home: Path, client_id: str, secret: str, word: str
) -> None:
    ended = shell(
        "init", "--secret-stdin", *(["--client-id", client_id] if client_id else []), stdin=secret, environ=NO_APP
    )

    assert ended.code == 2
    assert word in ended.err
    assert secret not in ended.err or secret == "4242"
    assert not (home / "state" / "apps").exists()


def test_on_a_terminal_the_secret_is_asked_for_and_not_shown(shell: Shell, home: Path) -> None:
    terminal = Terminal(["init"], {**shell.environ, **NO_APP})

    terminal.wait_for("Client ID: ")
    terminal.type("4242\n")
    terminal.wait_for("Client Secret (not shown): ")
    terminal.type("too short\n")
    terminal.wait_for("Please try again.")
    terminal.wait_for("Client Secret (not shown): ")
    terminal.type(f"{SECRET}\n")

    assert terminal.end() == 0, terminal.shown
    assert SECRET not in terminal.shown
    assert "localhost" in terminal.shown
    assert "subscription" in terminal.shown
    assert list((home / "state" / "apps").iterdir())


def test_without_a_terminal_nobody_is_asked(shell: Shell) -> None:
    ended = finish(["init"], {**shell.environ, **NO_APP})

    assert ended.returncode == 2
    assert "--secret-stdin" in ended.stderr


def test_a_client_id_that_is_none_is_not_compared_with_the_environments(shell: Shell) -> None:
    ended = shell("init", "--client-id", "abc")

    assert ended.code == 2
    assert "such as 12345" in ended.err


def test_another_client_id_in_the_environment_is_refused_with_both_named(shell: Shell) -> None:
    shell("login")

    ended = shell("token", environ={"STRAVA_CLIENT_ID": "77"})

    assert ended.code == 2
    assert "77" in ended.err
    assert shell.environ["STRAVA_CLIENT_ID"] in ended.err


def test_nobody_else_may_write_the_settings_whatever_the_umask_says(shell: Shell, home: Path) -> None:
    before = os.umask(0)
    try:
        shell("init")
    finally:
        os.umask(before)

    for place in (home, home / "config", home / "config" / "config.toml"):
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0, place
