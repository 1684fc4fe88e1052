"""Push subscriptions, and which events a change makes for whom. State and rules, no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.sports import old_type
from paceport.sandbox.http.webhook_delivery import WebhookQueue
from paceport.sandbox.json.values import Json
from paceport.sandbox.state.grants import Grants
from paceport.sandbox.state.switches import Switches

FIRST_SUBSCRIPTION_ID = 301_001


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """An app's one webhook."""

    id: int
    client_id: int
    callback_url: str
    created_at: datetime


class PushSubscriptions:
    """All subscriptions of a world. Events go to the `courier`."""

    def __init__(self, grants: Grants, switches: Switches) -> None:
        self._grants, self._switches = grants, switches
        self._by_app: dict[int, PushSubscription] = {}
        self._next_id = FIRST_SUBSCRIPTION_ID
        self.queue = WebhookQueue(lambda: switches.number("webhook_retry_s"))

    def for_app(self, client_id: int) -> PushSubscription | None:
        """The app's subscription."""
        return self._by_app.get(client_id)

    def subscribe(self, client_id: int, callback_url: str, now: datetime) -> PushSubscription:
        """Make the app's subscription; its callback has been verified."""
        subscription = PushSubscription(
            id=self._next_id, client_id=client_id, callback_url=callback_url, created_at=now
        )
        self._next_id += 1
        self._by_app[client_id] = subscription
        return subscription

    def unsubscribe(self, client_id: int) -> None:
        """End the app's subscription; what was on its way still arrives."""
        self._by_app.pop(client_id, None)

    def activity_changed(self, before: Activity | None, after: Activity | None, now: datetime) -> None:
        """An activity was made (no `before`), edited or deleted (no `after`): tell who may know."""
        shown = after or before
        if shown is None:
            return
        for client_id, subscription in list(self._by_app.items()):
            scopes = self._grants.granted(client_id, shown.athlete_id)
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
    ) -> list[tuple[str, Json]]:
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
        kind: str,
        object_id: int,
        aspect: str,
        updates: Json,
        owner_id: int,
        now: datetime,
    ) -> None:
        event: Json = {
            "aspect_type": aspect,
            "event_time": int(now.timestamp()),
            "object_id": object_id,
            "object_type": kind,
            "owner_id": owner_id,
            "subscription_id": subscription.id,
            "updates": updates,
        }
        self.queue.send(subscription.callback_url, event)


def _updates(before: Activity, after: Activity) -> Json:
    updates: Json = {}
    if before.name != after.name:
        updates["title"] = after.name
    if before.sport_type != after.sport_type:
        updates["type"] = old_type(after.sport_type)
    was_private, is_private = (one.visibility == "only_me" for one in (before, after))
    if was_private != is_private:
        updates["private"] = "true" if is_private else "false"
    return updates
