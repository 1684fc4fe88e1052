"""What the service does not show yet: the event of an activity comes before it, and it before its streams."""

from __future__ import annotations

from datetime import datetime

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.switch import Switches


class FreshData:
    """When activities were made, and what the switches withhold of them for how long."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._made_at: dict[int, datetime] = {}
        self._numbers: dict[int, int] = {}

    def was_made(self, activity: Activity, now: datetime) -> None:
        """An activity was made now."""
        self._made_at[activity.id] = now
        self._numbers[activity.id] = len(self._numbers) + 1

    def is_withheld(self, activity: Activity, now: datetime) -> bool:
        """Whether a request for it is still answered 404."""
        is_its_turn = self._is_turn(activity, "fresh_activity_404_every")
        return is_its_turn and self._age_s(activity, now) < self._switches.number("fresh_activity_404_s")

    def streams_are_empty(self, activity: Activity, now: datetime) -> bool:
        """Whether its streams are still empty."""
        is_its_turn = self._is_turn(activity, "fresh_streams_empty_every")
        return is_its_turn and self._age_s(activity, now) < self._switches.number("fresh_streams_empty_s")

    def _is_turn(self, activity: Activity, name: str) -> bool:
        every = self._switches.number(name)
        return every > 0 and self._numbers.get(activity.id, 0) % every == 0

    def _age_s(self, activity: Activity, now: datetime) -> float:
        made_at = self._made_at.get(activity.id)
        return float("inf") if made_at is None else (now - made_at).total_seconds()
