"""The app's one webhook subscription: made, found again, and ended."""

from __future__ import annotations

from paceport.api.endpoints import endpoint_named
from paceport.api.models.athlete import PushSubscription
from paceport.api.models.decoding import decode, decode_page
from paceport.api.protocol import api_error, build_request, check_answer, error_body_of
from paceport.errors import NotFound, UsageError
from paceport.http_message import Request
from paceport.service.parts import ServiceParts

WEBHOOK = "/webhook"


def subscribe(parts: ServiceParts) -> int:
    """The id of the subscription whose events come here, made if there is none.

    While it is made Strava asks the webhook's address, so the service has to run and be reached. Raises UsageError
    where the app's events go elsewhere, ApiErrors and NetworkErrors.
    """
    wanted = parts.options.address(WEBHOOK)
    found = find_subscription(parts)
    if found is not None and found.callback_url not in (None, wanted):
        raise UsageError(
            what="This app's events go to another address",
            why=f"Strava sends them to {found.callback_url}, and an app has one subscription",
            fix="end it there, or here: paceport service unsubscribe",
        )
    made = found or _make(parts, wanted)
    parts.subscriptions.save(made.id)
    return made.id


def unsubscribe(parts: ServiceParts) -> bool:
    """End the app's subscription, wherever its events go; whether there was one."""
    found = find_subscription(parts)
    if found is not None:
        request = build_request(parts.api_url, "DELETE", f"/push_subscriptions/{found.id}", query=_credentials(parts))
        try:
            _ask(parts, request, "delete_push_subscription")
        except NotFound:
            found = None
    parts.subscriptions.remove()
    return found is not None


def find_subscription(parts: ServiceParts) -> PushSubscription | None:
    """The app's subscription at Strava; None where there is none."""
    # The address holds the client secret: nothing here shows it, and none of our errors names an address.
    request = build_request(parts.api_url, "GET", "/push_subscriptions", query=_credentials(parts))
    found = decode_page(PushSubscription, _ask(parts, request, "push_subscriptions")).items
    return found[0] if found else None


def _make(parts: ServiceParts, callback_url: str) -> PushSubscription:
    form = {**_credentials(parts), "callback_url": callback_url, "verify_token": parts.signer.verify_token()}
    request = build_request(parts.api_url, "POST", "/push_subscriptions", form=form)
    return decode(PushSubscription, _ask(parts, request, "create_push_subscription"))


def _ask(parts: ServiceParts, request: Request, name: str) -> bytes:
    answer, endpoint = parts.send(request), endpoint_named(name)
    check_answer(answer, endpoint=endpoint)
    if not 200 <= answer.status < 300:
        raise api_error(error_body_of(answer), endpoint=endpoint, granted=None, rates=None, now=parts.clock.now())
    return answer.body


def _credentials(parts: ServiceParts) -> dict[str, str]:
    return {"client_id": parts.app.client_id, "client_secret": parts.app.client_secret.reveal()}
