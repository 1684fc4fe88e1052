"""A token from the environment is named wherever a person asks for the state of the login."""

from __future__ import annotations

import json

from shell import Shell

FROM_ENVIRONMENT = {"STRAVA_ACCESS_TOKEN": "e" * 40}


def test_status_names_a_token_of_the_environment(shell: Shell) -> None:
    ended = shell("status", environ=FROM_ENVIRONMENT)

    assert "from STRAVA_ACCESS_TOKEN in the environment" in ended.out
    assert FROM_ENVIRONMENT["STRAVA_ACCESS_TOKEN"] not in ended.out + ended.err
    assert json.loads(shell("status", "--json", environ=FROM_ENVIRONMENT).out)["token_from_environment"] is True


def test_status_says_that_the_stored_login_wins(shell: Shell) -> None:
    shell("login")

    assert "the stored login wins" in shell("status", environ=FROM_ENVIRONMENT).out
    assert json.loads(shell("status", "--json", environ=FROM_ENVIRONMENT).out)["token_from_environment"] is False
