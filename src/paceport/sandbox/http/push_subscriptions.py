"""Push subscriptions: the app's own calls, with its id and secret instead of a token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug import Response

from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.credentials import authenticated_app
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.http.webhook_delivery import is_loopback, request_callback
from paceport.sandbox.json.webhooks import subscription_json
from paceport.sandbox.state.grants import App
from paceport.sandbox.state.refusals import Refusal, bad_request, not_found, rate_limited

LONGEST_URL = 255


def subscribe(call: Call) -> Response:
    """Make the app's one subscription, after its callback has answered a challenge."""
    fields = call.fields("PushSubscription")
    app = _counted_app(call, fields)
    callback, verify_token = fields.get("callback_url", ""), fields.get("verify_token", "")
    if not callback or len(callback) > LONGEST_URL:
        raise _refused("callback url", "invalid" if callback else "missing")
    if not verify_token:
        raise _refused("verify_token", "missing")
    _check_free(call, app)
    if not is_loopback(callback):
        # The sandbox talks to this machine alone, so it can verify no other.
        raise _refused("callback url", "not verifiable")
    with call.world.unlocked():
        refusal = _verify_callback(callback, verify_token, call.world.random_streams.hex40("challenge")[:15])
    if refusal is not None:
        raise refusal
    _check_free(call, app)
    made = call.world.subscriptions.subscribe(app.client_id, callback, call.world.now())
    full = call.world.switches["subscription_answer"] == "full"
    return json_answer(subscription_json(made) if full else {"id": made.id}, status=201)


def view(call: Call) -> Response:
    """The app's subscription as a list of none or one."""
    found = call.world.subscriptions.for_app(_counted_app(call, call.request.values.to_dict()).client_id)
    return json_answer([] if found is None else [subscription_json(found)])


def unsubscribe(call: Call) -> Response:
    """End the app's subscription."""
    app = _counted_app(call, call.request.values.to_dict())
    found = call.world.subscriptions.for_app(app.client_id)
    if found is None or found.id != call.args["subscription_id"]:
        raise not_found()
    call.world.subscriptions.unsubscribe(app.client_id)
    return Response(b"", status=204)


def _counted_app(call: Call, fields: Mapping[str, str]) -> App:
    """The app that asks. Raises the refusal of one that has asked too often in this quarter of an hour."""
    app = authenticated_app(call.world, fields)
    limit = call.world.switches.number("subscription_limit")
    if limit and call.world.subscriptions.count_call(app.client_id, call.now) > limit:
        field = str(call.world.switches["overall_limit_field"])
        raise rate_limited(field, str(call.world.switches["rate_limit_body"]))
    return app


def _check_free(call: Call, app: App) -> None:
    if call.world.subscriptions.for_app(app.client_id) is not None:
        raise _refused("", "already exists")


def _verify_callback(callback: str, verify_token: str, challenge: str) -> Refusal | None:
    """Ask the callback for its challenge back; what it did wrong, or None."""
    query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
    reply = request_callback(f"{callback}{'&' if '?' in callback else '?'}{query}")
    if reply.status != 200:
        code = "not verifiable" if reply.status is None else "GET to callback URL does not return 200"
        return _refused("callback url", code)
    try:
        echoed = json.loads(reply.body)
    except (ValueError, RecursionError):
        echoed = None
    if not isinstance(echoed, dict) or echoed.get("hub.challenge") != challenge:
        return _refused("callback url", "not verifiable")
    return None


def _refused(field: str, code: str) -> Refusal:
    return bad_request("PushSubscription", field, code)


ROUTES = (
    HttpRoute(method="POST", path="/push_subscriptions", handler=subscribe),
    HttpRoute(method="GET", path="/push_subscriptions", handler=view),
    HttpRoute(method="DELETE", path="/push_subscriptions/<int:subscription_id>", handler=unsubscribe),
)
