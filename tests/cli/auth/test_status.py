"""Where you stand, with nothing set up, with everything, and with hostile names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from paceport.clock import SystemClock
from paceport.oauth.token_store.file import FileTokenStore
from shell import Shell

HOSTILE = "Eve\x1b]52;c;aGk=\x07\x9b31m\u202e\r\nX-Injected: 1"


def test_with_nothing_set_up_one_command_is_named(shell: Shell) -> None:
    ended = shell()

    assert ended.code == 0
    assert "you are not logged in yet" in ended.out
    assert "Next: paceport login" in ended.out


def test_with_a_login_the_next_command_lists_activities(shell: Shell) -> None:
    shell("login")

    ended = shell()

    assert "Nora Lindqvist" in ended.out
    assert "Next: paceport activities" in ended.out


def test_status_calls_nothing_and_shows_no_secret(shell: Shell) -> None:
    shell("login")
    token = shell("token").out.strip()

    ended = shell("status", "--json")

    assert token not in ended.out + ended.err
    value = json.loads(ended.out)
    assert value["scopes_known_by"] == "redirect"
    assert value["status"] == "ok"


def test_status_names_every_place(shell: Shell, home: Path) -> None:
    places = json.loads(shell("status", "--paths", "--json").out)["paths"]

    assert all(Path(place).is_relative_to(home) for place in places.values())
    assert {"settings", "logins", "own logbook", "cached logbook"} <= set(places)


def test_an_athlete_with_a_hostile_name_cannot_touch_the_terminal(shell: Shell, home: Path) -> None:
    shell("login")
    token_store = FileTokenStore(home / "state", clock=SystemClock())
    grant = token_store.grants()[0]
    with token_store.lock(grant.key):
        token_store.save(replace(grant, athlete_name=HOSTILE), expect_generation=grant.generation)

    for words in ([], ["status"], ["status", "--json"], ["profiles"], ["profiles", "--json"], ["login"], ["logout"]):
        ended = shell(*words)
        shown = ended.out + ended.err
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(shown), words
        assert "\nX-Injected" not in shown


def test_a_mistyped_command_is_answered_with_the_nearest(shell: Shell) -> None:
    ended = shell("actvities")

    assert ended.code == 2
    assert "paceport activities" in ended.err


def test_a_relative_home_is_refused(shell: Shell) -> None:
    ended = shell("status", environ={"PACEPORT_HOME": "home"})

    assert ended.code == 2
    assert "absolute" in ended.err


def test_a_plain_http_server_elsewhere_is_refused(shell: Shell) -> None:
    ended = shell("status", environ={"PACEPORT_API_URL": "http://strava.example/api/v3"})

    assert ended.code == 2
    assert "not https" in ended.err


def test_a_settings_file_that_is_no_toml_is_named(shell: Shell, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("units = km")

    ended = shell("status")

    assert ended.code == 8
    assert "config.toml" in ended.err


def test_a_half_written_grant_is_named_and_not_mistaken_for_logged_out(shell: Shell, home: Path) -> None:
    shell("login")
    grant = next((home / "state" / "grants").glob("*.json"))
    grant.write_text(grant.read_text()[:100])

    ended = shell("token")

    assert ended.code == 8
    assert str(grant) in ended.err


def test_the_requests_left_are_told_once_they_are_known(shell: Shell) -> None:
    shell("login")
    shell.clock.advance(300)  # at the very edge of a window the count is on the safe side
    before = json.loads(shell("status", "--json").out)["limits"]
    shell("api", "GET", "/athlete")

    after = json.loads(shell("status", "--json").out)["limits"]

    assert before is None
    assert (after["overall"]["quarter_used"], after["overall"]["quarter_limit"]) == (1, 200)
    assert "overall 199 this quarter hour, 1,999 today; read 99" in shell("status").out


@pytest.mark.parametrize("token", ["two\nlines-of-a-token", "tök-en-of-letters", "with a blank"])
def test_a_lent_token_that_is_none_is_refused_and_not_shown(shell: Shell, token: str) -> None:
    ended = shell("api", "GET", "/athlete", environ={"STRAVA_ACCESS_TOKEN": token})

    assert ended.code == 2
    assert "STRAVA_ACCESS_TOKEN is not a token" in ended.err
    assert token.split()[0] not in ended.err


def test_a_home_of_nobody_is_refused(shell: Shell) -> None:
    ended = shell("status", environ={"PACEPORT_HOME": "~nobody-of-that-name/x"})

    assert ended.code == 2
    assert "no such user" in ended.err


def test_without_any_home_nothing_is_written_where_one_stands(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pwd.getpwuid", _nobody)

    ended = shell("init", environ={"PACEPORT_HOME": ""})

    assert ended.code == 2
    assert "PACEPORT_HOME" in ended.err
    assert list(tmp_path.iterdir()) == []


def _nobody(uid: int) -> None:
    raise KeyError(uid)


@pytest.mark.parametrize("words", [["/athlete", "-f", "a=\udcff"], ["/\udcff"]])
def test_bytes_that_are_no_text_are_refused_before_they_are_sent(shell: Shell, words: list[str]) -> None:
    shell("login")

    ended = shell("api", "GET", *words)

    assert ended.code == 2
    assert "is not text" in ended.err


def test_the_server_that_is_not_strava_is_the_one_that_is_named(shell: Shell) -> None:
    real = {"PACEPORT_OAUTH_URL": "https://www.strava.com", "PACEPORT_API_URL": "http://127.0.0.1:9/api/v3"}

    ended = shell("status", environ=real)

    assert "talking to http://127.0.0.1:9 as" in ended.err
    assert "talking to" not in shell("status", environ=real | {"PACEPORT_API_URL": "https://api-v3.strava.com"}).err
