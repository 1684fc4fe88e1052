"""The control API, continued: what athletes do on the web site and in the app, and the webhooks' queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from werkzeug import Response

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.sports import SPORTS
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.control_body import InvalidControlRequest, json_object
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.http.webhook_delivery import webhook_queue

FLUSH_WITHIN_S = 30.0
_VISIBILITIES = ("everyone", "followers_only", "only_me")
_TYPES: dict[str, type] = {"name": str, "sport_type": str, "visibility": str, "map_hidden": bool, "start_hidden": bool}


def edit_activity(call: Call) -> Response:
    """Edit what the API cannot: visibility, hidden map, hidden start; name and sport, too."""
    activity, asked = _found(call), json_object(call.request.get_data())
    for name, value in asked.items():
        if name not in _TYPES or not isinstance(value, _TYPES[name]):
            raise InvalidControlRequest(
                f"give some of: {', '.join(f'{name} ({kind.__name__})' for name, kind in _TYPES.items())}"
            )
    if asked.get("visibility", "everyone") not in _VISIBILITIES:
        raise InvalidControlRequest(f"visibility is one of {', '.join(_VISIBILITIES)}")
    if asked.get("sport_type", "Run") not in SPORTS:
        raise InvalidControlRequest("that sport_type does not exist")
    changes: dict[str, Any] = dict(asked)
    if changes.pop("start_hidden", False):
        call.world.hide_start(activity.id)
    elif asked.get("start_hidden") is False:
        call.world.activity_store.hidden_starts.discard(activity.id)
    call.world.edit_activity(replace(activity, **changes))
    return json_answer({"id": activity.id, **asked})


def delete_activity(call: Call) -> Response:
    """Delete an activity, as the web site can and the API cannot."""
    call.world.delete_activity(_found(call).id)
    return Response(b"", status=204)


def show_webhooks(call: Call) -> Response:
    """Subscriptions, the events that wait, and those that are over, each with the statuses its attempts got."""
    found = [call.world.subscriptions.for_app(client_id) for client_id in call.world.apps]
    shown = [
        {"id": one.id, "client_id": one.client_id, "callback_url": one.callback_url} for one in found if one is not None
    ]
    return json_answer({"subscriptions": shown, **webhook_queue(call.world).contents()})


def hold_webhooks(call: Call) -> Response:
    """Hold events back until they are flushed, or let them go at once again."""
    asked = json_object(call.request.get_data())
    if asked.keys() != {"held"} or not isinstance(asked["held"], bool):
        raise InvalidControlRequest('give {"held": true} or {"held": false}')
    webhook_queue(call.world).is_held = asked["held"]
    return show_webhooks(call)


def flush_webhooks(call: Call) -> Response:
    """Deliver all that waits, and answer when it is over."""
    call.world.webhook_disorder.release()
    with call.world.unlocked():
        is_over = webhook_queue(call.world).flush(FLUSH_WITHIN_S)
    if not is_over:
        raise InvalidControlRequest(f"events are still under way after {FLUSH_WITHIN_S:.0f} s")
    return show_webhooks(call)


def _found(call: Call) -> Activity:
    activity = call.world.activity_store.find(call.args["activity_id"])
    if activity is None:
        raise InvalidControlRequest("that activity does not exist")
    return activity


ROUTES = (
    HttpRoute(method="PUT", path="/_sandbox/activities/<int:activity_id>", handler=edit_activity),
    HttpRoute(method="DELETE", path="/_sandbox/activities/<int:activity_id>", handler=delete_activity),
    HttpRoute(method="GET", path="/_sandbox/webhooks", handler=show_webhooks),
    HttpRoute(method="PUT", path="/_sandbox/webhooks", handler=hold_webhooks),
    HttpRoute(method="POST", path="/_sandbox/webhooks/flush", handler=flush_webhooks),
)
