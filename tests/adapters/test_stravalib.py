"""stravalib's own client, as its users know it, while tokens expire under it."""

from __future__ import annotations

import logging
import re
import sys

import pytest
import stravalib

from paceport.adapters import stravalib as adapter
from paceport.clock import ManualClock
from paceport.errors import MissingExtra
from paceport.install import install_line
from paceport.profile.profile import Profile
from paceport.sandbox.state.world import World

HOUR_S = 3600


def test_it_reads_while_its_tokens_expire(me: Profile, world: World, clock: ManualClock) -> None:
    strava = adapter.client(me, rate_limit_requests=False)

    for _ in range(3):
        assert strava.get_athlete().id == world.people[0].id
        clock.advance(7 * HOUR_S)

    assert world.grants.refreshes == 2
    assert world.grants.replays == 0


def test_it_lists_pages_of_activities(me: Profile, world: World) -> None:
    strava = adapter.client(me, rate_limit_requests=False)

    listed = [activity.id for activity in strava.get_activities(limit=250)]

    assert listed == [activity.id for activity in world.activities(world.people[0].id)[:250]]


def test_its_own_refreshing_never_runs(
    me: Profile, world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", str(world.app.client_id))
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", world.app.client_secret)
    strava = adapter.client(me, rate_limit_requests=False)
    strava.protocol.refresh_token = "planted"
    strava.protocol.token_expires = 1
    clock.advance(7 * HOUR_S)

    strava.get_athlete()

    assert world.requests["POST /oauth/token"] == 1
    assert strava.protocol.refresh_token == "planted"


def test_a_refused_token_is_replaced_under_it(me: Profile, world: World) -> None:
    strava = adapter.client(me, rate_limit_requests=False)
    world.grants.drop_access_token(str(me.token()))

    assert strava.get_athlete().id == world.people[0].id


def test_it_keeps_its_own_errors(me: Profile, world: World) -> None:
    strava = adapter.client(me, rate_limit_requests=False)

    with pytest.raises(stravalib.exc.ObjectNotFound):
        strava.get_activity(1)


def test_it_does_not_complain_about_variables_it_does_not_need(me: Profile, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        adapter.client(me)

    assert caplog.records == []
    assert logging.getLogger().filters == []


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "paceport.adapters.stravalib")
    monkeypatch.setitem(sys.modules, "stravalib", None)

    with pytest.raises(MissingExtra, match=re.escape(install_line("stravalib"))):
        __import__("paceport.adapters.stravalib")
