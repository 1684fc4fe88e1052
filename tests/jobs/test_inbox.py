"""The inbox: an event is a row once, whoever sends it how often; what is not an event leaves nothing behind."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.clock import ManualClock
from paceport.jobs.inbox import RecordedEvent, parse_event, record_event
from paceport.jobs.turns import Turn
from paceport.storage.postgres.athlete_rows import AthleteRows
from paceport.storage.postgres.database import Database

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EVENT = {
    "subscription_id": 301_001,
    "owner_id": 7,
    "object_type": "activity",
    "object_id": 99,
    "aspect_type": "create",
    "event_time": int(NOW.timestamp()),
    "updates": {},
}


def body(**changes: Any) -> bytes:
    return json.dumps(EVENT | changes).encode()


def joined(database: Database, athlete_id: int) -> None:
    statement = """
INSERT INTO paceport.athlete (athlete_id, oauth_origin, client_id, joined_at, listing_at)
VALUES (%s, 'https://example.org', '1', %s, %s)
"""
    database.run(lambda connection: connection.execute(statement.encode(), (athlete_id, NOW, NOW)))


def record(database: Database, raw: bytes) -> RecordedEvent:
    return record_event(database, raw, subscription_ids={301_001}, now=NOW)


def test_an_event_is_one_row_however_often_it_comes(database: Database) -> None:
    joined(database, 7)

    outcomes = [record(database, body()).outcome for _ in range(3)]

    assert outcomes == ["new", "repeated", "repeated"]
    assert AthleteRows(database, 7).counts()["inbox"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"object_id": 100},
        {"aspect_type": "update"},
        {"event_time": EVENT["event_time"] + 1},  # type: ignore[operator]  # a number
        {"aspect_type": "update", "updates": {"title": "Long run \u0000"}},
    ],
)
def test_another_object_aspect_moment_or_update_is_another_event(database: Database, changes: dict[str, Any]) -> None:
    joined(database, 7)

    assert [record(database, raw).outcome for raw in (body(), body(**changes))] == ["new", "new"]


@pytest.mark.parametrize(
    "changes",
    [
        {"subscription_id": 1},
        {"owner_id": 8},
        {"event_time": int((NOW + timedelta(days=2)).timestamp())},
        {"event_time": int((NOW - timedelta(days=8)).timestamp())},
        {"event_time": 10**17},
        {"object_id": 2**63},
        {"object_id": "99"},
        {"object_id": True},
        {"owner_id": -7},
        {"aspect_type": "drop table"},
        {"updates": ["title"]},
    ],
)
def test_what_nobody_sent_us_leaves_nothing_behind(database: Database, changes: dict[str, Any]) -> None:
    joined(database, 7)

    assert record(database, body(**changes)).outcome == "ignored"
    assert AthleteRows(database, 7).counts()["inbox"] == 0


@settings(max_examples=50)
@given(raw=st.one_of(st.binary(max_size=200), st.text(max_size=50).map(str.encode)))
def test_any_body_is_read_without_an_error(raw: bytes) -> None:
    parse_event(raw)
    parse_event(b"[" * 50_000)


@pytest.mark.parametrize(
    ("changes", "turn"),
    [
        ({}, Turn.EVENT),
        ({"aspect_type": "delete"}, Turn.URGENT),
        ({"object_type": "athlete", "object_id": 7, "aspect_type": "update", "updates": {"authorized": "false"}}, 90),
        ({"object_type": "athlete", "object_id": 7, "aspect_type": "update", "updates": {"authorized": False}}, 90),
        ({"object_type": "athlete", "object_id": 7, "aspect_type": "update", "updates": {"authorized": "true"}}, 50),
    ],
)
def test_what_is_to_be_erased_goes_first(
    database: Database, clock: ManualClock, changes: dict[str, Any], turn: Turn
) -> None:
    joined(database, 7)

    recorded = record(database, body(**changes))

    assert (recorded.athlete_id, recorded.turn) == (7, turn)
