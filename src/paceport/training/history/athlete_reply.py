"""What Strava said of the athlete, while it may be kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


def read_reply(store: Store, key: str) -> dict[str, Any]:
    """A kept reply; an unreadable one says nothing."""
    body = store.cached.reply(key)
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def prefers_miles(store: Store) -> bool | None:
    """Whether the athlete's setting at Strava is miles; None where that is not known, or may not be kept any more."""
    return reply_prefers_miles(read_reply(store, "/athlete"))


def reply_prefers_miles(athlete_reply: Mapping[str, Any]) -> bool | None:
    """The same of the reply on the athlete."""
    return {"feet": True, "meters": False}.get(str(athlete_reply.get("measurement_preference")))
