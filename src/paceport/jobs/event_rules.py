"""What the events about one activity mean, whatever their number and order. Pure.

The events of an activity are read together, the ones that are done included: the latest says whether it is there. So
an event that is late, doubled, or overtaken by its successor changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from paceport.storage.postgres.work_rows import InboxEvent

Parts = Literal["all", "detail"]
# Event times have whole seconds, and Strava's clock and ours differ by a little.
_SLACK = timedelta(seconds=2)
# What can change without the recording being another.
_WORDS = frozenset({"title", "type", "private"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChange:
    """What is to be done: `is_deleted` to forget the activity, else to fetch these parts (None: nothing)."""

    activity_id: int
    is_deleted: bool = False
    parts: Parts | None = None
    event_at: datetime


def activity_change(events: Sequence[InboxEvent], *, fetched_at: datetime | None) -> ActivityChange:
    """What all events about one activity come to; `fetched_at` is when it was fetched last."""
    latest = max(events, key=lambda event: (event.event_at, event.aspect == "delete", event.id))
    found = ActivityChange(activity_id=latest.object_id, event_at=latest.event_at)
    if latest.aspect == "delete":
        return ActivityChange(activity_id=found.activity_id, is_deleted=True, event_at=found.event_at)
    new = [event for event in events if not event.is_done and event.aspect != "delete"]
    if not new or (fetched_at is not None and latest.event_at + _SLACK <= fetched_at):
        return found
    are_words = all(event.aspect == "update" and set(json.loads(event.updates)) <= _WORDS for event in new)
    return ActivityChange(
        activity_id=found.activity_id, parts="detail" if are_words else "all", event_at=found.event_at
    )
