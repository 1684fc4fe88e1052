"""The athlete's profile and zones: fetched with the details, kept for a week, asked for no more than needed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from api.conftest import Login
from logbook.syncing.conftest import Syncing
from logbook.syncing.test_stops import Stopped, carry_on, stop_at
from paceport.clock import ManualClock
from paceport.errors import AppInactive
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.athlete import due_athlete_facts
from paceport.scopes import parse_granted
from paceport.training.history.athlete_facts import SourcedFacts, read_facts
from paceport.training.metrics.athlete import AthleteFacts

DAY_S = 86_400.0
BOTH = ["profile", "zones"]


def facts(store: Store) -> SourcedFacts:
    return read_facts(store, given=AthleteFacts())


def paths(syncing: Syncing) -> list[str]:
    """What the last sync asked for, in its order, without the list."""
    asked = [request.url.split("?")[0].partition("/api/v3")[2] for request in syncing.login.wire.requests]
    return [path for path in asked if path not in {"", "/athlete/activities"}]


def test_profile_and_zones_are_asked_for_before_any_detail(syncing: Syncing) -> None:
    account = syncing()

    assert list(account.facts) == BOTH
    assert paths(syncing)[:2] == ["/athlete", "/athlete/zones"]
    assert syncing.asked["facts"] == 2
    assert syncing.told[1] == "your profile and zones, details and streams: 41, 0 held back"


def test_the_analysis_knows_what_the_athlete_told_strava(syncing: Syncing, store: Store) -> None:
    before = facts(store)
    syncing()

    known = facts(store)

    person = syncing.world.person(syncing.login.athlete_id)
    assert person is not None
    assert before.prefers_miles is None
    assert known.athlete.zone_edges_bpm == tuple(float(edge) for edge in person.heartrate_zones_bpm)
    assert known.athlete.sex == {"M": "male", "F": "female"}[person.sex]
    assert known.prefers_miles is (person.measurement_preference == "feet")
    assert known.known_by["zones"] == "Strava's zones"


def test_they_are_kept_for_seven_days_and_asked_for_again_in_the_last(syncing: Syncing, clock: ManualClock) -> None:
    asked = []
    for _day in range(14):
        syncing()
        asked.append(syncing.asked["facts"])
        clock.advance(DAY_S)

    assert asked == [2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0]


def test_without_sync_they_are_gone_after_a_week(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    clock.advance(7 * DAY_S - 1)
    held = facts(store)
    clock.advance(2)

    assert "sex" in held.known_by
    assert "sex" not in facts(store).known_by
    syncing.reopen()
    rows = store.connection.execute("SELECT count(*) FROM cache.reply WHERE key LIKE '/athlete%'").fetchone()
    assert rows == (0,)


def test_one_that_lapses_is_asked_for_alone(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    body = store.cached.reply("/athlete/zones")
    assert body is not None
    store.cached.save_reply("/athlete/zones", body, expires_at=clock.now() + timedelta(days=1))

    account = syncing()

    assert account.facts == ("zones",)
    assert account.line().endswith("; your zones fetched; 3 requests")
    assert syncing.told[-1] == "your zones: 1, 0 held back"


def test_a_login_that_may_not_see_zones_does_not_ask_for_them(syncing: Syncing, login: Login, store: Store) -> None:
    client = login.client(granted=lambda **_: parse_granted("read,activity:read_all"))

    assert due_athlete_facts(store, client, now=syncing.clock.now()) == ("profile",)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_a_refusal_ends_nothing_and_is_not_repeated_for_a_day(
    syncing: Syncing, clock: ManualClock, store: Store, status: int
) -> None:
    syncing.world.plan("status", path="/api/v3/athlete/zones", times=1000, status=status)

    account = syncing()

    assert (account.facts, account.quarantined, account.left) == (("profile",), 1, 0)
    assert syncing.differences() == []
    (held,) = store.summary().quarantined
    assert held.place == "the athlete's zones"
    clock.advance(23 * 3600)
    syncing()
    assert dict(syncing.asked) == {"list": 2}
    clock.advance(3600)
    syncing()
    assert "/athlete/zones" in paths(syncing)


def test_what_was_refused_once_is_had_later(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing.world.plan("status", path="/api/v3/athlete/zones", status=403)
    syncing()
    clock.advance(DAY_S)

    account = syncing()

    assert account.facts == ("zones",)
    assert store.summary().quarantined == ()


def test_an_app_that_becomes_inactive_there_ends_the_sync(syncing: Syncing, store: Store) -> None:
    syncing.world.plan("inactive", path="/api/v3/athlete/zones", times=1000)

    with pytest.raises(AppInactive):
        syncing()

    assert store.summary().quarantined == ()


def test_an_answer_that_is_no_profile_is_not_kept(syncing: Syncing, store: Store) -> None:
    syncing.world.plan("html", path="/api/v3/athlete/zones", times=1000)

    account = syncing()

    assert (account.facts, account.quarantined) == (("profile",), 1)
    assert store.cached.reply("/athlete/zones") is None


def test_a_stop_between_the_two_loses_none(syncing: Syncing, store: Store) -> None:
    stop_at(syncing.login.wire, 4)
    with pytest.raises(Stopped):
        syncing()
    carry_on(syncing.login.wire)
    kept = store.cached.reply("/athlete")

    account = syncing()

    assert kept is not None
    assert json.loads(kept)["id"] == syncing.login.athlete_id
    assert account.facts == ("zones",)
    assert syncing.differences() == []


def test_a_429_at_the_profile_leaves_it_to_the_next_sync(syncing: Syncing, clock: ManualClock) -> None:
    syncing.world.plan("rate_limited", path="/api/v3", after=3)

    stopped = syncing()
    clock.advance(901)

    assert (stopped.left, stopped.facts) == (41, ())
    assert list(syncing().facts) == BOTH
