"""The table of SECURITY.md: each row names its tests, and the ones that no other file holds stand here."""

from __future__ import annotations

import json
import logging
import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest

from conftest import ROOT
from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport
from paceport.clock import ManualClock
from paceport.errors import PaceportError
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.state.world import World
from shell import Shell

ROWS = {
    "process lists, shell history": [
        "journeys/test_process.py::test_secrets_stand_in_no_process_list_and_no_talk",
        "journeys/test_secrets.py::test_no_option_takes_a_secret",
    ],
    "logs, tracebacks, errors": [
        "test_secret.py::test_a_secret_is_not_serialised",
        "test_secret.py::test_a_log_line_masks_a_secret_its_writer_did_not_know",
        "journeys/test_secrets.py::test_no_command_shows_a_secret_however_much_it_says",
    ],
    "the server's text in messages": ["journeys/test_secrets.py::test_a_hostile_body_reaches_no_terminal"],
    "files": [
        "oauth/token_store/test_file.py::test_every_file_is_born_private_under_any_umask",
        "cli/doctor/test_doctor.py::test_a_planted_link_is_named_and_never_followed",
    ],
    "token to another host": [
        "journeys/test_secrets.py::test_our_own_client_follows_no_redirect",
        "adapters/test_requests.py::test_the_header_does_not_follow_a_redirect",
        "adapters/test_httpx.py::test_the_header_does_not_follow_a_redirect",
        "journeys/test_process.py::test_a_shell_pointed_elsewhere_never_sends_the_login",
    ],
    "addresses from the environment": [
        "journeys/test_secrets.py::test_an_address_must_be_https_or_loopback",
        "journeys/test_secrets.py::test_an_address_from_the_environment_is_said",
    ],
    "terminal": ["cli/auth/test_status.py::test_an_athlete_with_a_hostile_name_cannot_touch_the_terminal"],
    "CSV": [
        "cli/api/test_activities.py::test_csv_never_begins_a_cell_like_a_formula",
        "logbook/exporting/test_exporting.py::test_a_csv_cell_is_never_a_formula",
    ],
    "XML": ["formats/tracks/test_read_file.py::test_entities_and_dtds_are_refused"],
    "ZIP": [
        "formats/strava_export/test_export_files.py::test_a_link_in_a_zip_is_refused",
        "formats/strava_export/test_export_files.py::test_a_bomb_is_stopped_while_it_expands",
    ],
    "printing": ["journeys/test_secrets.py::test_no_command_shows_a_secret_however_much_it_says"],
    "the consent page's address": [
        "oauth/login/test_browser_choice.py::test_the_browser_is_not_given_the_address_but_a_private_page_that_forwards"
    ],
    "pending login": ["journeys/test_secrets.py::test_a_pending_login_is_private_brief_and_gone_after_use"],
    "pages of `serve`": [
        "web/test_access.py::test_strangers_are_refused",
        "web/test_access.py::test_a_change_needs_our_origin_and_the_token_of_the_session",
        "web/test_app.py::test_every_page_is_whole_private_and_names_no_other_host",
        "journeys/test_serve.py::test_another_page_cannot_read_or_frame_it",
    ],
    "`exec`": ["cli/auth/test_exec.py::test_the_client_secret_and_the_refresh_token_stay_here"],
}
PRINTS_A_TOKEN = {"token", "header", "env"}
# Words that need more than their name; every other one is run bare, with --help where it would go on for long.
ARGUMENTS = {
    "adopt": ["adopt", "--force"],
    "api": ["api", "GET", "/athlete"],
    "activities": ["activities", "--limit", "2"],
    "doctor": ["doctor"],
    "exec": ["exec", "--", "true"],
    "explain": ["explain", "--status", "401", "{}"],
    "fix": ["fix"],
    "grant": ["grant", "+activity:write"],
    "init": ["init", "--force"],
    "login": ["login", "--force"],
    "logbook": ["logbook"],
    "profiles": ["profiles", "--json"],
    "sandbox": ["sandbox", "--print-env"],
    "serve": ["serve", "--help"],
    "status": ["status", "--json"],
    "use": ["use", "default"],
    "token": ["token", "--json"],
    "header": ["header"],
    "env": ["env"],
    "completion": ["completion", "bash"],
    "logout": ["logout"],
    "revoke": ["revoke"],
}


def test_every_row_of_the_table_has_tests_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("## What is done")[2].partition("\n## ")[0]
    rows = [row for row in re.findall(r"^\| (.+?) \| ", text, re.MULTILINE) if row not in ("threat", "---")]

    assert rows == list(ROWS)
    for test in {test for tests in ROWS.values() for test in tests}:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test


def test_no_option_takes_a_secret() -> None:
    for word in COMMANDS:
        command = paceport.get_command(None, word)  # type: ignore[arg-type]  # the table needs no context
        assert command is not None
        for parameter in command.params:
            is_flag = isinstance(parameter, click.Option) and parameter.is_flag
            assert is_flag or not re.search("secret|token|code|password", " ".join(parameter.opts)), word


@pytest.fixture
def loud() -> Iterator[None]:
    """The log's level as it was, after commands have turned it up."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize("word", list(COMMANDS))
def test_no_command_shows_a_secret_however_much_it_says(shell: Shell, world: World, word: str, loud: None) -> None:
    shell("login", "--for", "upload")
    secret, first = world.app.client_secret, world.grants._grants[0]
    known = {first.access_token, first.refresh_token}
    world.clock.advance(7 * 3600)

    ended = shell("-vv", *ARGUMENTS.get(word, [word, "--help"]), stdin=f"REFRESH_TOKEN={first.refresh_token}\n")

    known |= {token for grant in world.grants._grants for token in (grant.refresh_token, grant.access_token)}
    living = {grant.access_token for grant in world.grants._grants}
    assert not [value for value in known if value in ended.err]
    shown = {value for value in known if value in ended.out}
    assert shown <= (living if word in PRINTS_A_TOKEN else set())
    assert secret not in ended.err
    # The sandbox's own secret is no secret: its lines are there to be pasted.
    assert word == "sandbox" or secret not in ended.out


HOSTILE = "\x1b]52;c;aGk=\x07\x9b31m\u202e\r\nX: 1" + "A" * 5000


def test_a_hostile_body_reaches_no_terminal(shell: Shell, world: World) -> None:
    body = json.dumps({"message": HOSTILE, "errors": [{"resource": HOSTILE, "field": HOSTILE, "code": HOSTILE}]})

    for words in (["explain", "--status", "400"], ["explain", "--status", "400", "--json"], ["adopt"]):
        ended = shell(*words, stdin=body)
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(ended.out + ended.err)
        assert len(ended.out + ended.err) < 4000


def test_our_own_client_follows_no_redirect(tmp_path: Path, clock: ManualClock) -> None:
    from adapters.conftest import Foreign, listening

    with listening(Foreign()) as stranger, listening(Foreign(elsewhere=f"{stranger.url}/x")) as redirecting:
        environ = {
            "PACEPORT_HOME": str(tmp_path / "home"),
            "PACEPORT_API_URL": redirecting.url,
            "STRAVA_ACCESS_TOKEN": "a" * 40,
        }
        with Profile(settings=Settings.from_environment(environ), clock=clock) as me, me.client() as strava:
            with pytest.raises(PaceportError):
                strava.athlete()

    assert redirecting.seen == [f"Bearer {'a' * 40}"]
    assert stranger.seen == []


@pytest.mark.parametrize("name", ["PACEPORT_OAUTH_URL", "PACEPORT_API_URL"])
@pytest.mark.parametrize(
    "url",
    ["http://example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "http://localhost@example.com", "x"],
)
def test_an_address_must_be_https_or_loopback(shell: Shell, world: World, name: str, url: str) -> None:
    shell("login")
    before = world.requests.total()

    ended = shell("activities", environ={name: url})

    assert ended.code == 2
    assert world.requests.total() == before


def test_an_address_from_the_environment_is_said(shell: Shell) -> None:
    ended = shell("status")

    assert f"talking to {shell.environ['PACEPORT_OAUTH_URL']}" in ended.err


def test_a_pending_login_is_private_brief_and_gone_after_use(shell: Shell, home: Path, world: World) -> None:
    pending = home / "state" / "pending-default.json"
    address = shell("login", "--start").out.strip()

    assert stat.S_IMODE(pending.stat().st_mode) == 0o600
    assert world.app.client_secret not in pending.read_text()
    assert shell("login", "--finish", address).code == 2  # never as an argument

    world.clock.advance(timedelta(minutes=11).total_seconds())
    late = shell("login", "--finish", stdin="http://127.0.0.1:1/x?state=x&code=y&scope=read\n")
    assert late.code == 3
    assert not pending.exists()
