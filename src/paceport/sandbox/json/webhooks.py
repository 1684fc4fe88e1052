"""Push subscriptions and webhook events as JSON."""

from __future__ import annotations

from paceport.sandbox.json.scalars import Json, utc_timestamp
from paceport.sandbox.state.webhook_rules import PushSubscription, WebhookEvent


def subscription_json(one: PushSubscription) -> Json:
    """A subscription in full."""
    return {
        "id": one.id,
        "resource_state": 2,
        "application_id": one.client_id,
        "callback_url": one.callback_url,
        "created_at": utc_timestamp(one.created_at),
        "updated_at": utc_timestamp(one.created_at),
    }


def event_json(event: WebhookEvent) -> Json:
    """The body that is posted to a callback."""
    return {
        "aspect_type": event.aspect,
        "event_time": int(event.at.timestamp()),
        "object_id": event.object_id,
        "object_type": event.object_type,
        "owner_id": event.owner_id,
        "subscription_id": event.subscription_id,
        "updates": dict(event.updates),
    }
