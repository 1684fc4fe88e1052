"""A token lent by the environment is named, wherever a person asks where they stand."""

from __future__ import annotations

import json

from shell import Shell

LENT = {"STRAVA_ACCESS_TOKEN": "e" * 40}


def test_status_names_a_token_of_the_environment(shell: Shell) -> None:
    ended = shell("status", environ=LENT)

    assert "lent by STRAVA_ACCESS_TOKEN" in ended.out
    assert LENT["STRAVA_ACCESS_TOKEN"] not in ended.out + ended.err
    assert json.loads(shell("status", "--json", environ=LENT).out)["token_from_environment"] is True


def test_status_says_that_the_stored_login_wins(shell: Shell) -> None:
    shell("login")

    assert "the stored login wins" in shell("status", environ=LENT).out
    assert json.loads(shell("status", "--json", environ=LENT).out)["token_from_environment"] is False
