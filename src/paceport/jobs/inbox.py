"""The inbox of webhook events: each is a row before Strava gets its answer, and the work comes afterwards.

Nobody signs these events. So one can say that something is to be looked at, and erase what can be had again; that an
athlete has left is asked of Strava before anything is believed (`paceport.jobs.leaving`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from paceport.jobs.turns import Turn
from paceport.storage.postgres.database import Database

EventOutcome = Literal["new", "repeated", "ignored"]
_LARGEST_ID = 2**63 - 1
_LARGEST_BODY = 64 * 1024
_OBJECTS = ("activity", "athlete")
_ASPECTS = ("create", "update", "delete")
# An event from the future would be the newest of its activity for ever; older ones than are remembered could repeat.
_MOST_AHEAD, _MOST_BEHIND = timedelta(hours=1), timedelta(days=6)

# Only members have an inbox: what is sent about others, by whomever, leaves nothing behind.
_INSERT = """
INSERT INTO paceport.inbox
    (athlete_id, subscription_id, object_type, object_id, aspect, event_at, updates, updates_sha256, raw, received_at)
SELECT %(athlete)s, %(subscription)s, %(type)s, %(object)s, %(aspect)s, %(event_at)s, %(updates)s, %(sha256)s, %(raw)s,
    %(now)s
WHERE EXISTS (SELECT 1 FROM paceport.athlete WHERE athlete_id = %(athlete)s)
ON CONFLICT (subscription_id, athlete_id, object_type, object_id, aspect, event_at, updates_sha256)
DO UPDATE SET repeats = paceport.inbox.repeats + 1
RETURNING repeats
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """What an event says. `updates` is canonical JSON."""

    subscription_id: int
    athlete_id: int
    object_type: str
    object_id: int
    aspect: str
    event_at: datetime
    updates: str

    @property
    def is_farewell(self) -> bool:
        """Whether it says that the athlete has taken the access back."""
        return self.object_type == "athlete" and json.loads(self.updates).get("authorized") == "false"

    @property
    def turn(self) -> Turn:
        """When it is worked on: what must be erased goes first."""
        return Turn.URGENT if self.is_farewell or self.aspect == "delete" else Turn.EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """What became of a body: "new" is to be worked on in `turn`, "repeated" was there already.

    "ignored" is nothing of ours: not an event, of another subscription, of nobody whom we know, too old or of the
    future. Each is answered with 200: another answer makes Strava send it again.
    """

    outcome: EventOutcome
    athlete_id: int = 0
    turn: Turn = Turn.EVENT


def record_event(database: Database, body: bytes, *, subscription_ids: Collection[int], now: datetime) -> RecordedEvent:
    """Keep an event as a row, once, whoever sends it how often. Raises StoreErrors: then Strava is to send it again.

    The caller wakes the athlete's work with `Queue.wake(athlete_id, turn)` if it is new. If that fails, the next
    minute's round finds the row.
    """
    event = parse_event(body)
    if event is None or event.subscription_id not in subscription_ids:
        return RecordedEvent(outcome="ignored")
    if not -_MOST_BEHIND <= event.event_at - now <= _MOST_AHEAD:
        return RecordedEvent(outcome="ignored")
    values = {
        "athlete": event.athlete_id,
        "subscription": event.subscription_id,
        "type": event.object_type,
        "object": event.object_id,
        "aspect": event.aspect,
        "event_at": event.event_at,
        "updates": event.updates,
        "sha256": hashlib.sha256(event.updates.encode()).hexdigest(),
        "raw": body,
        "now": now,
    }

    row = database.run(lambda connection: connection.execute(_INSERT.encode(), values).fetchone())
    if row is None:
        return RecordedEvent(outcome="ignored")
    outcome: EventOutcome = "new" if row[0] == 0 else "repeated"
    return RecordedEvent(outcome=outcome, athlete_id=event.athlete_id, turn=event.turn)


def parse_event(body: bytes) -> WebhookEvent | None:
    """The event in a body, or None where there is none. Never raises: anybody can send anything here."""
    if len(body) > _LARGEST_BODY:
        return None
    try:
        found = json.loads(body)
        return _event(found) if isinstance(found, dict) else None
    except (ValueError, OverflowError, OSError, RecursionError):
        return None


def _event(found: dict[str, Any]) -> WebhookEvent | None:
    numbers = [found.get(name) for name in ("subscription_id", "owner_id", "object_id", "event_time")]
    updates = found.get("updates") or {}
    are_ids = all(type(one) is int and 0 < one <= _LARGEST_ID for one in numbers)
    is_known = found.get("object_type") in _OBJECTS and found.get("aspect_type") in _ASPECTS
    if not are_ids or not is_known or not isinstance(updates, dict):
        return None
    subscription_id, athlete_id, object_id, seconds = (int(str(one)) for one in numbers)
    return WebhookEvent(
        subscription_id=subscription_id,
        athlete_id=athlete_id,
        object_type=found["object_type"],
        object_id=object_id,
        aspect=found["aspect_type"],
        event_at=datetime.fromtimestamp(seconds, UTC),
        updates=json.dumps({key: _plain(value) for key, value in updates.items()}, sort_keys=True),
    )


def _plain(value: object) -> str:
    """A value as Strava's documentation writes it: "true" and "false" come as text, and as booleans from some."""
    return str(value).lower() if isinstance(value, bool) else str(value)
