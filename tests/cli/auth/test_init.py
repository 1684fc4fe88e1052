"""The app's id and secret: asked for once, never on the command line, never shown."""

from __future__ import annotations

import json
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
    from paceport.cli.commands import COMMANDS
    from paceport.cli.main import paceport

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


def test_on_a_terminal_what_is_wrong_is_asked_for_again_and_the_secret_is_not_shown(shell: Shell, home: Path) -> None:
    client_id, secret = shell.environ["STRAVA_CLIENT_ID"], shell.environ["STRAVA_CLIENT_SECRET"]
    terminal = Terminal(["init"], {**shell.environ, **NO_APP})
    asked_id, asked_secret = "Client ID: ", "Client Secret (not shown): "

    for question, typed in [
        (asked_id, "me@example.org"),  # no client id at all
        (asked_id, "4242"),  # nobody's
        (asked_secret, "too short"),
        (asked_secret, SECRET),
        (asked_id, client_id),
        (asked_secret, SECRET),  # another app's
        (asked_id, client_id),
        (asked_secret, secret),
    ]:
        terminal.wait_for(question)
        terminal.type(f"{typed}\n")

    assert terminal.end() == 0, terminal.shown
    shown = " ".join(terminal.shown.split())  # lines are wrapped for the terminal
    assert shown.count("Please try again.") == 4
    assert "does not accept the client id" in shown
    assert "does not accept the client secret" in shown
    assert SECRET not in terminal.shown
    assert secret not in terminal.shown
    assert "localhost" in terminal.shown
    assert "subscription" in terminal.shown
    kept = [json.loads(path.read_text())["client_id"] for path in (home / "state" / "apps").glob("*.json")]
    assert kept == [client_id]


def test_what_stays_wrong_ends_with_the_reason(shell: Shell, home: Path) -> None:
    ended = shell("init", environ=NO_APP, stdin="me@example.org\n" * 3, can_answer=True)

    assert ended.code == 2
    assert "Error: That is not a client id" in ended.err
    assert not (home / "state" / "apps").exists()


def test_the_end_of_the_input_ends_the_questions(shell: Shell) -> None:
    assert shell("init", environ=NO_APP, stdin="", can_answer=True).code == 130


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


def test_a_client_id_that_the_environment_contradicts_is_not_called_a_stored_login(shell: Shell) -> None:
    ended = shell("init", "--client-id", "77", "--secret-stdin", stdin=f"{SECRET}\n")

    assert ended.code == 2
    assert "for app 77" in ended.err
    assert "stored login" not in ended.err


def test_nobody_else_may_write_the_settings_whatever_the_umask_says(shell: Shell, home: Path) -> None:
    before = os.umask(0)
    try:
        shell("init")
    finally:
        os.umask(before)

    for place in (home, home / "config", home / "config" / "config.toml"):
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0, place
