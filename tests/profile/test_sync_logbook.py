"""Whose data a sync writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.errors import LoginNeeded
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.profile.sync_logbook import login_text


def profile_of(folder: Path, clock: ManualClock, **more: str) -> Profile:
    return Profile(settings=Settings.from_environment({"PACEPORT_HOME": str(folder), **more}), clock=clock)


def test_a_login_that_was_ended_meanwhile_is_not_the_login_of_somebody_else(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(LoginNeeded):
        login_text(profile_of(tmp_path, clock))


def test_a_token_of_the_environment_is_a_login_without_a_name(tmp_path: Path, clock: ManualClock) -> None:
    text = login_text(profile_of(tmp_path, clock, STRAVA_ACCESS_TOKEN="a" * 40))

    assert text == "an unnamed login at https://www.strava.com"
