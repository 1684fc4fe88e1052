"""Push subscriptions, and which events a change makes for whom. State and rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.sports import old_type
from paceport.sandbox.state.switch import Switches

FIRST_SUBSCRIPTION_ID = 301_001
QUARTER_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """An app's one webhook."""

    id: int
    client_id: int
    callback_url: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """One event for one app: `aspect` is create, update or delete, `updates` what an update changed."""

    callback_url: str
    subscription_id: int
    object_type: str
    object_id: int
    owner_id: int
    aspect: str
    updates: Mapping[str, str]
    at: datetime


class PushSubscriptions:
    """All subscriptions of a world. Events are handed to `deliver`; `granted_scopes` is of an app and an athlete."""

    def __init__(
        self,
        granted_scopes: Callable[[int, int], set[str]],
        switches: Switches,
        deliver: Callable[[WebhookEvent], None],
    ) -> None:
        self._granted_scopes, self._switches, self._deliver = granted_scopes, switches, deliver
        self._by_app: dict[int, PushSubscription] = {}
        self._next_id = FIRST_SUBSCRIPTION_ID
        self._calls: Counter[tuple[int, int]] = Counter()

    def for_app(self, client_id: int) -> PushSubscription | None:
        """The app's subscription."""
        return self._by_app.get(client_id)

    def count_call(self, client_id: int, now: datetime) -> int:
        """Count a call of the app's to the subscriptions; gives how many there were in this quarter of an hour."""
        window = client_id, int(now.timestamp()) // QUARTER_S
        self._calls[window] += 1
        return self._calls[window]

    def subscribe(self, client_id: int, callback_url: str, now: datetime) -> PushSubscription:
        """Make the app's subscription; its callback has been verified."""
        subscription = PushSubscription(
            id=self._next_id, client_id=client_id, callback_url=callback_url, created_at=now
        )
        self._next_id += 1
        self._by_app[client_id] = subscription
        return subscription

    def unsubscribe(self, client_id: int) -> None:
        """End the app's subscription; what is being delivered still arrives."""
        self._by_app.pop(client_id, None)

    def activity_changed(self, before: Activity | None, after: Activity | None, now: datetime) -> None:
        """An activity was made (no `before`), edited or deleted (no `after`): tell who may know."""
        shown = after or before
        if shown is None:
            return
        for client_id, subscription in list(self._by_app.items()):
            scopes = self._granted_scopes(client_id, shown.athlete_id)
            if scopes & {"activity:read", "activity:read_all"}:
                for aspect, updates in self._visible_changes(before, after, "activity:read_all" in scopes):
                    self._send(subscription, "activity", shown.id, aspect, updates, shown.athlete_id, now)

    def athlete_deauthorized(self, client_id: int, athlete_id: int, now: datetime) -> None:
        """An athlete has taken an app's access back: tell the app, whatever its scopes were."""
        subscription = self._by_app.get(client_id)
        if subscription is not None:
            self._send(subscription, "athlete", athlete_id, "update", {"authorized": "false"}, athlete_id, now)

    def _visible_changes(
        self, before: Activity | None, after: Activity | None, sees_all: bool
    ) -> list[tuple[str, dict[str, str]]]:
        """What a change is to one who does or does not see Only You activities (documented)."""
        was_seen = before is not None and (sees_all or before.visibility != "only_me")
        is_seen = after is not None and (sees_all or after.visibility != "only_me")
        if before is None or after is None or was_seen != is_seen:
            if was_seen:
                return [("delete", {})]
            return [("create", {})] if is_seen else []
        if not is_seen:
            return []
        updates = _updates(before, after)
        if self._switches["webhook_updates"] == "each":
            return [("update", {name: value}) for name, value in updates.items()]
        return [("update", updates)] if updates else []

    def _send(
        self,
        subscription: PushSubscription,
        object_type: str,
        object_id: int,
        aspect: str,
        updates: Mapping[str, str],
        owner_id: int,
        now: datetime,
    ) -> None:
        self._deliver(
            WebhookEvent(
                callback_url=subscription.callback_url,
                subscription_id=subscription.id,
                object_type=object_type,
                object_id=object_id,
                owner_id=owner_id,
                aspect=aspect,
                updates=updates,
                at=now,
            )
        )


def _updates(before: Activity, after: Activity) -> dict[str, str]:
    updates: dict[str, str] = {}
    if before.name != after.name:
        updates["title"] = after.name
    if before.sport_type != after.sport_type:
        updates["type"] = old_type(after.sport_type)
    was_private, is_private = (one.visibility == "only_me" for one in (before, after))
    if was_private != is_private:
        updates["private"] = "true" if is_private else "false"
    return updates
